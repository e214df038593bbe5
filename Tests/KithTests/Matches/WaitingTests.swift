import HTTPTypes
import Kith
import KithTestSupport
import Matching
import Testing

@Suite("Waiting for a supporter")
struct WaitingTests {
    private func wait(_ village: Village, _ referral: Referral) async throws {
        try await village.write(as: village.ana) { try Match.wait(Referral.find(referral.id, in: $0), in: $0) }
    }

    private func place(_ village: Village, _ referral: Referral) async throws -> Waiting? {
        try await village.read(as: village.ana) { try Waiting.of(Referral.find(referral.id, in: $0), in: $0) }
    }

    @Test("Urgent comes first, then who has waited longest", arguments: TestEngine.available)
    func positions(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            var referrals: [Referral] = []
            for name in ["First", "Second", "Third"] {
                referrals.append(try await village.readyReferral(named: name))
                village.clock.advance(minutes: 1)
            }
            for index in [1, 0, 2] {
                try await wait(village, referrals[index])
                village.clock.advance(minutes: 1)
            }
            let urgent = try await village.readyReferral(named: "Urgent", isUrgent: true)
            try await wait(village, urgent)
            #expect(try await place(village, urgent)?.position == 1)
            #expect(try await place(village, referrals[1])?.position == 2)
            #expect(try await place(village, referrals[0])?.position == 3)
            #expect(try await place(village, referrals[2])?.position == 4)
            #expect(try await village.now(urgent).queue == .waiting)
            #expect(try await village.now(urgent).due == village.clock.now.adding(hours: 72))
        }
    }

    @Test("A proposal that comes to nothing costs nobody their place", arguments: TestEngine.available)
    func keepsPlace(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let first = try await village.readyReferral(named: "First")
            let second = try await village.readyReferral(named: "Second")
            try await wait(village, first)
            try await village.pass(days: 1)
            try await wait(village, second)
            try await village.enroll(village.ben)
            let match = try await village.propose(village.ben.id, for: try await village.now(first))
            #expect(try await place(village, first) == nil)
            #expect(try await place(village, second)?.position == 1)
            try await village.answer(.no, to: match, for: .supporter)
            try await village.pass(days: 1)
            try await wait(village, first)
            #expect(try await place(village, first)?.position == 1)
            #expect(try await place(village, second)?.position == 2)
            #expect(try await village.orphans() == [])
        }
    }

    @Test("A young program says that it cannot say", arguments: TestEngine.available)
    func notEnough(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.readyReferral()
            try await wait(village, referral)
            #expect(try await place(village, referral)?.estimate == .notEnoughData(places: 0, weeks: 0))
        }
    }

    @Test("The estimate follows from the places that came free in each full week", arguments: TestEngine.available)
    func estimate(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.pass(days: 70)
            // By weeks before the end: new supporters with two places each, and one match that ended.
            var (expected, week) = ([Int](repeating: 0, count: 12), 9)
            for next in [7, 5, 2, 0] {
                let supporter = try await village.addSupporter("Supporter \(week)", .usual(limit: 2))
                expected[week] += 2
                if week == 5 {
                    let match = try await village.propose(supporter, for: try await village.readyReferral())
                    for side in Match.Side.allCases { try await village.answer(.yes, to: match, for: side) }
                    try await village.write(as: village.ana) { try Match.find(match.id, in: $0).end(in: $0) }
                    expected[week] += 1
                }
                try await village.pass(days: 7 * (week - next))
                week = next
            }
            try await village.pass(days: 3)
            let referral = try await village.readyReferral(named: "Waits")
            try await wait(village, referral)
            let found = try #require(try await place(village, referral))
            #expect(found.position == 1)
            #expect(found.estimate == WaitEstimate(position: 1, freedPerWeek: expected))
            let isKnown = if case .days = found.estimate { true } else { false }
            #expect(isKnown, "premise: enough is known for a range")
        }
    }

    @Test("Only places this person could have taken count", arguments: TestEngine.available)
    func placesForThem(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.pass(days: 70)
            _ = try await village.addSupporter("Speaks English", .usual(limit: 4))
            let both = try await village.addSupporter("In two programs", .usual(limit: 2))
            let otherProgram = village.riverside.otherProgram
            try await village.write(asSystemOf: village.riverside) { db in
                try Person.give(.supporter, in: otherProgram, to: both, of: db.organization, in: db)
            }
            try await village.pass(days: 3)
            // The premise: to somebody who speaks English these places count, and half of those shared by two programs.
            let english = try await village.readyReferral(named: "English")
            try await wait(village, english)
            let known = try #require(try await place(village, english))
            #expect(known.estimate == WaitEstimate(position: 1, freedPerWeek: [5] + [Int](repeating: 0, count: 9)))
            #expect(!known.nobodyFits)
            let somali = try await village.readyReferral(named: "Somali", wishes: .about("sleep", languages: ["so"]))
            try await wait(village, somali)
            let unknown = try #require(try await place(village, somali))
            #expect(unknown.estimate == .notEnoughData(places: 0, weeks: 10))
            #expect(unknown.nobodyFits)
            // Somebody full is somebody still.
            let full = try await village.addSupporter("Full", .usual(limit: 1, languages: ["so"]))
            let first = try await village.readyReferral(named: "First", wishes: .about("sleep", languages: ["so"]))
            _ = try await village.propose(full, for: first)
            #expect(try await place(village, somali)?.nobodyFits == false)
        }
    }

    @Test(
        "A match that ended because its supporter cannot go on frees no place",
        arguments: TestEngine.available, [Match.EndReason.asked, .away])
    func awayFreesNothing(engine: TestEngine, reason: Match.EndReason) async throws {
        try await withVillage(engine) { village in
            try await village.pass(days: 70)
            let supporter = try await village.addSupporter("Supporter", .usual(limit: 2))
            let match = try await village.propose(supporter, for: try await village.readyReferral())
            for side in Match.Side.allCases { try await village.answer(.yes, to: match, for: side) }
            try await village.write(as: village.ana) { try Match.find(match.id, in: $0).end(for: reason, in: $0) }
            try await village.pass(days: 3)
            let referral = try await village.readyReferral(named: "Waits")
            try await wait(village, referral)
            let places = reason == .away ? 2 : 3
            #expect(
                try await place(village, referral)?.estimate
                    == WaitEstimate(position: 1, freedPerWeek: [places] + [Int](repeating: 0, count: 9)))
        }
    }

    @Test(
        "Whoever had a supporter since, or took consent back, waits anew", arguments: TestEngine.available,
        [true, false])
    func waitsAnew(engine: TestEngine, wasSupported: Bool) async throws {
        try await withVillage(engine) { village in
            let (first, second) = (
                try await village.readyReferral(named: "First"), try await village.readyReferral(named: "Second")
            )
            try await wait(village, first)
            try await village.pass(days: 1)
            try await wait(village, second)
            #expect(try await place(village, first)?.position == 1)
            if wasSupported {
                try await village.enroll(village.ben)
                let match = try await village.propose(village.ben.id, for: try await village.now(first))
                for side in Match.Side.allCases { try await village.answer(.yes, to: match, for: side) }
                try await village.pass(days: 300)
                try await village.write(as: village.ana) { try Match.find(match.id, in: $0).end(for: .away, in: $0) }
            } else {
                try await village.pass(days: 1)
                try await village.withdrawConsent(of: first)
                try await village.write(asSystemOf: village.riverside) {
                    try consent(of: first.person, in: first.program, $0)
                }
            }
            try await wait(village, first)
            #expect(try await place(village, second)?.position == 1)
            #expect(try await place(village, first)?.position == 2)
            #expect(try await place(village, first)?.since == village.clock.now)
        }
    }

    @Test(
        "Whoever waits reads their place and an honest word, at home and without an account",
        arguments: TestEngine.available)
    func told(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let urgent = try await village.readyReferral(named: "Urgent", isUrgent: true)
            let referral = try await village.readyReferral(of: village.cleo)
            try await wait(village, referral)
            try await village.pass(days: 1)
            try await wait(village, urgent)
            let pages = try await village.browsing { browser in
                let door = try await browser(nil).post(
                    "/progress", ["reference": referral.reference, "pin": referral.pin(in: village.platform.world)])
                return [
                    try await browser(village.cleo).get("/home").text,
                    try await browser(nil).get(door.location ?? "").text
                ]
            }
            for page in pages {
                #expect(page.contains("You are number 2 in line."))
                #expect(page.contains("We cannot say yet how long this takes."))
            }
        }
    }

    @Test("Leaving the program leaves the line", arguments: TestEngine.available)
    func leaves(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.readyReferral()
            try await wait(village, referral)
            try await village.withdrawConsent(of: referral)
            #expect(try await place(village, referral) == nil)
            #expect(try await village.now(referral).queue == .consent)
            #expect(try await village.orphans() == [])
        }
    }

    @Test("Only what is to be matched can wait", arguments: TestEngine.available)
    func onlyMatching(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.readyReferral()
            try await wait(village, referral)
            await #expect(throws: Problem.conflict("referral.not-now")) { try await wait(village, referral) }
        }
    }

    @Test("Looking again in vain starts the clock anew and keeps the place in line", arguments: TestEngine.available)
    func goesOnWaiting(_ engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.readyReferral()
            await #expect(throws: Problem.conflict("referral.not-now")) {
                try await village.write(as: village.ana) {
                    try Match.goOnWaiting(Referral.find(referral.id, in: $0), in: $0)
                }
            }
            try await wait(village, referral)
            let since = try #require(try await place(village, referral)).since
            village.clock.advance(days: 8)
            let late = try await village.read(as: village.ana) { try Referral.find(referral.id, in: $0).due }
            #expect(try #require(late) < village.clock.now)
            try await village.browsing { browser in
                let answer = try await browser(village.ana).post("/referrals/\(referral.id)/waiting")
                #expect(answer.status == .seeOther)
                #expect(
                    try await browser(village.hillside.coordinator).post("/referrals/\(referral.id)/waiting").status
                        == .notFound)
            }
            let due = try await village.read(as: village.ana) { try Referral.find(referral.id, in: $0).due }
            #expect(try #require(due) > village.clock.now.adding(days: 6))
            #expect(try #require(try await place(village, referral)).since == since)
        }
    }
}
