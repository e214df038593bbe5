import HTTPTypes
import Kith
import KithTestSupport
import Testing

@Suite("The pages of notes")
struct NoteRouteTests {
    @Test("From the first words to the signature, through the pages of both", arguments: TestEngine.available)
    func story(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.meet(try await village.pair())
            try await village.browsing { browser in
                let (ben, cleo, path) = (browser(village.ben), browser(village.cleo), "/encounters/\(id)")
                #expect(try await ben.get(path).text.contains("Write the note"))
                #expect(try await cleo.get(path).text.contains("may write a short note"))
                let saved = try await ben.post(
                    "\(path)/note", ["text": "We spoke about nights.", "words": "I slept.", "revision": "0"])
                #expect(saved.location == path)
                #expect(!(try await cleo.get(path).text.contains("We spoke about nights.")))
                let offered = try await ben.post(
                    "\(path)/note",
                    ["text": "We spoke about nights.", "words": "I slept.", "revision": "1", "offer": "yes"])
                #expect(offered.location == path)

                let page = try await cleo.get(path)
                #expect(village.ledger.last <= 5)
                #expect(page.text.contains("We spoke about nights."))
                #expect(page.text.contains("Yes, this is right") && page.text.contains("I do not want this note"))
                #expect(page.text.contains("name=\"revision\" value=\"3\""))
                let same = try await cleo.post(
                    "\(path)/note/answer",
                    ["answer": "changed", "words": "I slept.", "disagreement": "", "revision": "3"])
                #expect(same.status == .unprocessableContent)
                let answered = try await cleo.post(
                    "\(path)/note/answer",
                    ["answer": "changed", "words": "I slept a bit.", "disagreement": "Days, too.", "revision": "3"])
                #expect(answered.location == path)

                let staff = try await ben.get(path)
                #expect(village.ledger.last <= 5)
                #expect(staff.text.contains("I slept a bit.") && staff.text.contains("Days, too."))
                #expect(staff.text.contains("Sign the note"))
                #expect(!staff.text.contains("name=\"words\""), "their words are theirs")
                let signed = try await ben.post("\(path)/note/signature", ["revision": "4"])
                #expect(signed.location == path)
                let after = try await ben.get(path)
                #expect(village.ledger.last <= 6)
                #expect(after.text.contains("Signed by Ben"))
                #expect(!after.text.contains("name=\"text\""))
                let added = try await cleo.post("\(path)/note/addenda", ["addition": "It was Tuesday.", "why": "Date"])
                #expect(added.location == path)
                #expect(try await ben.get(path).text.contains("It was Tuesday."))
                let without = try await ben.post("\(path)/note/addenda", ["addition": "And more."])
                #expect(without.status == .unprocessableContent)
                #expect(without.text.contains("And more."))
            }
        }
    }

    @Test("A stale form comes back with everything typed, beside what stands now", arguments: TestEngine.available)
    func stale(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.offeredNote()
            try await village.browsing { browser in
                let (ben, cleo, path) = (browser(village.ben), browser(village.cleo), "/encounters/\(id)")
                let late = try await ben.post(
                    "\(path)/note", ["text": "From my other tab.", "words": "Hers.", "revision": "1"])
                #expect(late.status == .conflict)
                #expect(late.text.contains("Nothing you typed is lost."))
                #expect(late.text.contains("From my other tab.") && late.text.contains("Hers."))
                #expect(late.text.contains("We spoke about nights."), "what stands now is there as well")
                #expect(late.text.contains("name=\"revision\" value=\"2\""), "saving again will do")

                // The supporter takes the note back to change it, while the person writes.
                try await village.write(id, "We spoke about mornings.", words: nil, revision: 2)
                let lost = try await cleo.post(
                    "\(path)/note/answer",
                    ["answer": "changed", "words": "My new words.", "disagreement": "No.", "revision": "2"])
                #expect(lost.status == .conflict)
                #expect(lost.text.contains("My new words."), "kept on the page, though no form takes it now")
                #expect(!lost.text.contains("We spoke about mornings."), "a draft stays the supporter's")
            }
        }
    }

    @Test("No route changes a signed note", arguments: TestEngine.available)
    func immutable(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.offeredNote()
            try await village.answer(id, .agreed, revision: 2)
            try await village.sign(id, revision: 3)
            let before = try await village.noteRow(id)
            let form = [
                "text": "Other.", "words": "Other.", "disagreement": "Other.", "reason": "Other.", "offer": "yes",
                "mode": "phone", "minutes": "90", "functions": "linkage-to-care", "date": "2026-04-01",
                "time": "10:00", "place": "Other."
            ]
            let routes = village.platform.routes.filter { route in
                route.method == .post && route.path.hasPrefix("/encounters/{id}") && !route.path.hasSuffix("/addenda")
            }
            try #require(routes.count >= 8)
            let facts = try await village.encounter(id)
            try await village.browsing { browser in
                for route in routes {
                    let path = route.path.replacing("{id}", with: id.text)
                    for neighbor in [village.ben, village.cleo, village.ana, village.sam, village.hillside.supporter] {
                        for answer in ["agreed", "changed", "declined"] {
                            for revision in ["0", "3", "4"] {
                                let typed = form.merging(["answer": answer, "revision": revision]) { $1 }
                                let status = try await browser(neighbor).post(path, typed).status
                                #expect(status != .seeOther, "\(route.path) as \(neighbor.name)")
                            }
                        }
                    }
                }
            }
            #expect(try await village.noteRow(id) == before)
            let after = try await village.encounter(id)
            #expect(
                after.minutes == facts.minutes && after.startsAt == facts.startsAt && after.functions == facts.functions
            )
        }
    }

    @Test("What was typed for a note signed meanwhile becomes an addition", arguments: TestEngine.available)
    func signedMeanwhile(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.offeredNote()
            try await village.answer(id, .agreed, revision: 2)
            try await village.sign(id, revision: 3)
            try await village.browsing { browser in
                let late = try await browser(village.cleo).post(
                    "/encounters/\(id)/note/answer",
                    ["answer": "changed", "words": "My new words.", "disagreement": "", "revision": "2"])
                #expect(late.status == .conflict)
                #expect(late.text.contains("is signed and stays as it is"))
                #expect(late.text.contains("My new words."))
            }
        }
    }

    @Test("Coordinators see facts and no words, supervisors what is signed", arguments: TestEngine.available)
    func readers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.offeredNote()
            try await village.browsing { browser in
                let path = "/encounters/\(id)"
                #expect(try await browser(village.ben).get(path).text.contains("We spoke about nights."))
                for neighbor in [village.ana, village.sam] {
                    let page = try await browser(neighbor).get(path)
                    #expect(page.text.contains("20 minutes"))
                    #expect(!page.text.contains("We spoke about nights.") && !page.text.contains("I slept"))
                }
                try await village.answer(id, .agreed, revision: 2)
                try await village.sign(id, revision: 3)
                #expect(try await browser(village.sam).get(path).text.contains("We spoke about nights."))
                #expect(!(try await browser(village.ana).get(path).text.contains("We spoke about nights.")))
            }
        }
    }

    @Test("Words are shown as words, whatever they look like", arguments: TestEngine.available)
    func escaping(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.meet(try await village.pair())
            try await village.browsing { browser in
                let path = "/encounters/\(id)"
                _ = try await browser(village.ben).post(
                    "\(path)/note",
                    [
                        "text": "<script>alert(1)</script>\n\nطفلي ينام", "words": "\"><b>", "revision": "0",
                        "offer": "yes"
                    ])
                let page = try await browser(village.cleo).get(path)
                #expect(page.text.contains("&lt;script&gt;"))
                #expect(page.text.contains("طفلي ينام"))
                #expect(!page.text.contains("<script>alert"))
            }
        }
    }
}
