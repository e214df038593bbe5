import Kith
import KithTestSupport
import Storage
import Testing

/// Whatever happens in which order, nobody under age shares a match, a conversation or a group with an adult of whom
/// nobody has made sure, once the transaction is over that shows it, or the hour.
@Suite("Ages, in any order", .timeLimit(.minutes(35)))
struct AgePropertyTests {
    private enum Act: CaseIterable {
        case born, bornAgain, clear, takeBack, propose, proposeAgain, answer, answerAgain, join, admit, lead, write, end
    }

    private struct Game {
        let village: Village
        var random: SeededGenerator
        var supporters: [Person.ID] = []
        var referrals: [Referral] = []
        var members: [Village.Neighbor] = []
        var groups: [Group] = []
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

    @Test("No order of events brings them together", arguments: TestEngine.available, [UInt64(21), 23])
    func anyOrder(engine: TestEngine, seed: UInt64) async throws {
        try await withVillage(engine, seed: seed) { village in
            let game = try await play(Game(village: village, random: SeededGenerator(seed: seed)), steps: 300)
            #expect(game.violations.isEmpty, "seed \(seed)")
            for what in ["born", "clear", "takeBack", "propose", "answer", "join", "admit", "lead", "write", "refused"]
            {
                #expect(game.happened[what, default: 0] > 0, "seed \(seed): never \(what)")
            }
            for what in ["match.parted", "match.rejoined", "match.withdrawn", "group.member-ended"] {
                let count = try await village.count("SELECT count(*) FROM event WHERE kind = \(what)")
                #expect(count > 0, "seed \(seed): never \(what)")
            }
            #expect(try await village.orphansOfAges() == [], "seed \(seed)")
        }
    }

    @Test("The game sees it where a reaction is missing", arguments: ["Matches", "Groups"])
    func faults(feature: String) async throws {
        let features = Features.all.map { one in
            var one = one
            if one.name == feature {
                let kinds: Set<EventKind> = [.personChanged, .clearanceEnded, .clearanceGiven]
                one.reactions.removeAll { kinds.contains($0.0) }
            }
            return one
        }
        try await withVillage(.sqlite, features: features, seed: 21) { village in
            let game = try await play(Game(village: village, random: SeededGenerator(seed: 21)), steps: 300)
            #expect(!game.violations.isEmpty)
        }
    }

    private func play(_ begun: Game, steps: Int) async throws -> Game {
        var game = begun
        let village = game.village
        try await village.enroll(village.ben, .usual(limit: 9))
        try await village.enroll(village.bao, .usual(limit: 9))
        game.supporters = [village.ben.id, village.bao.id]
        for name in ["Sia", "Sol"] { game.supporters.append(try await village.addSupporter(name, .usual(limit: 9))) }
        for name in ["Mia", "Max", "Abe", "Uma", "Ivy", "Leo"] {
            let neighbor = try await village.participant(name)
            game.members.append(neighbor)
            game.referrals.append(try await village.readyReferral(of: neighbor))
        }
        let young = try await village.groupType(facilitators: 1) { ($0.name, $0.ages) = ("Young", .youngPeople) }
        game.groups = [
            try await village.group(facilitated: false),
            try await village.group(of: young, facilitated: false) { $0.name = "Young" }
        ]
        for step in 0..<steps {
            let act = game.pick(Act.allCases)
            try await perform(act, &game)
            if game.chance(8) {
                // A birthday, a clearance that lapses, or neither; the hour goes by.
                village.clock.advance(days: Int.random(in: 1...120, using: &game.random))
                try await village.platform.separateAges()
            }
            game.violations += try await violations(in: game).map { "step \(step), \(act): \($0)" }
        }
        return game
    }

    private func perform(_ act: Act, _ game: inout Game) async throws {
        let village = game.village
        let (supporter, referral, member) = (
            game.pick(game.supporters), game.pick(game.referrals), game.pick(game.members)
        )
        let (group, young) = (game.pick(game.groups), game.chance(60))
        switch act {
        case .born, .bornAgain:
            let year = Int(try #require(Int("\(village.clock.now)".prefix(4))))
            let born =
                game.chance(15) ? nil : young ? year - game.pick([14, 16, 17, 18]) : year - game.pick([19, 20, 40])
            let person = game.chance(80) ? member.id : supporter
            try await game.attempt("born") { try await village.born(born, person) }
        case .clear:
            let days = game.pick([5, 40, 200])
            try await game.attempt("clear") { try await village.clear(supporter, for: days) }
        case .takeBack: try await game.attempt("takeBack") { try await village.takeBackClearance(of: supporter) }
        case .propose, .proposeAgain:
            try await game.attempt("propose") { _ = try await village.propose(supporter, for: referral) }
        case .answer, .answerAgain:
            let open = try await village.write(asSystemOf: village.riverside) { db in
                try Match.forReferral(referral, in: db)
            }
            guard let open, open.status == .proposed else { return }
            for side in Match.Side.allCases {
                try await game.attempt("answer") { try await village.answer(.yes, to: open, for: side) }
            }
        case .end:
            let open = try await village.write(asSystemOf: village.riverside) {
                try Match.forReferral(referral, in: $0)
            }
            guard let open, game.chance(50) else { return }
            try await game.attempt("end") {
                try await village.write(asSystemOf: village.riverside) { try open.end(for: .away, in: $0) }
            }
        case .join: try await game.attempt("join") { try await village.join(group, as: member) }
        case .admit: try await game.attempt("admit") { try await village.admit(member, to: group) }
        case .lead:
            let isCover = game.chance(30)
            try await game.attempt("lead") {
                try await village.write(as: village.ana) {
                    try group.add(facilitator: supporter, isCover: isCover, isTrained: true, in: $0)
                }
            }
        case .write:
            let talks = try await village.read(as: village.ana) { db in
                try db.all("SELECT c.id, m.participant_id FROM conversation c JOIN match m ON m.id = c.match_id") {
                    (id: try $0["id"] as Conversation.ID, person: try $0["participant_id"] as Person.ID)
                }
            }
            guard !talks.isEmpty else { return }
            let talk = game.pick(talks)
            guard let writer = game.members.first(where: { $0.id == talk.person }) else { return }
            try await game.attempt("write") {
                try await village.write(as: writer) { _ = try Message.send("Hi", as: $0.newID(), to: talk.id, in: $0) }
            }
        }
    }

    /// What must never be, found as plainly as it can be said.
    private func violations(in game: Game) async throws -> [String] {
        let groups = game.groups
        return try await game.village.write(asSystemOf: game.village.riverside) { db in
            let now = "\(db.now)"
            let (year, today) = (Int(now.prefix(4)) ?? 0, String(now.prefix(10)))
            let minors = Set(
                try db.values("SELECT id FROM person WHERE birth_year >= \(year - 18)", as: String.self))
            let cleared = Set(
                try db.values(
                    "SELECT person_id FROM minor_clearance WHERE ended_at IS NULL AND ends_on >= \(today)",
                    as: String.self))
            func mayBeTogether(_ one: String, _ other: String) -> Bool {
                guard minors.contains(one) != minors.contains(other) else { return true }
                return cleared.contains(minors.contains(one) ? other : one)
            }
            var found: [String] = []
            _ = try db.all(
                """
                SELECT m.participant_id, m.supporter_id, m.status, m.apart_at, c.paused_at FROM match m
                LEFT JOIN conversation c ON c.match_id = m.id WHERE m.status IN ('proposed', 'active')
                """
            ) { row in
                let (one, other, status): (String, String, String) = (
                    try row["participant_id"], try row["supporter_id"], try row["status"]
                )
                // Also a supporter who is under age themselves is cleared before they support somebody who is.
                let may = mayBeTogether(one, other) && (!minors.contains(one) || cleared.contains(other))
                let isApart = try row["apart_at"] as String? != nil
                if !may, status == "proposed" { found.append("proposed to each other") }
                if !may, status == "active", !isApart { found.append("matched") }
                if may, isApart { found.append("apart without a reason") }
                if try status == "active" && isApart != (row["paused_at"] as String? != nil) { found.append("writing") }
            }
            let forgotten = try db.exists(
                """
                SELECT 1 FROM match m WHERE m.status = 'active' AND m.apart_at IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM moderation_item i WHERE i.match_id = m.id AND i.due_at IS NOT NULL)
                """)
            if forgotten { found.append("apart, and in nobody's hands") }
            for group in groups {
                let people = try db.values(
                    """
                    SELECT person_id FROM conversation_member WHERE left_at IS NULL
                    AND conversation_id = \(group.conversation ?? Conversation.ID(""))
                    UNION SELECT person_id FROM group_member WHERE group_id = \(group.id) AND ended_at IS NULL
                    UNION SELECT person_id FROM group_facilitator WHERE group_id = \(group.id) AND ended_at IS NULL
                    """, as: String.self)
                for one in people {
                    for other in people where !mayBeTogether(one, other) {
                        found.append("in one group: \(group.plan.name)")
                    }
                }
            }
            return found
        }
    }
}
