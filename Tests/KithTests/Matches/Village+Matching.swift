import Kith
import KithTestSupport
import Storage

extension Supporter.Profile {
    /// Somebody who speaks English, on the phone or in messages, on Monday mornings, for up to three people.
    static func usual(
        limit: Int = 3, languages: [String] = ["en"], formats: [Format] = [.phone, .messages],
        statements: [Supporter.Statement] = []
    ) -> Supporter.Profile {
        Supporter.Profile(
            introduction: "I like walks.", limit: limit, formats: formats, areas: ["North"], languages: languages,
            hours: [WeekHours(weekday: 0, from: 9, to: 12)], statements: statements)
    }
}

extension Wishes {
    static func about(_ topics: String..., languages: [String] = ["en"]) -> Wishes {
        var wishes = Wishes()
        wishes.languages = languages
        wishes.topics = topics
        return wishes
    }
}

extension Village {
    /// Adds somebody who supports people at Riverside.
    func addSupporter(
        _ name: String, _ profile: Supporter.Profile = .usual(), gender: String? = nil, birthYear: Int? = nil
    ) async throws -> Person.ID {
        let program = riverside.program
        return try await write(asSystemOf: riverside) { db in
            let draft = PersonDraft(name: name, birthYear: birthYear, gender: gender)
            let person = try Person.add(draft, to: db.organization, in: db)
            try Person.give(.supporter, in: program, to: person, of: db.organization, in: db)
            try Supporter.enroll(person, profile, in: db)
            return person
        }
    }

    /// Gives a profile to somebody of Riverside who signs in.
    func enroll(_ neighbor: Neighbor, _ profile: Supporter.Profile = .usual()) async throws {
        try await write(asSystemOf: riverside) { try Supporter.enroll(neighbor.id, profile, in: $0) }
    }

    /// An accepted referral of somebody who has agreed to take part: ready to be matched.
    func readyReferral(
        of person: Neighbor? = nil, named name: String = "Nora North", wishes: Wishes = .about("sleep"),
        gender: String? = nil, birthYear: Int? = nil, isUrgent: Bool = false
    ) async throws -> Referral {
        let new = PersonDraft(name: name, birthYear: birthYear, gender: gender)
        return try await readyReferral(person.map { .known($0.id) } ?? .new(new), wishes: wishes, isUrgent: isUrgent)
    }

    func readyReferral(of person: PersonDraft, wishes: Wishes) async throws -> Referral {
        try await readyReferral(.new(person), wishes: wishes, isUrgent: false)
    }

    private func readyReferral(
        _ who: ReferralDraft.Who, wishes: Wishes, isUrgent: Bool
    ) async throws -> Referral {
        let (program, dana) = (riverside.program, dana.id)
        return try await write(asSystemOf: riverside) { db in
            var draft = ReferralDraft(
                program: program, who: who, origin: .referrer, referrer: dana, reason: "Caring for her mother")
            draft.wishes = wishes
            draft.priority = isUrgent ? .urgent : .routine
            let referral = try Referral.open(draft, of: db.organization, in: db)
            try referral.accept(in: db)
            try consent(of: referral.person, in: program, db)
            let agreed = try Referral.load(referral.id, of: db.organization, in: db)
            if agreed.queue == .consent { try agreed.place(.matching, in: db) }
            return try Referral.load(referral.id, of: db.organization, in: db)
        }
    }

    /// Lets days pass, and looks who is silent by then; everybody stays signed in.
    func pass(days: Int) async throws {
        clock.advance(days: days)
        try await write(asSystemOf: riverside) { db in
            try db.run("UPDATE session SET expires_at = \(db.now.adding(hours: 1))")
            db.record(Event(.signedIn))
        }
        try await platform.keepCovers()
    }

    func now(_ referral: Referral) async throws -> Referral {
        try await write(asSystemOf: riverside) { try Referral.load(referral.id, of: $0.organization, in: $0) }
    }

    func now(_ match: Match) async throws -> Match {
        try await write(asSystemOf: riverside) { try Match.load(match.id, of: $0.organization, in: $0) }
    }

    /// Proposes as Ana.
    func propose(_ supporter: Person.ID, for referral: Referral) async throws -> Match {
        try await write(as: ana) { try Match.propose(supporter, for: Referral.find(referral.id, in: $0), in: $0) }
    }

    func suggestions(for referral: Referral) async throws -> Suggestions {
        try await read(as: ana) { try Match.suggestions(for: Referral.find(referral.id, in: $0), in: $0) }
    }

    func answer(_ answer: Match.Answer, to match: Match, for side: Match.Side) async throws {
        try await write(asSystemOf: riverside) { db in
            try Match.load(match.id, of: db.organization, in: db).answer(answer, for: side, in: db)
        }
    }

    func withdrawConsent(of referral: Referral) async throws {
        try await write(asSystemOf: riverside) { db in
            let ended = try db.run(
                """
                UPDATE consent SET ended_at = \(db.now), ended_by = 'system'
                WHERE organization_id = \(db.organization) AND person_id = \(referral.person) AND ended_at IS NULL
                """)
            guard ended > 0 else { return }
            db.record(Event(.consentWithdrawn, about: referral.person, in: referral.program, ["purpose": "take-part"]))
        }
    }

    /// Everything that was started and forgotten: the names of the checks that found something.
    func orphans() async throws -> [String] {
        let checks = platform.features.flatMap(\.orphans)
        return try await write(asSystemOf: riverside) { db in
            try checks.filter { try db.exists($0.query(db.now)) }.map(\.name)
        }
    }
}

/// Agrees to take part, as the consent feature would note it.
func consent(of person: Person.ID, in program: Program.ID, _ db: Writing) throws {
    let stands = try Consent.stands(.takePart, for: person, in: program, of: db.organization, db: db)
    guard !stands else { return }
    let text = try db.value(
        "SELECT id FROM consent_text WHERE organization_id = \(db.organization) AND program_id = \(program)",
        as: ConsentText.ID.self)
    let words: ConsentText.ID = text ?? db.newID()
    if text == nil {
        try db.run(
            """
            INSERT INTO consent_text (organization_id, id, program_id, purpose, language, version, body, published_by,
                published_at)
            VALUES (\(db.organization), \(words), \(program), \(Consent.Purpose.takePart), 'en', 1, 'I take part.',
                'system', \(db.now))
            """)
    }
    let id: Consent.ID = db.newID()
    try db.run(
        """
        INSERT INTO consent (organization_id, id, person_id, program_id, purpose, text_id, granted, method, signed_as,
            witness, recorded_by, given_at)
        VALUES (\(db.organization), \(id), \(person), \(program), \(Consent.Purpose.takePart), \(words), TRUE, 'voice',
            'Nora', 'Ana', 'system', \(db.now))
        """)
    db.record(Event(.consentGiven, about: person, in: program, ["purpose": "take-part", "method": "voice"]))
}
