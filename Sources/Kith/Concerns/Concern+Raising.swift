import Storage

extension Concern {
    /// What raises a concern in somebody's name, by what they said there.
    package enum Source: String, Sendable, SQLConvertible, SQLDecodable {
        case needsCheck = "needs-check"
    }

    /// What somebody raises.
    package struct Draft: Sendable {
        package let program: Program.ID
        package let about: Person.ID?
        package let kind: Kind
        package let words: String
        /// What raised it in their name, where nobody wrote it.
        package var source: Source?
        /// Names the page it was sent from, so that sending it twice raises nothing twice.
        package let once: String

        package init(in program: Program.ID, about: Person.ID? = nil, kind: Kind, words: String = "", once: String) {
            (self.program, self.about, self.kind, self.words) = (program, about, kind, words)
            self.once = once
        }
    }

    /// Raises a concern, and calls the first rung in the same transaction. What the same account says again about the same
    /// person, while that is open, joins what is open: it calls nobody anew, and nothing ever reaches the person it is
    /// about.
    /// - Throws: ``Problem/notFound`` for a program or a person that the person asking has nothing to do with.
    package static func raise(_ draft: Draft, in db: Writing) throws -> ID {
        guard db.actor.roles.contains(where: { $0.program == draft.program }) else { throw Problem.notFound }
        if let about = draft.about, try !mayName(about, in: draft.program, db) { throw Problem.notFound }
        return try raise(draft, by: db.me, of: db.organization, db)
    }

    /// The same for somebody without an account, by the link that reference and PIN lead to.
    package static func raise(_ draft: Draft, by link: SignedLink, in db: Writing) throws -> ID {
        let referral = try Self.referral(of: link, in: db)
        guard draft.program == referral.program else { throw Problem.notFound }
        if let about = draft.about, about != referral.person {
            guard try isMatched(referral.person, with: about, in: draft.program, of: link.organization, db) else {
                throw Problem.notFound
            }
        }
        return try raise(draft, by: referral.person, of: link.organization, db)
    }

    /// The referral behind a progress link, where it goes on.
    static func referral(of link: SignedLink, in db: Reading) throws -> Referral {
        try Referral.load(Referral.ID(link.object), of: link.organization, in: db).followed(in: db)
    }

    private static func raise(
        _ draft: Draft, by me: Person.ID, of organization: Organization.ID, _ db: Writing
    ) throws -> ID {
        guard Kind.choices.contains(draft.kind) else { throw Problem.invalid("kind", "not-a-choice") }
        let sent = try db.value(
            """
            SELECT concern_id FROM concern_report WHERE organization_id = \(organization) AND raised_by = \(me)
            AND once = \(draft.once)
            """, as: ID.self)
        if let sent { return sent }
        if let open = try openTwin(of: draft, by: me, organization, db) {
            try open.add(draft, by: me, in: db)
            return open.id
        }
        let holder = try draft.about.map { try isStaff($0, of: organization, db) ? me : $0 } ?? me
        return try begin(
            draft.kind, about: draft.about, by: me, keyOf: holder, in: draft.program, of: organization, db: db
        ) { try $0.keep(draft, by: me, in: db) }.id
    }

    /// Writes a concern down and calls the first rung.
    static func begin(
        _ kind: Kind, about: Person.ID? = nil, by raiser: Person.ID? = nil, keyOf holder: Person.ID? = nil,
        in program: Program.ID, of organization: Organization.ID, db: Writing,
        filling: (Concern) throws -> Void = { _ in }
    ) throws -> Concern {
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO concern (organization_id, id, program_id, is_drill, kind, about_id, raised_by, key_id, raised_at,
                state, round, rung, due_at)
            VALUES (\(organization), \(id), \(program), \(kind == .drill), \(kind), \(about), \(raiser), \(holder),
                \(db.now), \(State.escalating), 0, 0, \(db.now))
            """)
        guard let concern = try load(id, of: organization, in: db) else { throw Fault("a concern was not kept") }
        try filling(concern)
        db.record(concern.event(.concernRaised, ["kind": kind.rawValue]))
        try concern.climb(in: db)
        return concern
    }

    /// Whom the person asking may name: themselves, whoever they were matched with, and, for those who run a program,
    /// everybody in it.
    static func mayName(_ person: Person.ID, in program: Program.ID, _ db: Reading) throws -> Bool {
        let (organization, me) = (try db.organization, try db.me)
        if person == me { return true }
        if try isMatched(me, with: person, in: program, of: organization, db) { return true }
        guard Ladder.callable.contains(where: { db.actor.has($0, in: program) }) else { return false }
        return try db.exists(
            """
            SELECT 1 FROM membership WHERE organization_id = \(organization) AND person_id = \(person)
            AND program_id = \(program)
            UNION ALL SELECT 1 FROM referral WHERE organization_id = \(organization) AND person_id = \(person)
            AND program_id = \(program)
            """)
    }

    private static func isMatched(
        _ one: Person.ID, with other: Person.ID, in program: Program.ID, of organization: Organization.ID, _ db: Reading
    ) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM match WHERE organization_id = \(organization) AND program_id = \(program)
            AND (supporter_id = \(one) AND participant_id = \(other)
                OR supporter_id = \(other) AND participant_id = \(one))
            """)
    }

    /// Whoever has worked here is never erased, so what is written about them goes with whoever wrote it.
    private static func isStaff(_ person: Person.ID, of organization: Organization.ID, _ db: Reading) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM membership WHERE organization_id = \(organization) AND person_id = \(person)
            AND role <> \(Role.participant)
            """)
    }

    /// What the same account has raised about the same person and is open; where no name was given, what nobody has
    /// looked at yet.
    private static func openTwin(
        of draft: Draft, by me: Person.ID, _ organization: Organization.ID, _ db: Reading
    ) throws -> Concern? {
        let same: SQL =
            draft.about.map { "about_id = \($0) AND state <> 'closed'" } ?? "about_id IS NULL AND state = 'escalating'"
        return try db.first(
            """
            SELECT * FROM concern WHERE organization_id = \(organization) AND raised_by = \(me)
            AND program_id = \(draft.program) AND NOT is_drill AND \(same) ORDER BY raised_at DESC, id DESC LIMIT 1
            """, Concern.init(row:))
    }

    private func keep(_ draft: Draft, by raiser: Person.ID, in db: Writing) throws {
        let report = db.world.newIdentifier()
        let sealed =
            try draft.words.isEmpty
            ? nil
            : keyHolder.map {
                try db.writingKey(of: $0, in: organization).seal(draft.words, as: Self.place(ofReport: report))
            }
        try db.run(
            """
            INSERT INTO concern_report (organization_id, id, concern_id, raised_by, once, at, kind, words,
                source)
            VALUES (\(organization), \(report), \(id), \(raiser), \(draft.once), \(db.now), \(draft.kind), \(sealed),
                \(draft.source))
            """)
    }

    /// Within how many minutes whoever has it in hand is told only once that more was said.
    private static let quietMinutes = 60

    /// More about what is open already.
    private func add(_ draft: Draft, by raiser: Person.ID, in db: Writing) throws {
        let last = try db.value(
            """
            SELECT max(at) FROM concern_report WHERE organization_id = \(organization) AND concern_id = \(id)
            """, as: Instant?.self)
        try keep(draft, by: raiser, in: db)
        db.record(event(.concernAdded, ["kind": draft.kind.rawValue]))
        guard let owner = acknowledgedBy else { return }
        db.announce(.person(owner))
        if let last = last ?? nil, last > db.now.adding(minutes: -Self.quietMinutes) { return }
        _ = try OutgoingMessage.call(owner, .concern, in: program, of: organization, by: .email, db: db)
    }
}
