import Kith
import KithTestSupport
import Storage

/// Cleo, whom Ben supports at Riverside.
struct SupportPair: Sendable {
    let referral: Referral.ID
    let match: Match.ID
}

extension Village {
    /// Refers Cleo, takes her on, asks her, and brings her and Ben together.
    func pair(consents: [Consent.Purpose] = [.takePart, .contactByPhone]) async throws -> SupportPair {
        try await publishWords()
        let (house, dana, cleo, ben) = (riverside, dana.id, cleo.id, ben.id)
        let referral = try await write(as: self.dana) { db in
            let draft = ReferralDraft(
                program: house.program, who: .known(cleo), origin: .referrer, referrer: dana,
                reason: "Caring for her mother")
            return try Referral.open(draft, of: db.organization, in: db).id
        }
        try await write(as: ana) { try Referral.find(referral, in: $0).accept(in: $0) }
        for purpose in consents { try await answer(purpose, yes: true, as: self.cleo) }
        let match = Match.ID(platform.world.newIdentifier())
        try await write(asSystemOf: house) { db in
            try db.run(
                """
                INSERT INTO supporter (organization_id, person_id, introduction, caseload_limit, formats, areas, since)
                VALUES (\(house.organization), \(ben), 'Hello', 5, '[]', '[]', \(db.now))
                """)
            try db.run(
                """
                INSERT INTO match (organization_id, id, referral_id, program_id, participant_id, supporter_id, status,
                    points, reasons, weights_version, proposed_by, proposed_at, started_at)
                VALUES (\(house.organization), \(match), \(referral), \(house.program), \(cleo), \(ben), 'active',
                    1, '[]', 1, 'system', \(db.now), \(db.now))
                """)
            try Referral.load(referral, of: house.organization, in: db).place(.firstContact, in: db)
        }
        return SupportPair(referral: referral, match: match)
    }

    /// Ends what brought them together, as the feature of matches tells it.
    func part(_ pair: SupportPair) async throws {
        let cleo = cleo.id
        try await write(asSystemOf: riverside) { db in
            try db.run(
                """
                UPDATE match SET status = 'withdrawn', started_at = NULL, ended_at = \(db.now) WHERE id = \(pair.match)
                """)
            db.record(Event(EventKind("match.ended"), of: pair.match.text, about: cleo))
        }
    }

    /// Plans a contact two days ahead, unless told otherwise.
    @discardableResult
    func plan(
        _ pair: SupportPair, _ mode: Format = .phone, in hours: Int = 48, place: String? = nil, as neighbor: Neighbor? = nil
    ) async throws -> Encounter.ID {
        try await write(as: neighbor ?? ben) { db in
            let plan = Encounter.Plan(mode: mode, startsAt: db.now.adding(hours: hours), place: place)
            return try Encounter.plan(plan, with: ActiveMatch.find(pair.match, in: db), in: db)
        }
    }

    /// Plans a contact and notes that it took place.
    func meet(_ pair: SupportPair, minutes: Int = 20) async throws -> Encounter.ID {
        let id = try await plan(pair, in: 1)
        clock.advance(hours: 2)
        try await write(as: ben) { db in
            try Encounter.find(id, in: db).done(
                Encounter.Held(mode: .phone, minutes: minutes, functions: [.emotionalSupport]), in: db)
        }
        return id
    }

    func encounter(_ id: Encounter.ID) async throws -> Encounter {
        try await read(as: ben) { try Encounter.find(id, in: $0) }
    }

    func referral(of pair: SupportPair) async throws -> Referral {
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
