import Hummingbird
import Storage
import Web

/// The administrator's list: who is here, what they may do, and a way in for new people.
struct PeopleScreen: Screen {
    static let template = "people/list"

    struct Line: Sendable {
        let id: Person.ID
        let name: String
        let hasAccount: Bool
        var roles: [(program: String, role: Role)]
    }

    static let pageSize = 50
    let lines: [Line]
    let next: (name: String, id: Person.ID)?
    let programs: [Program]
    let form: Form
    let errors: FieldErrors
    /// Set right after inviting somebody: the address to hand to them.
    let invitation: String?
    /// Names this page, so that sending it twice adds nobody twice.
    let once: String
    /// What is late elsewhere.
    let raised: [RaisedWork.Line]

    init(
        after: (name: String, id: Person.ID)?, invitation: String? = nil, _ form: Form = Form(),
        _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        let organization = try db.organization
        let mine = Set(db.actor.roles.filter { $0.role == .administrator }.map(\.program))
        programs = try Program.all(of: organization, in: db).filter { mine.contains($0.id) }
        once = form["once"] ?? db.world.newIdentifier()
        raised = try RaisedWork.late(for: .administrator, in: db)
        let further: SQL = after.map { "AND (p.name, p.id) > (\($0.name), \($0.id))" } ?? ""
        let found = try db.all(
            """
            SELECT p.id, p.name, a.login_key FROM person p
            LEFT JOIN account a ON a.organization_id = p.organization_id AND a.person_id = p.id
            WHERE p.organization_id = \(organization) \(further) AND \(Self.isListed(in: db))
            ORDER BY p.name, p.id LIMIT \(Self.pageSize + 1)
            """
        ) {
            Line(id: try $0["id"], name: try $0["name"], hasAccount: (try $0["login_key"] as String?) != nil, roles: [])
        }
        var lines = Array(found.prefix(Self.pageSize))
        next = found.count > Self.pageSize ? lines.last.map { ($0.name, $0.id) } : nil
        let roles =
            lines.isEmpty
            ? []
            : try db.all(
                """
                SELECT m.person_id, m.role, g.name FROM membership m
                JOIN program g ON g.organization_id = m.organization_id AND g.id = m.program_id
                WHERE m.organization_id = \(organization) AND m.person_id IN \(list: lines.map(\.id))
                    AND m.ended_at IS NULL AND m.role <> \(Role.participant) ORDER BY g.name, m.role
                """
            ) { (try $0["person_id"] as Person.ID, try $0["name"] as String, try $0["role"] as Role) }
        for (person, program, role) in roles {
            guard let index = lines.firstIndex(where: { $0.id == person }) else { continue }
            lines[index].roles.append((program, role))
        }
        self.lines = lines
        self.form = form
        self.errors = errors
        self.invitation = invitation
    }

    /// Staff only: that somebody receives support is not the administrator's to see, nor where their name would stand.
    static func isListed(in db: Reading) throws -> SQL {
        """
        EXISTS (SELECT 1 FROM membership m WHERE m.organization_id = p.organization_id AND m.person_id = p.id
            AND m.ended_at IS NULL AND m.role <> \(Role.participant) AND m.program_id IN \(try db.reach(.administrator)))
        """
    }

    func title(_ words: Words) -> String { words("people.title") }

    func shown(_ words: Words) -> Value {
        let fields = [
            Field("name", .line, "people.name", required: true, autocomplete: "off", in: form, errors, words),
            Field(
                "program", .select(programs.map { Field.Option($0.id.text, $0.name) }), "people.program",
                required: true, in: form, errors, words),
            Field(
                "role",
                .select(
                    Role.allCases.filter { $0 != .participant }.map {
                        Field.Option($0.rawValue, words("roles.\($0.rawValue)"))
                    }), "people.role", required: true, in: form, errors, words)
        ]
        return [
            "raised": .list(raised.map { $0.shown(words) }),
            "lines": .list(
                lines.map { line in
                    [
                        "name": .text(line.name), "path": .text("/people/\(line.id)"),
                        "roles": .list(
                            line.roles.map { .text("\(words("roles.\($0.role.rawValue)")) · \($0.program)") }),
                        "account": .text(words(line.hasAccount ? "people.has-account" : "people.no-account"))
                    ]
                }),
            "nextPath": next.map { .text("/people?after=\($0.id)") } ?? .nothing,
            "form": shownForm(fields), "invalid": .flag(!errors.isEmpty), "invitation": Value(invitation),
            "once": .text(once)
        ]
    }
}

extension Person {
    static let routes: [Route] = [
        .get("/people", .role(.administrator)) { visit in
            let after = try visit.query["after"].flatMap { Person.ID(untrusted: $0) }
            return try await visit.show { db in
                let organization = try db.organization
                // The place in the list is looked up, so that no name stands in an address.
                let name = try after.flatMap { id in
                    try db.value(
                        """
                        SELECT p.name FROM person p WHERE p.organization_id = \(organization) AND p.id = \(id)
                            AND \(PeopleScreen.isListed(in: db))
                        """, as: String.self)
                }
                return try PeopleScreen(after: after.flatMap { id in name.map { ($0, id) } }, in: db)
            }
        }.asking("after"),
        .post("/people", .role(.administrator), invite).taking("name", "once", "program", "role")
    ]

    /// Adds a person with a role and shows, once, the address with which they can come in.
    private static func invite(_ visit: Visit) async throws -> Response {
        let form = try await visit.form()
        let secret = visit.secret(for: form)
        do {
            let (name, program, role) = try form.read { fields in
                (
                    fields.text("name", required: true, max: 200),
                    fields.value("program", code: "not-a-choice", standIn: Program.ID("")) {
                        Program.ID(untrusted: $0)
                    },
                    fields.choice("role", of: Role.self)
                )
            }
            let address = "\(visit.place.address)/invitations/\(secret.text)"
            try await visit.write { db in
                guard db.actor.has(.administrator, in: program), role != .participant else {
                    throw Problem.invalid("program", "not-a-choice")
                }
                guard try !Invitation.isMade(secret, in: db) else { return }
                let person = try Person.add(PersonDraft(name: name), to: db.organization, in: db)
                try Person.give(role, in: program, to: person, of: db.organization, in: db)
                try Invitation.send(to: person, of: db.organization, secret: secret, in: db)
            }
            // Shown from the POST itself: the secret must not stand in an address of ours or be kept anywhere.
            return try await visit.show(status: .created) { try PeopleScreen(after: nil, invitation: address, in: $0) }
        } catch let errors as FieldErrors {
            return try await visit.show(status: .unprocessableContent) {
                try PeopleScreen(after: nil, form, errors, in: $0)
            }
        } catch Problem.invalid(let errors) {
            return try await visit.show(status: .unprocessableContent) {
                try PeopleScreen(after: nil, form, errors, in: $0)
            }
        }
    }
}
