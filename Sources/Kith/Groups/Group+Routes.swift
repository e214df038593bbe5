import Hummingbird
import Web

extension Group {
    private static let coordinator = Access.role(.coordinator)
    static let routes: [Route] = typeRoutes + groupRoutes + memberRoutes + meetingRoutes + publicRoutes

    // MARK: - Kinds of groups

    private static let typeRoutes: [Route] = [
        .get("/groups/types/new", coordinator) { visit in
            let program = try visit.query["program"].map { text in
                guard let id = Program.ID(untrusted: text) else { throw Problem.notFound }
                return id
            }
            return try await visit.show { try GroupFormScreen(type: nil, for: program, in: $0) }
        }.asking("program"),
        .post("/groups/types", coordinator) { visit in
            let form = try await visit.form()
            let program = Program.ID(untrusted: form["program"] ?? "")
            return try await visit.submit {
                let (plan, agreements) = try form.read { typed(&$0) }
                guard let program else { throw Problem.notFound }
                return try await visit.write { db in
                    guard db.actor.has(.coordinator, in: program) else { throw Problem.notFound }
                    return try GroupType.make(plan, agreements: agreements, for: program, in: db)
                }
            } next: {
                "/groups/new?type=\($0)"
            } again: {
                try GroupFormScreen(type: nil, for: program, form, $0, in: $1)
            }
        }.taking(
            "agenda", "ages", "agreements", "attachments", "bereaved", "block-hours", "each", "facilitators", "least",
            "most", "name", "program", "role", "summary", "topic", "training"),
        .get("/groups/types/{id}", coordinator) { visit in
            let id = try visit.id(of: GroupType.self)
            return try await visit.show { try GroupFormScreen(type: GroupType.find(id, in: $0), for: nil, in: $0) }
        },
        .post("/groups/types/{id}", coordinator) { visit in
            let (id, form) = (try visit.id(of: GroupType.self), try await visit.form())
            return try await visit.submit {
                let (plan, agreements) = try form.read { typed(&$0) }
                try await visit.write { db in
                    let type = try GroupType.find(id, in: db)
                    let saved = plan.fields.merging(["agreements": [agreements]]) { $1 }
                    try Edition(type.fields).check(form, saving: saved)
                    try type.change(to: plan, agreements: agreements, in: db)
                }
            } next: {
                "/groups"
            } again: {
                try GroupFormScreen(type: GroupType.find(id, in: $1), for: nil, form, $0, in: $1)
            }
        }.taking(
            "agenda", "ages", "agreements", "attachments", "bereaved", "block-hours", "each", "edition",
            "facilitators", "least", "most", "name", "role", "summary", "topic", "training")
    ]

    private static func typed(_ fields: inout FieldReader) -> (GroupType.Plan, String) {
        (GroupType.Plan(&fields), fields.text("agreements", required: true, max: 5_000, multiline: true))
    }

    // MARK: - Groups

    private static let groupRoutes: [Route] = [
        .get("/groups", .signedIn) { visit in
            let isLarge = try visit.query.asksForLargeType
            return try await visit.show { try GroupsScreen(isLarge: isLarge, in: $0) }
        }.asking("type"),
        // The open groups of the organization of the person asking.
        .get("/groups/open", .signedIn) { visit in
            let slug = try await visit.read { try Organization.current(in: $0).slug }
            return .seeOther("/open-groups/\(slug)")
        },
        .post("/groups/partings/{id}", coordinator) { visit in
            let id = try visit.id(of: GroupParting.self)
            _ = try await visit.form()
            try await visit.write { try GroupParting.settle(id, in: $0) }
            return .seeOther("/groups")
        }.taking(),
        .get("/groups/new", coordinator) { visit in
            let type = try type(visit.query)
            return try await visit.show { try GroupFormScreen(group: nil, of: GroupType.find(type, in: $0), in: $0) }
        }.asking("type"),
        .post("/groups", coordinator) { visit in
            let form = try await visit.form()
            let type = try type(form)
            return try await visit.submit {
                let plan = try form.read { Plan(&$0) }
                return try await visit.write { try make(plan, of: GroupType.find(type, in: $0), in: $0) }
            } next: {
                "/groups/\($0)"
            } again: {
                try GroupFormScreen(group: nil, of: GroupType.find(type, in: $1), form, $0, in: $1)
            }
        }.taking(
            "address", "admission", "course", "dial-in", "language", "membership-rule", "name", "place", "seats",
            "setting", "time-zone", "type", "welcome"),
        .get("/groups/{id}", .signedIn) { visit in
            let (id, origin) = (try visit.id(of: Group.self), visit.place.address)
            return try await visit.show { try GroupScreen(id, at: origin, in: $0) }
        },
        .get("/groups/{id}/plan", coordinator) { visit in
            let id = try visit.id(of: Group.self)
            return try await visit.show { db in
                let group = try find(id, as: [.coordinator], in: db)
                return try GroupFormScreen(
                    group: group, of: GroupType.load(group.type, of: group.organization, in: db), in: db)
            }
        },
        .post("/groups/{id}/plan", coordinator) { visit in
            let (id, form) = (try visit.id(of: Group.self), try await visit.form())
            return try await visit.submit {
                let plan = try form.read { Plan(&$0) }
                try await visit.write { db in
                    let group = try find(id, as: [.coordinator], in: db)
                    try Edition(group.plan.fields).check(form, saving: plan.fields)
                    try group.change(to: plan, in: db)
                }
            } next: {
                "/groups/\(id)"
            } again: {
                let group = try find(id, as: [.coordinator], in: $1)
                return try GroupFormScreen(
                    group: group, of: GroupType.load(group.type, of: group.organization, in: $1), form, $0, in: $1)
            }
        }.taking(
            "address", "admission", "course", "dial-in", "edition", "language", "membership-rule", "name", "place",
            "seats", "setting", "time-zone", "welcome"),
        .post("/groups/{id}/start", coordinator) { visit in
            let id = try visit.id(of: Group.self)
            _ = try await visit.form()
            try await visit.write { try find(id, as: [.coordinator], in: $0).start(in: $0) }
            return .seeOther("/groups/\(id)")
        }.taking(),
        .post("/groups/{id}/ending", coordinator) { visit in
            let id = try visit.id(of: Group.self)
            _ = try await visit.form()
            try await visit.write { try find(id, as: [.coordinator], in: $0).end(in: $0) }
            return .seeOther("/groups")
        }.taking(),
        .get("/groups/{id}/picture", coordinator) { visit in
            let (id, origin) = (try visit.id(of: Group.self), visit.place.address)
            let code = try await visit.read { try find(id, as: [.coordinator], in: $0).code }
            return .bytes(try QRCode("\(origin)/join/\(code)").svg.utf8, type: "image/svg+xml")
        }.answering(.picture),
        .post("/groups/{id}/facilitators", coordinator) { visit in
            let (id, form) = (try visit.id(of: Group.self), try await visit.form())
            let origin = visit.place.address
            return try await visit.submit {
                let (person, isCover, isTrained) = try form.read { fields in
                    (
                        fields.value("person", code: "not-a-choice", standIn: Person.ID("")) {
                            Person.ID(untrusted: $0)
                        },
                        fields.value("as", code: "not-a-choice", standIn: false) {
                            ["facilitator": false, "cover": true][$0]
                        }, fields.flag("trained")
                    )
                }
                try await visit.write {
                    try find(id, as: [.coordinator], in: $0).add(
                        facilitator: person, isCover: isCover, isTrained: isTrained, in: $0)
                }
            } next: {
                "/groups/\(id)"
            } again: {
                try GroupScreen(id, at: origin, form, $0, in: $1)
            }
        }.taking("as", "person", "trained"),
        .post("/groups/{id}/facilitators/ending", coordinator) { visit in
            let (id, form) = (try visit.id(of: Group.self), try await visit.form())
            guard let person = Person.ID(untrusted: form["person"] ?? "") else { throw Problem.notFound }
            try await visit.write { try find(id, as: [.coordinator], in: $0).end(facilitator: person, in: $0) }
            return .seeOther("/groups/\(id)")
        }.taking("person")
    ]

    private static func type(_ form: Form) throws -> GroupType.ID {
        guard let type = GroupType.ID(untrusted: form["type"] ?? "") else { throw Problem.notFound }
        return type
    }
}
