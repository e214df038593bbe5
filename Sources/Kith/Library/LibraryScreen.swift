import Storage
import Web

/// The library of whoever reads: what is in their language first, then the rest with its language beside it.
struct LibraryScreen: Screen {
    static let template = "library/list"

    let lines: [LibraryPage.Line]
    /// The programs for which the person asking writes.
    let written: [(id: Program.ID, name: String)]

    init(in db: Reading) throws {
        lines = try LibraryPage.published(in: db)
        written =
            LibraryPage.writers.contains { db.actor.has($0) }
            ? try Program.named(db.reach(LibraryPage.writers), in: db) : []
    }

    func title(_ words: Words) -> String { words("library.title") }

    /// - Returns: those in the reader's language, and the others by the name of their language.
    static func sorted(
        _ lines: [LibraryPage.Line], _ words: Words
    ) -> (own: [LibraryPage.Line], others: [LibraryPage.Line]) {
        let own = Language.key(words.strings.locale)
        let order = lines.map { (line: $0, key: (words.language($0.language), $0.title.lowercased(), $0.id.text)) }
            .sorted { $0.key < $1.key }.map(\.line)
        return (
            order.filter { Language.key($0.language) == own }, order.filter { Language.key($0.language) != own }
        )
    }

    func shown(_ words: Words) -> Value {
        let (own, others) = Self.sorted(lines, words)
        return [
            "none": .flag(lines.isEmpty), "cut": LibraryPage.shown(cutAfter: lines.count, words),
            "hasOwn": .flag(!own.isEmpty), "own": .list(own.map { shown($0, words) }),
            "hasOthers": .flag(!others.isEmpty), "others": .list(others.map { shown($0, words) }),
            "written": .list(
                written.map {
                    [
                        "path": .text("/programs/\($0.id)/library"),
                        "text": .text(words("library-page.write-in", ["program": $0.name]))
                    ]
                })
        ]
    }

    private func shown(_ line: LibraryPage.Line, _ words: Words) -> Value {
        let isOwn = Language.key(line.language) == Language.key(words.strings.locale)
        let isOnly = Set(lines.map(\.program.id)).count == 1
        return [
            "path": .text("/library/\(line.id)"), "name": .text(line.title), "language": .text(line.language),
            "kind": .text(words("library.kind.\(line.kind.rawValue)")),
            "languageName": isOwn ? .nothing : .text(words.language(line.language)),
            "program": isOnly ? .nothing : .text(line.program.name)
        ]
    }
}

extension LibraryPage {
    /// What a list says below as many lines as it can have.
    static func shown(cutAfter count: Int, _ words: Words) -> Value {
        count < most ? .nothing : .text(words("library.cut", ["number": "\(most)"]))
    }
}

/// A page of the library, to be read or printed.
struct LibraryPageScreen: Screen {
    static let template = "library/page"

    let page: LibraryPage
    let today: Day
    let isLarge: Bool

    init(_ id: LibraryPage.ID, isLarge: Bool = false, in db: Reading) throws {
        page = try LibraryPage.published(id, in: db)
        today = db.today
        self.isLarge = isLarge
    }

    // Neutral: the page's own title may tell what somebody lives with.
    func title(_ words: Words) -> String { words("library.title") }

    func shown(_ words: Words) -> Value {
        let day = page.reviewedAt.map { ["day": words.dayAndYear($0)] } ?? [:]
        let isUnchecked = page.isUnchecked(on: today)
        return [
            "name": .text(page.text.title), "language": .text(page.text.language),
            "html": .html(page.text.markdown.html(heading: 2)),
            "isChecklist": .flag(page.text.kind == .checklist),
            "source": page.text.source.isEmpty ? .nothing : .text(page.text.source),
            "unchecked": isUnchecked ? .text(words("library.unchecked", day)) : .nothing,
            "checked": isUnchecked ? .nothing : .text(words("library.checked", day)),
            "large": .flag(isLarge), "usual": .flag(!isLarge), "path": .text("/library/\(page.id)")
        ]
    }
}
