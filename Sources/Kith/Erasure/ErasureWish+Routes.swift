import Web

extension ErasureWish {
    private static let answerers = Access.roles([.coordinator, .administrator])

    static let routes: [Route] = [
        .get("/privacy/erasure", .role(.participant)) { visit in
            try await visit.show { try OwnErasureScreen(in: $0) }
        },
        .post("/privacy/erasure", .role(.participant)) { visit in
            _ = try await visit.form()
            try await visit.write { try ask(in: $0) }
            return .seeOther("/privacy/erasure")
        }.taking(),
        .post("/privacy/erasure/withdrawal", .role(.participant)) { visit in
            _ = try await visit.form()
            try await visit.write { try withdraw(in: $0) }
            return .seeOther("/privacy/erasure")
        }.taking(),
        .get("/erasures", answerers) { visit in try await visit.show { try ErasuresScreen(in: $0) } },
        .get("/erasures/{id}", answerers) { visit in
            let id = try visit.id(of: ErasureWish.self)
            return try await visit.show { try ErasureScreen(id, in: $0) }
        }.afterFreshProof(),
        .post("/erasures/{id}/erasure", answerers) { visit in
            let (id, form) = (try visit.id(of: ErasureWish.self), try await visit.form())
            return try await visit.submit {
                _ = try form.read { $0.value("sure", code: "required", standIn: true) { $0 == "yes" ? true : nil } }
                try await visit.platform.erase(id, on: visit)
            } next: {
                "/erasures/\(id)"
            } again: {
                try ErasureScreen(id, form, $0, in: $1)
            }
        }.taking("sure").afterFreshProof(),
        .post("/erasures/{id}/keeping", answerers) { visit in
            let (id, form) = (try visit.id(of: ErasureWish.self), try await visit.form())
            return try await visit.submit {
                let (reason, day) = try form.read { fields in
                    let reason = fields.choice("reason", of: Reason.self)
                    let date = fields.date("until")
                    return (reason, Day(year: date.year, month: date.month, day: date.day) ?? Day(daysSince1970: 0))
                }
                try await visit.write { db in
                    if day <= db.today { throw Problem.invalid("until", "not-in-future") }
                    try find(id, in: db).keep(because: reason, until: day, in: db)
                }
            } next: {
                "/erasures"
            } again: {
                try ErasureScreen(id, form, $0, in: $1)
            }
        }.taking("reason", "until", "until-*").afterFreshProof()
    ]
}
