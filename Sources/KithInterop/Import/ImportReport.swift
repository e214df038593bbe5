import FHIR

/// What became of each file of an import, in codes, counts and places. It names nobody.
package struct ImportReport: Sendable, Equatable {
    package enum Verdict: String, Sendable, CaseIterable {
        /// Something in it began here.
        case taken
        /// Valid, and nothing in it is used.
        case kept
        /// All of it came before.
        case known
        case refused
    }

    /// One thing worth knowing about a file.
    package struct Reason: Sendable, Equatable {
        /// Where in the file, such as `Bundle.entry[3].resource.status`; empty for the whole.
        package let path: String
        package let words: String
    }

    package struct File: Sendable, Equatable {
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

    /// Whether no file was of any use.
    package var refusedEverything: Bool { !files.isEmpty && count(.refused) == files.count }

    /// The report for programs: an object with the files in order.
    package var json: String { JSON.object(["files": .array(files.map(\.json))]).serialized(.pretty) + "\n" }
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

extension ImportReport.File {
    fileprivate var json: JSON {
        [
            "name": .string(name),
            "verdict": .string(verdict.rawValue),
            "taken": Self.counts(taken),
            "kept": Self.counts(kept),
            "known": Self.counts(known),
            "reasons": .array(reasons.map { ["path": .string($0.path), "words": .string($0.words)] })
        ]
    }

    private static func counts(_ counts: [String: Int]) -> JSON {
        .object(JSON.Object(counts.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .integer($0.value)) }))
    }
}
