import Hummingbird
import Web

/// What a coordinator does for somebody who is on the phone or at the desk, and reads no page of their own. It is
/// written down as done by the coordinator.
package enum OnBehalf {
    package static let feature = Feature(name: "OnBehalf", routes: routes)

    static let routes: [Route] = [
        .get("/referrals/{id}/on-behalf", .role(.coordinator)) { visit in
            let id = try visit.id(of: Referral.self)
            return try await visit.show { try OnBehalfScreen(id, in: $0) }
        },
        .post("/referrals/{id}/on-behalf/pause", .role(.coordinator)) { visit in
            let (id, form) = (try visit.id(of: Referral.self), try await visit.form())
            return try await visit.submit {
                let day = try form.read { fields in
                    fields.optionalDate("returns-on").flatMap { Day(year: $0.year, month: $0.month, day: $0.day) }
                }
                try await visit.write { db in
                    try SupportPause.begin(for: find(id, in: db).person, returnsOn: day, in: db)
                }
            } next: {
                "/referrals/\(id)/on-behalf"
            } again: {
                try OnBehalfScreen(id, form, $0, in: $1)
            }
        }.taking("returns-on", "returns-on-*"),
        .post("/referrals/{id}/on-behalf/pause/end", .role(.coordinator)) { visit in
            try await press(visit) { try SupportPause.end(for: $0, in: $1) }
        }.taking(),
        .post("/referrals/{id}/on-behalf/erasure", .role(.coordinator)) { visit in
            try await press(visit) { try ErasureWish.note(for: $0, in: $1) }
        }.taking(),
        .post("/referrals/{id}/on-behalf/erasure/withdrawal", .role(.coordinator)) { visit in
            try await press(visit) { try ErasureWish.withdraw(for: $0, in: $1) }
        }.taking(),
        .get("/referrals/{id}/on-behalf/feedback", .role(.coordinator)) { visit in
            let id = try visit.id(of: Referral.self)
            return try await visit.show { try FeedbackScreen(noting: find(id, in: $0)) }
        },
        .post("/referrals/{id}/on-behalf/feedback", .role(.coordinator)) { visit in
            let (id, form) = (try visit.id(of: Referral.self), try await visit.form())
            return try await visit.submit {
                let said = try FeedbackAnswers(form)
                try await visit.write { db in
                    let referral = try find(id, in: db)
                    guard !referral.isOpen else { throw Problem.conflict("feedback.not-yet") }
                    try said.keep(of: referral, in: db)
                }
            } next: {
                "/referrals/\(id)"
            } again: {
                try FeedbackScreen(noting: find(id, in: $1), form, $0)
            }
        }.taking("again", "helped", "words")
    ]

    /// One press of a button, for the person of a referral.
    private static func press(
        _ visit: Visit, _ act: @escaping @Sendable (Person.ID, Writing) throws -> Void
    ) async throws -> Response {
        let id = try visit.id(of: Referral.self)
        _ = try await visit.form()
        try await visit.write { try act(find(id, in: $0).person, $0) }
        return .seeOther("/referrals/\(id)/on-behalf")
    }

    /// - Throws: ``Problem/notFound`` for whoever does not coordinate its program.
    static func find(_ id: Referral.ID, in db: Reading) throws -> Referral {
        let referral = try Referral.findOnBoard(id, in: db)
        guard db.actor.has(.coordinator, in: referral.program) else { throw Problem.notFound }
        return referral
    }
}
