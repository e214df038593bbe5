import Screening
import Storage

extension Moderation {
    static let gate = ConversationGate(pass: pass, posted: posted)

    /// What stands between somebody and a message of theirs, found in one statement.
    private struct Standing {
        let program: Program.ID
        let mustAccept: Bool
        let firstHeld: Int
        let mustWait: Bool
        /// Two people alone may tell each other what they like.
        let isGroup: Bool
        let slowSeconds: Int?
        /// Sent or held before, under the same identifier.
        let isSent: Bool
        let held: ModerationItem.ID?
        /// What offers them help already.
        let offer: ModerationItem.ID?
    }

    /// Words that give cause for worry are never held back, slowed down, or made to wait for a yes to the rules. Whoever
    /// must wait reads where help is.
    @Sendable
    private static func pass(
        _ draft: Message.Draft, _ id: Message.ID, _ conversation: Conversation.ID, _ db: Writing
    ) throws -> ConversationGate.Passage {
        guard let standing = try standing(id, conversation, db) else { return ConversationGate.Passage() }
        if !draft.isChange, standing.isSent || standing.held != nil {
            if let held = standing.held, try ModerationItem.held(held, in: db)?.body != draft.body {
                throw Problem.conflict("message.id-used")
            }
            let offer = draft.worry == nil ? nil : standing.offer
            return ConversationGate.Passage(isHeld: !standing.isSent, helpPath: offer.map { "/help/\($0)" })
        }
        if standing.mustWait { throw Problem.conflict(draft.worry == nil ? "moderation.wait" : "moderation.wait-help") }
        if let worry = draft.worry {
            let offer = try offerHelp(for: worry, id, conversation, standing.program, db)
            return ConversationGate.Passage(helpPath: "/help/\(offer)")
        }
        if standing.mustAccept { throw Problem.conflict("house-rules.not-accepted") }
        if !draft.isChange, let seconds = standing.slowSeconds { try checkPause(of: seconds, in: conversation, db) }
        let isFirst = try standing.firstHeld > 0 && sent(upTo: standing.firstHeld, db) < standing.firstHeld
        guard isFirst || !draft.contactDetails.isEmpty && standing.isGroup else {
            return ConversationGate.Passage()
        }
        if !draft.isChange { try hold(draft, id, conversation, standing.program, db) }
        return ConversationGate.Passage(isHeld: true)
    }

    private static func standing(
        _ id: Message.ID, _ conversation: Conversation.ID, _ db: Reading
    ) throws -> Standing? {
        let (organization, me) = (try db.organization, try db.me)
        func restriction(_ kind: ModerationItem.Action, _ place: SQL) -> SQL {
            """
            FROM moderation_restriction x WHERE x.organization_id = c.organization_id AND x.person_id = \(me)
            AND x.program_id = c.program_id AND x.ended_at IS NULL AND x.kind = \(kind) AND x.until_at > \(db.now) \(place)
            """
        }
        return try db.first(
            """
            SELECT c.program_id, h.first_held, c.match_id IS NULL AS is_group,
                h.version IS NOT NULL AND NOT EXISTS (SELECT 1 FROM house_rules_acceptance a
                    WHERE a.organization_id = c.organization_id AND a.program_id = c.program_id AND a.person_id = \(me)
                    AND a.version = h.version) AS must_accept,
                EXISTS (SELECT 1 \(restriction(.wait, ""))) OR EXISTS (SELECT 1 FROM moderation_restriction y
                    WHERE y.organization_id = c.organization_id AND y.person_id = \(me) AND y.kind = 'removed'
                    AND y.conversation_id = c.id AND c.match_id IS NULL AND y.ended_at IS NULL) AS must_wait,
                (SELECT max(x.seconds) \(restriction(.slowMode, "AND x.conversation_id = c.id"))) AS slow_seconds,
                EXISTS (SELECT 1 FROM message x WHERE x.organization_id = c.organization_id AND x.sender_id = \(me)
                    AND x.id = \(id)) AS is_sent,
                (SELECT i.id FROM moderation_item i WHERE i.organization_id = c.organization_id
                    AND i.about_id = \(me) AND i.kind = 'held' AND i.message_id = \(id)) AS held,
                (SELECT i.id FROM moderation_item i WHERE i.organization_id = c.organization_id AND i.about_id = \(me)
                    AND i.kind = 'worry' AND i.state = 'open' AND i.program_id = c.program_id LIMIT 1) AS offer
            FROM conversation_member m
            JOIN conversation c ON c.organization_id = m.organization_id AND c.id = m.conversation_id
            LEFT JOIN house_rules h ON h.organization_id = c.organization_id AND h.program_id = c.program_id
                AND h.version = (SELECT max(n.version) FROM house_rules n
                    WHERE n.organization_id = c.organization_id AND n.program_id = c.program_id)
            WHERE m.organization_id = \(organization) AND m.conversation_id = \(conversation) AND m.person_id = \(me)
            """
        ) { row in
            Standing(
                program: try row["program_id"], mustAccept: try row["must_accept"],
                firstHeld: (try row["first_held"] as Int?) ?? 0, mustWait: try row["must_wait"],
                isGroup: try row["is_group"],
                slowSeconds: try row["slow_seconds"], isSent: try row["is_sent"], held: try row["held"],
                offer: try row["offer"])
        }
    }

    /// Slow mode: a least time between two messages.
    private static func checkPause(of seconds: Int, in conversation: Conversation.ID, _ db: Reading) throws {
        let last = try db.value(
            """
            SELECT sent_at FROM message WHERE organization_id = \(db.organization)
            AND conversation_id = \(conversation) AND sender_id = \(db.me) ORDER BY sequence DESC LIMIT 1
            """, as: Instant.self)
        if let last, last.adding(seconds: seconds) > db.now { throw Problem.conflict("moderation.slow-mode") }
    }

    private static func sent(upTo limit: Int, _ db: Reading) throws -> Int {
        try db.value(
            """
            SELECT count(*) FROM (SELECT 1 FROM message WHERE organization_id = \(db.organization)
                AND sender_id = \(db.me) LIMIT \(limit)) AS sent
            """) ?? 0
    }

    private static func hold(
        _ draft: Message.Draft, _ id: Message.ID, _ conversation: Conversation.ID, _ program: Program.ID, _ db: Writing
    ) throws {
        let (organization, me) = (try db.organization, try db.me)
        if let attachment = draft.attachment {
            try Message.Attachment.keep(attachment, of: id, in: conversation, db)
        }
        let item = try ModerationItem.open(
            .held, about: me, in: program, conversation: conversation, message: id, answering: draft.answered,
            due: db.now.adding(hours: ModerationItem.Kind.held.hours), db: db
        ) { id in
            let key = try db.writingKey(of: me, in: organization)
            return (
                words: try key.seal(draft.body, as: TextPlace("moderation_item.words", id.text)),
                note: try draft.note.map { try key.seal($0, as: TextPlace("moderation_item.content_note", id.text)) }
            )
        }
        db.record(Event(.messageHeld, of: item.text, in: program))
    }

    /// Only the words that gave cause are kept for whoever looks after it, under the key of who wrote them: the newest,
    /// for they are what to speak about. Whoever has it in hand hears that there is more.
    static func offerHelp(
        for words: String, _ id: Message.ID, _ conversation: Conversation.ID?, _ program: Program.ID, _ db: Writing
    ) throws -> ModerationItem.ID {
        let (organization, me) = (try db.organization, try db.me)
        let item = try ModerationItem.open(
            .worry, about: me, in: program, conversation: conversation, message: id,
            due: db.now.adding(hours: ModerationItem.Kind.worry.hours), db: db
        ) {
            let key = try db.writingKey(of: me, in: organization)
            return (words: try key.seal(words, as: TextPlace("moderation_item.words", $0.text)), note: nil)
        }
        db.record(Event(.helpOffered, of: item.text, in: program))
        return item
    }

    /// Rules to agree to, what waits to be read by somebody, and why one has to wait.
    @Sendable
    private static func posted(_ conversation: Conversation, _ db: Reading) throws -> [ConversationGate.Posted] {
        let (organization, me, program) = (try db.organization, try db.me, conversation.program)
        let held = try db.all(
            """
            SELECT x.id, x.words, EXISTS (SELECT 1 FROM message_attachment y
                WHERE y.organization_id = x.organization_id AND y.sender_id = x.about_id
                AND y.message_id = x.message_id) AS has_file
            FROM moderation_item x WHERE x.organization_id = \(organization) AND x.about_id = \(me) AND x.kind = 'held'
            AND x.state = 'open' AND x.conversation_id = \(conversation.id) ORDER BY x.opened_at, x.id LIMIT 20
            """
        ) { row in
            let id: ModerationItem.ID = try row["id"]
            return (
                place: TextPlace("moderation_item.words", id.text), sealed: try row["words"] as String?,
                hasFile: try row["has_file"] as Bool
            )
        }
        let key = held.isEmpty ? nil : try db.textKey(of: me, in: organization)
        var posted = held.map { item -> ConversationGate.Posted in
            let words = item.sealed.flatMap { key?.open($0, from: item.place) }
            return ConversationGate.Posted(words: words == "" ? nil : words) {
                $0(item.hasFile ? "conversation.held-file" : "conversation.held")
            }
        }
        guard conversation.canWrite else { return posted }
        let found = try db.first(
            """
            SELECT max(version) AS version, (SELECT max(version) FROM house_rules_acceptance
                WHERE organization_id = \(organization) AND program_id = \(program) AND person_id = \(me)) AS accepted,
                (SELECT max(until_at) FROM moderation_restriction WHERE organization_id = \(organization)
                    AND person_id = \(me) AND program_id = \(program) AND kind = 'wait' AND ended_at IS NULL
                    AND until_at > \(db.now)) AS waits,
                EXISTS (SELECT 1 FROM moderation_restriction WHERE organization_id = \(organization)
                    AND person_id = \(me) AND conversation_id = \(conversation.id) AND kind = 'removed'
                    AND ended_at IS NULL) AS is_out
            FROM house_rules WHERE organization_id = \(organization) AND program_id = \(program)
            """
        ) {
            (
                version: try $0["version"] as Int?, accepted: try $0["accepted"] as Int?,
                waits: try $0["waits"] as Instant?, isOut: try $0["is_out"] as Bool
            )
        }
        if found?.isOut == true {
            posted.append(
                ConversationGate.Posted(link: ("/decisions", "decisions.read"), stopsWriting: true) {
                    $0("moderation.out")
                })
        } else if let until = found?.waits {
            posted.append(
                ConversationGate.Posted(link: ("/decisions", "decisions.read"), stopsWriting: true) {
                    $0("moderation.waits-until", ["when": $0.dayAndTime(until)])
                })
        } else if let version = found?.version, found?.accepted.map({ $0 < version }) ?? true {
            let key = found?.accepted == nil ? "house-rules.first" : "house-rules.new"
            posted.append(
                ConversationGate.Posted(
                    link: ("/programs/\(program)/house-rules?conversation=\(conversation.id)", "house-rules.read"),
                    stopsWriting: true
                ) { $0(key) })
        }
        return posted
    }
}
