import Hummingbird
import Web

extension HardDayPlan {
    static let routes: [Route] = [
        .get("/hard-days", .signedIn) { visit in try await visit.show { try HardDayPlanScreen(in: $0) } },
        .get("/hard-days/form", .signedIn) { visit in try await visit.show { try HardDayPlanFormScreen(in: $0) } },
        .post("/hard-days", .signedIn) { visit in
            let form = try await visit.form()
            return try await visit.submit {
                let plan = try HardDayPlanFormScreen.read(form)
                try await visit.write { db in
                    let edition = HardDayPlanFormScreen.edition(of: try mine(in: db))
                    let saved = HardDayPlanFormScreen.fields(of: plan)
                    try edition.check(form, saving: saved)
                    guard !edition.isKept(saved) else { return }
                    try plan.keep(in: db)
                }
            } next: {
                "/hard-days"
            } again: {
                try HardDayPlanFormScreen(form, $0, in: $1)
            }
        }.taking("alone", "company", Edition.field, "people", "safer", "services", "signs", "worth"),
        .post("/hard-days/deletion", .signedIn) { visit in
            _ = try await visit.form()
            try await visit.write { try delete(in: $0) }
            return .seeOther("/hard-days")
        }.taking(),
        .get("/matches/{id}/hard-days", .role(.supporter)) { visit in
            let match = try visit.id(of: Match.self)
            return try await visit.show { try SharedHardDayPlanScreen(match, in: $0) }
        },
        .post("/matches/{id}/hard-days", .signedIn) { visit in
            let match = try visit.id(of: Match.self)
            let isShared = try await visit.form().read { $0.choice("share", of: Choice.self) } == .yes
            try await visit.write { try share(isShared, by: match, in: $0) }
            return .seeOther("/hard-days")
        }.taking("share")
    ]

    private enum Choice: String, CaseIterable { case yes, no }
}
