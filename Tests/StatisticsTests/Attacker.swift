import Foundation

/// Somebody who knows all of a published table that is shown, that counts are not negative, and mathematics. Knows
/// nothing of how cells were chosen, and shares no code with it.
///
/// The equations are those of a network, whose matrix is totally unimodular: every pivot is 1 or -1, and whole numbers
/// are exact.
struct Attacker {
    /// The unknown cells, by place in the table with totals, row by row.
    let unknown: [Int]
    private let equations: [[Int]]

    /// - Parameter table: with totals in the last row and column; nil where hidden.
    init(_ table: [[Int?]]) {
        let (height, width) = (table.count, table[0].count)
        let cells = table.flatMap(\.self)
        let unknown = cells.indices.filter { cells[$0] == nil }
        self.unknown = unknown
        // A row's cells less its total are 0, and so for columns; the known part goes to the other side.
        var equations: [[Int]] = []
        func add(_ places: [Int]) {
            var known = 0
            var row = [Int](repeating: 0, count: unknown.count + 1)
            for (index, place) in places.enumerated() {
                let sign = index == places.count - 1 ? -1 : 1
                if let column = unknown.firstIndex(of: place) {
                    row[column] = sign
                } else {
                    known += sign * (cells[place] ?? 0)
                }
            }
            row[unknown.count] = -known
            equations.append(row)
        }
        for row in 0..<height { add((0..<width).map { row * width + $0 }) }
        for column in 0..<width { add((0..<height).map { $0 * width + column }) }
        self.equations = equations
    }

    /// The cells that the equations alone determine, whatever else is assumed: linear algebra.
    var determined: Set<Int> {
        var rows = equations
        var rank = 0
        var pivots: [(row: Int, column: Int)] = []
        for column in unknown.indices {
            guard let found = (rank..<rows.count).first(where: { rows[$0][column] != 0 }) else { continue }
            rows.swapAt(rank, found)
            Self.pivot(&rows, rank, column)
            pivots.append((rank, column))
            rank += 1
        }
        let free = Set(unknown.indices).subtracting(pivots.map(\.column))
        return Set(pivots.filter { pivot in free.allSatisfy { rows[pivot.row][$0] == 0 } }.map { unknown[$0.column] })
    }

    /// The least and the most that a hidden cell can be; no most when there is none.
    func range(of place: Int) -> (least: Int, most: Int?)? {
        guard let column = unknown.firstIndex(of: place),
            let least = extreme(of: column, sign: -1), let most = extreme(of: column, sign: 1)
        else { return nil }
        return (-(least.value ?? 0), most.value)
    }

    private struct Extreme {
        /// None: without end.
        let value: Int?
    }

    /// The simplex method in two phases, with Bland's rule, which cannot go round in circles. Nil: no such table.
    private func extreme(of wanted: Int, sign: Int) -> Extreme? {
        let (count, size) = (equations.count, unknown.count)
        var rows = equations.enumerated().map { index, equation in
            let turn = equation[size] < 0 ? -1 : 1
            let helpers = (0..<count).map { $0 == index ? 1 : 0 }
            return equation.dropLast().map { $0 * turn } + helpers + [equation[size] * turn]
        }
        var basis = (0..<count).map { size + $0 }
        let right = size + count
        func climb(_ goal: [Int]) -> Bool {
            while true {
                func gain(_ column: Int) -> Int {
                    goal[column] - rows.indices.reduce(0) { $0 + goal[basis[$1]] * rows[$1][column] }
                }
                let entering = (0..<size).first { !basis.contains($0) && gain($0) > 0 }
                guard let entering else { return true }
                let leaving = rows.indices.filter { rows[$0][entering] > 0 }
                    .min { (rows[$0][right], basis[$0]) < (rows[$1][right], basis[$1]) }
                guard let leaving else { return false }
                Self.pivot(&rows, leaving, entering)
                basis[leaving] = entering
            }
        }
        _ = climb((0..<right).map { $0 < size ? 0 : -1 } + [0])
        guard zip(basis, rows).allSatisfy({ $0 < size || $1[right] == 0 }) else { return nil }
        for index in rows.indices.reversed() where basis[index] >= size {
            if let column = (0..<size).first(where: { rows[index][$0] != 0 }) {
                Self.pivot(&rows, index, column)
                basis[index] = column
            } else {
                rows.remove(at: index)
                basis.remove(at: index)
            }
        }
        guard climb((0...right).map { $0 == wanted ? sign : 0 }) else { return Extreme(value: nil) }
        return Extreme(value: basis.firstIndex(of: wanted).map { sign * rows[$0][right] } ?? 0)
    }

    private static func pivot(_ rows: inout [[Int]], _ row: Int, _ column: Int) {
        precondition(abs(rows[row][column]) == 1)
        let turn = rows[row][column]
        for index in rows[row].indices { rows[row][index] *= turn }
        let line = rows[row]
        for other in rows.indices where other != row && rows[other][column] != 0 {
            let factor = rows[other][column]
            for index in line.indices { rows[other][index] -= factor * line[index] }
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): the same seed always draws the same.
struct Draw: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Box and Muller, 1958.
    mutating func normal() -> Double {
        let (a, b) = (Double.random(in: 0x1p-53..<1, using: &self), Double.random(in: 0..<1, using: &self))
        return (-2 * log(a)).squareRoot() * cos(2 * Double.pi * b)
    }
}
