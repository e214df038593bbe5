import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Whom to ask")
struct SuggestionTests {
    private func names(_ suggestions: Suggestions) -> [String] { suggestions.best.map(\.supporter.name) }

    @Test("The best three come with reasons, everybody else with a reason against", arguments: TestEngine.available)
    func reasons(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let lived = Supporter.Profile.usual(statements: [.init("sleep", .lived, shownTo: .anyone)])
            _ = try await village.addSupporter("Lived It", lived)
            for name in ["Plain One", "Plain Two", "Plain Three"] { _ = try await village.addSupporter(name) }
            _ = try await village.addSupporter("Only Somali", .usual(languages: ["so"]))
            _ = try await village.addSupporter("No Room", .usual(limit: 0))
            let referral = try await village.readyReferral()
            let suggestions = try await village.suggestions(for: referral)
            #expect(suggestions.best.count == 3)
            #expect(names(suggestions).first == "Lived It")
            #expect(suggestions.best[0].reasons.first?.kind == .experience)
            #expect(suggestions.best[0].reasons.first?.codes == ["sleep"])
            #expect(suggestions.eligibleCount == 4)
            let obstacles = Dictionary(
                uniqueKeysWithValues: suggestions.excluded.map { ($0.supporter.name, $0.obstacles) })
            #expect(obstacles["Only Somali"] == [.noCommonLanguage(spoken: ["so"])])
            #expect(obstacles["No Room"] == [.full(load: 0, limit: 0)])
            #expect(suggestions.eligibleCount + suggestions.excluded.count == 6)
        }
    }

    @Test("Someone different from me counts as much as someone like me", arguments: TestEngine.available, [true, false])
    func different(engine: TestEngine, wantsDifferent: Bool) async throws {
        try await withVillage(engine) { village in
            _ = try await village.addSupporter("Woman", gender: "Woman")
            _ = try await village.addSupporter("Man", gender: "man")
            var wishes = Wishes.about("sleep")
            wishes.gender = .init(wantsDifferent ? .different : .same)
            let referral = try await village.readyReferral(wishes: wishes, gender: "woman ")
            let suggestions = try await village.suggestions(for: referral)
            #expect(names(suggestions) == (wantsDifferent ? ["Man", "Woman"] : ["Woman", "Man"]))
            #expect(
                suggestions.best[0].reasons.first { $0.kind == .wishes }?.codes
                    == [wantsDifferent ? "gender.different" : "gender.same"])
            let gain = suggestions.best[0].points - suggestions.best[1].points
            #expect(gain == 120, "the same number of points either way")
        }
    }

    @Test("A must excludes, also whoever has not told", arguments: TestEngine.available)
    func must(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await village.addSupporter("Woman", gender: "woman")
            _ = try await village.addSupporter("Man", gender: "man")
            _ = try await village.addSupporter("Untold")
            var wishes = Wishes.about("sleep")
            wishes.gender = .init(.same, must: true)
            let referral = try await village.readyReferral(wishes: wishes, gender: "woman")
            let suggestions = try await village.suggestions(for: referral)
            #expect(names(suggestions) == ["Woman"])
            let obstacles = Dictionary(
                uniqueKeysWithValues: suggestions.excluded.map { ($0.supporter.name, $0.obstacles) })
            #expect(obstacles["Man"] == [.wishNotMet(.gender, known: true)])
            #expect(obstacles["Untold"] == [.wishNotMet(.gender, known: false)])
        }
    }

    @Test("Age is compared by the years between, not by calendar decade", arguments: TestEngine.available)
    func age(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await village.addSupporter("Born 1980", birthYear: 1980)
            _ = try await village.addSupporter("Born 1990", birthYear: 1990)
            _ = try await village.addSupporter("Born 2001", birthYear: 2001)
            var wishes = Wishes.about("sleep")
            wishes.age = .init(.same, must: true)
            let same = try await village.readyReferral(named: "Same", wishes: wishes, birthYear: 1989)
            #expect(Set(names(try await village.suggestions(for: same))) == ["Born 1980", "Born 1990"])
            wishes.age = .init(.different, must: true)
            let different = try await village.readyReferral(named: "Different", wishes: wishes, birthYear: 1989)
            #expect(names(try await village.suggestions(for: different)) == ["Born 2001"])
        }
    }

    @Test(
        "Whoever has the role but no profile is named among those who cannot be asked", arguments: TestEngine.available)
    func withoutProfile(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let referral = try await village.readyReferral()
            let suggestions = try await village.suggestions(for: referral)
            #expect(suggestions.withoutProfile.map(\.name) == ["Bao Binh"])
            let page = try await village.browsing {
                try await $0(village.ana).get("/referrals/\(referral.id)/matching")
            }
            #expect(page.text.contains("Bao Binh"))
            #expect(page.text.contains("Has not filled in a profile yet"))
            #expect(page.text.contains("1 of 2 supporters can be asked"))
        }
    }

    @Test(
        "A language with a region is still that language; without a wish the person's own counts",
        arguments: TestEngine.available)
    func languages(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await village.addSupporter("Spanish", .usual(languages: ["es"]))
            _ = try await village.addSupporter("English", .usual(languages: ["en-US"]))
            let spanish = try await village.readyReferral(wishes: .about("sleep", languages: ["es-MX"]))
            #expect(names(try await village.suggestions(for: spanish)) == ["Spanish"])
            var silent = Wishes()
            silent.topics = ["sleep"]
            let english = try await village.readyReferral(named: "Nils Nord", wishes: silent)
            #expect(names(try await village.suggestions(for: english)) == ["English"])
        }
    }

    @Test("Somebody on a pause is not suggested, and is from the day of return on", arguments: TestEngine.available)
    func paused(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let (referral, back) = (try await village.readyReferral(), Day("2026-03-05"))
            #expect(names(try await village.suggestions(for: referral)) == ["Ben Boateng"])
            try await village.write(as: village.ben) { try Supporter.pause(returnsOn: back, in: $0) }
            let paused = try await village.suggestions(for: referral)
            #expect(paused.best.isEmpty)
            #expect(paused.excluded.map(\.obstacles) == [[.away(until: back)]])
            await #expect(throws: Problem.conflict("match.not-possible")) {
                _ = try await village.propose(village.ben.id, for: referral)
            }
            try await village.pass(days: 3)
            #expect(names(try await village.suggestions(for: referral)) == ["Ben Boateng"])
        }
    }

    @Test("What a supporter does not take on excludes them without a name for it", arguments: TestEngine.available)
    func boundary(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(
                village.ben, .usual(statements: [.init("grief", .notTaken, shownTo: .nobody)]))
            let referral = try await village.readyReferral(wishes: .about("sleep", "grief"))
            let suggestions = try await village.suggestions(for: referral)
            #expect(suggestions.excluded.map(\.obstacles) == [[.topicNotTaken]])
            #expect(suggestions.excluded.first?.supporter.profile.statements.first?.name == nil)
        }
    }

    @Test(
        "Whoever was left for somebody new is not suggested again before there was somebody else",
        arguments: TestEngine.available)
    func somebodyNew(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            try await village.enroll(village.bao)
            let (cleo, match) = try await village.supported(by: village.ben.id, "Clara Cruz")
            try await village.pause(village.ben, for: 5)
            try await village.choose(.new, for: match, as: cleo)
            try await village.write(as: village.ben) { try Supporter.resume(in: $0) }
            let referral = try await village.now(
                try await village.read(as: village.ana) { try Referral.find(match.referral, in: $0) })
            #expect(names(try await village.suggestions(for: referral)) == ["Bao Binh"])
            let other = try await village.matched(village.bao.id, to: referral)
            try await village.write(as: village.ana) {
                try Match.find(other.id, in: $0).end(for: .away, in: $0)
            }
            let later = try await village.now(referral)
            #expect(Set(names(try await village.suggestions(for: later))) == ["Bao Binh", "Ben Boateng"])
        }
    }

    @Test("Whoever supported somebody before comes first when they come back", arguments: TestEngine.available)
    func continuity(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let first = try await village.readyReferral(of: village.cleo)
            let match = try await village.propose(village.ben.id, for: first)
            for side in Match.Side.allCases { try await village.answer(.yes, to: match, for: side) }
            try await village.write(as: village.ana) { db in
                try Referral.find(first.id, in: db).close(as: "goals-met", word: nil, in: db)
            }
            #expect(try await village.now(match).status == .ended)
            _ = try await village.addSupporter("Somebody New")
            let second = try await village.readyReferral(of: village.cleo)
            let best = try await village.suggestions(for: second).best
            #expect(best.first?.supporter.person == village.ben.id)
            #expect(best.first?.reasons.contains { $0.kind == .continuity } == true)
        }
    }

    @Test("Nobody is suggested to themselves or to somebody they care for", arguments: TestEngine.available)
    func apart(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            try await village.enroll(village.bao)
            let (ben, bao, cleo) = (village.ben.id, village.bao.id, village.cleo.id)
            let referral = try await village.readyReferral(of: village.cleo)
            #expect(try await village.suggestions(for: referral).eligibleCount == 2)
            try await village.write(asSystemOf: village.riverside) { db in
                try Person.link(caregiver: bao, caringFor: cleo, as: "spouse", of: db.organization, in: db)
            }
            let suggestions = try await village.suggestions(for: referral)
            #expect(suggestions.best.map(\.supporter.person) == [ben])
            #expect(suggestions.excluded.map(\.obstacles) == [[.notForThisPerson]])
            let own = try await village.readyReferral(of: village.ben)
            #expect(try await village.suggestions(for: own).best.map(\.supporter.person) == [bao])
        }
    }
}
