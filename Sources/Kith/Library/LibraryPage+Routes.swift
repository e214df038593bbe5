import Hummingbird
import Web

extension LibraryPage {
    static let routes: [Route] = reading + writing + moves

    private static let reading: [Route] = [
        .get("/library", .signedIn) { visit in try await visit.show { try LibraryScreen(in: $0) } },
        .get("/library/{id}", .signedIn) { visit in
            let (id, isLarge) = (try visit.id(of: LibraryPage.self), try visit.query.asksForLargeType)
            return try await visit.show { try LibraryPageScreen(id, isLarge: isLarge, in: $0) }
        }.asking("type")
    ]

    private static let staff = Access.roles(Set(writers))

    private static let writing: [Route] = [
        .get("/programs/{id}/library", staff) { visit in
            let id = try visit.id(of: Program.self)
            return try await visit.show { try LibraryPagesScreen(id, in: $0) }
        },
        .get("/programs/{id}/library/new", staff) { visit in
            let id = try visit.id(of: Program.self)
            return try await visit.show { try LibraryPageForm(newFor: id, in: $0) }
        },
        .post("/programs/{id}/library", staff) { visit in
            let (program, form) = (try visit.id(of: Program.self), try await visit.form())
            let once = form["once"].flatMap { ID(untrusted: $0) }
            return try await visit.submit {
                let text = try form.read { Text(&$0) }
                return try await visit.write { db in
                    let id = once ?? db.newID()
                    try write(text, as: id, for: program, in: db)
                    return id
                }
            } next: {
                "/programs/\(program)/library/\($0)"
            } again: {
                try LibraryPageForm(newFor: program, form, $0, in: $1)
            }
        }.taking("kind", "language", "once", "review-by", "source", "text", "title"),
        .get("/programs/{id}/library/{page}", staff) { visit in
            let (program, id) = (try visit.id(of: Program.self), try visit.id("page", of: LibraryPage.self))
            return try await visit.show { try WrittenPageScreen(id, of: program, in: $0) }
        },
        .get("/programs/{id}/library/{page}/form", staff) { visit in
            let (program, id) = (try visit.id(of: Program.self), try visit.id("page", of: LibraryPage.self))
            return try await visit.show { try LibraryPageForm(changing: id, of: program, in: $0) }
        },
        .post("/programs/{id}/library/{page}", staff) { visit in
            let (program, id) = (try visit.id(of: Program.self), try visit.id("page", of: LibraryPage.self))
            let form = try await visit.form()
            return try await visit.submit {
                let text = try form.read { Text(&$0) }
                try await visit.write { db in
                    let page = try find(id, of: program, in: db)
                    try Edition(page.text.fields).check(form, saving: text.fields)
                    try page.change(to: text, in: db)
                }
            } next: {
                "/programs/\(program)/library/\(id)"
            } again: {
                try LibraryPageForm(changing: id, of: program, form, $0, in: $1)
            }
        }.taking(Edition.field, "kind", "language", "review-by", "source", "text", "title")
    ]

    private static let moves: [Route] = [
        .post("/programs/{id}/library/{page}/publication", staff) { visit in
            try await act(visit) { try $0.publish(in: $1) }
        }.taking(),
        .post("/programs/{id}/library/{page}/review", staff) { visit in
            try await act(visit) { try $0.review(in: $1) }
        }.taking(),
        .post("/programs/{id}/library/{page}/withdrawal", staff) { visit in
            try await act(visit) { try $0.withdraw(in: $1) }
        }.taking()
    ]

    /// What most of the verbs share: find it through whoever asks, then call the verb.
    private static func act(
        _ visit: Visit, _ verb: @escaping @Sendable (LibraryPage, Writing) throws -> Void
    ) async throws -> Response {
        let (program, id) = (try visit.id(of: Program.self), try visit.id("page", of: LibraryPage.self))
        _ = try await visit.form()
        try await visit.write { try verb(find(id, of: program, in: $0), $0) }
        return .seeOther("/programs/\(program)/library/\(id)")
    }
}
