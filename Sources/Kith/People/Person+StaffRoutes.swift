import Hummingbird
import Web

extension Person {
    /// What an administrator can change about one of the staff.
    static let staffRoutes: [Route] = [
        .get("/people/{id}", .role(.administrator)) { visit in
            let id = try visit.id(of: Person.self)
            return try await visit.show { try StaffMemberScreen(id, in: $0) }
        },
        .post("/people/{id}/roles", .role(.administrator)) { visit in
            let (id, form) = (try visit.id(of: Person.self), try await visit.form())
            return try await visit.submit {
                let (program, role) = try held(form)
                try await visit.write { db in
                    try StaffMemberScreen.check(id, in: db)
                    guard db.actor.has(.administrator, in: program) else {
                        throw Problem.invalid("program", "not-a-choice")
                    }
                    try Person.appoint(id, as: role, in: program, db: db)
                }
            } next: {
                "/people/\(id)"
            } again: {
                try StaffMemberScreen(id, form, $0, in: $1)
            }
        }.taking("program", "role", "sure"),
        .post("/people/{id}/roles/ending", .role(.administrator)) { visit in
            let (id, form) = (try visit.id(of: Person.self), try await visit.form())
            let (program, role) = try held(form)
            try await visit.write { db in
                try StaffMemberScreen.check(id, in: db)
                // Whoever receives support is the coordinator's, not the administrator's.
                guard role != .participant, db.actor.has(.administrator, in: program) else { throw Problem.notFound }
                try Person.end(role, in: program, of: id, in: db)
            }
            return .seeOther("/people")
        }.taking("program", "role"),
        .post("/people/{id}/way-in", .role(.administrator)) { visit in
            let id = try visit.id(of: Person.self)
            let secret = visit.secret(for: try await visit.form())
            try await visit.write { db in
                try StaffMemberScreen.check(id, in: db)
                guard try !Invitation.isMade(secret, in: db) else { return }
                try Invitation.renew(for: id, secret: secret, in: db)
            }
            let address = "\(visit.place.address)/invitations/\(secret.text)"
            return try await visit.show(status: .created) { _ in
                InvitationLetterScreen(address: address, back: "/people/\(id)", "people.one.back-to")
            }
        }.taking("once"),
        .post("/people/{id}/ending", .role(.administrator)) { visit in
            let (id, form) = (try visit.id(of: Person.self), try await visit.form())
            return try await visit.submit {
                try form.read { fields in
                    if !fields.flag("sure") { fields.fail("sure", "required") }
                }
                try await visit.write { db in
                    try StaffMemberScreen.check(id, in: db)
                    try Person.endAccess(of: id, in: db)
                }
            } next: {
                "/people"
            } again: {
                try StaffMemberScreen(id, form, $0, in: $1)
            }
        }.taking("program", "role", "sure")
    ]

    private static func held(_ form: Form) throws -> (Program.ID, Role) {
        try form.read { fields in
            (
                fields.value("program", code: "not-a-choice", standIn: Program.ID("")) { Program.ID(untrusted: $0) },
                fields.choice("role", of: Role.self)
            )
        }
    }
}
