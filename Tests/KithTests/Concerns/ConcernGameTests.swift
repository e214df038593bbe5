import Kith
import KithTestSupport
import Storage
import Testing

/// A stroke in the middle of a transaction.
private struct Crash: Error {}

/// Riverside with concerns, played at random: people come and go, clocks jump, the program crashes, mail fails.
private struct ConcernGame {
    var village: Village
    let carrier = SwitchedCarrier()
    var random: SeededGenerator
    var (crashes, outages) = (0, 0)

    init(_ village: Village, seed: UInt64) async throws {
        self.village = village.carrying()
        random = SeededGenerator(seed: seed)
        try await self.village.reachStaff()
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private var staff: [Village.Neighbor] { [village.ana, village.sam, village.ada] }

    private func ids(_ condition: SQL) async throws -> [Concern.ID] {
        try await village.platform.store.read {
            try $0.values("SELECT id FROM concern WHERE \(condition) ORDER BY id", as: Concern.ID.self)
        }
    }

    /// One thing somebody does. What is refused is refused.
    private mutating func act() async throws {
        let (neighbors, number) = ([village.ben, village.cleo, village.ana, village.sam], self.number(0...11))
        let somebody = staff[self.number(0...2)]
        let open = try await ids("state = 'escalating'")
        do {
            switch number {
            case 0...2:
                let raiser = neighbors[self.number(0...3)]
                let about: Village.Neighbor? = self.number(0...2) == 0 ? village.ana : nil
                _ = try await village.raise(
                    about: raiser.id == village.sam.id ? about : nil, .worry, "Words", as: raiser)
            case 3, 4:
                guard let id = open.randomElement(using: &random) else { return }
                try await village.acknowledge(id, as: somebody)
            case 5:
                guard let id = try await ids("state = 'acknowledged'").randomElement(using: &random) else { return }
                let other = staff[self.number(0...2)]
                try await village.write(as: somebody) { try Concern.find(id, in: $0).handOver(to: other.id, in: $0) }
            case 6:
                guard let id = try await ids("state = 'acknowledged'").randomElement(using: &random) else { return }
                try await village.write(as: somebody) { db in
                    let concern = try Concern.find(id, in: db)
                    let owed = try concern.debriefChoices(in: db)
                    try concern.close(
                        Concern.Closing(
                            .settled, followUp: Day("2026-09-01") ?? Day(daysSince1970: 0),
                            debrief: owed.isOwed ? owed.people.first?.id : nil), in: db)
                }
            case 7: try await village.end([.coordinator, .supervisor, .administrator][self.number(0...2)], of: somebody)
            case 8:
                try await village.give([.coordinator, .supervisor, .administrator][self.number(0...2)], to: somebody)
            case 9:
                outages += 1
                carrier.set(down: self.number(0...1) == 0)
            case 10:
                let program = village.riverside.program
                try await village.write(as: village.ada) { _ = try Drill.start(in: program, db: $0) }
            default:
                village.clock.advance(minutes: [-2_000, -20, 5, 16, 3_000][self.number(0...4)])
            }
        } catch is Problem {}
    }

    /// The same with a crash in the middle, or the work of the program with one.
    mutating func turn() async throws {
        if number(0...3) == 0 {
            crashes += 1
            let at = number(1...30)
            village.platform.beforeStatement = { if $0 == at { throw Crash() } }
            do { try await act() } catch is Crash {}
            do { try await village.platform.escalate() } catch is Crash {}
            village.platform.beforeStatement = nil
        } else {
            try await act()
        }
        if number(0...4) == 0 { village.clock.advance(minutes: number(1...25)) }
        for channel in [ContactChannel.Kind.email, .text] {
            await village.worker(for: channel, by: carrier).workOff()
        }
        try await village.platform.escalate()
    }

    /// What must hold at every moment.
    func check(_ turn: Int) async throws {
        let now = village.clock.now
        let rows = try await village.platform.store.read { db in
            try db.all(
                """
                SELECT c.id, c.state, c.due_at, c.nobody_at, c.undelivered_at, c.acknowledged_by, c.round, c.rung,
                    c.asked_id, c.is_drill, (SELECT count(*) FROM concern_call k WHERE k.concern_id = c.id
                        AND k.round = c.round AND k.rung = c.rung) AS called,
                    (SELECT count(*) FROM concern_call k WHERE k.concern_id = c.id
                        AND (k.person_id = c.about_id OR k.rung > 0 AND k.person_id = c.raised_by)) AS wrong
                FROM concern c
                """
            ) { row in
                (
                    state: try row["state"] as Concern.State, due: try row["due_at"] as Instant?,
                    nobody: try row["nobody_at"] as Instant?, undelivered: try row["undelivered_at"] as Instant?,
                    owner: try row["acknowledged_by"] as Person.ID?, called: try row["called"] as Int,
                    wrong: try row["wrong"] as Int
                )
            }
        }
        for row in rows {
            #expect(row.wrong == 0, "turn \(turn): nobody calls whom it is about, or who raised it")
            switch row.state {
            case .escalating:
                let due = try #require(row.due)
                #expect(due > now && due <= now.adding(minutes: 15), "turn \(turn): its next call is near")
                #expect(row.called > 0 || row.nobody != nil, "turn \(turn): a named person, or the failure screen")
            case .acknowledged: #expect(row.owner != nil)
            case .closed: #expect(row.due == nil)
            }
        }
        let orphans = try await village.write(asSystemOf: village.riverside) { db in
            try Concern.feature.orphans.filter { try db.exists($0.query(db.now)) }.map(\.name)
        }
        #expect(orphans == [], "turn \(turn)")
    }
}

@Suite("Concerns under clock jumps, crashes and outages")
struct ConcernGameTests {
    @Test(
        "No concern is without a state that somebody or the ladder is in",
        arguments: TestEngine.available, [1, 2, 3, 4] as [UInt64])
    func game(engine: TestEngine, seed: UInt64) async throws {
        try await withVillage(engine, seed: seed) { village in
            var game = try await ConcernGame(village, seed: seed)
            for turn in 1...90 {
                try await game.turn()
                try await game.check(turn)
            }
            let states = try await village.platform.store.read {
                try $0.values("SELECT DISTINCT state FROM concern ORDER BY state", as: String.self)
            }
            #expect(states.contains("escalating") || states.contains("acknowledged"), "\(states)")
            #expect(game.crashes > 5 && game.outages > 2, "the test sees faults")
            #expect(try await village.platform.verifyAudit(of: village.riverside.organization).isWhole)
        }
    }
}
