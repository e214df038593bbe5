import Storage

extension Loss {
    static func load(_ id: ID, of organization: Organization.ID, in db: Reading) throws -> Loss {
        let found = try db.first(
            "SELECT * FROM loss WHERE organization_id = \(organization) AND id = \(id)", Loss.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }

    /// What is written down of somebody's death and was no mistake.
    static func standing(of person: Person.ID, in organization: Organization.ID, _ db: Reading) throws -> Loss? {
        try db.first(
            """
            SELECT * FROM loss WHERE organization_id = \(organization) AND person_id = \(person)
            AND state <> \(State.mistaken)
            """, Loss.init(row:))
    }

    /// One of the programs that the person asking coordinates.
    package static func find(_ id: ID, in db: Reading) throws -> Loss {
        let organization = try db.organization
        let found = try db.first(
            """
            SELECT * FROM loss WHERE organization_id = \(organization) AND id = \(id)
            AND program_id IN \(db.programs(seeing: .care, as: [.coordinator]))
            """, Loss.init(row:))
        guard let found else { throw Problem.notFound }
        if let person = found.person { db.disclose(.listed, of: person) }
        return found
    }

    /// A line of a list: whose death, and who told of it.
    package struct Line: Sendable {
        package let loss: Loss
        /// nil where Kith does not know them.
        package let name: String?
        package let carer: String?
    }

    /// - Parameter condition: also says the order.
    static func lines(_ condition: SQL, in db: Reading) throws -> [Line] {
        let found = try db.all(
            """
            SELECT l.*, p.name, g.id AS carer_id, coalesce(g.called, g.name) AS carer_name FROM loss l
            LEFT JOIN person p ON p.organization_id = l.organization_id AND p.id = l.person_id
            LEFT JOIN care_relation c ON c.organization_id = l.organization_id AND c.id = l.care_relation_id
            LEFT JOIN person g ON g.organization_id = c.organization_id AND g.id = c.caregiver_id
            WHERE l.organization_id = \(db.organization)
            AND l.program_id IN \(db.programs(seeing: .care, as: [.coordinator])) AND \(condition)
            """
        ) { row in
            (
                line: Line(loss: try Loss(row: row), name: try row["name"], carer: try row["carer_name"]),
                carer: try row["carer_id"] as Person.ID?
            )
        }
        for (line, carer) in found {
            for person in [line.loss.person, carer].compactMap(\.self) { db.disclose(.listed, of: person) }
        }
        return found.map(\.line)
    }

    /// How much there is to do for the person asking.
    static func count(in db: Reading) throws -> SQL {
        let (organization, programs) = (try db.organization, try db.programs(seeing: .care, as: [.coordinator]))
        return """
            SELECT (SELECT count(*) FROM loss WHERE organization_id = \(organization) AND state = 'told'
                    AND program_id IN \(programs))
                + (SELECT count(*) FROM mourner WHERE organization_id = \(organization) AND due_at IS NOT NULL
                    AND program_id IN \(programs))
            """
    }
}
