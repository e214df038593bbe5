import FHIR
import Foundation

/// What became of each file of an import, in codes, counts and places. It names nobody.
package struct ImportReport: Sendable, Codable, Equatable {
    package enum Verdict: String, Sendable, Codable, CaseIterable {
        /// Something in it began here.
        case taken
        /// Valid, and nothing in it is used.
        case kept
        /// All of it came before.
        case known
        case refused
    }

    /// One thing worth knowing about a file.
    package struct Reason: Sendable, Codable, Equatable {
        /// Where in the file, such as `Bundle.entry[3].resource.status`; empty for the whole.
        package let path: String
        package let words: String
    }

    package struct File: Sendable, Codable, Equatable {
        package let name: String
        package let verdict: Verdict
        /// How many resources of each type became something here.
        package let taken: [String: Int]
        /// How many of each type are valid and not used.
        package let kept: [String: Int]
        /// How many of each type came before.
        package let known: [String: Int]
        package let reasons: [Reason]
    }

    package var files: [File] = []

    package init() {}

    /// How many files have a verdict.
    package func count(_ verdict: Verdict) -> Int { files.count { $0.verdict == verdict } }

    /// How many resources of a type were taken, in all files.
    package func taken(_ type: String) -> Int { files.reduce(0) { $0 + ($1.taken[type] ?? 0) } }

    /// The report for programs: an object with sorted keys.
    package var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}

extension ImportReport.File {
    init(_ name: String, refusedFor issues: [Issue]) {
        self.init(
            name: name, verdict: .refused, taken: [:], kept: [:], known: [:],
            reasons: issues.map { ImportReport.Reason(path: $0.path, words: $0.message) })
    }

    init(_ name: String, _ receipts: [(Delivery.Item, Receipt)]) {
        var (taken, kept, known): ([String: Int], [String: Int], [String: Int]) = ([:], [:], [:])
        var reasons: [ImportReport.Reason] = []
        for (item, receipt) in receipts {
            switch receipt.outcome {
            case .taken: taken[item.type, default: 0] += 1
            case .known: known[item.type, default: 0] += 1
            case .kept(let unused):
                kept[item.type, default: 0] += 1
                if unused != .notNeeded { reasons.append(.init(path: item.path, words: unused.words)) }
            }
            reasons += receipt.remarks.map { .init(path: item.path, words: $0.words) }
        }
        if receipts.isEmpty { reasons.append(.init(path: "", words: "holds no resources to take in")) }
        let verdict: ImportReport.Verdict =
            !taken.isEmpty ? .taken : !kept.isEmpty || known.isEmpty ? .kept : .known
        self.init(name: name, verdict: verdict, taken: taken, kept: kept, known: known, reasons: reasons)
    }
}
