import Foundation
import Kith

/// What one measurement found.
struct Figure: Sendable {
    let what: String
    var perSecond: Double?
    /// In milliseconds.
    var median: Double?
    var worstOfHundred: Double?
    /// Whatever else there is to say: `118 MB`, `4.2 a commit`.
    var note = ""
    /// How often the disk could sync in a second, in the same minute; for what waits for the disk.
    var disk: Double?
    /// Requests that were not answered as they should be. They are in no other number.
    var failures = 0
    var limit: Limit?

    /// What the figure has to keep, in words, and whether it does.
    struct Limit: Sendable {
        let words: String
        let isKept: Bool

        init(_ words: String, _ isKept: Bool) { (self.words, self.isKept) = (words, isKept) }
    }
}

/// The table of a run as Markdown, each line as soon as it is known. Progress goes to standard error.
final class Report {
    private(set) var failures = 0
    private(set) var misses = 0
    private let head = ["what", "per second", "p50 ms", "p99 ms", "", "disk syncs/s", "limit", "kept"]
    private let widths = [46, 10, 8, 8, 24, 12, 26, 4]

    /// Says on which machine and when.
    func open(on machine: Machine = Machine()) {
        show(machine.text)
    }

    func section(_ title: String) {
        show("\n### \(title)\n")
        show(row(head))
        show("|" + widths.enumerated().map { $1.dashes(toTheRight: (1...3).contains($0) || $0 == 5) }.joined())
    }

    func add(_ figure: Figure) {
        failures += figure.failures
        if figure.limit?.isKept == false { misses += 1 }
        let failed = figure.failures > 0 ? "**\(figure.failures) failed**" : ""
        show(
            row([
                figure.what, number(figure.perSecond, "%.0f"), number(figure.median, "%.2f"),
                number(figure.worstOfHundred, "%.2f"),
                [figure.note, failed].filter { !$0.isEmpty }.joined(separator: ", "),
                number(figure.disk, "%.0f"), figure.limit?.words ?? "",
                figure.limit.map { $0.isKept ? "pass" : "miss" } ?? ""
            ]))
    }

    /// Says that nothing was measured, and why.
    func skip(_ what: String, because reason: String) { show(row([what, "", "", "", reason, "", "", ""])) }

    /// At once: a run takes minutes, and may be stopped.
    private func show(_ text: String) { FileHandle.standardOutput.write(Data("\(text)\n".utf8)) }

    /// Says what takes a while, on standard error.
    static func tell(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }

    private func row(_ cells: [String]) -> String {
        let padded = zip(cells, widths).enumerated().map { index, cell in
            let gap = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
            return (1...3).contains(index) || index == 5 ? gap + cell.0 : cell.0 + gap
        }
        return "| " + padded.joined(separator: " | ") + " |"
    }

    private func number(_ value: Double?, _ format: String) -> String {
        value.map { String(format: format, $0) } ?? ""
    }
}

extension Int {
    /// A cell of the line under a table's head.
    fileprivate func dashes(toTheRight: Bool) -> String {
        " " + String(repeating: "-", count: self - (toTheRight ? 1 : 0)) + (toTheRight ? ": |" : " |")
    }
}

/// What was measured on.
struct Machine {
    var text: String {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let words = [
            "Measured on \(World.real().now().description.prefix(10)) on \(cores) \(cores == 1 ? "core" : "cores")",
            "(\(model)), \(kernel), load \(load) before it began. \(build) build; each server on one core unless the line says otherwise."
        ]
        return words.joined(separator: " ")
    }

    private var build: String {
        #if DEBUG
            "Debug"
        #else
            "Release"
        #endif
    }

    private var model: String {
        let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
        let line = lines.first { $0.hasPrefix("model name") } ?? "unknown"
        return line.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
    }

    private var kernel: String {
        let release = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? "unknown"
        return "Linux " + release.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private var load: String {
        let text = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
        return text.split(separator: " ").first.map(String.init) ?? "unknown"
    }
}
