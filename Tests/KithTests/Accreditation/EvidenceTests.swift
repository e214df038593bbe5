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

    /// The number that stands beside a measure.
    private func number(_ measure: String, on page: String) -> String? {
        guard let place = page.firstRange(of: measure) else { return nil }
        return page[place.upperBound...].firstMatch(of: /class="tag[a-z ]*">([^<]*)</).map { String($0.1) }
    }

    @Test("Numbers follow from records, which are listed behind them", arguments: TestEngine.available)
    func numbers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let before = try await numbers(village, as: village.ada)
            #expect(number("Incidents reviewed within a week", on: before) == "Nothing in this quarter")
            let incidents = try await village.incidents()
            let reviewed = "Incidents reviewed within a week"
            #expect(
                number(reviewed, on: try await numbers(village, as: village.ada)) == "1 of 1",
                "what still has time is not counted")
            village.clock.advance(days: 8)
            #expect(number(reviewed, on: try await numbers(village, as: village.ada)) == "1 of 2")
            try await village.write(as: village.ana) {
                try Incident.find(incidents.open, in: $0).review("Late", in: $0)
            }
            #expect(
                number(reviewed, on: try await numbers(village, as: village.ada)) == "1 of 2",
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
            // Two concerns were taken up at once, and the first who was called may still answer the third.
            let concerns = "Concerns taken up in time"
            #expect(number(concerns, on: try await numbers(village, as: village.sam)) == "2 of 2")
            try await village.climb(after: 120)
            village.clock.advance(days: 2)
            let page = try await numbers(village, as: village.sam)
            #expect(number(concerns, on: page) == "2 of 3")
            #expect(number("Members who accepted the agreements", on: page) == "3 of 3")
            #expect(number("Reports decided within a day", on: page) == "2 of 4")
            #expect(number("Drills answered in time", on: page) == "Nothing in this quarter")
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
