import Storage

extension Consent {
    /// Where somebody stands with a purpose at this moment.
    package enum Standing: String, Sendable {
        case unanswered, yes, no

        /// A yes that was taken back is a no: whoever said “then we stop” must not go on because nobody asked again.
        /// - Parameter granted: the newest answer; nil where none was given.
        package init(granted: Bool?, isEnded: Bool) {
            self =
                switch granted {
                case nil: .unanswered
                case true? where !isEnded: .yes
                default: .no
                }
        }
    }

    /// The newest thing somebody said about a purpose, and since when it counts.
    package struct LastAnswer: Sendable {
        package let standing: Standing
        package let since: Instant
    }

    /// What somebody said last, for each purpose they ever answered since they last came into the program. A yes that
    /// ended with their part in it says nothing of when they come back.
    package static func lastAnswers(
        of person: Person.ID, in program: Program.ID, of organization: Organization.ID, db: Reading
    ) throws -> [Purpose: LastAnswer] {
        let answers = try db.all(
            """
            SELECT c.purpose, c.granted, c.given_at, c.ended_at FROM consent c
            JOIN membership m ON m.organization_id = c.organization_id AND m.person_id = c.person_id
                AND m.program_id = c.program_id AND m.role = \(Role.participant)
            WHERE c.organization_id = \(organization) AND c.person_id = \(person) AND c.program_id = \(program)
            AND (c.ended_at IS NULL OR c.ended_at >= m.since) ORDER BY c.given_at,
                CASE WHEN c.ended_at IS NULL THEN 1 ELSE 0 END, c.id
            """
        ) { row in
            let (given, ended): (Instant, Instant?) = (try row["given_at"], try row["ended_at"])
            let standing = Standing(granted: try row["granted"], isEnded: ended != nil)
            return (try row["purpose"] as Purpose, LastAnswer(standing: standing, since: ended ?? given))
        }
        return Dictionary(answers) { $1 }
    }

    /// The channels on which somebody does not want to be reached at this moment. What was never asked is not among
    /// them: somebody has to ask.
    package static func refusedChannels(
        of person: Person.ID, in program: Program.ID, of organization: Organization.ID, db: Reading
    ) throws -> Set<ContactChannel.Kind> {
        refusedChannels(in: try lastAnswers(of: person, in: program, of: organization, db: db))
    }

    package static func refusedChannels(in answers: [Purpose: LastAnswer]) -> Set<ContactChannel.Kind> {
        Set(ContactChannel.Kind.allCases.filter { answers[.contact(by: $0)]?.standing == .no })
    }
}

extension Consent.Purpose {
    /// The channel it is about, where it is about one.
    package var channel: ContactChannel.Kind? {
        ContactChannel.Kind.allCases.first { Self.contact(by: $0) == self }
    }
}
