import Storage

/// A talk that a supporter asked their supervisor for, and that is not had yet. What it is about is for the two alone.
package struct Talk: Named {
    /// Within how many hours a supervisor talks with them.
    package static let hours = 48

    package let id: ID
    package let program: Program.ID
    package let programName: String
    package let supporter: Person.ID
    package let supporterName: String
    package let askedAt: Instant
    package let due: Instant

    init(row: Row) throws {
        id = try row["id"]
        program = try row["program_id"]
        programName = try row["program_name"]
        supporter = try row["supporter_id"]
        supporterName = try row["supporter_name"]
        askedAt = try row["asked_at"]
        due = try row["due_at"]
    }

    /// A program of the person asking, with whoever would talk with them there.
    package struct Choice: Sendable, Equatable {
        package let program: Program.ID
        package let name: String
        /// As they are called.
        package let supervisors: [String]
    }
}

extension EventKind {
    package static let talkAsked = EventKind("talk.asked")
    /// Details: `how`, `held`, `taken-back` or `over`.
    package static let talkEnded = EventKind("talk.ended")
}
