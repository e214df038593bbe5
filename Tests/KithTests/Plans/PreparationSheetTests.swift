import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("The sheet for an appointment")
struct PreparationSheetTests {
    private let words = "Marisol has to hear the plan, too"

    private func pair(in village: Village, writing words: String) async throws -> Pair {
        let pair = try await Pair(in: village)
        try await village.write(as: village.cleo) { try PreparationSheet([.matters: words]).keep(in: $0) }
        return pair
    }

    private func share(_ isShared: Bool, _ pair: Pair) async throws {
        try await pair.village.write(as: pair.village.cleo) {
            try PreparationSheet.share(isShared, by: pair.match.id, in: $0)
        }
    }

    @Test(
        "It is read by its writer, and by a supporter they chose while the two are in touch",
        arguments: TestEngine.available)
    func readers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await pair(in: village, writing: words)
            let shared = "/matches/\(pair.match.id)/preparation"
            try await village.browsing { browser in
                func reads(_ neighbor: Village.Neighbor) async throws -> Bool {
                    let answer = try await browser(neighbor).get(shared)
                    return answer.status == .ok && answer.text.contains(words)
                }
                #expect(try await browser(village.cleo).get("/preparation").text.contains(words))
                #expect(try await !reads(village.ben), "nobody was chosen")
                try await share(true, pair)
                try await share(true, pair)
                #expect(try await reads(village.ben))
                #expect(try await browser(village.ben).get("/today").text.contains(shared))
                let opening = try await village.open(pair.referral.id, as: village.sam)
                let record = try await browser(village.sam).get("/openings/\(opening)")
                #expect(record.status == .ok && !record.text.contains(words), "nor whoever opened the record")
                for other in [village.bao, village.ana, village.sam, village.ada, village.cleo] {
                    #expect(try await !reads(other), "\(other.name)")
                }
                #expect(
                    try await browser(village.cleo).get("/privacy/looks").text.contains("Your sheet for an appointment")
                )
                try await share(false, pair)
                #expect(try await !reads(village.ben), "they were chosen no longer")
                try await share(true, pair)
                try await pair.end()
                #expect(try await !reads(village.ben), "the two are no longer in touch")
                await #expect(throws: Problem.conflict("preparation-sheet.over")) { try await share(true, pair) }
            }
        }
    }

    @Test(
        "What is deleted is gone, for whoever read it as well; a sheet without an answer is none",
        arguments: TestEngine.available)
    func deleted(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await pair(in: village, writing: words)
            try await share(true, pair)
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                let parts = Dictionary(uniqueKeysWithValues: PreparationSheet.Part.allCases.map { ($0.rawValue, "") })
                let edition = try await cleo.get("/preparation/form").text.firstMatch(
                    of: /name="edition" value="(\w+)"/)?
                    .1
                var fields = parts
                fields["edition"] = edition.map(String.init)
                #expect(try await cleo.post("/preparation", fields).status == .seeOther)
                #expect(try await browser(village.ben).get("/matches/\(pair.match.id)/preparation").status == .notFound)
            }
            let rows = try await village.platform.store.read {
                try $0.value("SELECT count(*) FROM preparation_sheet", as: Int.self)
            }
            #expect(rows == 0)
            try await village.write(as: village.cleo) {
                try PreparationSheet([.questions: "When may I lift?"]).keep(in: $0)
            }
            try await village.browsing { browser in
                let shared = "/matches/\(pair.match.id)/preparation"
                #expect(try await browser(village.ben).get(shared).status == .notFound, "a new one is nobody else's")
                try await share(true, pair)
                #expect(try await browser(village.ben).get(shared).status == .ok)
                #expect(try await browser(village.cleo).post("/preparation/deletion").location == "/preparation")
                #expect(try await browser(village.ben).get(shared).status == .notFound)
            }
        }
    }

    @Test("The words are sealed in the database, and are part of the person's copy", arguments: TestEngine.available)
    func kept(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await pair(in: village, writing: words)
            let rows = try await village.platform.store.read {
                try $0.values("SELECT answers FROM preparation_sheet", as: String.self)
            }
            #expect(rows.count == 1 && !rows[0].contains("Marisol") && !rows[0].contains("matters"))
            let copy = try await village.read(as: village.cleo) { try PersonCopy(of: $0.me, in: $0) }
            #expect(copy.preparation == PreparationSheet([.matters: words]))
        }
    }
}
