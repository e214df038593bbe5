import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Evidence")
struct EvidenceTests {
    private func numbers(_ village: Village, as neighbor: Village.Neighbor) async throws -> String {
        try await village.browsing { browser async throws -> String in
            let answer = try await browser(neighbor).get("/evidence?program=\(village.riverside.program)")
            return answer.text.split(separator: "\n").joined()
        }
    }

    private func said(_ measure: String, _ number: String, on page: String) -> Bool {
        guard let place = page.firstRange(of: measure) else { return false }
        return page[place.upperBound...].prefix(120).contains(">\(number)<")
    }

    @Test("Numbers follow from records, which are listed behind them", arguments: TestEngine.available)
    func numbers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let before = try await numbers(village, as: village.ada)
            #expect(said("Incidents reviewed within a week", "Nothing in this quarter", on: before))
            let incidents = try await village.incidents()
            #expect(said("Incidents reviewed within a week", "1 of 2", on: try await numbers(village, as: village.ada)))
            village.clock.advance(days: 8)
            try await village.write(as: village.ana) {
                try Incident.find(incidents.open, in: $0).review("Late", in: $0)
            }
            #expect(
                said("Incidents reviewed within a week", "1 of 2", on: try await numbers(village, as: village.ada)),
                "a review that is late is none in time")
            try await village.browsing { browser async throws -> Void in
                let page = "/evidence/incidents?program=\(village.riverside.program)&quarter=2026-1"
                let own = try await browser(village.sam).get(page).text
                #expect(own.contains("/incidents/\(incidents.open)") && own.contains("Not so"))
                let managed = try await browser(village.ada).get(page)
                #expect(managed.status == .ok && !managed.text.contains("/incidents/\(incidents.open)"))
                let earlier = try await browser(village.ada)
                    .get("/evidence/incidents?program=\(village.riverside.program)&quarter=2025-4").text
                #expect(earlier.contains("Nothing in this quarter"))
                for wrong in ["2026-5", "2026", "x", "2026-01"] {
                    let answer = try await browser(village.ada).get("/evidence?quarter=\(wrong)")
                    #expect(answer.status == .notFound, "\(wrong)")
                }
                #expect(try await browser(village.ada).get("/evidence/nothing").status == .notFound)
                let next = try await browser(village.hillside.administrator).get(page)
                #expect(next.status == .notFound)
            }
        }
    }

    @Test("Each number can be asked on both engines, and counts what was done", arguments: TestEngine.available)
    func measures(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await village.groupThings()
            _ = try await village.concerns()
            let pair = try await Pair(in: village)
            _ = try await village.moderation(in: pair.id)
            let page = try await numbers(village, as: village.sam)
            #expect(said("Members who accepted the agreements", "Nothing in this quarter", on: page) == false)
            #expect(said("Concerns taken up in time", "Nothing in this quarter", on: page) == false)
            #expect(said("Reports decided within a day", "Nothing in this quarter", on: page) == false)
            try await village.browsing { browser async throws -> Void in
                for measure in QualityMeasure.allCases {
                    let answer = try await browser(village.sam).get("/evidence/\(measure.rawValue)")
                    #expect(answer.status == .ok, "\(measure)")
                    for neighbor in [village.cleo, village.cyrus] {
                        #expect(!answer.text.contains(neighbor.name), "\(measure) names nobody")
                    }
                }
            }
        }
    }

    @Test("A quarter knows its months and its neighbors")
    func quarters() throws {
        #expect(Quarter(of: try #require(Day("2026-12-31"))) == Quarter("2026-4"))
        #expect(Quarter(of: try #require(Day("2026-01-01"))) == Quarter("2026-1"))
        for wrong in ["2026-0", "2026-5", "26-1", "2026-1-1", "", "2026-01"] { #expect(Quarter(wrong) == nil) }
    }
}
