import Storage

/// Something that waits for a person's decision: a report, words that gave cause for worry, a message that somebody reads
/// first, or a match that needs attention. It is always the program's or somebody's, and has a time.
package struct ModerationItem: Named {
    package enum Kind: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case report, worry, held, match

        /// Within how many hours somebody should decide; of a report its reason says it.
        var hours: Int {
            switch self {
            case .worry: 1
            case .held: 4
            case .report, .match: 24
            }
        }

        /// What may come of it, where it is about a conversation.
        fileprivate var actions: [Action] {
            switch self {
            case .report: [.nothing, .word, .messageRemoved, .slowMode, .wait, .removed]
            case .worry: [.asked, .noCause]
            case .held: [.released, .keptBack]
            case .match: [.looked]
            }
        }
    }

    package enum State: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case open
        case decided
        /// Whom it is about asked for another look.
        case appealed
        /// Somebody else has looked again; that is the end.
        case settled
    }

    package enum Action: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case nothing
        case word
        case messageRemoved = "message-removed"
        case slowMode = "slow-mode"
        case wait
        case removed
        case asked
        case noCause = "no-cause"
        case released
        case keptBack = "kept-back"
        case looked
        /// Of a story or tip.
        case shown
        /// It may be changed and sent again.
        case sentBack = "sent-back"
        case declined
        case takenDown = "taken-down"

        /// Whether it is told to whom it is about, cites a rule, and can be appealed.
        package var isTold: Bool {
            switch self {
            case .word, .messageRemoved, .slowMode, .wait, .removed, .keptBack, .sentBack, .declined, .takenDown: true
            case .nothing, .asked, .noCause, .released, .looked, .shown: false
            }
        }
        /// Whether it lasts for some days.
        package var hasLength: Bool { self == .slowMode || self == .wait }
    }

    package enum Outcome: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case stands
        case takenBack = "taken-back"
    }

    /// What whoever was offered help said.
    package enum Answer: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// They asked for a person.
        case person
        /// They said that they are all right.
        case fine
    }

    package let id: ID
    package let organization: Organization.ID
    package let program: Program.ID
    package let kind: Kind
    /// Who wrote it. Of a match: the participant.
    package let about: Person.ID
    package let conversation: Conversation.ID?
    package let message: Message.ID?
    package let match: Match.ID?
    package let openedAt: Instant
    package let state: State
    package let due: Instant?
    package let claimedBy: Person.ID?
    package let answer: Answer?
    package let decidedBy: Person.ID?
    package let decidedAt: Instant?
    package let action: Action?
    package let rule: (version: Int, number: Int)?
    package let settledAt: Instant?
    package let outcome: Outcome?

    package init(row: Row) throws {
        id = try row["id"]
        organization = try row["organization_id"]
        program = try row["program_id"]
        kind = try row["kind"]
        about = try row["about_id"]
        conversation = try row["conversation_id"]
        message = try row["message_id"]
        match = try row["match_id"]
        openedAt = try row["opened_at"]
        state = try row["state"]
        due = try row["due_at"]
        claimedBy = try row["claimed_by"]
        answer = try row["answer"]
        decidedBy = try row["decided_by"]
        decidedAt = try row["decided_at"]
        action = try row["action"]
        let (version, number): (Int?, Int?) = (try row["rule_version"], try row["rule_number"])
        rule = if let version, let number { (version, number) } else { nil }
        settledAt = try row["settled_at"]
        outcome = try row["outcome"]
    }

    /// Whether it is about a story or tip, which stands in no conversation.
    package var isPiece: Bool { conversation == nil && (kind == .held || kind == .report) }

    /// What may come of it.
    package var actions: [Action] {
        guard isPiece else { return kind.actions }
        return kind == .held ? [.shown, .sentBack, .declined] : [.nothing, .word, .takenDown]
    }

    package var isOpen: Bool { state == .open || state == .appealed }

    /// Until when it can be appealed; nil when it cannot.
    package var appealEnds: Instant? {
        guard state == .decided, action?.isTold == true else { return nil }
        return decidedAt?.adding(days: Moderation.appealDays)
    }

    func place(_ column: StaticString) -> TextPlace { TextPlace(column, id.text) }

    /// No event says whom it is about: what somebody reads of their own record must not tell them of a report.
    func event(_ kind: EventKind, _ details: [String: String] = [:]) -> Event {
        var event = Event(kind, of: id.text, in: program, details)
        event.organization = organization
        return event
    }
}
