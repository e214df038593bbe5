import Hummingbird
import Web

extension OwnSheet {
    /// The pages of its writer, and of whoever they let read it. A route spells its address out, so each kind of sheet
    /// says its own.
    static func read(_ visit: Visit) async throws -> Response {
        let isLarge = try visit.query.asksForLargeType
        return try await visit.show { try OwnSheetScreen<Self>(isLarge: isLarge, in: $0) }
    }

    static func ask(_ visit: Visit) async throws -> Response {
        try await visit.show { try OwnSheetFormScreen<Self>(in: $0) }
    }

    static func save(_ visit: Visit, next: SitePath) async throws -> Response {
        let form = try await visit.form()
        return try await visit.submit {
            let sheet = try OwnSheetFormScreen<Self>.read(form)
            try await visit.write { db in
                let edition = OwnSheetFormScreen<Self>.edition(of: try mine(in: db))
                let saved = OwnSheetFormScreen<Self>.fields(of: sheet)
                try edition.check(form, saving: saved)
                guard !edition.isKept(saved) else { return }
                try sheet.keep(in: db)
            }
        } next: {
            next
        } again: {
            try OwnSheetFormScreen<Self>(form, $0, in: $1)
        }
    }

    static func clear(_ visit: Visit, next: SitePath) async throws -> Response {
        _ = try await visit.form()
        try await visit.write { try delete(in: $0) }
        return .seeOther(next)
    }

    static func readShared(_ visit: Visit) async throws -> Response {
        let match = try visit.id(of: Match.self)
        return try await visit.show { try SharedSheetScreen<Self>(match, in: $0) }
    }

    static func choose(_ visit: Visit, next: SitePath) async throws -> Response {
        let match = try visit.id(of: Match.self)
        let isShared = try await visit.form().read { $0.choice("share", of: YesOrNo.self) } == .yes
        try await visit.write { try share(isShared, by: match, in: $0) }
        return .seeOther(next)
    }
}

private enum YesOrNo: String, CaseIterable { case yes, no }

extension HardDayPlan {
    static let routes: [Route] = [
        .get("/hard-days", .signedIn, read).asking("type"), .get("/hard-days/form", .signedIn, ask),
        .post("/hard-days", .signedIn) { try await save($0, next: "/hard-days") }.taking(
            "alone", "company", Edition.field, "people", "safer", "services", "signs", "worth"),
        .post("/hard-days/deletion", .signedIn) { try await clear($0, next: "/hard-days") }.taking(),
        .get("/matches/{id}/hard-days", .role(.supporter), readShared),
        .post("/matches/{id}/hard-days", .signedIn) { try await choose($0, next: "/hard-days") }.taking("share")
    ]
}

extension PreparationSheet {
    static let routes: [Route] = [
        .get("/preparation", .signedIn, read).asking("type"), .get("/preparation/form", .signedIn, ask),
        .post("/preparation", .signedIn) { try await save($0, next: "/preparation") }.taking(
            "changes", Edition.field, "matters", "outcome", "questions"),
        .post("/preparation/deletion", .signedIn) { try await clear($0, next: "/preparation") }.taking(),
        .get("/matches/{id}/preparation", .role(.supporter), readShared),
        .post("/matches/{id}/preparation", .signedIn) { try await choose($0, next: "/preparation") }.taking("share")
    ]
}

extension StorySheet {
    static let routes: [Route] = [
        .get("/my-story", .signedIn, read).asking("type"), .get("/my-story/form", .signedIn, ask),
        .post("/my-story", .signedIn) { try await save($0, next: "/my-story") }.taking(
            Edition.field, "helped", "life", "note", "unasked", "wish"),
        .post("/my-story/deletion", .signedIn) { try await clear($0, next: "/my-story") }.taking(),
        .get("/matches/{id}/my-story", .role(.supporter), readShared),
        .post("/matches/{id}/my-story", .signedIn) { try await choose($0, next: "/my-story") }.taking("share")
    ]
}
