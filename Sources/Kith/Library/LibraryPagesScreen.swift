import Storage
import Web

/// The library of a program for those who write it: what has to be reviewed soonest comes first.
struct LibraryPagesScreen: Screen {
    static let template = "library/pages"

    let program: Program
    let pages: [LibraryPage]
    let today: Day

    init(_ id: Program.ID, in db: Reading) throws {
        pages = try LibraryPage.all(of: id, in: db)
        program = try Program.find(id, in: db)
        today = db.today
    }

    func title(_ words: Words) -> String { words("library.title") }

    func shown(_ words: Words) -> Value {
        let late = pages.count { $0.isDue(on: today) }
        return [
            "program": .text(program.name), "path": .text("/programs/\(program.id)/library"),
            "late": late == 0 ? .nothing : .text(words("library-page.late", count: late)),
            "none": .flag(pages.isEmpty), "cut": LibraryPage.shown(cutAfter: pages.count, words),
            "pages": .list(
                pages.map { page in
                    let parts: [String?] = [
                        words("library.kind.\(page.text.kind.rawValue)"), words.language(page.text.language),
                        page.text.measure.said(words)
                    ]
                    return [
                        "path": .text("/programs/\(page.program)/library/\(page.id)"),
                        "name": .text(page.text.title), "language": .text(page.text.language),
                        "facts": .text(parts.compactMap(\.self).joined(separator: " · ")),
                        "due": .text(page.dueSaid(words)), "isPublished": .flag(page.state == .published),
                        "state": .text(words("library-page.state.\(page.state.rawValue)")),
                        "isLate": .flag(page.isDue(on: today))
                    ]
                })
        ]
    }
}

/// One page with all that is known of it, for those who write it.
struct WrittenPageScreen: Screen {
    static let template = "library/written"

    let program: Program
    let page: LibraryPage
    let today: Day

    init(_ id: LibraryPage.ID, of program: Program.ID, in db: Reading) throws {
        page = try LibraryPage.find(id, of: program, in: db)
        self.program = try Program.find(program, in: db)
        today = db.today
    }

    func title(_ words: Words) -> String { words("library.title") }

    func shown(_ words: Words) -> Value {
        let (text, state) = (page.text, page.state)
        return [
            "program": .text(program.name), "listPath": .text("/programs/\(program.id)/library"),
            "path": .text("/programs/\(program.id)/library/\(page.id)"),
            "readerPath": state == .published ? .text("/library/\(page.id)") : .nothing,
            "name": .text(text.title), "language": .text(text.language),
            "facts": .text(
                "\(words("library.kind.\(text.kind.rawValue)")) · \(words.language(text.language))"),
            "state": .text(words("library-page.state.\(state.rawValue)")),
            "about": .text(words("library-page.about.\(state.rawValue)")), "due": .text(page.dueSaid(words)),
            "isLate": .flag(page.isDue(on: today)), "isPublished": .flag(state == .published),
            "isWithdrawn": .flag(state == .withdrawn),
            "reviewed": page.reviewedAt.map { moment in
                .text(
                    words(
                        "library-page.reviewed", ["day": words.day(moment), "person": page.reviewer ?? ""]))
            } ?? .nothing,
            "source": text.source.isEmpty ? .nothing : .text(text.source),
            "html": .html(text.markdown.html(heading: 3)), "measure": text.measure.shown(in: text.language, words)
        ]
    }
}

extension LibraryPage {
    fileprivate func dueSaid(_ words: Words) -> String {
        words("library-page.due", ["day": words.day(text.reviewBy)])
    }
}

extension ReadingMeasure {
    /// “LIX 27: very easy to read”
    func said(_ words: Words) -> String? {
        guard let lix, let grade else { return nil }
        return words(
            "library-page.lix",
            ["number": "\(Int(lix.rounded()))", "grade": words("library-page.grade.\(grade.rawValue)")])
    }

    func shown(in language: String, _ words: Words) -> Value {
        [
            "lix": Value(said(words)), "noLix": .flag(lix == nil && self.words > 0),
            "counted": .text(
                words(
                    "library-page.counted",
                    [
                        "words": words("library-page.words", count: self.words),
                        "sentences": words("library-page.sentences", count: sentences)
                    ])),
            "hasLong": .flag(!long.isEmpty), "language": .text(language),
            "long": .list(
                long.map {
                    ["text": .text($0.text), "count": .text(words("library-page.words", count: $0.words))]
                })
        ]
    }
}
