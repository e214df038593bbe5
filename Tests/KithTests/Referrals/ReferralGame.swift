import Kith
import KithTestSupport
import Storage
import Testing

/// A crash between two statements, as a test stages it.
private struct Crash: Error {}

/// A program in which anybody does anything to referrals, and what has to be true of them afterwards.
struct ReferralGame {
    /// Everything anybody can do to a referral.
    enum Deed: String, CaseIterable {
        case refer, send, ask
        case accept, decline, close, confirm, senderStops, personStops
        case agree, withdraw, share, keepToMyself
        case propose, sayYes, plan, hold, miss, callOff, endMatch
        case merge, reopen, hand, tryContact
    }

    struct Act: CustomStringConvertible {
        let deed: Deed
        let referral: Referral.ID
        /// The referral it is joined with.
        let other: Referral.ID

        var description: String { "\(deed) \(referral)" }
    }

    let village: Village
    var random: SeededGenerator
    var referrals: [Referral.ID] = []
    var succeeded: Set<Deed> = []
    var crashCount = 0
    /// Whom the model has heard ask to stop.
    var senderAsked: Set<Referral.ID> = []
    var personAsked: Set<Referral.ID> = []
    /// Whose sender asked after the end, without knowing of it.
    var lateStops: Set<Referral.ID> = []
    /// Which referral was joined with which.
    var joined: [Referral.ID: Referral.ID] = [:]

    init(in village: Village, seed: UInt64) async throws {
        self.village = village
        random = SeededGenerator(seed: seed)
        try await village.publishWords()
        var profile = Village.anyProfile
        profile.limit = 60
        for supporter in [village.ben, village.bao] { try await village.enroll(supporter, profile) }
        let (house, sam) = (village.riverside, village.sam.id)
        try await village.write(asSystemOf: house) { db in
            try Person.give(.coordinator, in: house.program, to: sam, of: house.organization, in: db)
        }
        for deed in [Deed.refer, .send, .ask, .refer] {
            let act = Act(deed: deed, referral: Referral.ID(""), other: Referral.ID(""))
            village.clock.advance(minutes: 1)
            try await perform(act, isCrashing: false, "at the start")
        }
    }

    /// Mostly what may come next, sometimes anything.
    mutating func act(among deeds: [Deed] = Deed.allCases) async throws -> Act {
        // The last few are what everybody works on.
        let recent = referrals.suffix(4)
        let id = recent.randomElement(using: &random) ?? referrals[0]
        let queue = try await village.read(as: village.ana) { try Referral.find(id, in: $0).queue }
        let isLikely = deeds.count == Deed.allCases.count && Int.random(in: 0..<10, using: &random) < 7
        // Now and then somebody new, so that nothing hangs on people with whom all has been tried.
        let isNew = Int.random(in: 0..<10, using: &random) == 0
        let among = isNew ? [.refer, .send, .ask] : isLikely ? Self.likely(in: queue) : deeds
        return Act(
            deed: among.randomElement(using: &random) ?? .ask, referral: id,
            other: recent.randomElement(using: &random) ?? referrals[0])
    }

    /// What brings a contact nearer that can take place, be missed or called off: the last step that somebody is ready for.
    mutating func actTowardContact(_ deed: Deed) async throws -> Act {
        let steps: [(deed: Deed, ready: SQL)] = [
            (deed, "id IN (SELECT referral_id FROM encounter WHERE status = 'planned')"),
            (.plan, "queue IN ('first-contact', 'support')"), (.sayYes, "queue = 'answers'"),
            (.propose, "queue IN ('matching', 'waiting')"), (.agree, "queue = 'consent'"), (.accept, "queue = 'intake'")
        ]
        for step in steps {
            let ready = try await village.platform.store.read {
                try $0.values(
                    "SELECT id FROM referral WHERE queue IS NOT NULL AND \(step.ready) ORDER BY id",
                    as: Referral.ID.self)
            }
            // Not always, because with whoever is ready all may have been tried.
            guard let id = ready.randomElement(using: &random), Int.random(in: 0..<5, using: &random) > 0 else {
                continue
            }
            return Act(deed: step.deed, referral: id, other: id)
        }
        return Act(deed: .refer, referral: referrals[0], other: referrals[0])
    }

    private static func likely(in queue: Referral.Queue?) -> [Deed] {
        switch queue {
        case .intake: [.accept, .accept, .accept, .decline, .merge, .personStops, .agree]
        case .consent: [.agree, .agree, .agree, .tryContact, .share]
        case .matching, .waiting: [.propose, .propose, .propose, .senderStops, .hand]
        case .answers: [.sayYes, .sayYes, .sayYes, .endMatch]
        case .firstContact, .support:
            [.plan, .plan, .plan, .plan, .hold, .hold, .hold, .callOff, .callOff, .miss, .miss, .share, .keepToMyself]
                + [.close, .withdraw, .endMatch]
        case .cancellation: [.confirm, .confirm, .senderStops, .close, .hold]
        case nil: [.reopen, .reopen, .senderStops, .refer]
        }
    }

    /// Does it, after a crash before its first statement, its second, and so on; each must leave everything as it was.
    /// Then it may be delivered once more.
    mutating func perform(_ act: Act, isCrashing: Bool, _ place: String) async throws {
        if isCrashing {
            let before = try await everything()
            var statement = 1
            while try await crashes(act, at: statement) {
                #expect(
                    try await everything() == before, "\(place): a crash before statement \(statement) left a trace")
                statement += 1
            }
            crashCount += statement - 1
            // What came through is done, or refused.
            if try await everything() == before { return }
        }
        let again = Bool.random(using: &random)
        if !isCrashing { _ = try await crashes(act, at: nil) }
        if again {
            let before = try await count()
            _ = try await crashes(act, at: nil)
            if [.refer, .send, .ask].contains(act.deed) {
                #expect(try await count() == before, "\(place): the same form made two")
            }
        }
    }

    /// - Returns: whether it crashed; otherwise it was done, or refused.
    private mutating func crashes(_ act: Act, at statement: Int?) async throws -> Bool {
        var platform = village.platform
        if let statement { platform.beforeStatement = { if $0 == statement { throw Crash() } } }
        let before = try await ended(act.referral)
        do {
            let new = try await ReferralDeeds(village: village, platform: platform).perform(act)
            succeeded.insert(act.deed)
            if let new, !referrals.contains(new) { referrals.append(new) }
            switch act.deed {
            case .senderStops where before: lateStops.insert(act.referral)
            case .senderStops: senderAsked.insert(act.referral)
            case .personStops: personAsked.insert(act.referral)
            case .merge:
                for (one, into) in joined where into == act.referral { joined[one] = act.other }
                joined[act.referral] = act.other
            default: break
            }
            return false
        } catch is Crash {
            return true
        } catch is Problem {
            return false
        }
    }

    private func ended(_ id: Referral.ID) async throws -> Bool {
        try await village.platform.store.read {
            try $0.exists("SELECT 1 FROM referral WHERE id = \(id) AND queue IS NULL")
        }
    }

    private func count() async throws -> Int {
        try await village.platform.store.read { try $0.value("SELECT count(*) FROM referral") ?? 0 }
    }

    /// Where every referral stands, and how many rows there are of everything an act can touch.
    private func everything() async throws -> [String] {
        try await village.platform.store.read { reader in
            try reader.values(
                """
                SELECT id || state || coalesce(queue, '') || coalesce(due_at, '') || coalesce(owner_id, '')
                    || CAST(revision AS TEXT) || coalesce(merged_into_id, '') FROM referral
                UNION ALL SELECT 'steps ' || CAST(count(*) AS TEXT) FROM referral_step
                UNION ALL SELECT 'notices ' || CAST(count(*) AS TEXT) FROM referral_notice
                UNION ALL SELECT 'events ' || CAST(count(*) AS TEXT) FROM event
                UNION ALL SELECT 'disclosures ' || CAST(count(*) AS TEXT) FROM disclosure
                UNION ALL SELECT 'people ' || CAST(count(*) AS TEXT) FROM person
                UNION ALL SELECT 'roles ' || CAST(count(*) AS TEXT) FROM membership
                UNION ALL SELECT 'consents ' || CAST(count(*) AS TEXT) || ' ' || CAST(count(ended_at) AS TEXT)
                    FROM consent
                UNION ALL SELECT 'matches ' || status || CAST(count(*) AS TEXT) FROM match GROUP BY status
                UNION ALL SELECT 'answers ' || CAST(count(*) AS TEXT) FROM match_answer
                UNION ALL SELECT 'contacts ' || status || CAST(count(*) AS TEXT) FROM encounter GROUP BY status
                UNION ALL SELECT 'tries ' || CAST(count(*) AS TEXT) FROM contact_attempt
                UNION ALL SELECT 'conversations ' || CAST(count(*) AS TEXT) FROM conversation
                ORDER BY 1
                """)
        }
    }

    /// Whatever state it is in, a coordinator can bring it to an end.
    mutating func endEverything() async throws {
        for id in referrals {
            let open = try await village.read(as: village.ana) { try Referral.find(id, in: $0) }
            guard open.isOpen else { continue }
            let deed: Deed =
                switch open.state {
                case .received: .decline
                case .cancellationRequested: .confirm
                default: .close
                }
            _ = try await crashes(Act(deed: deed, referral: id, other: id), at: nil)
            #expect(try await ended(id), "\(open.state) could not be ended")
        }
    }
}
