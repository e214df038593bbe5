/// A table of counts of people in which nobody can be picked out: which cells, row totals, column totals and grand total
/// may be shown, and which must be hidden.
///
/// - A count below the threshold is hidden, in the table as in its totals.
/// - More is hidden besides, so that nothing hidden can be worked out from what is shown. Whoever knows all that is shown,
///   and that counts are not negative, must hold it possible that a hidden small count is 0 and that it is the threshold.
///   So it cannot even be told that a hidden count is small, nor that several hidden ones are small together.
///
/// A count of 0 is hidden like 1 to 10. The cell size suppression policy of the US Centers for Medicare & Medicaid
/// Services (no count of 1 to 10 shown, none derivable from others; ResDAC, "CMS Cell Size Suppression Policy") lets 0 be
/// shown. Here a 0 beside a hidden count would say that in the hidden one there is somebody, and a 0 of "found a
/// supporter" says something of everybody in its row.
///
/// The cells and totals form a network: each cell carries its count from its row to its column, totals carry it back, and
/// what a reader can imagine differently is a change along circles of hidden cells (L. H. Cox, Network models for
/// complementary cell suppression, Journal of the American Statistical Association 90, 1995). For each small count the
/// cheapest circles are hidden that give it room up and down (successive shortest paths, as in J. P. Kelly,
/// B. L. Golden, A. A. Assad, Cell suppression: disclosure protection for sensitive tabular data, Networks 22, 1992).
/// Cells are dearer the more they count, row totals dearer still; column totals and the grand total are hidden only when
/// they are small, or when nothing else is left. The fewest possible cells are not promised.
///
/// Not protected against: other tables of the same people with other cells, the same table a little earlier or later,
/// and what a reader knows of single people.
package struct Suppression: Equatable, Sendable {
    /// Counts below this are hidden, unless another threshold is given.
    package static let threshold = 11

    private var grid: Grid

    /// A table of rows and columns, without totals: those are counted here. A list is a table of one column.
    ///
    /// Time grows with the number of small counts times (rows + columns)²: meant for tables that people read.
    /// - Parameter threshold: taken as 1 when it is less.
    package init(_ counts: [[Int]], below threshold: Int = threshold) throws(SuppressionError) {
        grid = try Grid(counts)
        grid.protect(below: max(threshold, 1))
    }

    package var rows: Int { grid.rows }
    package var columns: Int { grid.columns }

    /// The count of a cell; nil where it is hidden.
    package subscript(row: Int, column: Int) -> Int? { grid.shown(row, column) }
    /// A row's total; nil where it is hidden.
    package func total(ofRow row: Int) -> Int? { grid.shown(row, columns) }
    /// A column's total; nil where it is hidden.
    package func total(ofColumn column: Int) -> Int? { grid.shown(rows, column) }
    /// The grand total; nil where it is hidden.
    package var total: Int? { grid.shown(rows, columns) }
    /// Whether everything in a row is shown, its total included.
    package func isWhole(row: Int) -> Bool { (0...columns).allSatisfy { grid.shown(row, $0) != nil } }
}

/// What is no table of counts.
package enum SuppressionError: Error, Equatable {
    /// No row, or no column.
    case empty
    /// A row has more or fewer columns than the first.
    case ragged(row: Int)
    case negative(row: Int, column: Int)
    /// The counts add up to more than ``SuppressionError/largestTotal``.
    case tooLarge

    package static let largestTotal = 1 << 40
}

/// The table with its totals as the last row and the last column, as a network.
///
/// The nodes are the rows, then the columns, those of the totals included. A cell goes from its row to its column, a
/// total the other way, and the grand total from the row of totals to the column of totals: so what flows into a node
/// flows out of it, which are just the sums of the table.
private struct Grid: Equatable, Sendable {
    let rows: Int
    let columns: Int
    private let counts: [Int]
    private var isHidden: [Bool]

    init(_ table: [[Int]]) throws(SuppressionError) {
        guard let first = table.first, !first.isEmpty else { throw .empty }
        (rows, columns) = (table.count, first.count)
        let width = columns + 1
        var counts = [Int](repeating: 0, count: (rows + 1) * width)
        for (row, line) in table.enumerated() {
            guard line.count == columns else { throw .ragged(row: row) }
            for (column, count) in line.enumerated() {
                guard count >= 0 else { throw .negative(row: row, column: column) }
                guard count <= SuppressionError.largestTotal - counts[rows * width + columns] else { throw .tooLarge }
                for place in [(row, column), (row, columns), (rows, column), (rows, columns)] {
                    counts[place.0 * width + place.1] += count
                }
            }
        }
        self.counts = counts
        isHidden = Array(repeating: false, count: counts.count)
    }

    func shown(_ row: Int, _ column: Int) -> Int? {
        let cell = row * (columns + 1) + column
        return isHidden[cell] ? nil : counts[cell]
    }

    mutating func protect(below threshold: Int) {
        for cell in counts.indices where counts[cell] < threshold { isHidden[cell] = true }
        // What is hidden later takes nothing from the room of those before.
        for cell in counts.indices where counts[cell] < threshold {
            let (from, to) = ends(of: cell)
            makeRoom(for: threshold - counts[cell], from: to, to: from, beside: cell)
            makeRoom(for: counts[cell], from: from, to: to, beside: cell)
        }
        // Those hidden for the sake of others have room as well, up or down, or are given it.
        var checked: Set<Int> = []
        while let cell = counts.indices.first(where: {
            isHidden[$0] && counts[$0] >= threshold && !checked.contains($0)
        }) {
            checked.insert(cell)
            let (from, to) = ends(of: cell)
            let ways = [(to, from), (from, to)].compactMap { cheapestPath(from: $0, to: $1, beside: cell, counts) }
            for step in ways.min(by: { price(of: $0) < price(of: $1) }) ?? [] { isHidden[step.cell] = true }
        }
    }

    // MARK: - Circles

    private func ends(of cell: Int) -> (from: Int, to: Int) {
        let (row, column) = (cell / (columns + 1), cell % (columns + 1))
        let isBack = (row == rows) != (column == columns)
        let (rowNode, columnNode) = (row, rows + 1 + column)
        return isBack ? (columnNode, rowNode) : (rowNode, columnNode)
    }

    /// What hiding a cell costs.
    private func price(of cell: Int) -> Int {
        if isHidden[cell] { return 0 }
        let (row, column) = (cell / (columns + 1), cell % (columns + 1))
        let price = 64 + min(counts[cell], 1 << 20)
        if row == rows { return 1 << 40 + price }
        return column == columns ? 4 * price : price
    }

    private func price(of path: [Step]) -> Int { path.reduce(0) { $0 + price(of: $1.cell) } }

    /// Hides the cheapest cells along which so much can be carried from one node to the other, without the cell that
    /// joins the two. A cell can carry any more than it does, and less down to nothing.
    private mutating func makeRoom(for amount: Int, from start: Int, to end: Int, beside cell: Int) {
        var flow = counts
        var left = amount
        while left > 0 {
            guard let path = cheapestPath(from: start, to: end, beside: cell, flow) else { return }
            let carried = path.reduce(left) { $1.isAlong ? $0 : min($0, flow[$1.cell]) }
            for step in path {
                flow[step.cell] += step.isAlong ? carried : -carried
                isHidden[step.cell] = true
            }
            left -= carried
        }
    }

    private struct Step {
        let cell: Int
        /// Whether it goes the way of the cell, and so makes its count larger.
        let isAlong: Bool
    }

    /// Dijkstra's shortest path; of equal ones always the same.
    private func cheapestPath(from start: Int, to end: Int, beside left: Int, _ flow: [Int]) -> [Step]? {
        let nodes = rows + columns + 2
        var cost = [Int?](repeating: nil, count: nodes)
        var isDone = [Bool](repeating: false, count: nodes)
        var arrival = [(step: Step, from: Int)?](repeating: nil, count: nodes)
        cost[start] = 0
        while true {
            var nearest: Int?
            for node in 0..<nodes where !isDone[node] {
                guard let reached = cost[node] else { continue }
                if let best = nearest.flatMap({ cost[$0] }), best <= reached { continue }
                nearest = node
            }
            guard let node = nearest, let reached = cost[node] else { return nil }
            if node == end { break }
            isDone[node] = true
            let isRow = node <= rows
            for other in isRow ? rows + 1..<nodes : 0..<rows + 1 where !isDone[other] {
                let cell = isRow ? node * (columns + 1) + other - rows - 1 : other * (columns + 1) + node - rows - 1
                let isAlong = ends(of: cell).from == node
                guard cell != left, isAlong || flow[cell] > 0 else { continue }
                let total = reached + price(of: cell)
                if let known = cost[other], known <= total { continue }
                cost[other] = total
                arrival[other] = (Step(cell: cell, isAlong: isAlong), node)
            }
        }
        var path: [Step] = []
        var node = end
        while let (step, from) = arrival[node] {
            path.append(step)
            node = from
        }
        return path
    }
}
