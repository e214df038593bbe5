import Foundation
import Kith
import KithInterop
import Storage

extension Order.Bench {
    func importFiles(_ aim: Order.Aim, _ files: [Order.File], _ asJSON: Bool) async throws -> Order.Outcome {
        let (house, program) = try await place(aim)
        let report = try await Importer().run(
            files: files.map { ($0.name, Array($0.bytes)) }, into: platform, organization: house, program: program,
            progress: { progress($0, files.count) })
        // Files that are refused beside others that are taken are what the report is for.
        return Order.Outcome(output: asJSON ? report.json : report.text, code: report.refusedEverything ? 1 : 0)
    }

    /// The Kith that serves looks at itself, with the settings it serves with.
    func examine() async throws -> Order.Outcome {
        guard let settings else { throw OpenError("Nobody serves here.") }
        let report = await Doctor(settings: settings).examine(platform.store)
        return Order.Outcome(output: String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
    }

    func check(_ asJSON: Bool) async throws -> Order.Outcome {
        let found = try await platform.orphans()
        let total = found.reduce(0) { $0 + $1.ids.count }
        if asJSON {
            let object = Dictionary(found.map { ($0.name, $0.ids) }, uniquingKeysWith: { $0 + $1 })
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            return Order.Outcome(
                output: String(decoding: try encoder.encode(object), as: UTF8.self) + "\n", code: total == 0 ? 0 : 1)
        }
        var lines = found.map {
            "\($0.ids.isEmpty ? "ok   " : "FOUND") \($0.name)\($0.ids.isEmpty ? "" : ": \($0.ids.count)")"
        }
        for item in found where !item.ids.isEmpty { lines += item.ids.prefix(10).map { "      \($0)" } }
        lines.append(total == 0 ? "Nothing was started and forgotten." : "\(total) things were started and forgotten.")
        return Order.Outcome(output: lines.joined(separator: "\n") + "\n", code: total == 0 ? 0 : 1)
    }
}
