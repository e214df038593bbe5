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
        },
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
        }
    ]
}
