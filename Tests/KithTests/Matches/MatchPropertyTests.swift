import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Random programs")
struct MatchPropertyTests {
    private enum Act: CaseIterable {
        case proposeBest, proposeBest2, proposeAnybody, answer, answer2, answer3, pause, resume, end, wait, consent
        case close, narrow
    }

    /// A program with 40 supporters and 25 people, and the dice that drive it.
    private struct Game {
        let village: Village
        var random: SeededGenerator
        var supporters: [Person.ID] = []
        var referrals: [Referral] = []
        /// How often each thing happened, so that a test that does nothing cannot pass.
        var happened: [String: Int] = [:]

        mutating func pick<T>(_ all: [T]) -> T { all[Int.random(in: 0..<all.count, using: &random)] }
        mutating func some<T>(_ all: [T], atLeast least: Int = 0) -> [T] {
            Array(all.shuffled(using: &random).prefix(Int.random(in: least...all.count, using: &random)))
        }
        mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
        mutating func note(_ what: String) { happened[what, default: 0] += 1 }
    }

    private static let languages = ["en", "es", "so"]
    private static let topics = ["sleep", "grief", "feeding", "work"]
    private static let areas = ["North", "East", "South"]

    @Test(
        "No proposal breaks a rule, no limit is passed, a no is final, a pause is kept, nothing is forgotten",
        arguments: TestEngine.available, [UInt64(11), 12, 13])
    func anyOrder(engine: TestEngine, seed: UInt64) async throws {
        try await withVillage(engine, seed: seed) { village in
            var game = Game(village: village, random: SeededGenerator(seed: seed))
            for number in 0..<40 { game.supporters.append(try await addSupporter(number, &game)) }
            for number in 0..<25 { game.referrals.append(try await addReferral(number, &game)) }
            for step in 0..<260 {
                if game.chance(10) { try await village.pass(days: Int.random(in: 1...6, using: &game.random)) }
                let act = game.pick(Act.allCases)
                try await perform(act, &game, "seed \(seed), step \(step), \(act)")
                if step % 20 == 0 {
                    #expect(try await village.orphans() == [], "seed \(seed), step \(step), \(act)")
                }
            }
            #expect(try await village.orphans() == [], "seed \(seed), at the end")
            for what in ["proposed", "refused", "yes", "no", "active", "paused", "suggested"] {
                #expect(game.happened[what, default: 0] > 0, "seed \(seed): never \(what)")
            }
        }
    }

    private func perform(_ act: Act, _ game: inout Game, _ place: String) async throws {
        let village = game.village
        switch act {
        case .proposeBest, .proposeBest2: try await proposeBest(&game, place)
        case .proposeAnybody:
            let (referral, supporter) = (game.pick(game.referrals), game.pick(game.supporters))
            try await propose(supporter, referral, &game, place, mustWork: false)
        case .answer, .answer2, .answer3: try await answer(&game)
        case .pause:
            let supporter = game.pick(game.supporters)
            let day =
                game.chance(60) ? Day(daysSince1970: dayNow(village) + Int.random(in: 1...9, using: &game.random)) : nil
            try await setPause(of: supporter, until: day, in: village)
            game.note("paused")
        case .resume: try await endPause(of: game.pick(game.supporters), in: village)
        case .end:
            guard let match = try await open(village, "status IN ('proposed', 'active')", &game) else { return }
            let reason = game.chance(50) ? Match.EndReason.asked : .away
            try await village.write(asSystemOf: village.riverside) { db in
                try Match.load(match, of: db.organization, in: db).end(for: reason, in: db)
            }
        case .wait:
            let referral = try await village.now(game.pick(game.referrals))
            if referral.queue == .matching {
                try await village.write(as: village.ana) { try Match.wait(referral, in: $0) }
            }
        case .consent:
            let referral = game.pick(game.referrals)
            try await village.withdrawConsent(of: referral)
            if game.chance(80) {
                try await village.write(asSystemOf: village.riverside) {
                    try consent(of: referral.person, in: referral.program, $0)
                }
            }
        case .close:
            guard game.chance(30) else { return }
            let referral = try await village.now(game.pick(game.referrals))
            guard referral.isOpen else { return }
            try await village.write(as: village.ana) { db in
                try Referral.find(referral.id, in: db).close(as: "moved-on", word: nil, in: db)
            }
            game.referrals.append(try await addReferral(100 + game.referrals.count, &game))
        case .narrow:
            // A person sees a supporter less often, by saying no less kindly than with words: a smaller week.
            let supporter = game.pick(game.supporters)
            try await village.write(asSystemOf: village.riverside) { db in
                try db.run("DELETE FROM supporter_hours WHERE person_id = \(supporter) AND weekday < 3")
                db.record(Event(.supporterChanged, about: supporter))
            }
        }
    }

    private func proposeBest(_ game: inout Game, _ place: String) async throws {
        let village = game.village
        let referral = try await village.now(game.pick(game.referrals))
        guard referral.queue == .matching || referral.queue == .waiting else { return }
        let suggestions = try await village.suggestions(for: referral)
        #expect(suggestions.best.count == min(3, suggestions.eligibleCount), "\(place)")
        #expect(suggestions.best.map(\.points) == suggestions.best.map(\.points).sorted(by: >), "\(place)")
        #expect(suggestions.excluded.allSatisfy { !$0.obstacles.isEmpty }, "\(place)")
        for suggestion in suggestions.best {
            game.note("suggested")
            #expect(suggestion.supporter.pause == nil, "\(place): somebody on a pause is suggested")
            #expect(!suggestion.supporter.isFull, "\(place): somebody without room is suggested")
        }
        // Every verdict is the one of the plain rules.
        let (eligible, all) = (Set(suggestions.best.map(\.supporter.person)), game.supporters)
        let excluded = Set(suggestions.excluded.map(\.supporter.person))
        let allowed = try await village.write(asSystemOf: village.riverside) { db in
            Set(try all.filter { try PlainMatchRules.allow($0, for: referral, in: db) })
        }
        #expect(eligible.isSubset(of: allowed), "\(place)")
        #expect(allowed.count == suggestions.eligibleCount, "\(place)")
        #expect(excluded.isDisjoint(with: allowed), "\(place)")
        if let first = suggestions.best.first {
            try await propose(first.supporter.person, referral, &game, place, mustWork: true)
        }
    }

    private func propose(
        _ supporter: Person.ID, _ referral: Referral, _ game: inout Game, _ place: String, mustWork: Bool
    ) async throws {
        let village = game.village
        let (allowed, works) = try await village.write(as: village.ana) { db in
            let now = try Referral.find(referral.id, in: db)
            let allowed =
                try PlainMatchRules.allow(supporter, for: now, in: db)
                && (now.queue == .matching || now.queue == .waiting)
                && Consent.stands(.takePart, for: now.person, in: now.program, of: now.organization, db: db)
            do {
                try Match.propose(supporter, for: now, in: db)
                return (allowed, true)
            } catch is Problem {
                return (allowed, false)
            }
        }
        #expect(allowed == works, "\(place): the rules say \(allowed), the product did \(works)")
        if mustWork { #expect(works, "\(place)") }
        game.note(works ? "proposed" : "refused")
    }

    private func answer(_ game: inout Game) async throws {
        let village = game.village
        guard let id = try await open(village, "status = 'proposed'", &game) else { return }
        let (side, answer) = (game.pick(Match.Side.allCases), game.chance(70) ? Match.Answer.yes : .no)
        let status = try await village.write(asSystemOf: village.riverside) { db in
            try Match.load(id, of: db.organization, in: db).answer(answer, for: side, in: db)
            return try Match.load(id, of: db.organization, in: db).status
        }
        game.note(answer.rawValue)
        game.note(status.rawValue)
    }

    private func open(_ village: Village, _ condition: SQL, _ game: inout Game) async throws -> Match.ID? {
        let open = try await village.write(asSystemOf: village.riverside) { db in
            try db.values("SELECT id FROM match WHERE \(condition) ORDER BY id", as: Match.ID.self)
        }
        return open.isEmpty ? nil : game.pick(open)
    }

    private func dayNow(_ village: Village) -> Int { Int(village.clock.now.milliseconds / 86_400_000) }

    /// As `Supporter.pause` writes it, for somebody who does not sign in.
    private func setPause(of supporter: Person.ID, until day: Day?, in village: Village) async throws {
        try await endPause(of: supporter, in: village)
        let id = village.platform.world.newIdentifier()
        try await village.write(asSystemOf: village.riverside) { db in
            try db.run(
                """
                INSERT INTO supporter_pause (organization_id, id, person_id, since, returns_on)
                VALUES (\(db.organization), \(id), \(supporter), \(db.now), \(day))
                """)
            db.record(Event(.supporterPaused, about: supporter))
        }
    }

    private func endPause(of supporter: Person.ID, in village: Village) async throws {
        try await village.write(asSystemOf: village.riverside) { db in
            try db.run(
                "UPDATE supporter_pause SET ended_at = \(db.now) WHERE person_id = \(supporter) AND ended_at IS NULL")
            db.record(Event(.supporterResumed, about: supporter))
        }
    }

    private func addSupporter(_ number: Int, _ game: inout Game) async throws -> Person.ID {
        var profile = Supporter.Profile(
            introduction: "Hello", limit: Int.random(in: 0...3, using: &game.random),
            formats: game.some(Format.allCases, atLeast: 1), areas: game.some(Self.areas),
            languages: game.some(Self.languages, atLeast: 1), hours: hours(&game))
        for topic in game.some(Self.topics) {
            profile.statements.append(
                .init(
                    topic, game.chance(80) ? .lived : .notTaken,
                    shownTo: game.pick(Supporter.Statement.Audience.allCases)))
        }
        let (chosen, draft) = (profile, person("Supporter \(number)", &game))
        let (village, program) = (game.village, game.village.riverside.program)
        return try await village.write(asSystemOf: village.riverside) { db in
            let person = try Person.add(draft, to: db.organization, in: db)
            try Person.give(.supporter, in: program, to: person, of: db.organization, in: db)
            try Supporter.enroll(person, chosen, in: db)
            return person
        }
    }

    private func addReferral(_ number: Int, _ game: inout Game) async throws -> Referral {
        var wishes = Wishes()
        wishes.languages = game.some(Self.languages)
        wishes.formats = game.some(Format.allCases)
        wishes.area = game.chance(50) ? game.pick(Self.areas) : nil
        wishes.hours = game.chance(50) ? hours(&game) : []
        wishes.topics = game.some(Self.topics)
        func wish() -> Wishes.Wish { .init(game.pick(Wishes.Wish.Kind.allCases), must: game.chance(25)) }
        (wishes.gender, wishes.age, wishes.culture) = (wish(), wish(), wish())
        let draft = person("Person \(number)", &game)
        return try await game.village.readyReferral(of: draft, wishes: wishes)
    }

    private func person(_ name: String, _ game: inout Game) -> PersonDraft {
        PersonDraft(
            name: name, language: game.pick(Self.languages),
            birthYear: game.chance(70) ? 1950 + 7 * Int.random(in: 0...6, using: &game.random) : nil,
            gender: game.chance(80) ? game.pick(["woman", "man", "nonbinary"]) : nil,
            culture: game.chance(50) ? game.pick(["a", "b"]) : nil, area: game.chance(60) ? game.pick(Self.areas) : nil)
    }

    private func hours(_ game: inout Game) -> [WeekHours] {
        game.some([0, 1, 2, 3, 4, 5, 6]).map { weekday in
            let from = Int.random(in: 7...20, using: &game.random)
            return WeekHours(weekday: weekday, from: from, to: from + Int.random(in: 1...3, using: &game.random))
        }
    }
}
