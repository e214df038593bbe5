import Statistics
import Testing

@Suite("Small counts are hidden")
struct SuppressionTests {
    private func withTotals(_ counts: [[Int]]) -> [[Int]] {
        let rows = counts.map { $0 + [$0.reduce(0, +)] }
        return rows + [rows[0].indices.map { column in rows.reduce(0) { $0 + $1[column] } }]
    }

    private func shown(_ table: Suppression) -> [[Int?]] {
        (0..<table.rows).map { row in (0..<table.columns).map { table[row, $0] } + [table.total(ofRow: row)] }
            + [(0..<table.columns).map { table.total(ofColumn: $0) } + [table.total]]
    }

    /// Everything that is wrong with what is shown of a table.
    private func leaks(_ counts: [[Int]], _ shown: [[Int?]], below threshold: Int = 11) -> [String] {
        let (truth, cells) = (withTotals(counts).flatMap(\.self), shown.flatMap(\.self))
        var leaks: [String] = []
        for (place, count) in truth.enumerated() {
            guard let cell = cells[place] else { continue }
            if cell != count { leaks.append("\(place) is wrong") }
            if cell < threshold { leaks.append("\(place) is shown: \(cell)") }
        }
        let attacker = Attacker(shown)
        leaks += attacker.determined.map { "\($0) follows: \(truth[$0])" }
        for place in attacker.unknown {
            guard let range = attacker.range(of: place) else {
                leaks.append("the table is impossible")
                continue
            }
            if truth[place] < threshold {
                if range.least > 0 || range.most.map({ $0 < threshold }) == true { leaks.append("\(place): \(range)") }
            } else if range.least == range.most {
                leaks.append("\(place) is \(range.least)")
            }
        }
        return leaks
    }

    private func table(_ draw: inout Draw) -> [[Int]] {
        let (rows, columns) = (Int.random(in: 1...6, using: &draw), Int.random(in: 1...5, using: &draw))
        let sizes = [0...2, 0...12, 5...20, 0...40, 11...200].shuffled(using: &draw).prefix(2)
        return (0..<rows).map { _ in
            (0..<columns).map { _ in Int.random(in: sizes.randomElement(using: &draw) ?? 0...9, using: &draw) }
        }
    }

    @Test("Nobody can work out what is hidden, nor that it is small, in thousands of random tables")
    func attacked() throws {
        var draw = Draw(seed: 11)
        for _ in 0..<4_000 {
            let counts = table(&draw)
            let found = leaks(counts, shown(try Suppression(counts)))
            #expect(found.isEmpty, "\(counts): \(found)")
            if !found.isEmpty { return }
        }
    }

    @Test("The attacker finds it when only the small counts are hidden, and when too little is hidden besides")
    func planted() {
        let counts = [[3, 20, 30], [25, 40, 15], [60, 12, 18]]
        #expect(leaks(counts, withTotals(counts).map { $0.map { $0 } }) == ["0 is shown: 3"])
        var naive: [[Int?]] = withTotals(counts).map { $0.map { $0 < 11 ? nil : $0 } }
        #expect(leaks(counts, naive).contains("0 follows: 3"))
        // A second one in the same row: its own column still tells.
        naive[0][1] = nil
        #expect(leaks(counts, naive).contains("0 follows: 3"))
        naive[1][0] = nil
        naive[1][1] = nil
        #expect(leaks(counts, naive).isEmpty)

        // Two small ones hide each other, and yet everybody knows that they are small.
        let pair = [[3], [4], [50]]
        let small = leaks(pair, [[nil, nil], [nil, nil], [50, 50], [57, 57]])
        #expect(small.contains { $0.hasPrefix("0: (least: 0, most:") })
        // With nobody in either, counts that are not negative leave no choice.
        #expect(!leaks([[0], [0], [50]], [[nil, nil], [nil, nil], [50, 50], [50, 50]]).isEmpty)

        var draw = Draw(seed: 12)
        var caught = 0
        for _ in 0..<300 {
            let counts = table(&draw)
            let naive = withTotals(counts).map { $0.map { $0 < 11 ? nil : $0 } }
            if !leaks(counts, naive).isEmpty { caught += 1 }
        }
        #expect(caught > 100)
    }

    @Test("Where nothing is small nothing is hidden, and a little is hidden for a little")
    func noMoreThanNeeded() throws {
        let large = [[11, 20], [30, 40]]
        #expect(shown(try Suppression(large)) == withTotals(large).map { $0.map(Optional.some) })

        let list = try Suppression([[40], [3], [12], [90]])
        #expect(shown(list).map { $0[0] } == [40, nil, nil, 90, 145])

        let small = try Suppression([[4], [5]])
        #expect(shown(small).allSatisfy { $0 == [nil, nil] })
        #expect(shown(try Suppression([[0], [0], [50]])).map { $0[0] } == [nil, nil, nil, 50])

        // Over many tables, whose small counts are a fifth: less than two cells are lost for each of them.
        var draw = Draw(seed: 13)
        var (few, hidden) = (0, 0)
        for _ in 0..<200 {
            let counts = (0..<6).map { _ in
                (0..<4).map { _ in
                    Int.random(in: Int.random(in: 0..<5, using: &draw) == 0 ? 1...10 : 11...60, using: &draw)
                }
            }
            let table = try Suppression(counts)
            few += counts.flatMap(\.self).count { $0 < 11 }
            hidden += shown(table).flatMap(\.self).count { $0 == nil }
            #expect(table.total != nil && (0..<4).allSatisfy { table.total(ofColumn: $0) != nil })
        }
        #expect(hidden < 3 * few, "\(hidden) for \(few)")
    }

    @Test("The threshold is a choice; with 1 only nobody is hidden")
    func thresholds() throws {
        var draw = Draw(seed: 14)
        for threshold in [1, 3, 6, 20] {
            for _ in 0..<200 {
                let counts = table(&draw)
                let found = leaks(counts, shown(try Suppression(counts, below: threshold)), below: threshold)
                #expect(found.isEmpty, "\(counts) below \(threshold): \(found)")
            }
        }
        #expect(shown(try Suppression([[1, 2]], below: -4)) == [[1, 2, 3], [1, 2, 3]])
    }

    @Test("What is no table is refused, and a large one takes no time")
    func edges() throws {
        #expect(throws: SuppressionError.empty) { try Suppression([]) }
        #expect(throws: SuppressionError.empty) { try Suppression([[], []]) }
        #expect(throws: SuppressionError.ragged(row: 1)) { try Suppression([[1, 2], [3]]) }
        #expect(throws: SuppressionError.negative(row: 0, column: 1)) { try Suppression([[1, -2]]) }
        #expect(throws: SuppressionError.tooLarge) { try Suppression([[.max, .max]]) }
        var draw = Draw(seed: 15)
        let counts = (0..<80).map { _ in (0..<4).map { _ in Int.random(in: 0...30, using: &draw) } }
        let took = try ContinuousClock().measure { _ = try Suppression(counts) }
        #expect(took < .seconds(20))
    }
}
