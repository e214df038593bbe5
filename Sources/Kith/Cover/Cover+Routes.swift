import Storage
import Web

extension Cover {
    static let routes: [Route] = [
        .get("/cover", .roles([.coordinator, .supervisor])) { visit in
            try await visit.show { try CoverScreen(in: $0) }
        },
        .post("/cover/{id}/choice", .signedIn) { visit in
            let id = try visit.id(of: Cover.self)
            let choice = try await visit.form().read { $0.choice("choice", of: Choice.self) }
            let isOwn = try await visit.write { db in
                let cover = try Cover.find(id, in: db)
                try cover.choose(choice, in: db)
                return cover.participant == db.actor.person
            }
            return .seeOther(isOwn ? "/home" : "/cover")
        }.taking("choice"),
        .post("/cover/{id}/stand-in", .role(.coordinator)) { visit in
            let id = try visit.id(of: Cover.self)
            let supporter = try await visit.form().read { fields in
                fields.value("supporter", code: "not-a-choice", standIn: Person.ID("")) { Person.ID(untrusted: $0) }
            }
            _ = try await visit.write { try Cover.find(id, in: $0).propose(supporter, in: $0) }
            return .seeOther("/cover")
        }.taking("supporter"),
        .post("/cover/{id}/look", .role(.coordinator)) { visit in
            let id = try visit.id(of: Cover.self)
            _ = try await visit.form()
            try await visit.write { try Cover.find(id, in: $0).look(in: $0) }
            return .seeOther("/cover")
        }.taking()
    ]
}
