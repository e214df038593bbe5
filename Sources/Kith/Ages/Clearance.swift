import Storage

/// That somebody responsible has made sure that a supporter may be with people who are under age: by which check, and
/// up to which day it holds. Without one they support nobody under age and lead no group for young people.
package struct Clearance: Named, Equatable {
    /// What whoever gives it has seen.
    package enum Check: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case criminalRecord = "criminal-record"
        /// That, and the registers of people who may not work with children.
        case registers = "criminal-record-and-registers"
        /// The organization's own staff office has checked them.
        case staffOffice = "staff-office"
    }

    package let id: ID
    package let person: Person.ID
    package let check: Check
    /// The last day on which it holds.
    package let endsOn: Day
    package let givenAt: Instant
    /// By name; nil for the program itself.
    package let givenBy: String?
    package let endedAt: Instant?
    package let endedBy: String?

    /// The most years for which it can be given: a check says less with each year.
    package static let mostYears = 5

    init(row: Row) throws {
        id = try row["id"]
        person = try row["person_id"]
        check = try row["kind"]
        endsOn = try row["ends_on"]
        givenAt = try row["given_at"]
        givenBy = try row["given_by_name"]
        endedAt = try row["ended_at"]
        endedBy = try row["ended_by_name"]
    }

    package func stands(on day: Day) -> Bool { endedAt == nil && day <= endsOn }
}

extension EventKind {
    /// Details: `check`.
    package static let clearanceGiven = EventKind("clearance.given")
    /// Details: `cause`: “taken-back”, “lapsed” or “role-ended”.
    package static let clearanceEnded = EventKind("clearance.ended")
}
