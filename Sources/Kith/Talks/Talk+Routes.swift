import Hummingbird
import Web

extension Talk {
    static let routes: [Route] = [
        .get("/breather", .role(.supporter)) { visit in
            try await visit.show { try BreatherScreen(in: $0) }
        },
        .post("/breather", .role(.supporter)) { visit in
            _ = try await visit.form()
            try await visit.write { try Breather.take(in: $0) }
            return .seeOther("/breather")
        }.taking(),
        .post("/breather/ending", .role(.supporter)) { visit in
            _ = try await visit.form()
            try await visit.write { try Breather.end(in: $0) }
            return .seeOther("/breather")
        }.taking(),
        .post("/breather/talk", .role(.supporter)) { visit in
            let program = try await visit.form()["program"].flatMap(Program.ID.init(untrusted:))
            guard let program else { throw Problem.invalid("program", "not-a-choice") }
            try await visit.write { try ask(in: program, db: $0) }
            return .seeOther("/breather")
        }.taking("program"),
        .post("/breather/no-talk", .role(.supporter)) { visit in
            _ = try await visit.form()
            try await visit.write { try Breather.answer(in: $0) }
            return .seeOther("/today")
        }.taking(),
        .post("/breather/talk/ending", .role(.supporter)) { visit in
            _ = try await visit.form()
            try await visit.write { try takeBack(in: $0) }
            return .seeOther("/breather")
        }.taking(),
        .get("/talks", .role(.supervisor)) { visit in
            try await visit.show { try TalksScreen(in: $0) }
        },
        .post("/talks/{id}/holding", .role(.supervisor)) { visit in
            let id = try visit.id(of: Talk.self)
            _ = try await visit.form()
            try await visit.write { try find(id, in: $0).held(in: $0) }
            return .seeOther("/talks")
        }.taking()
    ]
}
