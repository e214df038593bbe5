import Schedules
import Storage

/// One time that a group meets. It keeps its identifier and its number, whatever happens to it.
package struct Meeting: Named {
    package enum State: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case planned
        /// Planned for another time than its series says.
        case moved
        case canceled
        /// It takes place at this moment.
        case running
        case held
        /// It was time, and it did not take place.
        case notHeld = "not-held"

        /// Those that lie ahead.
        package static let coming: Set<State> = [.planned, .moved]
    }

    package let id: ID
    package let organization: Organization.ID
    package let group: Group.ID
    package let series: GroupSeries.ID?
    /// Its place in the series as clocks show it, `20261201T180000`: names it for good. nil for a single one.
    package let slot: String?
    /// The moment of that.
    package let slotAt: Instant?
    /// Counts from 1 in its group.
    package let number: Int
    package let startsAt: Instant
    package let endsAt: Instant
    package let state: State
    /// Where it takes place when that is not the group's place.
    package let place: String?
    /// The same of the address online.
    package let address: String?
    /// How often it was changed; for calendars.
    package let revision: Int
    package let changedAt: Instant
    /// How many facilitate it.
    package let facilitators: Int

    /// Where it stands in its series.
    struct Slot {
        let text: String
        let startsAt: Instant

        init(_ occurrence: Occurrence) {
            (text, startsAt) = (occurrence.planned.compact, Instant(occurrence.start))
        }

        /// A single one, which stands in none.
        init(at startsAt: Instant) { (text, self.startsAt) = ("", startsAt) }
    }

    package var minutes: Int { endsAt.minutes(since: startsAt) }
    package var isComing: Bool { State.coming.contains(state) }

    /// Where it takes place online; nil where people meet in a room of Kith's own, or not online at all.
    package func link(in group: Group) -> String? { address ?? group.plan.address }

    /// Whether people meet online without going elsewhere.
    package func meetsInKith(in group: Group) -> Bool {
        group.plan.setting != .inPerson && link(in: group) == nil
    }

    init(row: Row) throws {
        id = try row["id"]
        organization = try row["organization_id"]
        group = try row["group_id"]
        series = try row["series_id"]
        slot = try row["slot"]
        slotAt = try row["slot_at"]
        number = try row["number"]
        startsAt = try row["starts_at"]
        endsAt = try row["ends_at"]
        state = try row["state"]
        place = try row["place"]
        address = try row["address"]
        revision = try row["revision"]
        changedAt = try row["changed_at"]
        facilitators = try row["facilitators"]
    }

    /// Whether it has the facilitators it needs.
    package enum Staffing: String, Sendable, Equatable {
        case enough
        /// Somebody is missing, and there is time to find them.
        case short
        /// Somebody is missing and it is about to begin: it cannot be started.
        case blocked
    }

    /// - Parameter members: how many may come.
    package func staffing(_ needs: GroupType.Facilitators, members: Int, at now: Instant) -> Staffing {
        if facilitators >= needs.needed(for: members) { return .enough }
        return now >= startsAt.adding(hours: -needs.blockHours) ? .blocked : .short
    }

    /// The longest meeting, in minutes.
    package static let minutes = 10...480
}

extension EventKind {
    package static let seriesSet = EventKind("meeting.series-set")
    /// Its meetings were put down for a further while.
    package static let seriesExtended = EventKind("meeting.series-extended")
    package static let seriesEnded = EventKind("meeting.series-ended")
    /// Details: `count`, how many meetings were put down.
    package static let meetingsPlanned = EventKind("meeting.planned")
    package static let meetingMoved = EventKind("meeting.moved")
    package static let meetingCanceled = EventKind("meeting.canceled")
    package static let meetingStaffed = EventKind("meeting.staffed")
    /// Details: `as`, “seated” or “waiting”.
    package static let seatAsked = EventKind("meeting.seat-asked")
    /// Somebody moved up from the waiting list.
    package static let seatGiven = EventKind("meeting.seat-given")
    package static let seatFreed = EventKind("meeting.seat-freed")
}
