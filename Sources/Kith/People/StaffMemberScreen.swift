import Storage
import Web

/// One of the staff as the administrator sees them: what they may do, and what can be changed about it.
struct StaffMemberScreen: Screen {
    static let template = "people/person"

    struct Held: Sendable {
        let role: Role
        let program: Program.ID
        let programName: String
    }

    let id: Person.ID
    let name: String
    let login: String?
    /// Roles in the programs this administrator runs. That somebody receives support is not theirs to see.
    let roles: [Held]
    let programs: [Program]
    let form: Form
    let errors: FieldErrors
    /// Names this page, so that sending it twice makes one way in.
    let once: String

    init(_ id: Person.ID, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        let organization = try db.organization
        let found = try db.first(
            """
            SELECT p.name, a.login FROM person p
            LEFT JOIN account a ON a.organization_id = p.organization_id AND a.person_id = p.id
            WHERE p.organization_id = \(organization) AND p.id = \(id)
            """
        ) { (name: try $0["name"] as String, login: try $0["login"] as String?) }
        roles = try db.all(
            """
            SELECT m.role, m.program_id, g.name FROM membership m
            JOIN program g ON g.organization_id = m.organization_id AND g.id = m.program_id
            WHERE m.organization_id = \(organization) AND m.person_id = \(id) AND m.ended_at IS NULL
                AND m.role <> \(Role.participant) AND m.program_id IN \(db.reach(.administrator))
            ORDER BY g.name, m.role
            """
        ) { Held(role: try $0["role"], program: try $0["program_id"], programName: try $0["name"]) }
        guard let found, !roles.isEmpty else { throw Problem.notFound }
        programs = try Program.all(of: organization, in: db).filter { db.actor.has(.administrator, in: $0.id) }
        once = db.world.newIdentifier()
        (self.id, name, login) = (id, found.name, found.login)
        self.form = form
        self.errors = errors
    }

    /// The same check for what is done to somebody: they are staff of a program this administrator runs.
    static func check(_ id: Person.ID, in db: Reading) throws {
        _ = try StaffMemberScreen(id, in: db)
    }

    func title(_ words: Words) -> String { words("people.one.title") }

    func shown(_ words: Words) -> Value {
        let path = "/people/\(id)"
        let choice = [
            Field(
                "program", .select(programs.map { Field.Option($0.id.text, $0.name) }), "people.program",
                required: true, in: form, errors, words),
            Field("role", .select(Self.staffRoles(words)), "people.role", required: true, in: form, errors, words)
        ]
        let sure = Field("sure", .check, "people.one.end.sure", required: true, in: form, errors, words)
        return [
            "name": .text(name), "path": .text(path), "once": .text(once),
            "account": .text(
                login.map { words("people.one.signs-in-as", ["login": $0]) } ?? words("people.no-account")),
            "hasAccount": .flag(login != nil),
            "roles": .list(
                roles.map { held in
                    [
                        "role": .text(words("roles.\(held.role.rawValue)")), "program": .text(held.programName),
                        "roleCode": .text(held.role.rawValue), "programCode": .text(held.program.text),
                        "consequence": .text(words("people.one.consequence.\(held.role.rawValue)"))
                    ]
                }),
            "roleForm": shownForm(choice), "endForm": shownForm([sure])
        ]
    }

    static func staffRoles(_ words: Words) -> [Field.Option] {
        Role.allCases.filter { $0 != .participant }.map { Field.Option($0.rawValue, words("roles.\($0.rawValue)")) }
    }
}
