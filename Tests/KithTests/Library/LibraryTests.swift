import HTTPTypes
import KithTestSupport
import Storage
import Testing

@testable import Kith

@Suite("The library: pages in plain words, kept right")
struct LibraryTests {
    private func read(_ id: LibraryPage.ID, as neighbor: Village.Neighbor, _ village: Village) async throws
        -> LibraryPage?
    {
        do {
            return try await village.read(as: neighbor) { try LibraryPage.published(id, in: $0) }
        } catch Problem.notFound {
            return nil
        }
    }

    private func written(_ id: LibraryPage.ID, _ village: Village) async throws -> LibraryPage {
        let program = village.riverside.program
        return try await village.read(as: village.ana) { try LibraryPage.find(id, of: program, in: $0) }
    }

    private func events(_ village: Village) async throws -> [String] {
        try await village.platform.store.read {
            try $0.values("SELECT kind FROM event WHERE kind LIKE 'library-page.%' ORDER BY kind", as: String.self)
        }
    }

    @Test("Coordinators and administrators of the program write, and nobody else", arguments: TestEngine.available)
    func writers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.draftPage()
            _ = try await village.draftPage(as: village.ada)
            for stranger in [
                village.cleo, village.ben, village.sam, village.dana, village.riverside.otherCoordinator,
                village.hillside.coordinator, village.hillside.administrator
            ] {
                await #expect(throws: Problem.notFound, "\(stranger.name)") {
                    try await village.draftPage(as: stranger)
                }
                await #expect(throws: Problem.notFound, "\(stranger.name)") {
                    try await village.act(on: id, as: stranger) { try $0.publish(in: $1) }
                }
            }
            // A page of another program is not found under one's own either.
            let other = village.riverside.otherProgram
            await #expect(throws: Problem.notFound) {
                try await village.read(as: village.riverside.otherCoordinator) {
                    try LibraryPage.find(id, of: other, in: $0)
                }
            }
        }
    }

    @Test("Only what is published is read, and only in the program", arguments: TestEngine.available)
    func readers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.draftPage()
            #expect(try await read(id, as: village.cleo, village) == nil)
            try await village.act(on: id) { try $0.publish(in: $1) }
            for reader in [village.cleo, village.ben, village.ana, village.sam, village.ada] {
                #expect(try await read(id, as: reader, village) != nil, "\(reader.name)")
            }
            for stranger in [
                village.dana, village.riverside.otherCoordinator, village.hillside.participant,
                village.hillside.coordinator
            ] {
                #expect(try await read(id, as: stranger, village) == nil, "\(stranger.name)")
                let lines = try await village.read(as: stranger) { try LibraryPage.published(in: $0).count }
                #expect(lines == 0, "\(stranger.name)")
            }
            try await village.act(on: id) { try $0.withdraw(in: $1) }
            #expect(try await read(id, as: village.cleo, village) == nil)
            #expect(try await read(id, as: village.ana, village) == nil)
            try await village.act(on: id) { try $0.publish(in: $1) }
            #expect(try await read(id, as: village.cleo, village) != nil)
            // Twice is once.
            try await village.act(on: id) { try $0.publish(in: $1) }
            #expect(
                try await events(village) == [
                    "library-page.published", "library-page.published", "library-page.withdrawn",
                    "library-page.written"
                ])
        }
    }

    @Test("That somebody reads leaves nothing behind", arguments: TestEngine.available)
    func unnoted(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.libraryPage()
            func traces() async throws -> Int? {
                try await village.platform.store.read {
                    try $0.value("SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM disclosure)")
                }
            }
            let before = try await traces()
            try await village.browsing { browser async throws -> Void in
                let cleo = browser(village.cleo)
                let page = try await cleo.get("/library/\(id)")
                #expect(page.status == .ok && page.text.contains("Nights are <strong>hard</strong>"))
                #expect(!page.text.contains("<title>Sleep"), "the title is neutral")
                #expect(try await cleo.get("/library").text.contains("Sleep when the days are long"))
            }
            #expect(try await traces() == before)
        }
    }

    @Test("A page is reviewed for a year, and a late one is told of", arguments: TestEngine.available)
    func review(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let soon = village.clock.now.adding(days: 20)
            let day = LocalClock(zone: "America/New_York").day(of: soon)
            let id = try await village.libraryPage(.sleep { $0.reviewBy = day })
            let later = try await village.libraryPage(.sleep { $0.title = "Later" })
            let program = village.riverside.program
            @Sendable func pages() async throws -> [LibraryPage.ID] {
                try await village.read(as: village.ana) { try LibraryPage.all(of: program, in: $0).map(\.id) }
            }
            try await village.browsing { browser async throws -> Void in
                let (ana, cleo) = (browser(village.ana), browser(village.cleo))
                let list = "/programs/\(program)/library"
                #expect(try await pages() == [id, later], "the soonest first")
                #expect(try await !ana.get(list).text.contains("should have been reviewed"))
                village.clock.advance(hours: 24 * 21)
                #expect(try await ana.get(list).text.contains("1 page should have been reviewed by now."))
                let raised = "1 page of the library should have been reviewed"
                #expect(try await ana.get("/board").text.contains(raised))
                #expect(try await browser(village.ada).get("/people").text.contains(raised))
                #expect(try await !browser(village.riverside.otherCoordinator).get("/board").text.contains(raised))
                #expect(try await cleo.get("/library/\(id)").text.contains("Last checked:"), "not late enough")
                village.clock.advance(hours: 24 * 30)
                let late = try await cleo.get("/library/\(id)").text
                #expect(late.contains("This page has not been checked since") && !late.contains("Last checked:"))
                // A late page can be mended as it is, and that is no review.
                try await village.act(on: id) { page, db in
                    var text = page.text
                    text.title = "Sleep"
                    try page.change(to: text, in: db)
                }
                #expect(try await cleo.get("/library/\(id)").text.contains("has not been checked since"))
                #expect(try await ana.post("\(list)/\(id)/review").status == .seeOther)
                #expect(try await !cleo.get("/library/\(id)").text.contains("has not been checked since"))
                #expect(try await pages() == [later, id])
                #expect(try await ana.get("\(list)/\(id)").text.contains("by \(village.ana.name)."))
            }
            let page = try await written(id, village)
            let today = LocalClock(zone: "America/New_York").day(of: village.clock.now)
            #expect(page.text.reviewBy == today.adding(days: 365) && page.reviewedAt == village.clock.now)
            // On the same day once more is once.
            let before = try await events(village)
            try await village.act(on: id) { try $0.review(in: $1) }
            #expect(try await events(village) == before)
            let draft = try await village.draftPage(.sleep { $0.reviewBy = today.adding(days: 9) })
            await #expect(throws: Problem.conflict("library-page.not-published")) {
                try await village.act(on: draft) { try $0.review(in: $1) }
            }
        }
    }

    @Test("What is asked for is asked for again, and the same form twice is one page", arguments: TestEngine.available)
    func form(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let path = "/programs/\(village.riverside.program)/library"
            let good = [
                "title": "Going home", "kind": "checklist", "language": "en", "text": "Keys", "review-by": "2026-12-01",
                "once": "0195cf1e-0000-7000-8000-0000000000a8"
            ]
            try await village.browsing { browser async throws -> Void in
                let ana = browser(village.ana)
                let spanish = try await ana.get("\(path)/new", headers: [.acceptLanguage: "es"]).text
                #expect(spanish.contains("value=\"es\" selected"), "most write in the language that they read")
                for (field, value, code) in [
                    ("title", "", "Please answer this."), ("text", "", "Please answer this."),
                    ("kind", "x", "Please choose"), ("language", "tlh", "Please choose"),
                    ("review-by", "2026-01-01", "after today"), ("review-by", "2031-01-01", "within one year"),
                    ("text", String(repeating: "a", count: LibraryPage.longest + 1), "at most")
                ] {
                    let answer = try await ana.post(path, good.merging([field: value]) { $1 })
                    #expect(answer.status == .unprocessableContent && answer.text.contains(code), "\(field) \(value)")
                }
                #expect(try await ana.post(path, good).status == .seeOther)
                #expect(try await ana.post(path, good).status == .seeOther)
            }
            let program = village.riverside.program
            let pages = try await village.read(as: village.ana) { try LibraryPage.all(of: program, in: $0) }
            #expect(pages.count == 1 && pages.first?.state == .draft)
            #expect(try await events(village) == ["library-page.written"])
        }
    }

    @Test("What is in the reader's language comes first, the rest says its language", arguments: TestEngine.available)
    func languages(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            for (title, language) in [("Zebra", "en"), ("Antes", "es"), ("apple", "en"), ("قبل", "ar")] {
                try await village.libraryPage(.sleep { ($0.title, $0.language) = (title, language) })
            }
            let lines = try await village.read(as: village.cleo) { try LibraryPage.published(in: $0) }
            func order(_ locale: String) -> [[String]] {
                let found = LibraryScreen.sorted(lines, village.platform.words(in: locale))
                return [found.own.map(\.title), found.others.map(\.title)]
            }
            #expect(order("en") == [["apple", "Zebra"], ["قبل", "Antes"]])
            #expect(order("es").first == ["Antes"])
            #expect(order("ar").first == ["قبل"])
            try await village.browsing { browser async throws -> Void in
                let page = try await browser(village.cleo).get("/library").text
                #expect(page.contains("lang=\"es\" dir=\"auto\">Antes</a>") && page.contains("Spanish"))
            }
        }
    }

    @Test("A list costs as many statements for many pages as for one", arguments: TestEngine.available)
    func statements(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let paths = ["/library", "/programs/\(village.riverside.program)/library"]
            try await village.browsing { browser async throws -> Void in
                let ana = browser(village.ana)
                func cost(_ path: String) async throws -> Int {
                    #expect(try await ana.get(path).status == .ok)
                    return village.ledger.last
                }
                try await village.libraryPage()
                let one = [try await cost(paths[0]), try await cost(paths[1])]
                for number in 0..<6 { try await village.libraryPage(.sleep { $0.title = "Page \(number)" }) }
                let many = [try await cost(paths[0]), try await cost(paths[1])]
                #expect(many == one)
            }
        }
    }

    @Test("What is written can do nothing on a page, and a checklist is a list", arguments: TestEngine.available)
    func hostile(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let hostile = """
                <script>alert(1)</script>
                ![x](https://example.org/x.png)
                [here](javascript:alert(1))
                # Before
                - Keys <img src=x onerror=alert(1)>
                2. Phone
                """
            for kind in LibraryPage.Kind.allCases {
                let id = try await village.libraryPage(.sleep { ($0.kind, $0.body) = (kind, hostile) })
                try await village.browsing { browser async throws -> Void in
                    for path in ["/library/\(id)", "/programs/\(village.riverside.program)/library/\(id)"] {
                        let text = try await browser(village.ana).get(path).text
                        let main = text[try #require(text.firstRange(of: "<main")).lowerBound...]
                        for bad in ["<script", "<img", "onerror=alert(1)>", "javascript:alert(1)\"", "x.png"] {
                            #expect(!main.contains(bad), "\(kind) \(path): \(bad)")
                        }
                        #expect(main.contains("Keys"))
                    }
                }
            }
            let list = LibraryPage.Text.sleep {
                ($0.kind, $0.body) = (.checklist, "## Before\nKeys\n\n- [ ] The list\n1) Phone")
            }
            #expect(
                list.markdown.markup(heading: 2)
                    == "<h2>Before</h2>\n<ul>\n<li>Keys</li>\n<li>The list</li>\n<li>Phone</li>\n</ul>\n")
        }
    }
}
