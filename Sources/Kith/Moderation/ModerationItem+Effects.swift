import Storage

extension ModerationItem {
    /// Does what was decided.
    func carryOut(_ decision: Decision, in db: Writing) throws {
        switch decision.action {
        case .nothing, .word, .asked, .noCause, .looked, .keptBack: return
        // Whose it is reacts to the event.
        case .shown, .sentBack, .declined, .takenDown: return
        case .released:
            guard try release(in: db) else { throw Problem.conflict("moderation.cannot-send") }
        case .messageRemoved: try setRemoved(true, in: db)
        case .slowMode, .wait: try restrict(decision.action, days: decision.days, in: db)
        case .removed:
            try restrict(.removed, days: nil, in: db)
            guard let conversation else { return }
            // In a group the others go on; the gate stops whom it is about.
            let pair = try db.first(
                """
                SELECT m.id, m.participant_id FROM conversation c
                JOIN match m ON m.organization_id = c.organization_id AND m.id = c.match_id
                WHERE c.organization_id = \(organization) AND c.id = \(conversation)
                """
            ) { (match: try $0["id"] as Match.ID, participant: try $0["participant_id"] as Person.ID) }
            if let pair {
                try Conversation.setPaused(true, conversation, of: organization, in: db)
                try Self.noteMatch(pair.match, about: pair.participant, in: program, conversation: conversation, db: db)
            }
        }
    }

    /// Undoes what was decided, as far as time has not.
    func undo(in db: Writing) throws {
        switch action {
        case .messageRemoved: try setRemoved(false, in: db)
        case .keptBack: try release(in: db)
        case .slowMode, .wait, .removed:
            try db.run(
                """
                UPDATE moderation_restriction SET ended_at = \(db.now)
                WHERE organization_id = \(organization) AND item_id = \(id) AND ended_at IS NULL
                """)
            if action == .removed, let conversation { try Block.letGo(conversation, of: organization, in: db) }
        default: return
        }
    }

    /// Lets a message go that was held back.
    /// - Returns: whether it went; not where nobody can write any more, or its words can no longer be read.
    @discardableResult
    private func release(in db: Writing) throws -> Bool {
        guard let conversation, let message, let draft = try kept(in: db) else { return false }
        return try Message.release(draft, as: message, by: about, to: conversation, in: db) != nil
    }

    private func restrict(_ kind: Action, days: Int?, in db: Writing) throws {
        guard let conversation else { throw Problem.conflict("moderation.cannot-send") }
        let seconds = kind == .slowMode ? Moderation.slowSeconds : nil
        try db.run(
            """
            INSERT INTO moderation_restriction (organization_id, item_id, program_id, person_id, conversation_id, kind,
                seconds, from_at, until_at)
            VALUES (\(organization), \(id), \(program), \(about), \(conversation), \(kind), \(seconds), \(db.now),
                \(days.map { db.now.adding(days: $0) }))
            """)
        db.announce(.conversation(conversation.text))
    }

    /// Every message that was reported is taken away, or put back.
    private func setRemoved(_ isRemoved: Bool, in db: Writing) throws {
        let reported = try db.all(
            """
            SELECT message_id, conversation_id, writer_id FROM moderation_evidence
            WHERE organization_id = \(organization) AND item_id = \(id) AND is_reported
            """
        ) {
            (
                message: try $0["message_id"] as Message.ID, conversation: try $0["conversation_id"] as Conversation.ID,
                writer: try $0["writer_id"] as Person.ID
            )
        }
        for found in reported {
            try Message.setRemoved(
                isRemoved, found.message, by: found.writer, in: found.conversation, of: organization, db: db)
        }
    }

    /// What somebody wrote themselves and what is held back.
    static func held(_ id: ID, in db: Reading) throws -> Message.Draft? {
        try db.first(
            """
            SELECT * FROM moderation_item WHERE organization_id = \(db.organization) AND id = \(id)
            AND about_id = \(db.me) AND kind = 'held'
            """, ModerationItem.init(row:))?.kept(in: db)
    }

    /// What it keeps of what was written: the words that gave cause, or the whole message that is held back, with what it
    /// answers and speaks of. nil when it can no longer be read.
    package func kept(in db: Reading) throws -> Message.Draft? {
        let key = try db.textKey(of: about, in: organization)
        let row = try db.first(
            """
            SELECT words, content_note, answers FROM moderation_item
            WHERE organization_id = \(organization) AND id = \(id)
            """
        ) { row in
            let (words, note): (String?, String?) = (try row["words"], try row["content_note"])
            return (
                words: words.flatMap { key?.open($0, from: place("moderation_item.words")) },
                note: note.flatMap { key?.open($0, from: place("moderation_item.content_note")) },
                answers: try row["answers"] as Int?
            )
        }
        guard let row, let words = row.words else { return nil }
        return Message.Draft(read: words, answering: row.answers, noting: row.note)
    }
}

// MARK: - What happened

extension ModerationItem {
    struct Turn: Sendable {
        enum What: String, Sendable, SQLConvertible, SQLDecodable {
            case claimed
            case handedOver = "handed-over"
            case returned, decided, appealed, settled
        }

        let what: What
        let at: Instant
        let person: String?
        let other: String?
    }

    func note(_ what: Turn.What, to other: Person.ID? = nil, in db: Writing) throws {
        // Who appeals is whom it is about, who stands above already.
        let person = what == .appealed ? nil : db.actor.person
        try db.run(
            """
            INSERT INTO moderation_turn (organization_id, id, item_id, at, what, person_id, other_id)
            VALUES (\(organization), \(db.world.newIdentifier()), \(id), \(db.now), \(what), \(person), \(other))
            """)
    }

    func turns(in db: Reading) throws -> [Turn] {
        try db.all(
            """
            SELECT t.at, t.what, p.name, o.name AS other FROM moderation_turn t
            LEFT JOIN person p ON p.organization_id = t.organization_id AND p.id = t.person_id
            LEFT JOIN person o ON o.organization_id = t.organization_id AND o.id = t.other_id
            WHERE t.organization_id = \(organization) AND t.item_id = \(id) ORDER BY t.at, t.id LIMIT 100
            """
        ) { Turn(what: try $0["what"], at: try $0["at"], person: try $0["name"], other: try $0["other"]) }
    }
}
