import Storage
import Web

/// That somebody was taken out of a group because it is not for their age. A coordinator looks after them, so that
/// nobody is left with nothing; until then both read it among their groups.
package struct GroupParting: Named {
    package let id: ID
    package let group: Group.ID
    package let groupName: String
    package let program: Program.ID
    package let ages: GroupType.Ages
    package let person: Person.ID
    package let part: Group.Part
    /// Their name, or where whoever asks may not read it the one that they went by in the group.
    package let name: String?
    package let at: Instant

    private init(row: Row) throws {
        id = try row["id"]
        group = try row["group_id"]
        groupName = try row["group_name"]
        program = try row["program_id"]
        ages = try row["ages"]
        person = try row["person_id"]
        part = try row["part"]
        name = try row["name"]
        at = try row["at"]
    }

    /// Those that nobody has looked after in the programs that the person asking coordinates, the oldest first.
    package static func open(in db: Reading) throws -> [GroupParting] {
        let coordinated = db.coordinated
        guard !coordinated.isEmpty else { return [] }
        // The records of colleagues are sealed; that one of them leads a group is no secret.
        let mayName = try db.reach(
            .groups, of: Wall.Record(person: "x.person_id", program: "g.program_id"), as: [.coordinator])
        let found = try all(
            "x.settled_at IS NULL AND g.program_id IN \(list: coordinated)",
            named: "CASE WHEN x.part = 'facilitator' OR \(mayName) THEN coalesce(p.called, p.name) ELSE x.nickname END",
            in: db)
        for parting in found { db.disclose(.listed, of: parting.person) }
        return found
    }

    /// Those of the person asking that nobody has looked after.
    package static func mine(in db: Reading) throws -> [GroupParting] {
        try all("x.settled_at IS NULL AND x.person_id = \(db.me)", named: "p.name", in: db)
    }

    private static func all(_ condition: SQL, named name: SQL, in db: Reading) throws -> [GroupParting] {
        try db.all(
            """
            SELECT x.id, x.group_id, x.person_id, x.part, x.at, g.name AS group_name, g.program_id, t.ages,
                \(name) AS name
            FROM group_parting x JOIN support_group g ON g.organization_id = x.organization_id AND g.id = x.group_id
            JOIN group_type t ON t.organization_id = g.organization_id AND t.id = g.type_id
            JOIN person p ON p.organization_id = x.organization_id AND p.id = x.person_id
            WHERE x.organization_id = \(db.organization) AND \(condition) ORDER BY x.at, x.id LIMIT 100
            """, GroupParting.init(row:))
    }

    /// A coordinator has looked after them. A second click changes nothing.
    /// - Throws: ``Problem/notFound`` unless whoever asks coordinates the program of the group.
    package static func settle(_ id: ID, in db: Writing) throws {
        let found = try db.first(
            """
            SELECT x.person_id, x.settled_at, g.program_id FROM group_parting x
            JOIN support_group g ON g.organization_id = x.organization_id AND g.id = x.group_id
            WHERE x.organization_id = \(db.organization) AND x.id = \(id) AND g.program_id IN \(list: db.coordinated)
            """
        ) { row in
            (
                person: try row["person_id"] as Person.ID, program: try row["program_id"] as Program.ID,
                isSettled: try row["settled_at"] as Instant? != nil
            )
        }
        guard let (person, program, isSettled) = found else { throw Problem.notFound }
        if isSettled { return }
        try db.run(
            """
            UPDATE group_parting SET settled_at = \(db.now), settled_by = \(db.actor.logName)
            WHERE organization_id = \(db.organization) AND id = \(id) AND settled_at IS NULL
            """)
        db.record(Event(.partingSettled, of: id.text, about: person, in: program))
        db.announce(.person(person))
    }

    static let raised = [
        RaisedWork("groups.raised.parted", at: "/groups") { db in
            """
            SELECT count(*) FROM group_parting x
            JOIN support_group g ON g.organization_id = x.organization_id AND g.id = x.group_id
            WHERE x.organization_id = \(try db.organization) AND x.settled_at IS NULL
            AND g.program_id IN \(list: db.coordinated)
            """
        },
        RaisedWork("groups.raised.parted-you", at: "/groups", for: [.participant, .supporter]) { db in
            """
            SELECT count(*) FROM group_parting x WHERE x.organization_id = \(try db.organization)
            AND x.settled_at IS NULL AND x.person_id = \(try db.me)
            """
        }
    ]
}

extension GroupParting {
    /// What whoever was taken out reads.
    func shownToThem(_ words: Words) -> Value {
        .text(words("groups.parted.\(part.rawValue).\(ages.rawValue)", ["group": groupName]))
    }

    func shownToStaff(_ words: Words) -> Value {
        let name = name ?? words("groups.parted.somebody")
        return [
            "text": .text(
                words("groups.parted.staff.\(part.rawValue).\(ages.rawValue)", ["name": name, "group": groupName])),
            "when": .text(words.ago(at)), "name": .text(name), "path": .text("/groups/partings/\(id)")
        ]
    }
}

extension EventKind {
    /// A coordinator has looked after somebody who was taken out of a group for their age.
    package static let partingSettled = EventKind("group.parting-settled")
}
