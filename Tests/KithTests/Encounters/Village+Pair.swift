import Kith
import KithTestSupport
import Storage

extension Village {
    /// Brings Ben and Cleo together at Riverside, by the whole way; Cleo agrees to calls as well.
    func pair(calls: Bool = true, sharing: Bool = false) async throws -> Story {
        let story = try await play(in: riverside, sharing: sharing)
        if calls { try await agree(cleo, to: [.contactByPhone], in: riverside.program) }
        return story
    }

    /// Plans a contact two days ahead, unless told otherwise.
    @discardableResult
    func plan(
        _ pair: Story, _ mode: Format = .phone, in hours: Int = 48, place: String? = nil, as neighbor: Neighbor? = nil
    ) async throws -> Encounter.ID {
        try await write(as: neighbor ?? ben) { db in
            let plan = Encounter.Plan(mode: mode, startsAt: db.now.adding(hours: hours), place: place)
            return try Encounter.plan(plan, with: ActiveMatch.find(pair.match, in: db), in: db)
        }
    }

    /// Plans a contact and notes that it took place.
    func meet(_ pair: Story, minutes: Int = 20) async throws -> Encounter.ID {
        let id = try await plan(pair, in: 1)
        clock.advance(hours: 2)
        try await write(as: ben) { db in
            try Encounter.find(id, in: db).done(
                Encounter.Held(mode: .phone, minutes: minutes, functions: [.emotionalSupport]), in: db)
        }
        return id
    }

    /// Takes back the yes to taking part.
    func leave(_ neighbor: Neighbor) async throws { try await takeBack(.takePart, as: neighbor) }

    func takeBack(_ purpose: Consent.Purpose, as neighbor: Neighbor) async throws {
        let program = riverside.program
        try await write(as: neighbor) { try Consent.withdraw(purpose, of: $0.me, in: program, db: $0) }
    }

    func encounter(_ id: Encounter.ID) async throws -> Encounter {
        try await read(as: ben) { try Encounter.find(id, in: $0) }
    }

    func referral(of pair: Story) async throws -> Referral {
        try await read(as: ana) { try Referral.find(pair.referral, in: $0) }
    }

    /// The details of every event of a kind, oldest first, as JSON text.
    func details(of kind: EventKind) async throws -> [String] {
        try await read(as: ana) { db in
            try db.values("SELECT details FROM event WHERE kind = \(kind) ORDER BY at, id", as: String.self)
        }
    }

    /// What every orphan check of a feature finds, by its name.
    func orphans(of feature: Feature) async throws -> [String: [String]] {
        let checks = feature.orphans
        return try await read(as: ana) { db in
            var found: [String: [String]] = [:]
            for check in checks { found[check.name] = try db.values(check.query(db.now), as: String.self) }
            return found.filter { !$0.value.isEmpty }
        }
    }
}
