import Hummingbird
import Web

extension NeedsCheck {
    static let routes: [Route] = asking + working

    /// For whoever the questions are about.
    private static let asking: [Route] = [
        .get("/progress/{token}/needs", .anyone) { visit in
            try await ask(visit, by: progress(visit))
        },
        .post("/progress/{token}/needs", .anyone) { visit in
            try await keep(visit, by: progress(visit))
        }.taking("days", "health", "lean-on", "once", "safe", "soon"),
        .get("/progress/{token}/needs/said", .anyone) { visit in
            try await tell(visit, by: progress(visit))
        },
        .get("/needs-check/{id}", .role(.participant)) { visit in
            try await ask(visit, by: .own(visit.id(of: Referral.self)))
        },
        .post("/needs-check/{id}", .role(.participant)) { visit in
            try await keep(visit, by: .own(visit.id(of: Referral.self)))
        }.taking("days", "health", "lean-on", "once", "safe", "soon"),
        .get("/needs-check/{id}/said", .role(.participant)) { visit in
            try await tell(visit, by: .own(visit.id(of: Referral.self)))
        }
    ]

    /// For those who take care of requests.
    private static let working: [Route] = [
        .get("/referrals/{id}/needs-check", .roles([.coordinator, .supervisor])) { visit in
            let id = try visit.id(of: Referral.self)
            return try await visit.show { try ReferralNeedsScreen(id, in: $0) }
        },
        .get("/referrals/{id}/needs-check/new", .role(.coordinator)) { visit in
            try await ask(visit, by: .coordinator(visit.id(of: Referral.self)))
        },
        .post("/referrals/{id}/needs-check", .role(.coordinator)) { visit in
            try await keep(visit, by: .coordinator(visit.id(of: Referral.self)))
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

    private static func progress(_ visit: Visit) throws -> Door {
        .link(try visit.link(.progress), token: try visit.parameter("token"))
    }

    private static func ask(_ visit: Visit, by door: Door) async throws -> Response {
        let translations = visit.platform.shelf.translations
        return try await visit.show(by: door.link) { try NeedsCheckScreen(door, in: translations, db: $0) }
    }

    private static func keep(_ visit: Visit, by door: Door) async throws -> Response {
        let form = try await visit.form()
        let id = form["once"].flatMap { ID(untrusted: $0) }
        let translations = visit.platform.shelf.translations
        return try await visit.submit(by: door.link) {
            let answers = try NeedsCheckScreen.read(form)
            try await visit.write(by: door.link) { db in
                let referral = try door.referral(in: db).referral
                try keep(answers, of: referral, by: door.teller, as: id ?? db.newID(), in: db)
            }
        } next: {
            door.said
        } again: {
            try NeedsCheckScreen(door, in: translations, form, $0, db: $1)
        }
    }

    private static func tell(_ visit: Visit, by door: Door) async throws -> Response {
        try await visit.show(by: door.link) { try NeedsSaidScreen(door, in: $0) }
    }
}
