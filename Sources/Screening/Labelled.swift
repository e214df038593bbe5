/// A line of a labelled set: `worry` or `none`, a tab, the text.
package struct LabelledLine: Sendable {
    package let isWorry: Bool
    package let text: String

    /// Nil for a line that has no label.
    package init?(_ line: some StringProtocol) {
        let parts = line.split(separator: "\t", maxSplits: 1)
        guard parts.count == 2, parts[0] == "worry" || parts[0] == "none" else { return nil }
        isWorry = parts[0] == "worry"
        text = String(parts[1])
    }
}

/// How verdicts compare with labels.
package struct LabelledScore: Equatable, Sendable, CustomStringConvertible {
    package private(set) var worries = 0
    package private(set) var found = 0
    package private(set) var others = 0
    package private(set) var alarms = 0

    package init() {}

    package mutating func count(_ line: LabelledLine, _ verdict: Verdict) {
        if line.isWorry {
            worries += 1
            if verdict != .none { found += 1 }
        } else {
            others += 1
            if verdict != .none { alarms += 1 }
        }
    }

    /// The share of worries that were found; 1 where there are none to find.
    package var recall: Double { worries == 0 ? 1 : Double(found) / Double(worries) }
    /// The share of the other lines that were taken for worries.
    package var falseAlarms: Double { others == 0 ? 0 : Double(alarms) / Double(others) }

    package var description: String {
        func share(_ part: Int, _ whole: Int) -> String {
            whole == 0 ? "none to tell" : "\((Double(part) * 1_000 / Double(whole)).rounded() / 10) %"
        }
        return "recall \(share(found, worries)) (\(found) of \(worries)), "
            + "false alarms \(share(alarms, others)) (\(alarms) of \(others))"
    }
}
