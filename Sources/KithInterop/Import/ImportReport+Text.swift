extension ImportReport {
    /// The report for people: a line for each file, aligned, with its reasons below, and a sum at the end.
    package var text: String {
        let width = files.map(\.name.count).max() ?? 0
        let lines = files.flatMap { file in
            [Self.line(file.verdict.words, file.name, file.summary, width)] + file.reasonLines
        }
        return (lines + ["", sum]).joined(separator: "\n") + "\n"
    }

    private var sum: String {
        let verdicts = Verdict.allCases.map { "\(count($0)) \($0.words)" }.joined(separator: ", ")
        let things = ["Patient", "RelatedPerson", "ServiceRequest", "Task"].filter { taken($0) > 0 }
            .map { "\(taken($0)) \($0)" }.joined(separator: ", ")
        return "\(files.count == 1 ? "1 file" : "\(files.count) files"): \(verdicts)"
            + (things.isEmpty ? "" : "\nnew here: \(things)")
    }

    private static func line(_ verdict: String, _ name: String, _ summary: String, _ width: Int) -> String {
        let parts = [verdict.padded(to: 8), summary.isEmpty ? name : name.padded(to: width), summary]
        return parts.filter { !$0.isEmpty }.joined(separator: "  ")
    }
}

extension ImportReport.Verdict {
    fileprivate var words: String {
        switch self {
        case .taken: "taken"
        case .kept: "not used"
        case .known: "known"
        case .refused: "refused"
        }
    }
}

extension ImportReport.File {
    /// More reasons than anybody reads are summed up.
    private static let mostReasons = 10

    fileprivate var summary: String {
        let parts = [("", taken), ("not used: ", kept), ("known: ", known)]
        return parts.filter { !$0.1.isEmpty }.map { label, counts in
            let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            return label + sorted.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        }.joined(separator: "; ")
    }

    fileprivate var reasonLines: [String] {
        let indent = String(repeating: " ", count: 10)
        let shown = reasons.prefix(Self.mostReasons).map {
            indent + ($0.path.isEmpty ? $0.words : "\($0.path): \($0.words)")
        }
        let more = reasons.count - Self.mostReasons
        return more > 0 ? shown + ["\(indent)and \(more) more"] : shown
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
