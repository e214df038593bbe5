import Hummingbird
import Web

extension StaffedLadder {
    static let routes: [Route] = [
        .get("/ladders", .role(.administrator)) { visit in try await visit.show { try LaddersScreen(in: $0) } },
        .get("/programs/{id}/ladder", .role(.administrator)) { visit in
            let id = try visit.id(of: Program.self)
            return try await visit.show { try LadderScreen(id, in: $0) }
        },
        .post("/programs/{id}/ladder", .role(.administrator)) { visit in
            let (id, form) = (try visit.id(of: Program.self), try await visit.form())
            return try await visit.submit {
                let ladder = try form.read { Ladder(&$0) }
                try await visit.write { db in
                    guard db.actor.has(.administrator, in: id) else { throw Problem.notFound }
                    let kept = try of(id, in: db.organization, db: db).ladder
                    try Edition(kept.fields).check(form, saving: ladder.fields)
                    try ladder.set(for: id, in: db)
                }
            } next: {
                "/programs/\(id)/ladder"
            } again: {
                try LadderScreen(id, form, $0, in: $1)
            }
        }.taking("channel-*", "drills", "edition", "minutes-*", "who-*"),
        .post("/programs/{id}/drills", .role(.administrator)) { visit in
            let id = try visit.id(of: Program.self)
            _ = try await visit.form()
            try await visit.write { db in
                guard db.actor.has(.administrator, in: id) else { throw Problem.notFound }
                try Drill.start(in: id, db: db)
            }
            return .seeOther("/programs/\(id)/ladder")
        }.taking()
    ]
}
