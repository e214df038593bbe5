import Storage

/// Something that is to leave the house for one person, and what became of it. It holds no address and no words: both are
/// found when it leaves, so that nothing old goes out and nothing is kept that need not be.
package struct OutgoingMessage: Named {
    package enum State: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case waiting
        /// Taken by the mail server or the gateway, which said so.
        case sent
        /// When it was to leave, the rules said no.
        case withheld
        /// Refused for good, or tried too often. An administrator sees to it.
        case stuck
        case givenUp = "given-up"
    }

    package let id: ID
    package let organization: Organization.ID
    package let person: Person.ID
    package let program: Program.ID
    package let notice: Notice
    package let channel: ContactChannel.Kind
    /// The seat that it carries a link to free.
    package let seat: Seat.ID?
    /// The meeting that it reminds of.
    package let meeting: Meeting.ID?
    /// Whether it reminds of small steps; which, is not kept here.
    package let isOfSteps: Bool
    /// When it was put in.
    package let createdAt: Instant
    /// Tries that failed.
    package let attempts: Int
    /// Whether the person has looked in since, so that it has become needless.
    package let isReleased: Bool

    init(row: Row) throws {
        id = try row["id"]
        organization = try row["organization_id"]
        person = try row["person_id"]
        program = try row["program_id"]
        notice = try row["notice"]
        channel = try row["channel"]
        seat = try row["seat_id"]
        meeting = try row["meeting_id"]
        isOfSteps = try row["is_of_steps"]
        createdAt = try row["created_at"]
        attempts = try row["attempts"]
        isReleased = (try row["released_at"] as Instant?) != nil
    }

    /// After so many failed tries somebody has to look.
    package static let mostAttempts = 12

    /// How long to wait after so many failed tries: twice as long each time, up to six hours, and never the same for two,
    /// so that a server that comes back is not met by all at once.
    package static func seconds(afterAttempt attempt: Int, in world: World) -> Int {
        let base = 30 << min(max(attempt, 1) - 1, 10)
        let jitter = world.randomBytes(2).reduce(0) { $0 << 8 | Int($1) }
        return min(base, 6 * 3_600) * (50 + jitter % 100) / 100
    }

    /// The secret of the way in that an invitation carries: known to whoever holds the key that signs links, kept
    /// nowhere.
    static func waySecret(_ id: ID, in world: World) -> Secret { world.linkKey.derived(for: "way-in|\(id)") }
}

extension EventKind {
    /// Details of all: `notice`, `channel`; of what did not leave: `reason`.
    package static let noticeSent = EventKind("notice.sent")
    package static let noticeWithheld = EventKind("notice.withheld")
    package static let noticeStuck = EventKind("notice.stuck")
    package static let noticeTriedAgain = EventKind("notice.tried-again")
    package static let noticeGivenUp = EventKind("notice.given-up")
}

extension OutgoingMessage {
    func event(_ kind: EventKind, because reason: String? = nil) -> Event {
        var event = Event(
            kind, of: id.text, about: person, in: program, ["notice": notice.rawValue, "channel": channel.rawValue])
        if let reason { event.details["reason"] = reason }
        event.organization = organization
        return event
    }
}
