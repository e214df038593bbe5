import Kith
import KithTestSupport
import Storage

extension Village {
    /// Dana sends somebody to Riverside's caregivers.
    func refer(_ name: String = "Nora North", channels: [ContactChannel] = []) async throws -> Referral {
        try await refer(.new(PersonDraft(name: name, channels: channels)))
    }

    func refer(_ who: ReferralDraft.Who, to program: Program.ID? = nil) async throws -> Referral {
        let (program, dana) = (program ?? riverside.program, dana.id)
        return try await write(as: self.dana) { db in
            let draft = ReferralDraft(
                program: program, who: who, origin: .referrer, referrer: dana, reason: "Caring for her mother")
            return try Referral.open(draft, of: db.organization, in: db)
        }
    }

    /// Somebody asks for support on the public page.
    func ask(_ name: String, at address: String) async throws -> Referral {
        let (program, house) = (riverside.program, riverside.organization)
        return try await platform.write(as: .nobody, access: .anyone) { db in
            let person = PersonDraft(
                name: name, channels: [ContactChannel(kind: .phone, address: address, mayLeaveMessage: false)])
            return try Referral.open(
                ReferralDraft(program: program, who: .new(person), origin: .own, reason: ""), of: house, in: db)
        }
    }

    /// Something Ana does with a referral.
    @discardableResult
    func ana<T: Sendable>(
        _ referral: Referral, _ work: @escaping @Sendable (Referral, Writing) throws -> T
    ) async throws -> T {
        try await write(as: ana) { try work(Referral.find(referral.id, in: $0), $0) }
    }

    /// What Dana is told of one she sent.
    func told(_ referral: Referral) async throws -> [ReferralChange] {
        try await read(as: dana) { try Referral.findOwn(referral.id, in: $0).told(in: $0).map(\.change) }
    }

    /// The sender asks to stop.
    func askToStop(_ referral: Referral, as neighbor: Neighbor? = nil) async throws {
        try await write(as: neighbor ?? dana) { db in
            try Referral.findOwn(referral.id, in: db).requestCancellation(because: nil, in: db)
        }
    }

    /// Brings a new referral where `state` is, by moves of the table.
    func referral(in state: ReferralState) async throws -> Referral {
        let referral = try await refer()
        if state == .received { return referral }
        if state == .cancellationRequested {
            try await askToStop(referral)
            return try await now(referral)
        }
        try await ana(referral) { try $0.accept(in: $1) }
        let ways: [ReferralState: [ReferralMove]] = [
            .inProgress: [.start], .scheduled: [.schedule], .unattended: [.schedule, .noShow],
            .eventCancelled: [.schedule, .cancelEvent], .attended: [.interimNote]
        ]
        for move in ways[state] ?? [] { try await ana(referral) { try $0.move(move, in: $1) } }
        return try await now(referral)
    }
}
