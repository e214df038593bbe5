import Statistics

/// Who asked a program for support in a quarter and what became of it, side by side for people of different languages,
/// areas, ages and genders. It holds numbers of 11 people or more, and never one of a person.
///
/// - Groups of fewer than 11 are not named: they are counted with all others, and where these are fewer than 11 as well,
///   together with the smallest group that is named.
/// - Within that, ``Suppression`` hides what is small or would tell what is small. The totals are the same in all tables
///   and are always shown, so one table tells nothing that is hidden in another. Outcomes that are rare in the whole
///   program are not told apart.
/// - A figure that is no count is shown only beside the count it rests on, which is then 11 or more; offers for each
///   person, which with the number of people tell how many offers there were, only where a whole line is shown.
package struct FairnessLedger: Sendable, Equatable {
    /// By what people are told apart.
    package enum Dimension: String, Sendable, CaseIterable {
        case language, area, age, gender
    }

    /// How far support came for somebody.
    package enum Outcome: Int, Sendable, CaseIterable {
        /// Somebody began to support them.
        case began
        /// Somebody was proposed to them, and no support began.
        case offered
        /// Nobody was proposed to them yet.
        case waits
    }

    /// Somebody who asked, as the ledger counts them.
    package struct Asker: Sendable, Equatable {
        /// The key and the name of their group; none where they did not tell.
        package var groups: [Dimension: Group]
        package var offers: Int
        /// Days until the first supporter; nil where none has begun.
        package var wait: Double?
        /// How much of what counted for them the supporter brought, 0 to 1, as it was when they were proposed; nil where
        /// it was not kept.
        package var score: Double?

        package init(groups: [Dimension: Group] = [:], offers: Int = 0, wait: Double? = nil, score: Double? = nil) {
            (self.groups, self.offers, self.wait, self.score) = (groups, offers, wait, score)
        }

        package var outcome: Outcome { wait != nil ? .began : offers > 0 ? .offered : .waits }
    }

    package struct Group: Sendable, Hashable {
        /// In the order in which groups are shown, where they have one; else by size.
        package var place: Int
        /// As in the data: a code, or what people wrote.
        package let name: String

        package init(place: Int = 0, name: String) {
            (self.place, self.name) = (place, name)
        }
    }

    package struct Line: Sendable, Equatable {
        /// Nil: all others, or everybody.
        package let group: Group?
        /// Whether all others are counted here as well.
        package let andOthers: Bool
        /// Nil where it is hidden.
        package let asked: Int?
        /// How many came how far; what is missing is hidden.
        package let counts: [Outcome: Int]
        package let offersEach: Double?
        package let medianWait: Double?
        package let averageScore: Double?
    }

    package struct Table: Sendable, Equatable {
        package let dimension: Dimension
        /// None when people cannot be told apart by it.
        package let lines: [Line]
    }

    /// Everybody; nil when fewer than 11 people asked: then there are no tables either.
    package let all: Line?
    package let tables: [Table]
    /// The outcomes that are told apart.
    package let outcomes: [Outcome]

    /// - Parameter least: counts below this are hidden.
    package init(_ askers: [Asker], below least: Int = Suppression.threshold) {
        let totals = Outcome.allCases.map { outcome in askers.count { $0.outcome == outcome } }
        guard askers.count >= least, let whole = try? Suppression([totals], below: least), whole.total != nil else {
            (all, tables, outcomes) = (nil, [], [])
            return
        }
        let told = Outcome.allCases.filter { whole[0, $0.rawValue] != nil }
        outcomes = told
        let counts = Dictionary(uniqueKeysWithValues: told.map { ($0, totals[$0.rawValue]) })
        all = Line(nil, andOthers: false, askers, counts, showingAll: true, below: least)
        tables = Dimension.allCases.map { dimension in
            Table(dimension: dimension, lines: Self.lines(by: dimension, of: askers, telling: told, below: least))
        }
    }

    private static func lines(
        by dimension: Dimension, of askers: [Asker], telling told: [Outcome], below least: Int
    ) -> [Line] {
        var parts = parts(by: dimension, of: askers, below: least)
        guard parts.count > 1 || parts.first?.group != nil else { return [] }
        if dimension != .age { parts.sort { $0.askers.count > $1.askers.count } }
        // All others come last.
        parts = parts.filter { $0.group != nil } + parts.filter { $0.group == nil }
        let matrix = parts.map { part -> [Int] in
            let counts = told.map { outcome in part.askers.count { $0.outcome == outcome } }
            // What is not told apart is still what is left of the total, and so it is a column.
            let left = part.askers.count - counts.reduce(0, +)
            return told.count == Outcome.allCases.count ? counts : counts + [left]
        }
        guard let shown = try? Suppression(matrix, below: least), shown.total != nil,
            (0..<shown.columns).allSatisfy({ shown.total(ofColumn: $0) != nil })
        else { return [] }
        let lines = parts.indices.map { row -> Line in
            var counts: [Outcome: Int] = [:]
            for (column, outcome) in told.enumerated() { counts[outcome] = shown[row, column] }
            return Line(
                parts[row].group, andOthers: parts[row].andOthers, parts[row].askers, counts,
                showingAll: shown.total(ofRow: row) != nil, below: least)
        }
        // A table in which all is hidden says only that these groups are there.
        return lines.contains { $0.asked != nil || !$0.counts.isEmpty } ? lines : []
    }

    private struct Part {
        var group: Group?
        var andOthers: Bool
        var askers: [Asker]
    }

    /// Groups of 11 or more by name, and all others: alone, or with the smallest that has a name.
    private static func parts(by dimension: Dimension, of askers: [Asker], below least: Int) -> [Part] {
        let groups = Dictionary(grouping: askers) { $0.groups[dimension] }
        var parts = groups.compactMap { group, members -> Part? in
            guard let group, members.count >= least else { return nil }
            return Part(group: group, andOthers: false, askers: members)
        }
        parts.sort {
            ($0.group?.place ?? 0, $0.group?.name ?? "") < ($1.group?.place ?? 0, $1.group?.name ?? "")
        }
        let named = Set(parts.map(\.group))
        let others = askers.filter { !named.contains($0.groups[dimension]) }
        if others.count >= least {
            parts.append(Part(group: nil, andOthers: false, askers: others))
        } else if let smallest = parts.indices.min(by: { parts[$0].askers.count < parts[$1].askers.count }) {
            // Also when there are none: that there are none shall not show.
            parts[smallest].askers += others
            parts[smallest].andOthers = true
        }
        return parts
    }
}

extension FairnessLedger.Line {
    fileprivate init(
        _ group: FairnessLedger.Group?, andOthers: Bool, _ askers: [FairnessLedger.Asker],
        _ counts: [FairnessLedger.Outcome: Int], showingAll: Bool, below least: Int
    ) {
        (self.group, self.andOthers, self.counts) = (group, andOthers, counts)
        asked = showingAll ? askers.count : nil
        let isWhole = showingAll && counts.count == FairnessLedger.Outcome.allCases.count
        offersEach = isWhole ? Double(askers.reduce(0) { $0 + $1.offers }) / Double(askers.count) : nil
        let waits = askers.compactMap(\.wait).sorted()
        let scores = askers.compactMap(\.score)
        let hasBegun = counts[.began] != nil
        medianWait = hasBegun && !waits.isEmpty ? (waits[(waits.count - 1) / 2] + waits[waits.count / 2]) / 2 : nil
        // Known of all who began, or what is left could be subtracted from what is not known.
        let isKnown = hasBegun && scores.count >= least && scores.count == waits.count
        averageScore = isKnown ? scores.reduce(0, +) / Double(scores.count) : nil
    }
}
