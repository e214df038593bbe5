import Storage

/// That somebody has died. It is written down once; all that ran for them ends with it, and whoever was close to them is
/// spoken with.
package struct Loss: Named {
    package enum State: String, Sendable, SQLConvertible, SQLDecodable {
        /// Somebody who cared for them said so. Nothing goes out to them any more; the program makes sure of the rest.
        case told
        case recorded
        /// They are alive.
        case mistaken
    }

    package let id: ID
    package let organization: Organization.ID
    package let program: Program.ID
    /// Who died; nil where Kith does not know them.
    package let person: Person.ID?
    /// By which it was told, where the one who cared for them said so.
    package let relation: CareRelation.ID?
    package let toldBy: String
    package let toldAt: Instant
    package let diedOn: Day?
    package let state: State
    /// By when the program makes sure; only while it is told.
    package let due: Instant?
    package let settledAt: Instant?

    package init(row: Row) throws {
        id = try row["id"]
        organization = try row["organization_id"]
        program = try row["program_id"]
        person = try row["person_id"]
        relation = try row["care_relation_id"]
        toldBy = try row["told_by"]
        toldAt = try row["told_at"]
        diedOn = try row["died_on"]
        state = try row["state"]
        due = try row["due_at"]
        settledAt = try row["settled_at"]
    }

    /// How long a program has to make sure of what it was told.
    static let hoursToMakeSure = 24

    func event(_ kind: EventKind) -> Event {
        var event = Event(kind, of: id.text, about: person, in: program)
        event.organization = organization
        return event
    }
}

extension Loss {
    /// Somebody whose death can be written down, and the program that does.
    package struct Subject: Sendable {
        package let person: Person.ID
        package let program: Program.ID
        /// Whether they supported others, and were not supported.
        package let isSupporter: Bool

        /// The person of a referral that the person asking finds.
        package init(of referral: Referral) {
            (person, program, isSupporter) = (referral.person, referral.program, false)
        }

        /// Somebody who supports people in a program that the person asking coordinates.
        /// - Throws: ``Problem/notFound``.
        package init(supporter: Person.ID, in db: Reading) throws {
            let program = try db.value(
                """
                SELECT program_id FROM membership WHERE organization_id = \(db.organization) AND person_id = \(supporter)
                AND role = \(Role.supporter) AND ended_at IS NULL AND program_id IN \(db.reach(.coordinator))
                ORDER BY program_id LIMIT 1
                """, as: Program.ID.self)
            guard let program else { throw Problem.notFound }
            (person, self.program, isSupporter) = (supporter, program, true)
        }
    }
}

extension EventKind {
    package static let lossTold = EventKind("loss.told")
    package static let lossRecorded = EventKind("loss.recorded")
    package static let lossMistaken = EventKind("loss.mistaken")
    /// Somebody who was close to whoever died said whether they want to talk. Details: `answer`.
    package static let mournerAnswered = EventKind("mourner.answered")
    package static let mournerSpokenWith = EventKind("mourner.spoken-with")
}
