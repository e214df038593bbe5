import Storage
import Web

/// The ledger of a program and a quarter, as tables.
struct FairnessScreen: Screen {
    static let template = "fairness/ledger"

    let period: EvidencePeriod
    let ledger: FairnessLedger

    init(_ query: Form, in db: Reading) throws {
        period = try EvidencePeriod(query, in: db)
        ledger = try FairnessLedger(of: period.program.id, in: period.quarter, db: db)
    }

    func title(_ words: Words) -> String { words("fairness.title") }

    func shown(_ words: Words) -> Value {
        let columns = columns(words)
        return [
            "program": .text(period.program.name), "quarter": .text(period.said(words)),
            "others": period.program.shownOthers { "/fairness?program=\($0)&quarter=\(period.quarter)" },
            "beforePath": period.quarter.before.map { .text("/fairness\(period.query($0))") } ?? .nothing,
            "afterPath": period.isCurrent
                ? .nothing : period.quarter.after.map { .text("/fairness\(period.query($0))") } ?? .nothing,
            "few": .flag(ledger.all == nil),
            "filePath": .text("/fairness/file\(period.query(period.quarter))"),
            "everybody": .list(allLine.map { shown($0, .language, columns, words) }),
            "caption": .text(words("fairness.caption.all", ["quarter": period.said(words)])),
            "tables": .list(
                ledger.tables.map { table in
                    [
                        "name": .text(words("fairness.by.\(table.dimension.rawValue)")),
                        "caption": .text(
                            words("fairness.caption.\(table.dimension.rawValue)", ["quarter": period.said(words)])),
                        "columns": .list(columns.map { .text($0.name) }),
                        "same": .flag(table.lines.isEmpty),
                        "lines": .list((table.lines + allLine).map { shown($0, table.dimension, columns, words) })
                    ]
                }),
            "columns": .list(
                columns.map { ["name": .text($0.name), "explained": .text($0.explained)] })
        ]
    }

    private var allLine: [FairnessLedger.Line] { ledger.all.map { [$0] } ?? [] }

    private struct Column {
        let code: String
        let name: String
        let explained: String
        let text: @Sendable (FairnessLedger.Line) -> String?
    }

    /// What is not told apart has no column.
    private func columns(_ words: Words) -> [Column] {
        func column(_ code: String, _ text: @escaping @Sendable (FairnessLedger.Line) -> String?) -> Column {
            Column(
                code: code, name: words("fairness.column.\(code)"), explained: words("fairness.explained.\(code)"),
                text: text)
        }
        let outcomes = ledger.outcomes.map { outcome in
            column(outcome.code) { line in line.counts[outcome].map { "\($0)" } }
        }
        return [column("asked") { $0.asked.map { "\($0)" } }] + outcomes + [
            column("offers-each") { $0.offersEach.map { Self.tenths($0) } },
            column("wait") { $0.medianWait.map { "\(Int($0.rounded()))" } },
            column("score") { $0.averageScore.map { "\(Int(($0 * 100).rounded()))" } }
        ]
    }

    private static func tenths(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private func shown(
        _ line: FairnessLedger.Line, _ dimension: FairnessLedger.Dimension, _ columns: [Column], _ words: Words
    ) -> Value {
        [
            "name": .text(name(of: line, dimension, words)),
            "cells": .list(
                columns.map { column in
                    ["label": .text(column.name), "text": .text(column.text(line) ?? words("fairness.hidden"))]
                })
        ]
    }

    private func name(of line: FairnessLedger.Line, _ dimension: FairnessLedger.Dimension, _ words: Words) -> String {
        guard let group = line.group else {
            return words(line == ledger.all ? "fairness.all" : "fairness.others")
        }
        let name =
            switch dimension {
            case .language: words.language(group.name)
            case .age: words("fairness.age.\(group.name)")
            case .area, .gender: group.name
            }
        return line.andOthers ? words("fairness.and-others", ["name": name]) : name
    }

    /// The same for a spreadsheet: with the same left out. The first line names the columns.
    func file(_ words: Words) -> String {
        let columns = columns(words)
        var lines = [
            [words("fairness.column.by"), words("fairness.column.group")] + columns.map(\.name)
        ]
        for table in ledger.tables {
            for line in table.lines {
                lines.append(
                    [words("fairness.by.\(table.dimension.rawValue)"), name(of: line, table.dimension, words)]
                        + columns.map { $0.text(line) ?? words("fairness.hidden") })
            }
        }
        for line in allLine {
            lines.append(["", words("fairness.all")] + columns.map { $0.text(line) ?? words("fairness.hidden") })
        }
        return lines.map { $0.map(Self.field).joined(separator: ",") + "\r\n" }.joined()
    }

    /// A field of RFC 4180. What people wrote could be taken for a formula, so such a text begins with an apostrophe.
    private static func field(_ text: String) -> String {
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
        return "\"\((isFormula ? "'" : "") + text.replacing("\"", with: "\"\""))\""
    }
}

extension FairnessLedger.Outcome {
    fileprivate var code: String {
        switch self {
        case .began: "began"
        case .offered: "offered"
        case .waits: "waits"
        }
    }
}
