import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing
import Web

@Suite("Leaflets, and what peer support is")
struct LeafletTests {
    private func path(_ village: Village, _ language: String? = nil) -> String {
        "/leaflets/\(village.riverside.slug)/\(village.riverside.program)" + (language.map { "?language=\($0)" } ?? "")
    }

    @Test(
        "A leaflet is in the language of its address, whatever the browser reads, and says what the program said",
        arguments: TestEngine.available)
    func languages(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let program = try await village.read(as: village.ana) { [id = village.riverside.program] in
                try Program.all(of: $0.organization, in: $0).first { $0.id == id }
            }
            let (summary, texts) = (try #require(program).summary, village.platform.shelf.translations)
            try await village.browsing { browser in
                for language in texts.locales {
                    for reader in texts.locales {
                        let answer = try await browser(nil).get(
                            path(village, language), headers: [.acceptLanguage: reader])
                        #expect(answer.status == .ok)
                        #expect(answer.text.contains(texts[language]("leaflet.begin")), "\(language) for \(reader)")
                        #expect(answer.text.contains("<html lang=\"\(language)\""))
                        #expect(answer.text.contains(summary.escaped), "the program's own words")
                    }
                }
                let own = try await browser(nil).get(path(village), headers: [.acceptLanguage: "es"]).text
                #expect(own.contains(texts["es"]("leaflet.begin")), "without a language it is the reader's")
                for wrong in ["xx", "en\"><script>", ""] {
                    let answer = try await browser(nil).get(path(village, wrong.replacing("\"", with: "%22")))
                    #expect(answer.status == .notFound, "\(wrong)")
                }
            }
        }
    }

    @Test("The house's number stands where people begin, and on no discreet card", arguments: TestEngine.available)
    func telephone(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pages = [path(village), "/get-support/\(village.riverside.slug)"]
            try await village.browsing { browser in
                for page in pages {
                    let before = try await browser(nil).get(page).text
                    #expect(!before.contains("555 0100"), "\(page)")
                }
                let ada = browser(village.ada)
                var form = ["sender": "Riverside", "subject": "A note", "caller": "Hello", "telephone": "call us"]
                #expect(try await ada.post("/neutral-names", form).status == .unprocessableContent)
                form["telephone"] = "(443) 555 0100"
                #expect(try await ada.post("/neutral-names", form).location == "/neutral-names")
                for page in pages { #expect(try await browser(nil).get(page).text.contains("555 0100"), "\(page)") }
                #expect(try await browser(nil).get(pages[1]).text.contains("href=\"tel:4435550100\""))
                let cleo = browser(village.cleo)
                #expect(try await cleo.get("/wallet-card/mine").text.contains("555 0100"))
                let discreet = try await cleo.get("/wallet-card/mine?names=no").text
                #expect(!discreet.contains("555 0100"))
            }
        }
    }

    @Test("There is none for a program where nobody would read the request", arguments: TestEngine.available)
    func unstaffed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (house, nextDoor) = (village.riverside, village.hillside)
            try await village.browsing { browser in
                let stranger = browser(nil)
                let list = try await stranger.get("/leaflets/\(house.slug)").text
                #expect(list.contains(path(village)))
                #expect(try await stranger.get(path(village)).status == .ok)
                #expect(try await stranger.get("/leaflets/\(nextDoor.slug)/\(house.program)").status == .notFound)
                #expect(try await stranger.get("/leaflets/nowhere").status == .notFound)
            }
            // Nobody can leave a program so; a restored backup may have one.
            try await village.write(asSystemOf: house) { db in
                try db.run(
                    """
                    UPDATE membership SET ended_at = \(db.now) WHERE organization_id = \(house.organization)
                    AND program_id = \(house.program) AND role IN ('coordinator', 'administrator')
                    """)
                db.record(Event(.policyPublished, of: house.program.text, in: house.program))
            }
            try await village.browsing { browser in
                let list = try await browser(nil).get("/leaflets/\(house.slug)").text
                #expect(!list.contains(path(village)))
                #expect(try await browser(nil).get(path(village)).status == .notFound)
            }
        }
    }

    @Test("Its picture leads to the page where its program is chosen already", arguments: TestEngine.available)
    func picture(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let house = village.riverside
            let asking = "/get-support/\(house.slug)?program=\(house.program)"
            try await village.browsing { browser in
                let page = try await browser(nil).get(asking).text
                let chosen = try #require(page.firstMatch(of: /<input[^>]*value="([^"]*)"[^>]*checked/))
                #expect(String(chosen.1) == house.program.text)
                let open = try await browser(nil).get("/get-support/\(house.slug)").text
                #expect(open.firstMatch(of: /<input[^>]*checked/) == nil, "without a leaflet nothing is chosen")
                let unknown = try await browser(nil).get("/get-support/\(house.slug)?program=forged")
                #expect(unknown.status == .ok && unknown.text.firstMatch(of: /<input[^>]*checked/) == nil)
            }
        }
    }

    @Test("Whoever refers, coordinates or runs programs comes to leaflets and to the explanation")
    func links() async throws {
        try await withVillage(.sqlite) { village in
            try await village.browsing { browser in
                for (neighbor, page) in [
                    (village.dana, "/referrals/new"), (village.dana, "/referrals/sent"), (village.ada, "/programs")
                ] {
                    let text = try await browser(neighbor).get(page).text
                    #expect(text.contains("href=\"/leaflets\""), "\(page)")
                }
                #expect(try await browser(village.ana).get("/leaflets").location == "/leaflets/riverside")
                for page in ["/", "/leaflets/riverside"] {
                    #expect(try await browser(nil).get(page).text.contains("href=\"/about-peer-support\""), "\(page)")
                }
            }
        }
    }

    @Test("The explanation takes about two minutes to read, in each language", arguments: ["en", "es", "ar"])
    func length(language: String) async throws {
        let texts = try Shelf.load().translations
        let keys = texts.keys(in: "en").filter { $0.hasPrefix("about-support.") && $0 != "about-support.link" }
        let words = keys.map { texts[language]($0).split(separator: " ").count }.reduce(0, +)
        #expect((220...360).contains(words), "\(words) words")
    }
}

extension String {
    /// As a page has it.
    fileprivate var escaped: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("'", with: "&#39;")
    }
}
