import Foundation
import Storage

extension GroupType {
    /// Makes a kind of group with the first version of its agreements.
    /// - Throws: ``Problem/notAllowed`` unless a coordinator of the program or the program itself asks;
    ///   ``Problem/invalid(_:)`` by field.
    package static func make(_ plan: Plan, agreements: String, for program: Program.ID, in db: Writing) throws -> ID {
        try checkCoordinates(program, db)
        try check(plan, for: program, agreements: agreements, db)
        if let same = try named(plan.name, in: program, db) {
            // The same once more is a second click.
            guard same.plan == plan, same.agreements.text == agreements.trimmed else {
                throw Problem.invalid("name", "used")
            }
            return same.id
        }
        let (organization, id) = (try db.organization, db.newID() as ID)
        let needs = plan.facilitators
        try db.run(
            """
            INSERT INTO group_type (organization_id, id, program_id, name, summary, facilitator_role, facilitator_topic,
                training, least_members, most_members, facilitators, members_per_facilitator, block_hours, agenda,
                is_for_bereaved, takes_attachments, ages, created_at, created_by)
            VALUES (\(organization), \(id), \(program), \(plan.name.trimmed), \(plan.summary), \(needs.role), \(needs.topic),
                \(needs.training), \(plan.leastMembers), \(plan.mostMembers), \(needs.count), \(needs.membersEach),
                \(needs.blockHours), \(try json(plan.agenda)), \(plan.isForBereaved), \(plan.takesAttachments), \(plan.ages),
                \(db.now), \(db.actor.logName))
            """)
        try write(agreements, version: 1, of: id, in: db)
        db.record(Event(.groupTypeMade, of: id.text, in: program))
        return id
    }

    /// Says anew what kind of group it is, and what everybody agrees to. Words of the agreements that differ are a new
    /// version, and members are asked again.
    package func change(to plan: Plan, agreements: String, in db: Writing) throws {
        try Self.checkCoordinates(program, db)
        try Self.check(plan, for: program, agreements: agreements, db)
        if let other = try Self.named(plan.name, in: program, db), other.id != id {
            throw Problem.invalid("name", "used")
        }
        if plan.ages != self.plan.ages, try hasGroups(in: db) { throw Problem.invalid("ages", "groups-go-on") }
        if plan != self.plan {
            let needs = plan.facilitators
            try db.run(
                """
                UPDATE group_type SET name = \(plan.name.trimmed), summary = \(plan.summary), facilitator_role = \(needs.role),
                    facilitator_topic = \(needs.topic), training = \(needs.training),
                    least_members = \(plan.leastMembers), most_members = \(plan.mostMembers),
                    facilitators = \(needs.count), members_per_facilitator = \(needs.membersEach),
                    block_hours = \(needs.blockHours), agenda = \(try Self.json(plan.agenda)),
                    is_for_bereaved = \(plan.isForBereaved), takes_attachments = \(plan.takesAttachments),
                    ages = \(plan.ages)
                WHERE organization_id = \(organization) AND id = \(id)
                """)
            db.record(Event(.groupTypeChanged, of: id.text, in: program))
        }
        let isSaidAnew = agreements.trimmed != self.agreements.text
        if isSaidAnew {
            let version = self.agreements.version + 1
            try Self.write(agreements, version: version, of: id, in: db)
            db.record(Event(.agreementsPublished, of: id.text, in: program, ["version": "\(version)"]))
        }
        if isSaidAnew || plan.takesAttachments != self.plan.takesAttachments {
            try Group.describe("g.type_id = \(id)", of: organization, in: db)
        }
    }

    /// Whether a group of this kind has not ended: whoever is in it came for the ages that it is for.
    private func hasGroups(in db: Reading) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM support_group WHERE organization_id = \(organization) AND type_id = \(id) AND state <> 'ended'
            """)
    }

    private static func write(_ agreements: String, version: Int, of id: ID, in db: Writing) throws {
        try db.run(
            """
            INSERT INTO group_agreements (organization_id, type_id, version, text, published_by, published_at)
            VALUES (\(db.organization), \(id), \(version), \(agreements.trimmed), \(db.actor.logName), \(db.now))
            """)
    }

    private static func check(_ plan: Plan, for program: Program.ID, agreements: String, _ db: Reading) throws {
        var flaws = plan.flaws
        if agreements.trimmed.isEmpty { flaws["agreements"] = "required" }
        if let topic = plan.facilitators.topic {
            let isKnown = try db.exists(
                """
                SELECT 1 FROM topic WHERE organization_id = \(db.organization) AND program_id = \(program)
                AND code = \(topic)
                """)
            if !isKnown { flaws["topic"] = "not-a-choice" }
        }
        try Problem.check(flaws)
    }

    static func checkCoordinates(_ program: Program.ID, _ db: Reading) throws {
        guard db.actor.kind == .system || db.actor.has(.coordinator, in: program) else { throw Problem.notAllowed }
    }

    private static func json(_ lines: [String]) throws -> String {
        String(decoding: try JSONEncoder().encode(lines), as: UTF8.self)
    }
}

extension GroupType {
    /// With the agreements as they are now.
    static let everything: SQL = """
        SELECT t.*, a.version AS agreements_version, a.text AS agreements_text FROM group_type t
        JOIN group_agreements a ON a.organization_id = t.organization_id AND a.type_id = t.id
            AND a.version = (SELECT max(n.version) FROM group_agreements n
                WHERE n.organization_id = t.organization_id AND n.type_id = t.id)
        """

    /// The kinds of groups of the programs that the person asking coordinates, by name.
    package static func all(in db: Reading) throws -> [GroupType] {
        try db.all(
            """
            \(everything) WHERE t.organization_id = \(db.organization) AND t.program_id IN \(list: db.coordinated)
            ORDER BY t.name, t.id LIMIT 100
            """, GroupType.init(row:))
    }

    /// One of a program that the person asking coordinates.
    package static func find(_ id: ID, in db: Reading) throws -> GroupType {
        guard let found = try all(in: db).first(where: { $0.id == id }) else { throw Problem.notFound }
        return found
    }

    /// The one of a program that is called so; two of one program are never called the same.
    private static func named(_ name: String, in program: Program.ID, _ db: Reading) throws -> GroupType? {
        try db.first(
            """
            \(everything) WHERE t.organization_id = \(db.organization) AND t.program_id = \(program)
            AND t.name = \(name.trimmed)
            """, GroupType.init(row:))
    }

    /// One by its identifier alone, for whoever has established their right to a group of it.
    static func load(_ id: ID, of organization: Organization.ID, in db: Reading) throws -> GroupType {
        let found = try db.first(
            "\(everything) WHERE t.organization_id = \(organization) AND t.id = \(id)", GroupType.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }
}
