import Foundation

extension StorageBench {
    /// The lines as a table for people.
    static func table(_ lines: [Line]) -> String {
        let head = ["", "work", "callers", "per second", "p50 ms", "p99 ms", "per commit"]
        let rows = lines.map { line in
            [
                line.engine, line.work, "\(line.callers)", String(format: "%.0f", line.perSecond),
                number(line.median, "%.2f"), number(line.worstOfHundred, "%.2f"), number(line.perCommit, "%.1f")
            ]
        }
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        return ([head] + rows).map { row in
            row.indices.map { column in
                let gap = String(repeating: " ", count: widths[column] - row[column].count)
                return column < 2 ? row[column] + gap : gap + row[column]
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    private static func number(_ value: Double?, _ format: String) -> String {
        value.map { String(format: format, $0) } ?? ""
    }
}
