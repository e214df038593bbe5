import HTTPTypes
import Kith
import KithTestSupport
import Testing

@Suite("The wording of a note")
struct NoteWordingTests {
    @Test("Words that tell somebody what to do come back once before they are read", arguments: TestEngine.available)
    func onceBefore(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.meet(try await village.pair())
            try await village.browsing { browser in
                let (ben, cleo, path) = (browser(village.ben), browser(village.cleo), "/encounters/\(id)")
                let text = "We spoke about nights. I told her to rest, and SHE SHOULD call."
                let held = try await ben.post(
                    "\(path)/note", ["text": text, "words": "I should rest.", "revision": "0", "offer": "yes"])
                #expect(held.location == "\(path)#note")
                let page = try await ben.get(path).text
                #expect(village.ledger.last <= 5)
                #expect(page.contains("Before Cleo Castro reads it"))
                #expect(page.contains("<q dir=\"auto\">I told her to</q> <q dir=\"auto\">SHE SHOULD</q>"))
                #expect(page.contains(text))
                #expect(!(try await cleo.get(path).text.contains("We spoke about nights.")))

                // The supporter decides.
                let offered = try await ben.post(
                    "\(path)/note", ["text": text, "revision": "1", "offer": "yes", "weighed": "yes"])
                #expect(offered.location == path)
                let read = try await cleo.get(path).text
                #expect(read.contains("We spoke about nights.") && read.contains("It is not a clinical record."))
                #expect(!read.contains("Before Cleo Castro reads it"))
            }
        }
    }

    @Test("Saving for later, and plain words, need no second look", arguments: TestEngine.available)
    func plain(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.meet(try await village.pair())
            try await village.browsing { browser in
                let (ben, path) = (browser(village.ben), "/encounters/\(id)")
                let saved = try await ben.post("\(path)/note", ["text": "The patient has symptoms.", "revision": "0"])
                #expect(saved.location == path)
                #expect(try await ben.get(path).text.contains("These are words of a clinic."))
                let offered = try await ben.post(
                    "\(path)/note", ["text": "She is worried about Monday.", "revision": "1", "offer": "yes"])
                #expect(offered.location == path)
                #expect(try await village.note(id, as: village.cleo)?.text == "She is worried about Monday.")
            }
        }
    }
}
