import Kith
import KithTestSupport
import Storage

extension LibraryPage.Text {
    /// A page to read that is to be reviewed in a year from the first day of the village.
    static func sleep(_ change: (inout Self) -> Void = { _ in }) -> Self {
        var text = Self(
            .reading, title: "Sleep when the days are long", "Nights are **hard**. Rest when you can.",
            from: "The parents of Riverside", reviewBy: Day(year: 2027, month: 3, day: 1) ?? Day(daysSince1970: 0))
        change(&text)
        return text
    }
}

extension Village {
    /// A coordinator of Riverside's program writes a page; nobody else sees it so far.
    func draftPage(_ text: LibraryPage.Text = .sleep(), as neighbor: Neighbor? = nil) async throws -> LibraryPage.ID {
        let (id, program) = (LibraryPage.ID(platform.world.newIdentifier()), riverside.program)
        try await write(as: neighbor ?? ana) { try LibraryPage.write(text, as: id, for: program, in: $0) }
        return id
    }

    /// One that is published as well.
    @discardableResult
    func libraryPage(_ text: LibraryPage.Text = .sleep()) async throws -> LibraryPage.ID {
        let id = try await draftPage(text)
        try await act(on: id) { try $0.publish(in: $1) }
        return id
    }

    /// Does something with a page of Riverside's.
    func act(
        on id: LibraryPage.ID, as neighbor: Neighbor? = nil,
        _ verb: @escaping @Sendable (LibraryPage, Writing) throws -> Void
    ) async throws {
        let program = riverside.program
        try await write(as: neighbor ?? ana) { try verb(LibraryPage.find(id, of: program, in: $0), $0) }
    }
}

extension RouteThings {
    /// Forms about the pages of a library.
    var libraryForms: [String: [String: String]] {
        let text = [
            "title": "Asking for help", "kind": "checklist", "language": "en", "text": "Call a friend",
            "review-by": "2027-01-15"
        ]
        let list = "/programs/{id}/library"
        return [
            list: text.merging(["once": "0195cf1e-0000-7000-8000-0000000000a7"]) { $1 }, "\(list)/{page}": text,
            "\(list)/{page}/publication": [:], "\(list)/{page}/review": [:], "\(list)/{page}/withdrawal": [:]
        ]
    }
}
