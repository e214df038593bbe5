import Hummingbird
import Web

extension NeedsCheck {
    static let routes: [Route] = asking + working

    /// For whoever the questions are about.
    private static let asking: [Route] = [
        .get("/progress/{token}/needs", .anyone) { visit in
            let (door, paths) = try progress(visit)
            return try await ask(visit, by: door, paths, visit.link(.progress))
        },
        .post("/progress/{token}/needs", .anyone) { visit in
            let (door, paths) = try progress(visit)
            return try await keep(visit, by: door, paths, visit.link(.progress))
        }.taking("days", "health", "lean-on", "once", "safe", "soon"),
        .get("/progress/{token}/needs/said", .anyone) { visit in
            let (door, paths) = try progress(visit)
            return try await visit.show(by: visit.link(.progress)) { try NeedsSaidScreen(door, paths, in: $0) }
        },
        .get("/needs-check/{id}", .role(.participant)) { visit in
            let door = Door.own(try visit.id(of: Referral.self))
            return try await ask(visit, by: door, Paths(door))
        },
        .post("/needs-check/{id}", .role(.participant)) { visit in
            let door = Door.own(try visit.id(of: Referral.self))
            return try await keep(visit, by: door, Paths(door))
        }.taking("days", "health", "lean-on", "once", "safe", "soon"),
        .get("/needs-check/{id}/said", .role(.participant)) { visit in
            let door = Door.own(try visit.id(of: Referral.self))
            return try await visit.show { try NeedsSaidScreen(door, Paths(door), in: $0) }
        }
    ]

    /// For those who take care of requests.
    private static let working: [Route] = [
        .get("/referrals/{id}/needs-check", .roles([.coordinator, .supervisor])) { visit in
            let id = try visit.id(of: Referral.self)
            return try await visit.show { try ReferralNeedsScreen(id, in: $0) }
        },
        .get("/referrals/{id}/needs-check/new", .role(.coordinator)) { visit in
            let door = Door.coordinator(try visit.id(of: Referral.self))
            return try await ask(visit, by: door, Paths(door))
        },
        .post("/referrals/{id}/needs-check", .role(.coordinator)) { visit in
            let door = Door.coordinator(try visit.id(of: Referral.self))
            return try await keep(visit, by: door, Paths(door))
        }.taking("days", "health", "lean-on", "once", "safe", "soon"),
        .get("/needs-checks", .role(.coordinator)) { visit in
            try await visit.show { try OwedTalksScreen(in: $0) }
        },
        .post("/needs-checks/{id}/talk", .role(.coordinator)) { visit in
            let id = try visit.id(of: NeedsCheck.self)
            _ = try await visit.form()
            let referral = try await visit.write { try talked(id, in: $0) }
            return .seeOther("/referrals/\(referral)/needs-check")
        }.taking()
    ]

    private static func progress(_ visit: Visit) throws -> (Door, Paths) {
        let door = Door.link(try visit.link(.progress))
        return (door, Paths(door, token: try visit.parameter("token")))
    }

    private static func ask(
        _ visit: Visit, by door: Door, _ paths: Paths, _ link: SignedLink? = nil
    ) async throws -> Response {
        let translations = visit.platform.shelf.translations
        return try await visit.show(by: link) { try NeedsCheckScreen(door, paths, in: translations, db: $0) }
    }

    private static func keep(
        _ visit: Visit, by door: Door, _ paths: Paths, _ link: SignedLink? = nil
    ) async throws -> Response {
        let form = try await visit.form()
        let id = form["once"].flatMap { ID(untrusted: $0) }
        let translations = visit.platform.shelf.translations
        return try await visit.submit(by: link) {
            let answers = try NeedsCheckScreen.read(form)
            try await visit.write(by: link) { db in
                let referral = try door.referral(in: db).referral
                try keep(answers, of: referral, by: door.teller, as: id ?? db.newID(), in: db)
            }
        } next: {
            paths.said
        } again: {
            try NeedsCheckScreen(door, paths, in: translations, form, $0, db: $1)
        }
    }
}
