import Storage

/// Something that worries somebody, about anyone, with or without a name: raised in three taps, and then never without
/// somebody whose it is. It climbs the program's ladder until a person acknowledges it, and that person closes it.
package struct Concern: Named {
    package enum Kind: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// How somebody is doing.
        case worry
        /// Somebody could come to harm.
        case danger
        /// Somebody was hurt or treated badly.
        case harm
        /// A line was crossed: money, pressure, closeness.
        case boundary
        case somethingElse = "something-else"
        /// Practice; nobody chooses it.
        case drill

        /// What people choose from.
        package static let choices: [Kind] = [.worry, .boundary, .harm, .danger, .somethingElse]
    }

    package enum State: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// People are being called, one rung after the other.
        case escalating
        /// Somebody has it in hand.
        case acknowledged
        case closed
    }

    /// What came of it, as whoever closes it says.
    package enum Outcome: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case settled
        case supportChanged = "support-changed"
        case passedOn = "passed-on"
        case reported
        case nothingFurther = "nothing-further"
        /// A drill that somebody answered.
        case answered
        /// A drill that nobody answered.
        case unanswered

        /// What people choose from.
        package static let choices: [Outcome] = [.settled, .supportChanged, .passedOn, .reported, .nothingFurther]
    }

    package let id: ID
    package let organization: Organization.ID
    package let program: Program.ID
    package let kind: Kind
    /// Whom it is about, where a name was given. They are never told, called or held back by it.
    package let about: Person.ID?
    /// nil for a drill.
    package let raisedBy: Person.ID?
    /// Under whose key what was written is kept.
    let keyHolder: Person.ID?
    package let raisedAt: Instant
    package let state: State
    package let escalation: Escalation
    /// While it escalates: when the next are called. While it is acknowledged: by when it should be closed.
    package let due: Instant?
    /// Whom it was handed to and who has not said yes.
    package let asked: Person.ID?
    /// Since when there is nobody on the whole ladder.
    package let nobodyAt: Instant?
    /// Since when calls fail to reach anybody outside Kith.
    package let undeliveredAt: Instant?
    package let acknowledgedBy: Person.ID?
    package let acknowledgedAt: Instant?
    package let closedAt: Instant?
    package let outcome: Outcome?
    package let followUpOn: Day?
    package let followedUpAt: Instant?
    /// The supporter who is offered a talk.
    package let debriefed: Person.ID?
    /// Their answer: “yes”, “no”, or nil until they gave one.
    package let debriefAnswer: String?
    package let debriefedAt: Instant?

    package var isDrill: Bool { kind == .drill }
    package var isOpen: Bool { state != .closed }

    package init(row: Row) throws {
        id = try row["id"]
        organization = try row["organization_id"]
        program = try row["program_id"]
        kind = try row["kind"]
        about = try row["about_id"]
        raisedBy = try row["raised_by"]
        keyHolder = try row["key_id"]
        raisedAt = try row["raised_at"]
        state = try row["state"]
        due = try row["due_at"]
        escalation = Escalation(round: try row["round"], rung: try row["rung"], due: due ?? raisedAt)
        asked = try row["asked_id"]
        nobodyAt = try row["nobody_at"]
        undeliveredAt = try row["undelivered_at"]
        acknowledgedBy = try row["acknowledged_by"]
        acknowledgedAt = try row["acknowledged_at"]
        closedAt = try row["closed_at"]
        outcome = try row["outcome"]
        followUpOn = try row["follow_up_on"]
        followedUpAt = try row["followed_up_at"]
        debriefed = try row["debrief_id"]
        debriefAnswer = try row["debrief_answer"]
        debriefedAt = try row["debriefed_at"]
    }

    /// Within how many days whoever acknowledged should close it.
    package static let daysToClose = 7
    /// The longest words, in characters.
    package static let longest = 2_000
    /// How far ahead a follow-up may be, in days.
    package static let followUpDays = 1...366
    /// After how many times around the ladder a drill has failed.
    package static let drillRounds = 2

    /// Where the words of a report are kept.
    static func place(ofReport id: String) -> TextPlace { TextPlace("concern_report.words", id) }
    /// Where the words of its closing are kept.
    var outcomePlace: TextPlace { TextPlace("concern.outcome_words", id.text) }

    /// Nothing in an event says whom a concern is about: what somebody can read of their own record must not tell them.
    func event(_ kind: EventKind, _ details: [String: String] = [:]) -> Event {
        var event = Event(kind, of: id.text, in: program, details)
        if isDrill { event.details["drill"] = "yes" }
        event.organization = organization
        return event
    }
}

extension EventKind {
    /// Details of all but the ladder's: `drill`, “yes” for one.
    package static let concernRaised = EventKind("concern.raised")
    /// The same account said more about what it raised.
    package static let concernAdded = EventKind("concern.added")
    /// Details: `round`, `rung`, `people`, how many.
    package static let concernCalled = EventKind("concern.called")
    /// Nobody is on the ladder, or nobody could be told outside Kith. Details: `reason`.
    package static let concernUndelivered = EventKind("concern.undelivered")
    /// Details: `minutes` since it was raised.
    package static let concernAcknowledged = EventKind("concern.acknowledged")
    package static let concernHandedOver = EventKind("concern.handed-over")
    /// Whoever had it in hand has left.
    package static let concernReturned = EventKind("concern.returned")
    /// Details: `outcome`.
    package static let concernClosed = EventKind("concern.closed")
    package static let concernFollowedUp = EventKind("concern.followed-up")
    /// Details: `answer`.
    package static let debriefAnswered = EventKind("concern.debrief-answered")
    package static let debriefHeld = EventKind("concern.debrief-held")
    package static let ladderSet = EventKind("ladder.set")
}
