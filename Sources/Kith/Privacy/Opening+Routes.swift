import Hummingbird
import Web

extension Privacy {
    /// Opening a record for a reason, closing it, and somebody else's word on it.
    static let openingRoutes: [Route] = [
        .get("/openings", .roles([.supervisor, .administrator])) { visit in
            try await visit.show { try OpeningsScreen(in: $0) }
        },
        .get("/openings/new", .role(.supervisor)) { visit in
            let referral = try visit.query["referral"].flatMap { Referral.ID(untrusted: $0) }
            return try await visit.show { try NewOpeningScreen(of: referral, in: $0) }
        }.afterFreshProof(),
        .post("/openings", .role(.supervisor)) { visit in
            let form = try await visit.form()
            return try await visit.submit {
                try await visit.write { try NewOpeningScreen.open(form, in: $0) }
            } next: {
                "/openings/\($0)"
            } again: {
                try NewOpeningScreen(form, $0, in: $1)
            }
        }.afterFreshProof(),
        .get("/openings/{id}", .role(.supervisor)) { visit in
            let id = try visit.id(of: Opening.self)
            return try await visit.show { try OpenedRecordScreen(id, in: $0) }
        },
        .post("/openings/{id}/ending", .role(.supervisor)) { visit in
            let id = try visit.id(of: Opening.self)
            _ = try await visit.form()
            try await visit.write { try Opening.open(id, in: $0).close(in: $0) }
            return .seeOther("/openings")
        },
        .get("/openings/{id}/review", .roles([.supervisor, .administrator])) { visit in
            let id = try visit.id(of: Opening.self)
            return try await visit.show { try OpeningReviewScreen(id, in: $0) }
        },
        .post("/openings/{id}/review", .roles([.supervisor, .administrator])) { visit in
            let (id, form) = (try visit.id(of: Opening.self), try await visit.form())
            return try await visit.submit {
                try await visit.write { try OpeningReviewScreen.keep(form, of: id, in: $0) }
            } next: {
                "/openings"
            } again: {
                try OpeningReviewScreen(id, form, $0, in: $1)
            }
        }
    ]
}
