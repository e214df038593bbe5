import Storage

extension MemberStory {
    /// Who may write one, for their program.
    package static let writers: [Role] = [.participant, .supporter]

    /// The person asking writes one down, or changes it; nobody sees it, or no longer, until they say yes and somebody has
    /// read it. The same twice is once.
    /// - Returns: where help is offered, when their words give cause to.
    /// - Throws: ``Problem/notFound`` outside their programs, or when it is somebody else's; ``Problem/conflict(_:)`` with
    ///   `story.over` once it was taken back.
    @discardableResult
    package static func keep(
        _ draft: Draft, as id: ID, for program: Program.ID, in db: Writing
    ) throws -> ModerationItem.ID? {
        let (text, organization, me) = (draft.text, try db.organization, try db.me)
        guard writers.contains(where: { db.actor.has($0, in: program) }) else { throw Problem.notFound }
        let key = try db.writingKey(of: me, in: organization)
        func sealed(_ words: String, _ column: StaticString) throws -> String? {
            try words.isEmpty ? nil : key.seal(words, as: TextPlace(column, id.text))
        }
        let title = try sealed(text.title, "member_story.title")
        let body = try sealed(text.body, "member_story.body")
        let name = try sealed(text.shownAs, "member_story.shown_as")
        let added = try db.run(
            """
            INSERT INTO member_story (organization_id, id, program_id, writer_id, kind, state, language, title, body,
                shown_as, written_at, may_stay)
            VALUES (\(organization), \(id), \(program), \(me), \(text.kind), 'draft', \(text.language), \(title), \(body),
                \(name), \(db.now), FALSE)
            ON CONFLICT DO NOTHING
            """)
        if added > 0 {
            db.record(Event(.storyWritten, of: id.text, about: me, in: program, ["kind": text.kind.rawValue]))
        } else {
            let kept = try own(id, in: db)
            guard kept.state != .withdrawn else { throw Problem.conflict("story.over") }
            guard kept.program == program, kept.kind == text.kind else { throw Problem.notFound }
            if kept.text == text { return nil }
            try db.run(
                """
                UPDATE member_story SET state = 'draft', language = \(text.language), title = \(title), body = \(body),
                    shown_as = \(name), written_at = \(db.now), agreed_at = NULL, agreed_words = NULL, shown_at = NULL
                WHERE organization_id = \(organization) AND id = \(id)
                """)
            try ModerationItem.drop(of: id.text, in: db)
            db.record(Event(.storyChanged, of: id.text, about: me, in: program))
        }
        guard let worry = draft.worry else { return nil }
        return try Moderation.offerHelp(for: worry, Message.ID(id.text), nil, program, db)
    }

    /// The person asking says yes: it may be shown as they have it before them, once somebody has read it.
    /// - Parameter words: what they say yes to, as they read it.
    /// - Throws: ``Problem/notFound``; ``Problem/conflict(_:)`` with `story.changed` when they read something else.
    package func agree(to words: String, mark: String, mayStay: Bool, in db: Writing) throws {
        guard try writer == db.me, let text else { throw Problem.notFound }
        guard mark == self.mark else { throw Problem.conflict("story.changed") }
        let agreed = try db.run(
            """
            UPDATE member_story SET state = 'waiting', agreed_at = \(db.now), agreed_words = \(words),
                may_stay = \(mayStay)
            WHERE organization_id = \(organization) AND id = \(id) AND state = 'draft'
            """)
        guard agreed > 0 else { return }
        db.record(Event(.storyAgreed, of: id.text, about: writer, in: program))
        let key = try db.writingKey(of: writer, in: organization)
        _ = try ModerationItem.open(
            .held, about: writer, in: program, conversation: nil, message: Message.ID(id.text),
            due: db.now.adding(hours: ModerationItem.Kind.held.hours), db: db
        ) { item in
            (
                words: try key.seal(text.whole, as: TextPlace("moderation_item.words", item.text)),
                note: try text.shownAs.isEmpty
                    ? nil : key.seal(text.shownAs, as: TextPlace("moderation_item.content_note", item.text))
            )
        }
    }

    /// The person asking takes it back: from now on nobody sees it. A second time changes nothing.
    package func withdraw(in db: Writing) throws {
        guard try writer == db.me else { throw Problem.notFound }
        try Self.withdraw("id = \(id)", of: writer, in: organization, db)
    }

    /// Takes back what somebody wrote, as far as a condition on it goes.
    private static func withdraw(
        _ condition: SQL, of person: Person.ID, in organization: Organization.ID, _ db: Writing
    ) throws {
        let gone = try db.all(
            """
            UPDATE member_story SET state = 'withdrawn', title = NULL, body = NULL, shown_as = NULL, shown_at = NULL,
                withdrawn_at = \(db.now)
            WHERE organization_id = \(organization) AND writer_id = \(person) AND state <> 'withdrawn' AND \(condition)
            RETURNING id, program_id
            """
        ) { (id: try $0["id"] as ID, program: try $0["program_id"] as Program.ID) }
        for story in gone {
            try ModerationItem.drop(of: story.id.text, in: db)
            db.record(Event(.storyWithdrawn, of: story.id.text, about: person, in: story.program))
        }
    }

    // MARK: - What follows

    /// What somebody decided about it is done.
    static func followDecision(_ event: Event, in db: Writing) throws {
        guard let action = event.details["action"].flatMap(ModerationItem.Action.init(rawValue:)) else { return }
        let (state, kind): (State, EventKind)
        switch action {
        case .shown: (state, kind) = (.shown, .storyShown)
        case .sentBack: (state, kind) = (.returned, .storyReturned)
        case .declined, .takenDown: (state, kind) = (.declined, .storyDeclined)
        default: return
        }
        let from: [State] = action == .takenDown ? [.shown] : [.waiting]
        guard let found = try set(state, from: from, by: event, in: db) else { return }
        db.record(Event(kind, of: found.id.text, about: found.writer, in: found.program))
        guard action == .shown, let organization = event.organization else { return }
        _ = try OutgoingMessage.put(.message, to: found.writer, in: found.program, of: organization, db: db)
        db.announce(.person(found.writer))
    }

    /// Somebody else looked again, and it is shown after all, unless its writer did something else with it.
    static func followAppeal(_ event: Event, in db: Writing) throws {
        guard event.details["outcome"] == ModerationItem.Outcome.takenBack.rawValue,
            let found = try set(.shown, from: [.returned, .declined], by: event, in: db)
        else { return }
        db.record(Event(.storyShown, of: found.id.text, about: found.writer, in: found.program))
    }

    private static func set(
        _ state: State, from: [State], by event: Event, in db: Writing
    ) throws -> (id: ID, writer: Person.ID, program: Program.ID)? {
        guard let item = event.object, let organization = event.organization else { return nil }
        return try db.first(
            """
            UPDATE member_story SET state = \(state), shown_at = \(state == .shown ? db.now : nil)
            WHERE organization_id = \(organization) AND state IN \(list: from) AND id = (SELECT i.message_id
                FROM moderation_item i WHERE i.organization_id = \(organization) AND i.id = \(item)
                AND i.conversation_id IS NULL)
            RETURNING id, writer_id, program_id
            """
        ) { (id: try $0["id"], writer: try $0["writer_id"], program: try $0["program_id"]) }
    }

    /// Whoever is no longer in the program takes along what they did not leave there. So it is when they die.
    static func followRole(_ event: Event, in db: Writing) throws {
        guard let person = event.subject, let program = event.program,
            let organization = db.actor.organization ?? event.organization
        else { return }
        let isThere = try db.exists(
            """
            SELECT 1 FROM membership WHERE organization_id = \(organization) AND person_id = \(person)
            AND program_id = \(program) AND role IN \(list: writers) AND ended_at IS NULL
            """)
        guard !isThere else { return }
        let stays: SQL = "(may_stay AND state IN ('shown', 'waiting'))"
        try withdraw("program_id = \(program) AND NOT \(stays)", of: person, in: organization, db)
    }

    /// Whoever takes back that they take part takes back what they told.
    static func followConsent(_ event: Event, in db: Writing) throws {
        guard event.details["purpose"] == Consent.Purpose.takePart.rawValue, let person = event.subject,
            let program = event.program, let organization = db.actor.organization ?? event.organization
        else { return }
        try withdraw("program_id = \(program)", of: person, in: organization, db)
    }
}
