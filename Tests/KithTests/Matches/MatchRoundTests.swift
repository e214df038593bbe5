import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

/// Everybody who waits looked at together, as a coordinator does it.
@Suite("Rounds of a whole waiting list")
struct MatchRoundTests {
    @Test(
        "Who could be with one only gets that one, and the other takes whom else they can",
        arguments: TestEngine.available)
    func together(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let both = try await village.addSupporter("Speaks Both", .usual(limit: 1, languages: ["en", "so"]))
            _ = try await village.addSupporter("Speaks English", .usual(limit: 1))
            // Who came first would take the one whom the other needs: she has lived through it.
            try await village.write(asSystemOf: village.riverside) { db in
                try db.run(
                    """
                    INSERT INTO supporter_topic (organization_id, person_id, topic, stance, shown_to)
                    VALUES (\(db.organization), \(both), 'sleep', 'lived', 'anyone')
                    """)
                db.record(Event(.supporterChanged))
            }
            let first = try await village.readyReferral(named: "Came First")
            let somali = try await village.readyReferral(
                named: "Somali Only", wishes: .about("sleep", languages: ["so"]))
            _ = try await village.readyReferral(named: "Third", wishes: .about("sleep", languages: ["vi"]))
            let alone = try await village.suggestions(for: first)
            #expect(alone.best.first?.supporter.name == "Speaks Both", "premise: alone she would be the best")
            try await village.browsing { browser in
                let ana = browser(village.ana)
                let page = try await ana.get("/rounds").text
                #expect(page.contains("3 people and 2 supporters were looked at together"))
                #expect(page.contains("Number 2 of 2 who can be asked"))
                #expect(page.contains("Has lived through: Sleep"))
                #expect(page.contains("Without a suggestion (1)"))
                #expect(page.contains("Nobody here fits, even with room"))
                let chosen = page.proposals()
                #expect(chosen.count == 2)
                #expect(chosen["propose-\(somali.id)"] == both.text)
                let done = try await ana.post("/rounds", chosen)
                #expect(done.status == .seeOther)
                #expect(try await ana.get(done.location ?? "").text.contains("2 pairs were asked."))
                // Once more is a second click.
                let again = try await ana.post("/rounds", chosen)
                #expect(again.location == "/rounds?made=2&missed=0")
            }
            #expect(try await village.now(somali).queue == .answers)
            let proposed = try await village.read(as: village.ana) { try Match.proposed(to: both, in: $0) }
            #expect(proposed.map(\.referral) == [somali.id])
            #expect(try await village.orphans().isEmpty)
        }
    }

    @Test("What has become impossible is passed over and said; the rest is made", arguments: TestEngine.available)
    func stale(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            _ = try await village.addSupporter("Other Supporter")
            let (one, other) = (
                try await village.readyReferral(named: "One"), try await village.readyReferral(named: "Other")
            )
            try await village.browsing { browser in
                let ana = browser(village.ana)
                let chosen = [
                    "propose-\(one.id)": village.ben.id.text, "propose-\(other.id)": village.ben.id.text,
                    "program": village.riverside.program.text
                ]
                try await village.withdrawConsent(of: one)
                let done = try await ana.post("/rounds", chosen)
                #expect(done.location == "/rounds?program=\(village.riverside.program)&made=1&missed=1")
                let page = try await ana.get(done.location ?? "").text
                #expect(page.contains("1 pair was asked."))
                #expect(page.contains("1 suggestion was not possible any more."))
            }
            #expect(try await village.now(other).queue == .answers)
            #expect(try await village.now(one).queue == .consent)
        }
    }

    @Test("Whoever has left meanwhile stops nobody else's proposal", arguments: TestEngine.available)
    func gone(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let gone = try await village.addSupporter("Gone")
            let (one, other) = (
                try await village.readyReferral(named: "One"), try await village.readyReferral(named: "Other")
            )
            try await village.write(asSystemOf: village.riverside) { [program = village.riverside.program] in
                try Person.end(.supporter, in: program, of: gone, in: $0)
            }
            let done = try await village.browsing { browser in
                try await browser(village.ana).post(
                    "/rounds", ["propose-\(one.id)": gone.text, "propose-\(other.id)": village.ben.id.text])
            }
            #expect(done.location == "/rounds?made=1&missed=1")
            #expect(try await village.now(one).queue == .matching)
            #expect(try await village.now(other).queue == .answers)
        }
    }

    @Test("What a supporter shows to nobody decides here too and is named nowhere", arguments: TestEngine.available)
    func hidden(engine: TestEngine) async throws {
        func round(_ audience: Supporter.Statement.Audience) async throws -> String {
            try await withVillage(engine) { village in
                _ = try await village.addSupporter("Plain Person")
                try await village.enroll(village.ben, .usual(statements: [.init("grief", .lived, shownTo: audience)]))
                _ = try await village.readyReferral(of: village.cleo, wishes: .about("grief"))
                return try await village.browsing { try await $0(village.ana).get("/rounds").text }
            }
        }
        let shown = try await round(.anyone)
        try #require(shown.contains("Grief"), "premise: what may be shown is shown")
        let hidden = try await round(.nobody)
        #expect(hidden.contains("Ben Boateng"))
        #expect(hidden.contains("Has a shared experience"))
        #expect(!hidden.lowercased().contains("grief"))
    }

    @Test("A round is a coordinator's, of their own program; its cost is fixed", arguments: TestEngine.available)
    func reach(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            for number in 0..<8 { _ = try await village.addSupporter("Supporter \(number)", .usual(limit: 1)) }
            let mine = try await village.readyReferral(named: "Person 0")
            for number in 1..<12 { _ = try await village.readyReferral(named: "Person \(number)") }
            try await village.browsing { browser in
                let ana = browser(village.ana)
                #expect(try await ana.get("/rounds").text.contains("Without a suggestion (4)"))
                #expect(village.ledger.last <= 7)
                for neighbor in [village.ben, village.cleo, village.dana] {
                    let (page, post) = (
                        try await browser(neighbor).get("/rounds"),
                        try await browser(neighbor).post("/rounds", ["propose-\(mine.id)": village.ben.id.text])
                    )
                    #expect(page.status != .ok && !page.text.contains("Person"))
                    #expect(post.status == .notFound || post.status == .forbidden)
                }
                #expect(try await ana.get("/rounds?program=\(village.hillside.program)").status == .notFound)
            }
            #expect(try await village.now(mine).queue == .matching)
        }
    }

    @Test(
        "Wanting less is said with whom it opens, and that it is the person's to decide",
        arguments: TestEngine.available)
    func openings(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await village.addSupporter("Only Man", gender: "man")
            var wishes = Wishes.about("sleep")
            wishes.gender = .init(.same, must: true)
            wishes.formats = [.inPerson]
            let referral = try await village.readyReferral(named: "Nora North", wishes: wishes, gender: "woman")
            #expect(try await village.suggestions(for: referral).openings.isEmpty, "two wishes are in the way")
            _ = try await village.addSupporter("On The Phone", gender: "woman")
            let suggestions = try await village.suggestions(for: referral)
            #expect(suggestions.best.isEmpty)
            #expect(suggestions.openings.map(\.wish) == ["formats"])
            #expect(suggestions.openings.map(\.count) == [1])
            #expect(suggestions.openings.first?.names == ["On The Phone"])
            let page = try await village.browsing { browser in
                try await browser(village.ana).get("/referrals/\(referral.id)/matching").text
            }
            #expect(page.contains("If every way to meet was fine: On The Phone"))
            #expect(page.contains("Ask Nora North first."))
        }
    }
}

extension String {
    /// The fields of a round's form, everything ticked.
    fileprivate func proposals() -> [String: String] {
        var fields: [String: String] = [:]
        for match in matches(of: /name="(propose-[0-9a-f-]+)" type="checkbox" value="([0-9a-f-]+)"/) {
            fields[String(match.output.1)] = String(match.output.2)
        }
        return fields
    }
}
