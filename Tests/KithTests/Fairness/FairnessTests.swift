import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("The ledger of a program")
struct FairnessTests {
    /// 230 people who asked Riverside in the first quarter of 2026, of all kinds, and what became of it.
    private func fill(_ village: Village) async throws {
        try await village.enroll(village.ben)
        let (house, ben, dana) = (village.riverside, village.ben.id, village.dana.id)
        try await village.write(asSystemOf: house) { db in
            for number in 0..<230 {
                let draft = PersonDraft(
                    name: "Person \(number)", language: number % 5 == 0 ? "es" : number % 23 == 1 ? "so" : "en",
                    birthYear: 1_950 + number % 60, gender: ["woman", "Man ", nil][number % 3],
                    area: number % 2 == 0 ? "North" : number % 3 == 0 ? "south" : nil)
                let person = try Person.add(draft, to: db.organization, in: db)
                let referral = try Referral.open(
                    ReferralDraft(
                        program: house.program, who: .known(person), origin: .referrer, referrer: dana,
                        reason: "Company"),
                    of: db.organization, in: db)
                let offers = number % 10 == 0 ? 0 : [1, 2, 1, 0][number % 4]
                for offer in 0..<offers {
                    let begins = offer == offers - 1 && number % 4 < 2
                    let id: Match.ID = db.newID()
                    let started = db.now.adding(days: 1 + number % 30)
                    try db.run(
                        """
                        INSERT INTO match (organization_id, id, referral_id, program_id, participant_id, supporter_id,
                            status, points, reasons, parts, weights_version, proposed_by, proposed_at, started_at,
                            ended_at, end_reason)
                        VALUES (\(db.organization), \(id), \(referral.id), \(house.program), \(person), \(ben),
                            \(begins ? "ended" : "declined"), 1, '[]',
                            \(number % 2 == 0 ? #"{"language":[100,100]}"# : #"{"language":[50,100]}"#), 1, 'system',
                            \(db.now), \(begins ? started : nil), \(started), \(begins ? "away" : nil))
                        """)
                }
            }
            db.record(Event(.matchProposed))
        }
    }

    /// The table as saved, by what stands in its first two columns.
    private func table(_ text: String) -> [String: [String]] {
        var lines: [String: [String]] = [:]
        for line in text.replacing("\u{FEFF}", with: "").split(separator: "\r\n") {
            // Every field stands in quotation marks.
            let fields = line.dropFirst().dropLast().split(separator: "\",\"", omittingEmptySubsequences: false)
                .map(String.init)
            guard fields.count > 2 else { continue }
            lines["\(fields[0])/\(fields[1])"] = Array(fields.dropFirst(2))
        }
        return lines
    }

    @Test("Its numbers are those of the rows, counted by hand", arguments: TestEngine.available)
    func counts(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await fill(village)
            let program = village.riverside.program
            let path = "/fairness/file?program=\(program)&quarter=2026-1"
            let answer = try await village.browsing { try await $0(village.ada).get(path) }
            #expect(answer.headers[.contentType] == "text/csv; charset=utf-8")
            let lines = table(answer.text)

            /// Counted in the rows one by one, in words of SQL that the ledger does not use.
            func count(_ condition: SQL, _ outcome: SQL = "TRUE") async throws -> Int {
                try await village.platform.store.read { db in
                    try db.value(
                        """
                        SELECT count(*) FROM person p WHERE EXISTS (SELECT 1 FROM referral r
                            WHERE r.person_id = p.id AND r.program_id = \(program)) AND \(condition) AND \(outcome)
                        """) ?? 0
                }
            }
            let offered: SQL = "p.id IN (SELECT participant_id FROM match)"
            let began: SQL = "p.id IN (SELECT participant_id FROM match WHERE started_at IS NOT NULL)"
            let groups: [(String, SQL)] = [
                ("/Everybody", "TRUE"), ("Language/Spanish", "p.language = 'es'"),
                ("Area/north", "p.area = 'North'"), ("Area/south", "p.area = 'south'"),
                ("Area/All others, and not told", "p.area IS NULL"), ("Gender/woman", "p.gender = 'woman'"),
                ("Age/18 to 29", "p.birth_year BETWEEN 1997 AND 2007"),
                ("Age/45 to 64", "p.birth_year BETWEEN 1962 AND 1981"),
                ("Age/65 and older", "p.birth_year <= 1961")
            ]
            var compared = 0
            for (name, condition) in groups {
                // The smallest group counts those who are too few for a group of their own.
                guard let line = lines[name] else { continue }
                let asked = try await count(condition)
                #expect(line[0] == "\(asked)" || line[0] == "hidden", "\(name)")
                let (reached, begun) = (try await count(condition, offered), try await count(condition, began))
                let wanted = [begun, reached - begun, asked - reached]
                for (shown, number) in zip(line.dropFirst(), wanted) where shown != "hidden" {
                    #expect(shown == "\(number)" && number >= 11, "\(name)")
                    compared += 1
                }
            }
            #expect(compared >= 14, "\(lines)")
            #expect(lines["/Everybody"]?[0] == "230")

            // Offers, waits and scores of everybody, by hand.
            let numbers = 0..<230
            let offers = numbers.map { $0 % 10 == 0 ? 0 : [1, 2, 1, 0][$0 % 4] }
            let begun = numbers.filter { $0 % 10 != 0 && $0 % 4 < 2 }
            let each = Double(offers.reduce(0, +)) / 230
            #expect(lines["/Everybody"]?[4] == "\((each * 10).rounded() / 10)")
            let waits = begun.map { 1 + $0 % 30 }.sorted()
            let median = (Double(waits[(waits.count - 1) / 2]) + Double(waits[waits.count / 2])) / 2
            #expect(lines["/Everybody"]?[5] == "\(Int(median.rounded()))")
            let score = Double(begun.reduce(0) { $0 + ($1 % 2 == 0 ? 100 : 50) }) / Double(begun.count)
            #expect(lines["/Everybody"]?[6] == "\(Int(score.rounded()))")
            for (name, line) in lines where name != "By/Group" {
                for number in line.prefix(4).compactMap({ Int($0) }) { #expect(number >= 11, "\(name)") }
            }
        }
    }

    @Test("The page is for those who run the program, and names nobody", arguments: TestEngine.available)
    func page(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let program = village.riverside.program
            let page = "/fairness?program=\(program)&quarter=2026-1"
            try await village.browsing { browser in
                let empty = try await browser(village.ana).get(page)
                #expect(empty.status == .ok && empty.text.contains("Fewer than 11 people asked in this quarter"))
            }
            try await fill(village)
            try await village.browsing { browser in
                for neighbor in [village.ana, village.sam, village.ada] {
                    let answer = try await browser(neighbor).get(page)
                    #expect(answer.status == .ok)
                    #expect(village.ledger.last <= 4)
                    #expect(answer.text.contains("<caption>By language, Quarter 1 of 2026</caption>"))
                    #expect(answer.text.contains("Spanish") && !answer.text.contains("Somali"))
                    #expect(!answer.text.contains("Person 1"))
                }
                for neighbor in [village.ben, village.cleo, village.dana] {
                    #expect(try await browser(neighbor).get(page).status == .forbidden)
                }
                for other in [page, "/fairness/file?program=\(program)"] {
                    #expect(try await browser(village.hillside.administrator).get(other).status == .notFound)
                    #expect(try await browser(village.riverside.otherCoordinator).get(other).status == .notFound)
                }
                #expect(try await browser(village.ana).get("/fairness?quarter=2026-9").status == .notFound)
                let before = try await browser(village.ana).get("/fairness?program=\(program)&quarter=2025-4")
                #expect(before.text.contains("Fewer than 11"))
            }
        }
    }

    @Test("A cell that begins like a formula does not act as one", arguments: TestEngine.available)
    func formulas(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (house, dana) = (village.riverside, village.dana.id)
            try await village.write(asSystemOf: house) { db in
                for number in 0..<12 {
                    let person = try Person.add(
                        PersonDraft(name: "P \(number)", area: "=1+\"1\""), to: db.organization, in: db)
                    _ = try Referral.open(
                        ReferralDraft(
                            program: house.program, who: .known(person), origin: .referrer, referrer: dana,
                            reason: "Company"), of: db.organization, in: db)
                }
            }
            let file = try await village.browsing { try await $0(village.sam).get("/fairness/file").text }
            #expect(file.contains(#""'=1+""1"", and all others""#), "\(file)")
        }
    }
}
