import Storage

/// That the supporter of a match is not there: what the person chose, and by when their coordinator has to have seen to it.
/// Its owner is the owner of the referral, so that it is handed over with it and is never without one.
package struct Cover: Named {
    /// Why the supporter is not there. It is their own matter: staff read it, the people they support never do.
    package enum Cause: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// They take a pause.
        case pause
        /// Nothing was heard of them while somebody waits for them.
        case silence
        /// The two are kept apart: a clearance is missing.
        case apart
        /// They cannot sign in any more.
        case account
        /// They do not come back. The match is over, and the referral is where somebody new is found.
        case left
    }

    /// What the person would like. Nobody has to choose.
    package enum Choice: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// To wait until the supporter is back.
        case wait
        /// Somebody else until then.
        case meanwhile
        /// Somebody new for good.
        case new
    }

    package enum Ending: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// The supporter is there again.
        case returned
        /// Whoever stood in goes on for good.
        case kept
        /// Somebody new supports the person.
        case found
        /// The support is over, or the person asked for somebody else.
        case over
    }

    package let id: ID
    package let organization: Organization.ID
    package let match: Match.ID
    package let referral: Referral.ID
    package let program: Program.ID
    package let participant: Person.ID
    package let supporter: Person.ID
    package let cause: Cause
    package let openedAt: Instant
    /// The day on which the supporter expects to be back, if they said.
    package let returnsOn: Day?
    /// By when somebody has to have looked.
    package let dueAt: Instant
    package let choice: Choice?
    package let ending: Ending?

    package init(row: Row) throws {
        id = try row["id"]
        organization = try row["organization_id"]
        match = try row["match_id"]
        referral = try row["referral_id"]
        program = try row["program_id"]
        participant = try row["participant_id"]
        supporter = try row["supporter_id"]
        cause = try row["cause"]
        openedAt = try row["opened_at"]
        returnsOn = try row["returns_on"]
        dueAt = try row["due_at"]
        choice = try row["choice"]
        ending = try row["ending"]
    }

    package var isOpen: Bool { ending == nil }

    /// Whether waiting is offered: longer than this is no pause in a support but its end, and an unknown day no promise.
    package func mayWait(at now: Instant) -> Bool { Self.isNear(returnsOn, at: now) }

    static func isNear(_ day: Day?, at now: Instant) -> Bool {
        ahead(day, at: now).map { $0 <= now.countedDay.adding(days: nearDays) } ?? false
    }

    /// The day of return, as long as it is not past.
    package func dayAhead(at now: Instant) -> Day? { Self.ahead(returnsOn, at: now) }

    /// A day is past when it is over everywhere on earth.
    static func ahead(_ day: Day?, at now: Instant) -> Day? {
        day.flatMap { $0 < now.adding(hours: -12).countedDay ? nil : $0 }
    }

    /// Three weeks, as long as a long holiday. Ours: beyond that, waiting would be a promise that nobody can give.
    package static let nearDays = 21

    /// After so many days without a sign of life a supporter is silent, while somebody waits for them. A week may pass with
    /// nothing amiss; a supervisor reads of silence after two (`TeamScreen.silentDays`), and by then the person should have
    /// heard from us already.
    package static let silentDays = 10

    func event(_ kind: EventKind, _ details: [String: String] = [:]) -> Event {
        var event = Event(kind, of: id.text, about: participant, in: program, details)
        event.organization = organization
        return event
    }
}

extension EventKind {
    /// A supporter is not there. Details: `cause`.
    package static let coverOpened = EventKind("cover.opened")
    /// What is known of it has changed. Details: `told`: “yes” where the person has to hear of it.
    package static let coverChanged = EventKind("cover.changed")
    /// The person chose, or somebody noted what they said. Details: `choice`.
    package static let coverChosen = EventKind("cover.chosen")
    /// A coordinator has looked, and will be reminded later.
    package static let coverLooked = EventKind("cover.looked")
    /// Details: `ending`.
    package static let coverEnded = EventKind("cover.ended")
}
