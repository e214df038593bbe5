import Matching
import Testing

@Suite("Who may be matched with whom, among many")
struct PoolTests {
    /// The same rules and points once more, bit by bit.
    private func judge(_ pool: Pool, _ person: Int, _ supporter: Int) -> (broken: Set<Pool.Rule>, score: Int, base: Int)
    {
        let one = pool.people[person]
        let other = pool.supporters[supporter]
        func shared<Mask: FixedWidthInteger>(_ mask: Mask, _ second: Mask) -> Int {
            (0..<Mask.bitWidth).count { mask >> $0 & 1 == 1 && second >> $0 & 1 == 1 }
        }
        let hours =
            shared(one.week.early, other.week.early) + shared(one.week.middle, other.week.middle)
            + shared(one.week.late, other.week.late)
        let experiences =
            shared(one.experiences.low, other.experiences.low) + shared(one.experiences.high, other.experiences.high)
        let ways = (0..<4).filter { one.modalities >> $0 & 1 == 1 && other.modalities >> $0 & 1 == 1 }
        let (dx, dy) = (Int(one.place.x - other.place.x), Int(one.place.y - other.place.y))
        let reach = Int(min(one.place.reach, other.place.reach))
        var broken: Set<Pool.Rule> = []
        if shared(one.languages, other.languages) == 0 { broken.insert(.language) }
        if other.programs >> UInt64(one.program) & 1 == 0 { broken.insert(.program) }
        if other.acceptedAgeBands >> one.ageBand & 1 == 0 { broken.insert(.ageBand) }
        if shared(one.consent, other.requiredConsent) < other.requiredConsent.nonzeroBitCount {
            broken.insert(.consent)
        }
        if ways.isEmpty { broken.insert(.modality) }
        if ways == [3], dx * dx + dy * dy > reach * reach { broken.insert(.distance) }
        if hours < 2 { broken.insert(.hours) }
        if pool.exclusions(of: person).contains(Int32(supporter)) { broken.insert(.exclusion) }
        let base = min(400, 80 * experiences) + min(300, 25 * hours)
        var score = base + max(0, 100 - 25 * abs(Int(one.ageBand) - Int(other.ageBand)))
        if one.wantedGender == 0 || one.wantedGender == other.gender { score += 100 }
        if ways.contains(where: { one.preferredModality == 1 << $0 }) { score += 100 }
        return (broken, score, base)
    }

    @Test("Pairs, points, reasons against and the best of each person agree with the rules asked one by one")
    func rules() throws {
        var draw = Draw(seed: 5)
        var first: [Pool.Rule: Int] = [:]
        var eligible = 0
        for _ in 0..<30 {
            let pool = try draw.pool(people: 25, supporters: 40)
            var pairs: [Pair] = []
            for person in pool.people.indices {
                var mine: [(supporter: Int, score: Int)] = []
                var refused: [Int: Pool.Rule] = [:]
                for supporter in pool.supporters.indices {
                    let (broken, score, base) = judge(pool, person, supporter)
                    let rule = Pool.Rule.allCases.first(where: broken.contains)
                    #expect(pool.firstBrokenRule(person: person, supporter: supporter) == rule)
                    #expect(Int(pool.points(person: person, supporter: supporter).score) == score)
                    refused[supporter] = rule
                    if let rule { first[rule, default: 0] += 1 } else { mine.append((supporter, score)) }
                    guard rule == nil else { continue }
                    pairs.append(
                        Pair(
                            person: Int32(person), supporter: Int32(supporter), score: Int32(score),
                            priority: Int32(base) + pool.people[person].waitDays))
                }
                let refusals = pool.refusals(for: person)
                #expect(Dictionary(uniqueKeysWithValues: refusals.map { ($0.supporter, $0.rule) }) == refused)
                mine.sort { ($1.score, $0.supporter) < ($0.score, $1.supporter) }
                for count in [0, 1, 3, 100] {
                    let best = pool.best(count, for: person)
                    #expect(best.map(\.supporter) == mine.prefix(count).map(\.supporter))
                    #expect(best.map { Int($0.points.score) } == mine.prefix(count).map(\.score))
                }
            }
            eligible += pairs.count
            let capacities = pool.supporters.map(\.capacity)
            #expect(try pool.pairs() == Pairs(people: pool.people.count, capacities: capacities, pairs))
        }
        #expect(Set(first.keys) == Set(Pool.Rule.allCases), "\(first)")
        #expect(eligible > 150)
    }

    private func error(_ people: [Pool.Person], _ supporters: [Pool.Supporter], _ exclusions: [(Int, Int)] = [])
        -> PoolError?
    {
        do throws(PoolError) {
            _ = try Pool(
                people: people, supporters: supporters,
                exclusions: exclusions.map { Pool.Exclusion(person: $0.0, supporter: $0.1) })
            return nil
        } catch {
            return error
        }
    }

    @Test("What is out of range is said with its place")
    func ranges() {
        var draw = Draw(seed: 6)
        let people = (0..<3).map { _ in draw.waiting() }
        let supporters = (0..<3).map { _ in draw.supporting() }
        #expect(error(people, supporters) == nil)
        func person(_ field: Pool.Field, _ change: (inout Pool.Person) -> Void) {
            var changed = people
            change(&changed[1])
            #expect(error(changed, supporters) == .outOfRange(.person, index: 1, field: field))
        }
        func supporter(_ field: Pool.Field, _ change: (inout Pool.Supporter) -> Void) {
            var changed = supporters
            change(&changed[2])
            #expect(error(people, changed) == .outOfRange(.supporter, index: 2, field: field))
        }
        person(.program) { $0.program = 64 }
        person(.ageBand) { $0.ageBand = 8 }
        person(.modalities) { $0.modalities = 16 }
        person(.place) { $0.place.x = .min }
        person(.place) { $0.place.y = .max }
        person(.reach) { $0.place.reach = -1 }
        person(.week) { $0.week.late = 1 << 40 }
        person(.gender) { $0.wantedGender = 4 }
        person(.preferredModality) { $0.preferredModality = 3 }
        person(.waitDays) { $0.waitDays = -1 }
        supporter(.capacity) { $0.capacity = -1 }
        supporter(.ageBand) { $0.ageBand = 255 }
        supporter(.modalities) { $0.modalities = 255 }
        supporter(.week) { $0.week.late = .max }
        supporter(.gender) { $0.gender = 0 }
        supporter(.reach) { $0.place.reach = .max }
    }

    @Test("Exclusions of unknown people, and ones that are given twice, are refused")
    func exclusions() {
        var draw = Draw(seed: 6)
        let people = [draw.waiting()]
        let supporters = [draw.supporting()]
        #expect(error(people, supporters, [(0, 0)]) == nil)
        #expect(error(people, supporters, [(0, 0), (1, 0)]) == .unknownPerson(exclusion: 1, person: 1))
        #expect(error(people, supporters, [(-1, 0)]) == .unknownPerson(exclusion: 0, person: -1))
        #expect(error(people, supporters, [(0, .max)]) == .unknownSupporter(exclusion: 0, supporter: .max))
        #expect(error(people, supporters, [(0, 0), (0, 0)]) == .duplicate(exclusion: 1))
    }

    @Test("Nobody on one side, or on both, is no error")
    func empty() throws {
        var draw = Draw(seed: 6)
        let person = draw.waiting()
        #expect(try Pool(people: [], supporters: []).pairs().count == 0)
        #expect(try Pool(people: [person], supporters: []).best(3, for: 0) == [])
        #expect(try Pool(people: [], supporters: [draw.supporting()]).pairs().supporterCount == 1)
    }

    @Test("What somebody who joins would add is what starting over with them gives")
    func gains() throws {
        var draw = Draw(seed: 8)
        var helped = 0
        for _ in 0..<40 {
            let pool = try draw.pool(people: 60, supporters: 25)
            let before = try pool.pairs().optimum().assignment
            let candidates = (0..<4).map { _ in draw.supporting() }
            let gains = try pool.gains(from: candidates)
            for (candidate, gain) in zip(candidates, gains) {
                let exclusions = pool.people.indices.flatMap { person in
                    pool.exclusions(of: person).map { Pool.Exclusion(person: person, supporter: Int($0)) }
                }
                let joined = try Pool(
                    people: pool.people, supporters: pool.supporters + [candidate], exclusions: exclusions)
                let after = try joined.pairs().optimum().assignment
                #expect(gain.people == after.assignedCount - before.assignedCount)
                #expect(gain.score == after.totalScore - before.totalScore)
                if gain.people > 0 { helped += 1 }
            }
        }
        #expect(helped > 20)
        let candidate = draw.supporting()
        let pool = try draw.pool(people: 3, supporters: 2)
        var wrong = candidate
        wrong.capacity = -1
        #expect(throws: PoolError.outOfRange(.supporter, index: 3, field: .capacity)) {
            try pool.gains(from: [candidate, wrong])
        }
    }
}
