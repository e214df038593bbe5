import Web

extension SupportPause {
    static let routes: [Route] = [
        .get("/pause", .role(.participant)) { visit in try await visit.show { try SupportPauseScreen(in: $0) } },
        .post("/pause", .role(.participant)) { visit in
            let form = try await visit.form()
            return try await visit.submit {
                let day = try form.read { fields in
                    fields.optionalDate("returns-on").flatMap { Day(year: $0.year, month: $0.month, day: $0.day) }
                }
                try await visit.write { try begin(returnsOn: day, in: $0) }
            } next: {
                "/pause"
            } again: {
                try SupportPauseScreen(form, $0, in: $1)
            }
        }.taking("returns-on", "returns-on-*"),
        .post("/pause/end", .role(.participant)) { visit in
            _ = try await visit.form()
            try await visit.write { try end(in: $0) }
            return .seeOther("/home")
        }.taking()
    ]
}
