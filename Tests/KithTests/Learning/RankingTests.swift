import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("How matches are ranked")
struct RankingTests {
    /// Matches of twelve people and twelve supporters that are over, and what these said: where both were in one area most
    /// went badly.
    private func lookBack(on count: Int, in village: Village) async throws {
        try await village.write(asSystemOf: village.riverside) { db in
            let (program, organization) = (village.riverside.program, try db.organization)
            var pairs: [(referral: Referral.ID, person: Person.ID, supporter: Person.ID)] = []
            for number in 0..<12 {
                let supporter = try Person.add(PersonDraft(name: "Helped \(number)"), to: organization, in: db)
                try Person.give(.supporter, in: program, to: supporter, of: organization, in: db)
                try Supporter.enroll(supporter, .usual(limit: 0), in: db)
                let draft = ReferralDraft(
                    program: program, who: .new(PersonDraft(name: "Was Here \(number)")), origin: .referrer,
                    referrer: village.dana.id, reason: "Company")
                let referral = try Referral.open(draft, of: organization, in: db)
                pairs.append((referral.id, referral.person, supporter))
            }
            for number in 0..<count {
                let isNear = number % 2 == 0
                let isGood = isNear == (number % 12 < 2)
                let (id, pair): (Match.ID, _) = (db.newID(), pairs[number % 12])
                let at = db.now.adding(minutes: number - 10_000)
                try db.run(
                    """
                    INSERT INTO match (organization_id, id, referral_id, program_id, participant_id, supporter_id,
                        status, points, reasons, parts, weights_version, proposed_by, proposed_at, started_at, ended_at,
                        end_reason)
                    VALUES (\(organization), \(id), \(pair.referral), \(program), \(pair.person), \(pair.supporter),
                        'ended', 1, '[]', \(isNear ? #"{"area":[50,50]}"# : #"{"area":[0,50]}"#), 1, 'system',
                        \(at), \(at), \(at), 'closed')
                    """)
                try db.run(
                    """
                    INSERT INTO match_feedback (organization_id, match_id, answer, at)
                    VALUES (\(organization), \(id), \(isGood ? "yes" : "no"), \(at))
                    """)
            }
            db.record(Event(.signedIn))
        }
    }

    private func hidden(_ name: String, in page: String) throws -> String {
        let pattern = try Regex("name=\"\(name)\" value=\"([^\"]*)\"")
        return String(try #require(page.firstMatch(of: pattern)?.output[1].substring))
    }

    @Test("Answers are counted until there are enough, and few are not counted out", arguments: TestEngine.available)
    func notEnough(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let path = "/programs/\(village.riverside.program)/ranking"
            try await village.browsing { browser in
                let none = try await browser(village.ana).get(path)
                #expect(none.status == .ok && none.text.contains("fewer than 11 of the 60 matches it takes"))
                #expect(none.text.contains("1,000 points") && !none.text.contains("Rank by the proposed points"))
            }
            // Not twelve: whoever looked before and after would know the last.
            try await lookBack(on: 12, in: village)
            try await village.browsing { browser in
                let some = try await browser(village.sam).get(path)
                #expect(some.text.contains("11 of the 60 matches it takes"))
                let answer = try await browser(village.sam).post(
                    path, ["version": "1", "points": "320-170-100-80-0-120-120-80-10"])
                #expect(answer.status == .conflict, "no weights but those that follow from the answers")
                #expect(try await browser(village.ben).get(path).status == .forbidden)
                #expect(try await browser(village.ada).get(path).status == .forbidden)
                #expect(try await browser(village.hillside.coordinator).get(path).status == .notFound)
                #expect(try await browser(village.riverside.otherCoordinator).get(path).status == .notFound)
                #expect(try await browser(village.ana).get("/ranking").location == path)
            }
        }
    }

    @Test(
        "What the answers say is proposed with whom it would touch, approved by a person, and taken back by one",
        arguments: TestEngine.available)
    func approval(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben, .usual(limit: 0))
            for name in ["Near One", "Near Two", "Near Three"] {
                _ = try await village.addSupporter(name, .usual(formats: [.inPerson, .phone]))
            }
            var far = Supporter.Profile.usual(formats: [.inPerson, .phone])
            (far.areas, far.hours) = ([], [WeekHours(weekday: 0, from: 9, to: 14)])
            let farther = try await village.addSupporter("Farther Away", far)
            var wishes = Wishes.about("sleep")
            wishes.area = "North"
            let referral = try await village.readyReferral(wishes: wishes)
            try await lookBack(on: 132, in: village)
            let path = "/programs/\(village.riverside.program)/ranking"

            try await village.browsing { browser in
                let first = try await village.suggestions(for: referral)
                #expect(!first.best.contains { $0.supporter.person == farther })
                let page = try await browser(village.ana).get(path).text
                #expect(village.ledger.last <= 10)
                #expect(page.contains("Matches with more of it went less well"))
                #expect(page.contains("1 of 1 people who are to be matched now would be shown other supporters"))
                #expect(page.contains("Nora North") && page.contains("/referrals/\(referral.id)"))
                #expect(!page.contains("Farther Away"), "not who: it may be for what they show to nobody")
                let (version, points) = (try hidden("version", in: page), try hidden("points", in: page))
                #expect(version == "1" && points.split(separator: "-").compactMap { Int($0) }.reduce(0, +) == 1_000)
                #expect(points.split(separator: "-")[4] == "10", "something is left to learn from")
                #expect(points.hasSuffix("-80-10"), "what is there for supporters stays")
                let form = ["version": version, "points": points]
                #expect(try await browser(village.ana).post(path, form).status == .seeOther)
                #expect(try await browser(village.ana).post(path, form).status == .seeOther, "sent twice")
                let after = try await browser(village.sam).get(path).text
                #expect(after.contains("Version 2: approved by Ana Alvarez on"))
                #expect(after.contains("from answers about 132 matches"))
            }
            let now = try await village.suggestions(for: referral)
            #expect(now.best.contains { $0.supporter.person == farther })
            let match = try await village.propose(farther, for: referral)
            #expect(match.weightsVersion == 2)
            let report = try await village.platform.store.read {
                try $0.value("SELECT report ->> 'area' FROM match_weights", as: String.self)
            }
            #expect(report?.contains("against") == true)

            try await village.browsing { browser in
                for huge in ["9223372036854775807", "-9223372036854775808", "0"] {
                    for form in [["version": huge, "points": "0-0"], ["version": huge, "to": "1"]] {
                        let answer = try await browser(village.sam).post(
                            form["to"] == nil ? path : "\(path)/return", form)
                        #expect(answer.status == .unprocessableContent || answer.status == .badRequest, "\(huge)")
                    }
                }
                let stale = try await browser(village.sam).post("\(path)/return", ["version": "1", "to": "1"])
                #expect(stale.status == .conflict)
                let gone = try await browser(village.sam).post("\(path)/return", ["version": "2", "to": "9"])
                #expect(gone.status == .notFound)
                let back = try await browser(village.sam).post("\(path)/return", ["version": "2", "to": "1"])
                #expect(back.status == .seeOther)
                let page = try await browser(village.ana).get(path).text
                #expect(page.contains("Version 3: Sam Sato went back to version 1 on"))
            }
            let other = try await village.readyReferral(named: "Otto Oak", wishes: wishes)
            let last = try await village.suggestions(for: other)
            #expect(!last.best.contains { $0.supporter.person == farther })
        }
    }

    @Test(
        "A supporter is asked once in a long match and once after it, and may rather not say",
        arguments: TestEngine.available)
    func lookingBack(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let referral = try await village.readyReferral(of: village.cleo)
            let match = try await village.propose(village.ben.id, for: referral)
            for side in Match.Side.allCases { try await village.answer(.yes, to: match, for: side) }
            let (path, question) = ("/matches/\(match.id)/look-back", "Was this a good match for both of you")
            func today() async throws -> String {
                try await village.browsing { try await $0(village.ben).get("/today").text }
            }
            #expect(try await today().contains(question) == false)
            try await village.pass(days: 91)
            #expect(try await today().contains(question))
            try await village.browsing { browser async throws -> Void in
                #expect(try await browser(village.cleo).post(path, ["answer": "yes"]).status == .forbidden)
                #expect(try await browser(village.bao).post(path, ["answer": "yes"]).status == .notFound)
                #expect(try await browser(village.ben).post(path, ["answer": "skip"]).status == .seeOther)
            }
            #expect(try await today().contains(question) == false)
            try await village.pass(days: 1)
            try await village.write(asSystemOf: village.riverside) {
                try Match.load(match.id, of: $0.organization, in: $0).end(for: .away, in: $0)
            }
            #expect(try await today().contains(question))
            try await village.browsing { browser in
                #expect(try await browser(village.ben).post(path, ["answer": "partly"]).status == .seeOther)
                #expect(
                    try await browser(village.ben).post(path, ["answer": "no"]).status == .seeOther, "once is enough")
                for neighbor in [village.cleo, village.ana] {
                    let page = try await browser(neighbor).get("/matches/\(match.id)").text
                    #expect(!page.contains("Partly"))
                }
            }
            let kept = try await village.platform.store.read {
                try $0.values("SELECT answer FROM match_feedback", as: String?.self)
            }
            #expect(kept == ["partly"])
            #expect(try await today().contains(question) == false)
        }
    }

    enum Cause: CaseIterable {
        case death, consent, otherProgram
    }

    @Test(
        "Nobody is asked about somebody who died or takes part no more, or in a program they have left",
        arguments: TestEngine.available, Cause.allCases)
    func notAsked(engine: TestEngine, cause: Cause) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let referral = try await village.readyReferral(of: village.cleo)
            let match = try await village.propose(village.ben.id, for: referral)
            for side in Match.Side.allCases { try await village.answer(.yes, to: match, for: side) }
            try await village.pass(days: 91)
            func isAsked() async throws -> Bool {
                try await village.browsing { try await $0(village.ben).get("/today").text }
                    .contains("Was this a good match")
            }
            try #require(try await isAsked(), "premise: they would be asked")
            switch cause {
            case .death:
                let cleo = village.cleo.id
                try await village.write(asSystemOf: village.riverside) { db in
                    try db.run("UPDATE person SET died_on = '2026-03-01' WHERE id = \(cleo)")
                    db.record(Event(.personChanged))
                }
            case .consent: try await village.withdrawConsent(of: referral)
            case .otherProgram:
                let (ben, house) = (village.ben.id, village.riverside)
                try await village.write(asSystemOf: house) { db in
                    try Person.give(.supporter, in: house.otherProgram, to: ben, of: db.organization, in: db)
                    try Person.end(.supporter, in: house.program, of: ben, in: db)
                }
            }
            #expect(try await isAsked() == false)
        }
    }

    @Test(
        "A proposal keeps all parts of its points as numbers, those with nothing as well",
        arguments: TestEngine.available)
    func parts(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(
                village.ben, .usual(statements: [.init("sleep", .lived, shownTo: .nobody)]))
            let match = try await village.propose(
                village.ben.id, for: try await village.readyReferral(of: village.cleo))
            let stored = try await village.platform.store.read {
                try $0.value("SELECT parts ->> 'experience' FROM match", as: String.self)
            }
            #expect(stored?.filter { $0 != " " } == "[320,320]")
            for neighbor in [village.ana, village.cleo] {
                let page = try await village.browsing { try await $0(neighbor).get("/matches/\(match.id)").text }
                #expect(!page.contains("320"))
            }
        }
    }
}
