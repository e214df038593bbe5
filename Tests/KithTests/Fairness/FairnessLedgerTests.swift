import Kith
import KithTestSupport
import Storage
import Testing

@Suite("The ledger hides what is small")
struct FairnessLedgerTests {
    private typealias Asker = FairnessLedger.Asker
    private typealias Outcome = FairnessLedger.Outcome

    private func askers(_ random: inout SeededGenerator) -> [Asker] {
        let count = Int.random(in: 0...[40, 200, 1_000][Int.random(in: 0..<3, using: &random)], using: &random)
        let groups = Int.random(in: 1...7, using: &random)
        let (begins, offers) = (Double.random(in: 0...1, using: &random), Double.random(in: 0...1, using: &random))
        return (0..<count).map { _ in
            var asker = Asker()
            for dimension in FairnessLedger.Dimension.allCases {
                // Few are in the later groups.
                let group = Int.random(in: 0...Int.random(in: 0...groups, using: &random), using: &random)
                if group > 0 { asker.groups[dimension] = .init(place: group, name: "group \(group)") }
            }
            if Double.random(in: 0..<1, using: &random) < offers { asker.offers = 1 }
            if Double.random(in: 0..<1, using: &random) < begins {
                (asker.offers, asker.wait, asker.score) = (2, Double.random(in: 0...90, using: &random), 0.5)
            }
            return asker
        }
    }

    /// What is wrong with what is shown.
    private func leaks(_ ledger: FairnessLedger, _ askers: [Asker]) -> [String] {
        guard let all = ledger.all else { return askers.count < 11 ? [] : ["nothing is shown of \(askers.count)"] }
        var leaks: [String] = []
        if all.asked != askers.count || askers.count < 11 { leaks.append("everybody: \(askers.count)") }
        for table in ledger.tables where !table.lines.isEmpty {
            for line in table.lines {
                if let asked = line.asked, asked < 11 { leaks.append("\(table.dimension): \(asked) asked") }
                leaks += line.counts.filter { $0.value < 11 }.map { "\(table.dimension): \($0)" }
                if line.offersEach != nil, line.counts.count < 3 { leaks.append("offers beside a hidden number") }
                if line.medianWait != nil, line.counts[.began] == nil { leaks.append("a wait of a hidden number") }
                if line.averageScore != nil, line.counts[.began] == nil { leaks.append("a score of a hidden number") }
                if let group = line.group, askers.count(where: { $0.groups[table.dimension] == group }) < 11 {
                    leaks.append("\(table.dimension): \(group.name) has a name")
                }
                // The rest of a line, where something is hidden in it, is of 11 or more.
                guard let asked = line.asked else { continue }
                let left = asked - line.counts.values.reduce(0, +)
                if line.counts.count < 3, left < 11 { leaks.append("\(table.dimension): \(left) are left in a line") }
                if line.counts.count == 2, ledger.outcomes.count == 3 { leaks.append("one is hidden in a line") }
            }
            let unsaid = table.lines.count { $0.asked == nil }
            let left = askers.count - table.lines.compactMap(\.asked).reduce(0, +)
            if unsaid == 1 || unsaid == 0 && left != 0 || unsaid > 1 && left < 11 {
                leaks.append("\(table.dimension): \(left) are left in \(unsaid) lines")
            }
            for outcome in ledger.outcomes {
                let hidden = table.lines.filter { $0.counts[outcome] == nil }
                let left = (all.counts[outcome] ?? 0) - table.lines.compactMap { $0.counts[outcome] }.reduce(0, +)
                if hidden.count == 1 { leaks.append("\(table.dimension): one is hidden in a column") }
                if !hidden.isEmpty, left < 11 { leaks.append("\(table.dimension): \(left) are left in a column") }
            }
        }
        return leaks
    }

    @Test("No number under 11, none that is left over, no group of few by name, in a thousand random programs")
    func random() {
        var random = SeededGenerator(seed: 1)
        var (shown, hidden) = (0, 0)
        for _ in 0..<1_000 {
            let askers = askers(&random)
            let ledger = FairnessLedger(askers)
            let found = leaks(ledger, askers)
            #expect(found.isEmpty, "\(found)")
            let lines = ledger.tables.flatMap(\.lines)
            shown += lines.map(\.counts.count).reduce(0, +)
            hidden += lines.map { ledger.outcomes.count - $0.counts.count }.reduce(0, +)
        }
        #expect(shown > 2_000 && hidden > 2_000, "\(shown) numbers are shown and \(hidden) hidden")
    }

    @Test("The check finds what a ledger tells that hides only what is under 1, or under 8")
    func planted() {
        var random = SeededGenerator(seed: 1)
        var found = (0, 0)
        for _ in 0..<100 {
            let askers = askers(&random)
            if !leaks(FairnessLedger(askers, below: 1), askers).isEmpty { found.0 += 1 }
            if !leaks(FairnessLedger(askers, below: 8), askers).isEmpty { found.1 += 1 }
        }
        #expect(found.0 > 60 && found.1 > 25, "\(found)")
    }

    @Test("Small groups go to the others, and others that are few to the smallest group")
    func merging() throws {
        func people(_ counts: [String: Int]) -> [Asker] {
            counts.sorted { $0.key < $1.key }.flatMap { name, count in
                let groups = name.isEmpty ? [:] : [FairnessLedger.Dimension.area: FairnessLedger.Group(name: name)]
                return Array(repeating: Asker(groups: groups, offers: 1, wait: 3, score: 1), count: count)
            }
        }
        func lines(_ counts: [String: Int]) -> [(String, Bool, Int)] {
            FairnessLedger(people(counts)).tables.first { $0.dimension == .area }?.lines
                .map { ($0.group?.name ?? "others", $0.andOthers, $0.asked ?? 0) } ?? []
        }
        func same(_ a: [(String, Bool, Int)], _ b: [(String, Bool, Int)]) -> Bool { a.elementsEqual(b, by: ==) }
        #expect(same(lines(["north": 30, "south": 20, "east": 3, "": 2]), [("north", false, 30), ("south", true, 25)]))
        #expect(
            same(
                lines(["north": 30, "south": 20, "east": 8, "": 4]),
                [("north", false, 30), ("south", false, 20), ("others", false, 12)]))
        #expect(same(lines(["north": 30]), [("north", true, 30)]), "whether there are others does not show")
        #expect(same(lines(["north": 10, "south": 10]), []))
        #expect(FairnessLedger(people(["north": 10])).all == nil)
        let ledger = FairnessLedger(people(["north": 11]))
        #expect(ledger.all?.asked == 11 && ledger.outcomes.isEmpty, "that nobody waits is not told either")
        let waiting = Array(repeating: Asker(), count: 11) + Array(repeating: Asker(offers: 1), count: 11)
        let all = try #require(FairnessLedger(people(["north": 11]) + waiting).all)
        #expect(all.counts == [.began: 11, .offered: 11, .waits: 11])
        #expect(all.medianWait == 3 && all.averageScore == 1 && all.offersEach == 22 / 33.0)
    }
}
