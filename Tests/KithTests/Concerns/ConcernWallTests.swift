import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Who sees a concern")
struct ConcernWallTests {
    @Test(
        "Those who run its program and whoever was called; never whom it is about, nor next door",
        arguments: TestEngine.available)
    func reach(engine: TestEngine) async throws {
        try await withVillage(engine) { plain in
            let village = plain.carrying()
            try await village.reachStaff()
            let id = try await village.raise(about: village.ana, .boundary, "Marigold", as: village.sam)
            let other = try await village.raise(about: nil, .worry, "Lavender", as: village.ben)
            func sees(_ neighbor: Village.Neighbor, _ id: Concern.ID) async throws -> Bool {
                do {
                    _ = try await village.read(as: neighbor) { try Concern.find(id, in: $0) }
                    return true
                } catch Problem.notFound { return false }
            }
            #expect(try await sees(village.ana, other), "the premise: Ana looks after others")
            #expect(try await !sees(village.ana, id), "it is about her")
            #expect(try await sees(village.sam, id))
            #expect(try await village.called(id) == ["0.3 Ada"], "neither Ana nor Sam, who raised it, is called")
            #expect(try await sees(village.ada, id), "called")
            #expect(try await !sees(village.ada, other), "not called")
            for neighbor in [
                village.ben, village.cleo, village.dana, village.riverside.otherCoordinator,
                village.hillside.coordinator, village.hillside.supervisor
            ] {
                #expect(try await !sees(neighbor, id), "\(neighbor.name)")
                #expect(try await !sees(neighbor, other), "\(neighbor.name)")
            }
            try await village.acknowledge(other, as: village.sam)
            try await village.climb(after: 60)
            let third = try await village.raise(about: nil, .worry, "Lavender", as: village.cleo)
            for _ in 0..<2 { try await village.climb(after: 15) }
            #expect(try await sees(village.ada, third), "the premise: called in her turn")
            try await village.acknowledge(third, as: village.sam)
            #expect(try await !sees(village.ada, third), "somebody else has it in hand")
            try await village.browsing { browser async throws -> Void in
                #expect(try await browser(village.ana).get("/concerns/\(id)").status == .notFound)
                #expect(try await browser(village.ana).post("/concerns/\(id)/acknowledgment").status == .notFound)
                #expect(try await !browser(village.ana).get("/concerns").text.contains("about Ana"))
                let page = try await browser(village.sam).get("/concerns/\(id)")
                #expect(page.text.contains("Marigold") && page.text.contains("Ana Alvarez"))
            }
        }
    }

    @Test(
        "The rules say the same, whether there is a concern or not, to whom it could be about",
        arguments: TestEngine.available)
    func rules(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await village.pair()
            let before = try await village.browsing { try await $0(village.cleo).get("/privacy/items/concern").text }
            #expect(before.contains("Ana Alvarez") && before.contains("Sam Sato"))
            let id = try await village.raise(about: village.cleo, .worry, "Marigold", as: village.ben)
            #expect(try await village.called(id).contains("0.3 Ada"), "the premise: Ada is called")
            let after = try await village.browsing { try await $0(village.cleo).get("/privacy/items/concern").text }
            func plain(_ page: String) -> String { page.replacing(/(?s)value="[^"]*"/, with: "") }
            #expect(plain(before) == plain(after), "the page does not tell")
            let cleo = village.cleo.id
            let sights = try await village.write(asSystemOf: village.riverside) {
                try Circumstances(of: cleo, in: $0).sights(of: .concern)
            }
            #expect(
                Set(sights.map(\.viewer)) == [.person(village.ana.id), .person(village.sam.id), .person(village.ada.id)]
            )
            // Nor does the list of who looked.
            _ = try await village.browsing { try await $0(village.ana).get("/concerns/\(id)") }
            let looks = try await village.browsing { try await $0(village.cleo).get("/privacy/looks").text }
            #expect(!looks.lowercased().contains("concern that"))
        }
    }

    @Test("What was said is kept under a key, and goes with whoever is erased", arguments: TestEngine.available)
    func sealed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await village.pair()
            let about = try await village.raise(about: village.cleo, .worry, "Marigold", as: village.ben)
            let by = try await village.raise(about: village.ben, .boundary, "Lavender", as: village.cleo)
            try await village.acknowledge(about, as: village.ana)
            let later = Day("2026-04-01") ?? Day(daysSince1970: 0)
            let ben = village.ben.id
            try await village.write(as: village.ana) {
                try Concern.find(about, in: $0).close(
                    Concern.Closing(.settled, words: "Verbena", followUp: later, debrief: ben), in: $0)
            }
            let kept = try await village.platform.store.read {
                try $0.values(
                    """
                    SELECT words FROM concern_report WHERE words IS NOT NULL
                    UNION ALL SELECT outcome_words FROM concern WHERE outcome_words IS NOT NULL
                    """, as: String.self)
            }
            #expect(kept.count == 3 && kept.allSatisfy { !$0.contains("M") || !$0.contains("Marigold") })
            func pages() async throws -> String {
                try await village.browsing { browser in
                    try await browser(village.ana).get("/concerns/\(about)").text
                        + browser(village.ana).get("/concerns/\(by)").text
                }
            }
            let before = try await pages()
            for word in ["Marigold", "Lavender", "Verbena"] { #expect(before.contains(word), "the premise") }
            _ = try await village.platform.erase(village.cleo.id, of: village.riverside.organization)
            let after = try await pages()
            for word in ["Marigold", "Lavender", "Verbena", "Cleo"] { #expect(!after.contains(word), "\(word)") }
            #expect(after.contains("A concern"), "what happened stays")
        }
    }
}
