import Kith
import KithTestSupport
import Storage

/// Does one thing to a referral, as whoever does it, in one transaction.
struct ReferralDeeds {
    let village: Village
    let platform: Platform

    /// - Returns: the referral that came of it, where one did.
    func perform(_ act: ReferralGame.Act) async throws -> Referral.ID? {
        switch act.deed {
        case .refer, .send, .ask: return try await open(act.deed)
        case .reopen:
            return try await staff(act) { referral, db in try referral.reopen(because: "came back", in: db).id }
        default: break
        }
        if try await asSomebodyElse(act) { return nil }
        let (owner, other) = (village.sam.id, act.other)
        try await staff(act) { referral, db -> Void in
            switch act.deed {
            case .accept: try referral.accept(in: db)
            case .decline: try referral.decline(for: "not-eligible", in: db)
            case .close: try referral.close(as: "goals-met", word: "Thank you", in: db)
            case .confirm: try referral.confirmCancellation(in: db)
            case .merge: try referral.merge(into: Referral.find(other, in: db), because: "twice", in: db)
            case .hand: try referral.hand(to: owner, in: db)
            case .tryContact: try referral.tryContact(by: .phone, outcome: "no-answer", in: db)
            case .agree: try answer(.takePart, yes: true, referral, db)
            case .withdraw: try answer(.takePart, yes: false, referral, db)
            case .share: try answer(.shareStatus, yes: true, referral, db)
            case .keepToMyself: try answer(.shareStatus, yes: false, referral, db)
            case .propose:
                do {
                    try Match.propose(village.ben.id, for: referral, in: db)
                } catch is Problem {
                    // Whoever parted from one may get on with the other.
                    try Match.propose(village.bao.id, for: referral, in: db)
                }
            case .plan:
                let plan = Encounter.Plan(mode: .inPerson, startsAt: db.now.adding(minutes: 1), place: "The library")
                _ = try Encounter.plan(plan, with: ActiveMatch.find(match(referral, "active", db), in: db), in: db)
            case .hold:
                let held = Encounter.Held(mode: .inPerson, minutes: 30, functions: [.emotionalSupport])
                try contact(referral, db).done(held, in: db)
            case .miss: try contact(referral, db).noAnswer(in: db)
            case .callOff: try contact(referral, db).cancel(in: db)
            case .endMatch: try Match.load(match(referral, "active", db), of: db.organization, in: db).end(in: db)
            case .refer, .send, .ask, .reopen, .senderStops, .personStops, .sayYes: break
            }
        }
        return nil
    }

    @discardableResult
    private func staff<T: Sendable>(
        _ act: ReferralGame.Act, _ work: @escaping @Sendable (Referral, Writing) throws -> T
    ) async throws -> T {
        try await platform.write(as: village.ana.credential) { try work(Referral.find(act.referral, in: $0), $0) }
    }

    /// What the program, the sender or the person does.
    private func asSomebodyElse(_ act: ReferralGame.Act) async throws -> Bool {
        let (house, id) = (village.riverside.organization, act.referral)
        switch act.deed {
        case .senderStops:
            let found = try await village.platform.store.read {
                try $0.value("SELECT partner_id FROM referral WHERE id = \(id)", as: String?.self)
            }
            let partner = Credential.partner(tokenHash: village.riverside.partnerToken.hash)
            if (found ?? nil) != nil {
                try await platform.write(as: partner, access: .partner) { db in
                    try Referral.load(id, of: house, in: db).requestCancellation(because: nil, in: db)
                }
            } else {
                try await platform.write(as: village.dana.credential) { db in
                    try Referral.findOwn(id, in: db).requestCancellation(because: nil, in: db)
                }
            }
        case .personStops:
            try await platform.write(as: .link(.progress, of: house), access: .anyone) { db in
                try Referral.load(id, of: house, in: db).requestCancellation(because: nil, in: db)
            }
        case .sayYes:
            try await platform.write(as: .system(house), access: .anyone) { db in
                let proposed = try match(Referral.load(id, of: house, in: db), "proposed", db)
                for side in [Match.Side.supporter, .participant] {
                    try Match.load(proposed, of: house, in: db).answer(.yes, for: side, in: db)
                }
            }
        default: return false
        }
        return true
    }

    private func open(_ deed: ReferralGame.Deed) async throws -> Referral.ID {
        let (house, program, dana) = (village.riverside.organization, village.riverside.program, village.dana.id)
        // The form was loaded once: whatever comes with this key is the same sending.
        let key = "\(deed) \(village.clock.now)"
        switch deed {
        case .send:
            let partner = village.riverside.partner
            let credential = Credential.partner(tokenHash: village.riverside.partnerToken.hash)
            return try await platform.write(as: credential, access: .partner) { db in
                var draft = ReferralDraft(
                    program: program, who: .new(PersonDraft(name: "Nora North")), origin: .partner, partner: partner,
                    reason: "Caring for her mother")
                draft.formKey = key
                return try Referral.open(draft, of: house, in: db).id
            }
        case .ask:
            return try await platform.write(as: .nobody, access: .anyone) { db in
                let phone = ContactChannel(kind: .phone, address: "555-0100", mayLeaveMessage: false)
                let person = PersonDraft(name: "Somebody who asked", channels: [phone])
                var draft = ReferralDraft(program: program, who: .new(person), origin: .own, reason: "")
                draft.formKey = key
                return try Referral.open(draft, of: house, in: db).id
            }
        default:
            let cleo = village.cleo.id
            return try await platform.write(as: village.dana.credential) { db in
                let isKnown = key.hashed % 2 == 0
                var draft = ReferralDraft(
                    program: program, who: isKnown ? .known(cleo) : .new(PersonDraft(name: "Nora North")),
                    origin: .referrer, referrer: dana, reason: "Caring for her mother")
                draft.formKey = key
                return try Referral.open(draft, of: house, in: db).id
            }
        }
    }

    /// Written down by Ana, in the words of the day.
    private func answer(_ purpose: Consent.Purpose, yes: Bool, _ referral: Referral, _ db: Writing) throws {
        guard yes else {
            return try Consent.withdraw(purpose, of: referral.person, in: referral.program, by: .voice, db: db)
        }
        let text = try ConsentText.current(of: referral.program, for: "en", in: db).first { $0.purpose == purpose }
        guard let text else { throw Problem.notFound }
        try Consent.record(
            Consent.Answer(purpose: purpose, granted: true, text: text.id), of: referral.person, in: referral.program,
            by: .voice(witness: "Wilma Wood"), signedAs: "Nora North", db: db)
    }

    private func match(_ referral: Referral, _ status: String, _ db: Reading) throws -> Match.ID {
        let found = try db.value(
            "SELECT id FROM match WHERE referral_id = \(referral.id) AND status = \(status)", as: Match.ID.self)
        guard let found else { throw Problem.notFound }
        return found
    }

    private func contact(_ referral: Referral, _ db: Reading) throws -> Encounter {
        let found = try db.value(
            "SELECT id FROM encounter WHERE referral_id = \(referral.id) AND status = 'planned' ORDER BY id LIMIT 1",
            as: Encounter.ID.self)
        guard let found else { throw Problem.notFound }
        return try Encounter.find(found, in: db)
    }
}

extension String {
    /// The same on every run, unlike `hashValue`.
    fileprivate var hashed: Int { utf8.reduce(7) { ($0 * 31 + Int($1)) % 1_000_003 } }
}
