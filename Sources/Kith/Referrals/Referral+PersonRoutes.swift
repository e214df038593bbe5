import Web

extension Referral {
    /// Who the person is and what they wish for: written down by their coordinator, or said by themselves.
    static let personRoutes: [Route] = [
        .get("/referrals/{id}/person", .role(.coordinator)) { visit in
            let id = try visit.id(of: Referral.self)
            return try await visit.show { try PersonScreen(id, in: $0) }
        },
        .post("/referrals/{id}/person", .role(.coordinator)) { visit in
            let id = try visit.id(of: Referral.self)
            let form = try await visit.form()
            return try await visit.submit {
                try await visit.write { try PersonForm.keep(form, for: id, in: $0) }
            } next: {
                "/referrals/\(id)"
            } again: {
                try PersonScreen(id, form, $0, in: $1)
            }
        }.taking(
            "address-*", "area", "birth-year", "called", "care-kind", "care-over", "cares-for", "culture",
            "do-not-contact", "edition", "formats", "gender", "hours-*", "kind-*", "language", "language-first",
            "languages", "leave-message-*", "name", "topic-first", "topics", "when-*", "wish-age", "wish-area",
            "wish-culture",
            "wish-gender", "wish-words"),
        .get("/wishes/{id}", .role(.participant)) { visit in
            let id = try visit.id(of: Referral.self)
            return try await visit.show { try OwnWishesScreen(id, in: $0) }
        },
        .post("/wishes/{id}", .role(.participant)) { visit in
            let id = try visit.id(of: Referral.self)
            let form = try await visit.form()
            return try await visit.submit {
                try await visit.write { try OwnWishesScreen.keep(form, for: id, in: $0) }
            } next: {
                "/home"
            } again: {
                try OwnWishesScreen(id, form, $0, in: $1)
            }
        }.taking(
            "birth-year", "culture", "edition", "formats", "gender", "hours-*", "language-first", "languages",
            "topic-first", "topics", "wish-age", "wish-area", "wish-culture", "wish-gender", "wish-words")
    ]
}
