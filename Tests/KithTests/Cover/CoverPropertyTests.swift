import Kith
import KithTestSupport
import Storage
import Testing

/// Whatever happens in which order, nobody is left without a supporter who is there, a place where somebody is found, or
/// a cover with an owner and a due time.
@Suite("Cover, in any order", .timeLimit(.minutes(35)))
struct CoverPropertyTests {
    private enum Act: CaseIterable {
        case pause, pauseAgain, resume, leave, comeBack, born, choose, chooseAgain, ask, askAgain, answer, answerAgain
        case sign, write, end, cannotGoOn, match, matchAgain, close
        case askOnceMore, signInOnly, letDayPass
    }

    private struct Game {
        let village: Village
        var random: SeededGenerator
        var supporters: [Village.Neighbor] = []
        var people: [Village.Neighbor] = []
        var referrals: [Referral] = []
        var violations: [String] = []
        /// How often each thing happened, so that a test that does nothing cannot pass.
        var happened: [String: Int] = [:]

        mutating func pick<T>(_ all: [T]) -> T { all[Int.random(in: 0..<all.count, using: &random)] }
        mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

        /// Does something that the rules may refuse.
        mutating func attempt(_ what: String, _ act: () async throws -> Void) async throws {
            do {
                try await act()
                happened[what, default: 0] += 1
            } catch is Problem {
                happened["refused", default: 0] += 1
            }
        }
    }

    @Test("No order of events leaves anybody alone", arguments: TestEngine.available)
    func anyOrder(engine: TestEngine) async throws {
        var happened: [String: Int] = [:]
        for seed in [UInt64(31), 32, 33] {
            let one = try await withVillage(engine, seed: seed) { village in
                let game = try await play(Game(village: village, random: SeededGenerator(seed: seed)), steps: 260)
                #expect(game.violations.isEmpty, "seed \(seed)")
                var happened = game.happened
                for cause in ["pause", "silence", "left"] {
                    happened[cause + " covered"] = try await village.count(
                        """
                        SELECT count(*) FROM event WHERE kind IN ('cover.opened', 'cover.changed')
                        AND details ->> 'cause' = \(cause)
                        """)
                }
                happened["stood in"] = try await village.count(
                    "SELECT count(*) FROM cover WHERE stand_in_id IS NOT NULL")
                return happened
            }
            happened.merge(one) { $0 + $1 }
        }
        let acts = ["pause", "resume", "leave", "choose", "ask", "write", "askOnceMore", "signInOnly", "letDayPass"]
        let rest = ["refused", "pause covered", "silence covered", "left covered", "stood in"]
        for what in acts + rest { #expect(happened[what, default: 0] > 0, "never \(what)") }
    }

    @Test("The game sees it where something is missing", arguments: ["supporter.paused", "match.ended", "hour"])
    func faults(missing: String) async throws {
        let features = Features.all.map { one in
            var one = one
            if one.name == "Cover" { one.reactions.removeAll { $0.0.rawValue == missing } }
            return one
        }
        for seed in [UInt64(31), 32, 33] {
            let isSeen = try await withVillage(.sqlite, features: features, seed: seed) { village in
                let game = try await play(
                    Game(village: village, random: SeededGenerator(seed: seed)), steps: 200, isHourly: missing != "hour"
                )
                return !game.violations.isEmpty
            }
            if isSeen { return }
        }
        Issue.record("nothing was seen")
    }

    private func play(_ begun: Game, steps: Int, isHourly: Bool = true) async throws -> Game {
        var game = begun
        let village = game.village
        game.supporters = [village.ben, village.bao]
        for name in ["Sia", "Sol", "Sky"] { game.supporters.append(try await village.newcomer(name, .supporter)) }
        for supporter in game.supporters { try await village.enroll(supporter, .usual(limit: 5)) }
        for name in ["Mia", "Max", "Abe", "Uma", "Ivy"] {
            let neighbor = try await village.participant(name)
            game.people.append(neighbor)
            game.referrals.append(try await village.readyReferral(of: neighbor))
        }
        let model = CoverModel(village: village, people: game.people.map(\.id))
        for step in 0..<steps {
            let act = game.pick(Act.allCases)
            let begun = village.clock.now
            try await perform(act, &game)
            if act == .letDayPass, isHourly { try await village.platform.keepCovers() }
            if game.chance(20) {
                village.clock.advance(hours: Int.random(in: 1...150, using: &game.random))
                if isHourly { try await village.platform.keepCovers() }
            }
            game.violations += try await model.violations(since: begun).map { "step \(step), \(act): \($0)" }
        }
        return game
    }

    private func perform(_ act: Act, _ game: inout Game) async throws {
        let village = game.village
        let (supporter, person, referral) = (
            game.pick(game.supporters), game.pick(game.people), game.pick(game.referrals)
        )
        let house = village.riverside
        switch act {
        case .pause, .pauseAgain:
            let days = game.pick([nil, 3, 10, 40])
            try await game.attempt("pause") { try await village.pause(supporter, for: days) }
        case .resume:
            try await game.attempt("resume") { try await village.write(as: supporter) { try Supporter.resume(in: $0) } }
        case .leave:
            guard game.chance(30) else { return }
            try await game.attempt("leave") { try await village.end(.supporter, of: supporter) }
        case .comeBack:
            try await game.attempt("comeBack") { try await village.give(.supporter, to: supporter) }
        case .born:
            guard game.chance(30) else { return }
            let year = game.pick([2010, 1970])
            try await game.attempt("born") { try await village.born(year, person.id) }
        case .choose, .chooseAgain:
            let choice = game.pick(Cover.Choice.allCases)
            try await game.attempt("choose") {
                guard let told = try await village.told(person).first else { throw Problem.notFound }
                try await village.write(as: person) { try Cover.find(told.cover.id, in: $0).choose(choice, in: $0) }
            }
        case .ask, .askAgain:
            // Mostly whom the page suggests, and now and then whoever comes to mind.
            let open = try await village.read(as: village.ana) { db in
                let page = try CoverScreen(in: db)
                return page.lines.map { ($0.cover.id, page.best[$0.cover.referral]?.first?.supporter.person) }
            }
            guard !open.isEmpty else { return }
            let (cover, best) = game.pick(open.contains { $0.1 != nil } ? open.filter { $0.1 != nil } : open)
            let asked = game.chance(80) ? best ?? supporter.id : supporter.id
            let isAnswered = act == .askAgain && game.chance(60)
            try await game.attempt("ask") {
                let match = try await village.write(as: village.ana) {
                    try Cover.find(cover, in: $0).propose(asked, in: $0)
                }
                guard isAnswered else { return }
                for side in Match.Side.allCases { try await village.answer(.yes, to: match, for: side) }
            }
        case .answer, .answerAgain:
            guard let match = try await pick("status = 'proposed'", &game) else { return }
            let answer = game.chance(85) ? Match.Answer.yes : .no
            let sides = game.chance(70) ? Match.Side.allCases : [.supporter]
            for side in sides {
                try await game.attempt("answer") { try await village.answer(answer, to: match, for: side) }
            }
        case .sign:
            guard game.chance(30) else { return }
            try await village.look(in: supporter.id)
        case .signInOnly:
            guard let silent = try await pickCovered("cause = 'silence'", &game) else { return }
            try await game.attempt("signInOnly") { try await village.look(in: silent.supporter) }
        case .askOnceMore:
            guard let waiting = try await pickCovered("cause <> 'left'", &game),
                let neighbor = game.people.first(where: { $0.id == waiting.participant })
            else { return }
            try await game.attempt("askOnceMore") { try await village.say("Are you there?", as: neighbor, waiting.id) }
        case .letDayPass:
            guard game.chance(40),
                let day = try await village.write(
                    asSystemOf: house,
                    { db in
                        try db.value(
                            """
                            SELECT min(returns_on) FROM supporter_pause
                            WHERE ended_at IS NULL AND returns_on > \(db.now.countedDay)
                            """, as: Day?.self) ?? nil
                    })
            else { return }
            let days = day.daysSince1970 - village.clock.now.countedDay.daysSince1970
            village.clock.advance(days: days + game.pick([1, 2]))
            game.happened["letDayPass", default: 0] += 1
        case .write:
            guard let match = try await pick("status = 'active'", &game) else { return }
            let writer = game.chance(70) ? match.participant : match.supporter
            guard let neighbor = (game.people + game.supporters).first(where: { $0.id == writer }) else { return }
            try await game.attempt("write") { try await village.say("Hi", as: neighbor, match.id) }
        case .end, .cannotGoOn:
            guard game.chance(40), let match = try await pick("status IN ('proposed', 'active')", &game) else { return }
            try await game.attempt("end") {
                try await village.write(asSystemOf: house) { db in
                    try Match.load(match.id, of: db.organization, in: db).end(for: act == .end ? .asked : .away, in: db)
                }
            }
        case .match, .matchAgain:
            try await game.attempt("match") { _ = try await village.matched(supporter.id, to: referral) }
        case .close:
            guard game.chance(4) else { return }
            try await game.attempt("close") {
                try await village.write(asSystemOf: house) {
                    _ = try Referral.load(referral.id, of: $0.organization, in: $0)
                        .move(.requestCancellation, by: .initiator, in: $0)
                }
            }
        }
    }

    private func pick(_ condition: SQL, _ game: inout Game) async throws -> Match? {
        let found = try await game.village.write(asSystemOf: game.village.riverside) { db in
            try db.all("SELECT * FROM match WHERE \(condition) ORDER BY id", Match.init(row:))
        }
        return found.isEmpty ? nil : game.pick(found)
    }

    /// A match with an open cover.
    private func pickCovered(_ condition: SQL, _ game: inout Game) async throws -> Match? {
        try await pick(
            "status = 'active' AND id IN (SELECT match_id FROM cover WHERE ended_at IS NULL AND \(condition))", &game)
    }
}
