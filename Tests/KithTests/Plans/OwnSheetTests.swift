import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

/// One kind of sheet, with what its tests write and read.
private struct SheetCase<Sheet: OwnSheet>: Sendable {
    /// What is answered, and another question.
    let part: Sheet.Part
    let other: Sheet.Part
    let words: String
    /// What a look at it is called on the person's own page.
    let look: String
    let copied: @Sendable (PersonCopy) -> Sheet?

    var path: String { "/\(Sheet.name)" }

    func shared(by pair: Pair) -> String { "/matches/\(pair.match.id)/\(Sheet.name)" }

    func write(_ answers: [Sheet.Part: String], in village: Village) async throws {
        try await village.write(as: village.cleo) { try Sheet(answers).keep(in: $0) }
    }

    func pair(in village: Village) async throws -> Pair {
        let pair = try await Pair(in: village)
        try await write([part: words], in: village)
        return pair
    }

    func share(_ isShared: Bool, _ pair: Pair, as neighbor: Village.Neighbor? = nil) async throws {
        let village = pair.village
        try await village.write(as: neighbor ?? village.cleo) { try Sheet.share(isShared, by: pair.match.id, in: $0) }
    }

    func edition(_ browser: TestBrowser) async throws -> String {
        let page = try await browser.get("\(path)/form").text
        return String(try #require(page.firstMatch(of: /name="edition" value="(\w+)"/)?.1))
    }
}

@Suite("What people write for themselves: the plan for hard days, the sheet for an appointment, their story")
struct OwnSheetTests {
    private let plan = SheetCase<HardDayPlan>(
        part: .safer, other: .alone, words: "Ask Marisol to keep my tablets", look: "Your plan for hard days",
        copied: { $0.plan })
    private let sheet = SheetCase<PreparationSheet>(
        part: .matters, other: .questions, words: "Marisol has to hear the plan, too",
        look: "Your sheet for an appointment", copied: { $0.preparation })
    private let story = SheetCase<StorySheet>(
        part: .life, other: .wish, words: "Marisol left in the long winter", look: "Your story, told once",
        copied: { $0.story })

    @Test(
        "It is read by its writer, and by a supporter they chose while the two are in touch",
        arguments: TestEngine.available)
    func readers(engine: TestEngine) async throws {
        try await readers(plan, engine)
        try await readers(sheet, engine)
        try await readers(story, engine)
    }

    private func readers<Sheet>(_ sheet: SheetCase<Sheet>, _ engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await sheet.pair(in: village)
            let shared = sheet.shared(by: pair)
            try await village.browsing { browser in
                func reads(_ neighbor: Village.Neighbor) async throws -> Bool {
                    let answer = try await browser(neighbor).get(shared)
                    return answer.status == .ok && answer.text.contains(sheet.words)
                }
                #expect(try await browser(village.cleo).get(sheet.path).text.contains(sheet.words))
                #expect(try await !reads(village.ben), "nobody was chosen")
                try await sheet.share(true, pair)
                try await sheet.share(true, pair)
                #expect(try await reads(village.ben))
                #expect(try await browser(village.ben).get("/today").text.contains(shared))
                let opening = try await village.open(pair.referral.id, as: village.sam)
                let record = try await browser(village.sam).get("/openings/\(opening)")
                #expect(record.status == .ok && !record.text.contains(sheet.words), "nor whoever opened the record")
                for other in [village.bao, village.ana, village.sam, village.ada, village.cleo] {
                    #expect(try await !reads(other), "\(other.name)")
                }
                #expect(try await browser(village.cleo).get("/privacy/looks").text.contains(sheet.look))
                try await sheet.share(false, pair)
                #expect(try await !reads(village.ben), "they were chosen no longer")
                try await sheet.share(true, pair)
                try await pair.end()
                #expect(try await !reads(village.ben), "the two are no longer in touch")
                await #expect(throws: Problem.conflict("\(Sheet.code).over")) { try await sheet.share(true, pair) }
            }
        }
    }

    @Test("Only the participant of a match shares, and only what is there", arguments: TestEngine.available)
    func refused(engine: TestEngine) async throws {
        try await refused(plan, engine)
        try await refused(sheet, engine)
        try await refused(story, engine)
    }

    private func refused<Sheet>(_ sheet: SheetCase<Sheet>, _ engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            await #expect(throws: Problem.conflict("\(Sheet.code).none")) { try await sheet.share(true, pair) }
            for other in [village.ben, village.ana, village.cyrus] {
                await #expect(throws: Problem.notFound) { try await sheet.share(true, pair, as: other) }
            }
        }
    }

    @Test(
        "What is deleted is gone, for whoever read it as well; one without an answer is none",
        arguments: TestEngine.available)
    func deleted(engine: TestEngine) async throws {
        try await deleted(plan, engine)
        try await deleted(sheet, engine)
        try await deleted(story, engine)
    }

    private func deleted<Sheet>(_ sheet: SheetCase<Sheet>, _ engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await sheet.pair(in: village)
            let shared = sheet.shared(by: pair)
            try await sheet.share(true, pair)
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                var fields = Dictionary(uniqueKeysWithValues: Sheet.Part.allCases.map { ($0.rawValue, "") })
                fields["edition"] = try await sheet.edition(cleo)
                #expect(try await cleo.post(sheet.path, fields).status == .seeOther)
                #expect(try await browser(village.ben).get(shared).status == .notFound)
            }
            let rows = try await village.platform.store.read {
                try $0.value("SELECT count(*) FROM \(Sheet.tables.sheet)", as: Int.self)
            }
            #expect(rows == 0)
            try await sheet.write([sheet.other: "When may I lift?"], in: village)
            try await village.browsing { browser in
                #expect(try await browser(village.ben).get(shared).status == .notFound, "a new one is nobody else's")
                try await sheet.share(true, pair)
                #expect(try await browser(village.ben).get(shared).status == .ok)
                #expect(try await browser(village.cleo).post("\(sheet.path)/deletion").location == sheet.path)
                #expect(try await browser(village.ben).get(shared).status == .notFound)
            }
        }
    }

    @Test("A save that came too late shows both", arguments: TestEngine.available)
    func late(engine: TestEngine) async throws {
        try await late(plan, engine)
        try await late(sheet, engine)
        try await late(story, engine)
    }

    private func late<Sheet>(_ sheet: SheetCase<Sheet>, _ engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await sheet.pair(in: village)
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                let edition = try await sheet.edition(cleo)
                try await sheet.write([sheet.other: "Walk to the river"], in: village)
                let answer = try await cleo.post(
                    sheet.path, ["edition": edition, sheet.other.rawValue: "Sing", sheet.part.rawValue: sheet.words])
                #expect(answer.status == .unprocessableContent)
                #expect(answer.text.contains("Walk to the river") && answer.text.contains("Sing"))
            }
        }
    }

    @Test("The words are sealed in the database, and are part of the person's copy", arguments: TestEngine.available)
    func kept(engine: TestEngine) async throws {
        try await kept(plan, engine)
        try await kept(sheet, engine)
        try await kept(story, engine)
    }

    private func kept<Sheet>(_ sheet: SheetCase<Sheet>, _ engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await sheet.pair(in: village)
            let rows = try await village.platform.store.read {
                try $0.values("SELECT answers FROM \(Sheet.tables.sheet)", as: String.self)
            }
            #expect(rows.count == 1 && !rows[0].contains("Marisol") && !rows[0].contains(sheet.part.rawValue))
            let copy = try await village.read(as: village.cleo) { try PersonCopy(of: $0.me, in: $0) }
            #expect(sheet.copied(copy) == Sheet([sheet.part: sheet.words]))
        }
    }

    @Test("What a story speaks of is read first, and its words by whoever opens them", arguments: TestEngine.available)
    func note(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.browsing { browser in
                for (note, isClosed) in [("A fire", true), ("", false)] {
                    try await village.write(as: village.cleo) {
                        try StorySheet([.life: "The stairs", .note: note]).keep(in: $0)
                        try StorySheet.share(true, by: pair.match.id, in: $0)
                    }
                    let page = try await browser(village.ben).get("/matches/\(pair.match.id)/my-story").text
                    #expect(page.contains("<details class=\"card\" data-note>") == isClosed)
                    #expect(!page.contains("<details class=\"card\" data-note open"))
                    #expect(page.contains("The stairs") && page.contains("A fire") == isClosed)
                    if isClosed, let note = page.firstRange(of: "A fire"), let words = page.firstRange(of: "The stairs")
                    {
                        #expect(note.lowerBound < words.lowerBound)
                    }
                }
            }
        }
    }

    @Test("A note on nothing is no story")
    func noteAlone() {
        #expect(StorySheet([.note: "A fire"]).isEmpty)
        #expect(StorySheet([.note: "A fire", .wish: "Tea"]).answers.count == 2)
    }
}
