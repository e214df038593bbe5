import Storage

extension Consent {
    /// Says yes to a purpose, for oneself, signed by typing one's name. The answer given before ends.
    /// - Parameter text: the words that were read; they must be the newest of their language.
    @discardableResult
    package static func give(
        _ purpose: Purpose, in program: Program.ID, text: ConsentText.ID, signedAs name: String, db: Writing
    ) throws -> ID {
        try answer(purpose, granted: true, in: program, text: text, signedAs: name, db: db)
    }

    /// Says no to a purpose, for oneself: kept just as a yes is.
    @discardableResult
    package static func refuse(
        _ purpose: Purpose, in program: Program.ID, text: ConsentText.ID, signedAs name: String, db: Writing
    ) throws -> ID {
        try answer(purpose, granted: false, in: program, text: text, signedAs: name, db: db)
    }

    private static func answer(
        _ purpose: Purpose, granted: Bool, in program: Program.ID, text: ConsentText.ID, signedAs name: String,
        db: Writing
    ) throws -> ID {
        let me = try db.me
        guard db.actor.has(.participant, in: program) else { throw Problem.notFound }
        let answer = Answer(purpose: purpose, granted: granted, text: text)
        return try keep(answer, of: me, in: program, by: nil, signedAs: name, db: db)
    }

    /// One answer to one purpose, in the words it was given to.
    package struct Answer: Sendable {
        package let purpose: Purpose
        package let granted: Bool
        package let text: ConsentText.ID

        package init(purpose: Purpose, granted: Bool, text: ConsentText.ID) {
            self.purpose = purpose
            self.granted = granted
            self.text = text
        }
    }

    /// How an answer came to whoever writes it down.
    package enum Record: Sendable {
        /// Signed on paper; the reason says why not in the browser.
        case paper(reason: String)
        /// Spoken; the witness, who is neither the person nor whoever writes it down, heard it.
        case voice(witness: String)

        var method: Method {
            switch self {
            case .paper: .paper
            case .voice: .voice
            }
        }
    }

    /// Writes down an answer that somebody gave on paper or by voice.
    /// - Parameter name: the name on the paper, or as it was spoken.
    /// - Throws: ``Problem/notFound`` unless a coordinator of the program asks about one of its participants;
    ///   ``Problem/invalid(_:)`` for `reason`, `witness` or `name`.
    @discardableResult
    package static func record(
        _ answer: Answer, of person: Person.ID, in program: Program.ID, by record: Record, signedAs name: String,
        db: Writing
    ) throws -> ID {
        try checkStaff(for: person, in: program, db)
        switch record {
        case .paper(let reason):
            guard !reason.trimmed.isEmpty else { throw Problem.invalid("reason", "required") }
        case .voice(let witness):
            guard !witness.trimmed.isEmpty else { throw Problem.invalid("witness", "required") }
            // Whoever gives it, or writes it down, cannot vouch for it as well.
            let involved = [name.trimmed, db.actor.name].map { $0.lowercased() }
            guard !involved.contains(witness.trimmed.lowercased()) else {
                throw Problem.invalid("witness", "somebody-else")
            }
        }
        return try keep(answer, of: person, in: program, by: record, signedAs: name, db: db)
    }

    /// Takes a yes back, at once: one's own, or told to a coordinator who writes it down. Needs no reason.
    /// - Throws: ``Problem/conflict(_:)`` with `consent.not-standing` when there is no yes to take back.
    package static func withdraw(
        _ purpose: Purpose, of person: Person.ID, in program: Program.ID, by method: Method = .browser, db: Writing
    ) throws {
        if db.actor.person != person { try checkStaff(for: person, in: program, db) }
        guard let last = try standing(purpose, of: person, in: program, db), last.granted else {
            throw Problem.conflict("consent.not-standing")
        }
        try end(last.id, db)
        let details = ["purpose": purpose.rawValue, "method": method.rawValue]
        db.record(Event(.consentWithdrawn, of: last.id.text, about: person, in: program, details))
    }

    /// Ends every yes of somebody who no longer takes part in a program.
    static func endAll(of person: Person.ID, in program: Program.ID, db: Writing) throws {
        for purpose in Purpose.allCases {
            guard let last = try standing(purpose, of: person, in: program, db), last.granted else { continue }
            try end(last.id, db)
            let details = ["purpose": purpose.rawValue, "cause": "role-ended"]
            db.record(Event(.consentWithdrawn, of: last.id.text, about: person, in: program, details))
        }
    }

    private static func keep(
        _ answer: Answer, of person: Person.ID, in program: Program.ID, by record: Record?, signedAs name: String,
        db: Writing
    ) throws -> ID {
        guard !name.trimmed.isEmpty else { throw Problem.invalid("name", "required") }
        let method = record?.method ?? .browser
        try check(answer, in: program, by: method, db)
        let details = ["purpose": answer.purpose.rawValue, "method": method.rawValue]
        if let last = try standing(answer.purpose, of: person, in: program, db) {
            // The same answer in the same words within seconds is a second click.
            let isClickedTwice =
                (last.granted, last.textID, last.method, last.signedAs)
                == (answer.granted, answer.text, method, name.trimmed)
                && last.givenAt > Instant(milliseconds: db.now.milliseconds - 10_000)
            if isClickedTwice { return last.id }
            try end(last.id, db)
            // Whoever says no after a yes takes that yes back, and all that follows from it follows.
            if last.granted, !answer.granted {
                db.record(Event(.consentWithdrawn, of: last.id.text, about: person, in: program, details))
            }
        }
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO consent (organization_id, id, person_id, program_id, purpose, text_id, granted, method,
                signed_as, reason, witness, recorded_by, given_at)
            VALUES (\(db.organization), \(id), \(person), \(program), \(answer.purpose), \(answer.text),
                \(answer.granted), \(method), \(name.trimmed), \(record?.reason), \(record?.witness),
                \(db.actor.logName), \(db.now))
            """)
        db.record(
            Event(answer.granted ? .consentGiven : .consentRefused, of: id.text, about: person, in: program, details))
        return id
    }

    private static func end(_ id: ID, _ db: Writing) throws {
        try db.run(
            """
            UPDATE consent SET ended_at = \(db.now), ended_by = \(db.actor.logName)
            WHERE organization_id = \(db.organization) AND id = \(id)
            """)
    }

    private static func standing(
        _ purpose: Purpose, of person: Person.ID, in program: Program.ID, _ db: Reading
    ) throws -> Consent? {
        let organization = try db.organization
        return try db.first(
            """
            SELECT * FROM consent WHERE organization_id = \(organization) AND person_id = \(person)
            AND program_id = \(program) AND purpose = \(purpose) AND ended_at IS NULL
            """, Consent.init(row:))
    }

    /// What was read must be what is signed: the words are this purpose's, and the newest of their language unless
    /// they came on paper, which may be older than the newest.
    private static func check(_ answer: Answer, in program: Program.ID, by method: Method, _ db: Reading) throws {
        let organization = try db.organization
        let isNewest = try db.first(
            """
            SELECT t.version = (SELECT max(n.version) FROM consent_text n
                WHERE n.organization_id = t.organization_id AND n.program_id = t.program_id
                AND n.purpose = t.purpose AND n.language = t.language) AS newest
            FROM consent_text t WHERE t.organization_id = \(organization) AND t.id = \(answer.text)
            AND t.program_id = \(program) AND t.purpose = \(answer.purpose)
            """
        ) { try $0["newest"] as Bool }
        guard let isNewest else { throw Problem.notFound }
        guard isNewest || method == .paper else {
            throw Problem.invalid("answer-\(answer.purpose.rawValue)", "new-words")
        }
    }

    /// Only coordinators of the program write down for others, and only about those who take part in it.
    private static func checkStaff(for person: Person.ID, in program: Program.ID, _ db: Reading) throws {
        let organization = try db.organization
        let isParticipant = try db.exists(
            """
            SELECT 1 FROM membership WHERE organization_id = \(organization) AND person_id = \(person)
            AND program_id = \(program) AND role = \(Role.participant)
            """)
        guard isParticipant, db.actor.kind == .system || db.actor.has(.coordinator, in: program) else {
            throw Problem.notFound
        }
    }
}

extension Consent.Record {
    fileprivate var reason: String? { if case .paper(let reason) = self { reason.trimmed } else { nil } }
    fileprivate var witness: String? { if case .voice(let witness) = self { witness.trimmed } else { nil } }
}
