import Kith
import KithTestSupport
import Testing

/// A ladder, a clock and a concern, played at random.
private struct LadderGame {
    typealias Advance = (inout Escalation, [Escalation.Rung], Instant, Bool) -> Escalation.Step?

    var random: SeededGenerator
    var ladder: [Escalation.Rung] = []
    var now = TestWorld.start
    var place: Escalation
    var isDown = false
    /// What was found to be wrong.
    var wrong: [String] = []
    let advance: Advance

    init(
        seed: UInt64,
        advance: @escaping Advance = { $0.advance(on: $1, at: $2, isUndelivered: $3) }
    ) {
        random = SeededGenerator(seed: seed)
        place = Escalation(startingAt: now)
        self.advance = advance
        ladder = randomLadder()
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func randomLadder() -> [Escalation.Rung] {
        (0..<number(0...5)).map { rung in
            let people = (0..<max(0, number(-1...3))).map { Person.ID("person-\(rung)-\($0)") }
            return Escalation.Rung(minutes: number(1...60), people: people)
        }
    }

    /// The longest that a concern may stand still on this ladder.
    var longestWait: Int { max(ladder.map(\.minutes).max() ?? 0, Escalation.retryMinutes) }

    /// Asks until there is nothing to do, as every look of the program does.
    mutating func ask() -> [Escalation.Step] {
        var steps: [Escalation.Step] = []
        let was = place
        while steps.count <= ladder.count + 1, let step = advance(&place, ladder, now, isDown) {
            steps.append(step)
            if case .call(let rung) = step, !ladder.indices.contains(rung - 1) || ladder[rung - 1].people.isEmpty {
                wrong.append("called a rung without anybody")
            }
            if step == .nobody, ladder.contains(where: { !$0.people.isEmpty }) { wrong.append("overlooked somebody") }
            if step == .nobody { break }
        }
        if steps.count > ladder.count + 1 { wrong.append("it does not stop climbing") }
        if was.due <= now, steps.isEmpty { wrong.append("its time came and nothing happened") }
        if place.due <= now { wrong.append("it waits for a moment that is past") }
        if place.due > now.adding(minutes: longestWait) { wrong.append("it stands still longer than any rung has") }
        return steps
    }

    /// One thing that happens to the world.
    mutating func happen() {
        switch number(0...9) {
        case 0...3: now = now.adding(seconds: number(1...1_800))
        case 4: now = now.adding(hours: number(1...400))
        case 5: now = now.adding(hours: -number(1...400))
        case 6: isDown.toggle()
        case 7: ladder = randomLadder()
        case 8: ladder = ladder.map { Escalation.Rung(minutes: $0.minutes, people: Array($0.people.dropLast())) }
        default: place = place.asking(on: ladder, at: now)
        }
    }
}

@Suite("How a concern climbs its ladder")
struct EscalationTests {
    @Test("Whatever happens to clock, people and mail, it never stands still longer than its rung has")
    func neverSilent() {
        var (calls, alarms) = (0, 0)
        for seed in 1...4_000 as ClosedRange<UInt64> {
            var game = LadderGame(seed: seed)
            for _ in 0..<40 {
                for step in game.ask() { if step == .nobody { alarms += 1 } else { calls += 1 } }
                game.happen()
            }
            #expect(game.wrong.isEmpty, "seed \(seed): \(game.wrong)")
            if !game.wrong.isEmpty { return }
        }
        #expect(calls > 50_000 && alarms > 1_000, "the test sees both: \(calls), \(alarms)")
    }

    @Test("A ladder that stops at its end, or trusts a clock that jumped, is noticed")
    func planted() {
        func finds(_ advance: @escaping LadderGame.Advance) -> Bool {
            (1...200 as ClosedRange<UInt64>).contains { seed in
                var game = LadderGame(seed: seed, advance: advance)
                for _ in 0..<40 {
                    _ = game.ask()
                    game.happen()
                }
                return !game.wrong.isEmpty
            }
        }
        #expect(
            finds { place, ladder, now, down in
                let last = ladder.lastIndex { !$0.people.isEmpty }.map { $0 + 1 }
                return place.rung == last ? nil : place.advance(on: ladder, at: now, isUndelivered: down)
            }, "the end of the ladder")
        #expect(
            finds { place, ladder, now, down in
                guard place.due <= now else { return nil }
                return place.advance(on: ladder, at: now, isUndelivered: down)
            }, "a clock that jumped back")
    }

    @Test("Every rung is called in order, each after the minutes of the one before, and then again")
    func order() {
        for seed in 1...1_000 as ClosedRange<UInt64> {
            var game = LadderGame(seed: seed)
            let staffed = game.ladder.indices.filter { !game.ladder[$0].people.isEmpty }
            guard !staffed.isEmpty else { continue }
            var called: [(rung: Int, at: Instant)] = []
            let start = game.now
            for _ in 0..<(2 * game.ladder.map(\.minutes).reduce(0, +)) {
                for case .call(let rung) in game.ask() { called.append((rung - 1, game.now)) }
                game.now = game.now.adding(minutes: 1)
            }
            var (expected, at) = ([(rung: Int, at: Instant)](), start)
            while expected.count < called.count {
                let rung = staffed[expected.count % staffed.count]
                expected.append((rung, at))
                at = at.adding(minutes: game.ladder[rung].minutes)
            }
            #expect(called.map(\.rung) == expected.map(\.rung), "seed \(seed)")
            #expect(called.map(\.at) == expected.map(\.at), "seed \(seed)")
            #expect(called.count >= 2 * staffed.count, "seed \(seed): it goes around")
        }
    }

    @Test("Where nothing can be delivered, all rungs are called at once, and the next round has its time")
    func outage() {
        for seed in 1...1_000 as ClosedRange<UInt64> {
            var game = LadderGame(seed: seed)
            game.isDown = true
            let staffed = game.ladder.indices.filter { !game.ladder[$0].people.isEmpty }.map { $0 + 1 }
            guard let last = staffed.last else { continue }
            #expect(game.ask() == staffed.map { .call(rung: $0) }, "seed \(seed)")
            #expect(game.ask().isEmpty, "asked again at the same moment")
            game.now = game.now.adding(minutes: game.ladder[last - 1].minutes).adding(seconds: -1)
            #expect(game.ask().isEmpty, "seed \(seed): a round begins in its time")
            game.now = game.now.adding(seconds: 1)
            #expect(game.ask() == staffed.map { .call(rung: $0) }, "seed \(seed)")
            #expect(game.place.round == 1)
        }
    }

    @Test("A clock that jumps back makes it wait no longer than the rung's own minutes from then")
    func backwards() {
        let ladder = [
            Escalation.Rung(minutes: 15, people: [Person.ID("one")]),
            Escalation.Rung(minutes: 30, people: [Person.ID("two")])
        ]
        var place = Escalation(startingAt: TestWorld.start)
        #expect(place.advance(on: ladder, at: TestWorld.start, isUndelivered: false) == .call(rung: 1))
        let yesterday = TestWorld.start.adding(days: -1)
        #expect(place.advance(on: ladder, at: yesterday, isUndelivered: false) == nil)
        #expect(place.due == yesterday.adding(minutes: 15))
        #expect(place.advance(on: ladder, at: yesterday.adding(minutes: 15), isUndelivered: false) == .call(rung: 2))
        // A jump ahead calls one rung early, and not all of them.
        let later = TestWorld.start.adding(days: 300)
        #expect(place.advance(on: ladder, at: later, isUndelivered: false) == .call(rung: 1))
        #expect(place.advance(on: ladder, at: later, isUndelivered: false) == nil)
    }
}

@Suite("What is wrong with a ladder, before it is needed")
struct LadderFaultTests {
    private func callee(_ name: String, _ role: Role, _ channels: Set<ContactChannel.Kind> = [.email]) -> Callee {
        Callee(Person.ID(name), name: name, roles: [role], channels: channels)
    }

    private func faults(_ callees: [Callee], carrying carried: Set<ContactChannel.Kind>) -> [StaffedLadder.Fault] {
        StaffedLadder(program: Program.ID("p"), ladder: .usual, callees: callees).faults(carrying: carried)
    }

    @Test("A rung without anybody, and one that cannot be told outside Kith, is a fault each")
    func faults() {
        let all = [callee("Ana", .coordinator), callee("Sam", .supervisor), callee("Ada", .administrator)]
        #expect(faults(all, carrying: [.email]).isEmpty)
        #expect(faults(Array(all.dropLast()), carrying: [.email]) == [.nobody(rung: 3)])
        #expect(faults(all, carrying: []) == [.silent])
        let sam = callee("Sam", .supervisor, [.text])
        #expect(faults([all[0], sam, all[2]], carrying: [.email]) == [.unreachable(rung: 2)])
        #expect(faults([all[0], sam, all[2]], carrying: [.email, .text]).isEmpty)
        #expect(faults([], carrying: [.email]) == [.empty])
    }

    @Test("Whom a concern is about is never called, nor is whoever raised it")
    func excluded() {
        let all = [callee("Ana", .coordinator), callee("Bo", .coordinator), callee("Sam", .supervisor)]
        let ladder = StaffedLadder(program: Program.ID("p"), ladder: .usual, callees: all)
        let rungs = ladder.rungs(without: [Person.ID("Ana"), Person.ID("Sam")])
        #expect(rungs.map(\.people) == [[Person.ID("Bo")], [], []])
        #expect(ladder.rungs(without: []).map { $0.people.count } == [2, 1, 0])
    }
}
