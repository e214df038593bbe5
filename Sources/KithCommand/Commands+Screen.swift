import ArgumentParser
import Foundation
import Kith
import Screening
import Storage

struct ScreenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "screen",
        abstract: "Say of each line of a file whether its writer would be offered help.",
        discussion: """
            Prints one line for each line: worry and the name of the rule, or none. Needs no database, sends nothing and
            keeps nothing. With --labelled, lines read worry or none, a tab and the text, and what is printed is how many
            worries were found and how many false alarms there were.
            """)

    @Argument(help: "Files of UTF-8 text; - is standard input.") var files: [String]
    @Flag(help: "Compare with the labels that the lines begin with.") var labelled = false

    func run() async throws {
        try await failing {
            let rules = try RuleBook.bundled()
            for file in files {
                let lines = try Self.lines(of: file)
                try give(labelled ? Self.score(lines, of: file, by: rules) : Self.verdicts(on: lines, by: rules))
            }
            tell("Read with version \(rules.version) of the rules.")
        }
    }

    private static func lines(of file: String) throws -> [String] {
        let bytes = file == "-" ? try FileHandle.standardInput.readToEnd() ?? Data() : try contents(of: file)
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return try lines.enumerated().map { index, line in
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            guard let text = String(validating: line, as: UTF8.self) else {
                throw OpenError("Line \(index + 1) of \(file) is not UTF-8 text.")
            }
            return text
        }
    }

    private static func verdicts(on lines: [String], by rules: RuleBook) -> String {
        lines.map { line in
            switch rules.verdict(of: line) {
            case .none: "none\n"
            case .worry(let worry): "worry \(worry.rule)\n"
            }
        }.joined()
    }

    private static func score(_ lines: [String], of file: String, by rules: RuleBook) throws -> String {
        var score = LabelledScore()
        for (index, line) in lines.enumerated() {
            guard let labelled = LabelledLine(line) else {
                throw OpenError("Line \(index + 1) of \(file) does not begin with worry or none and a tab.")
            }
            score.count(labelled, rules.verdict(of: labelled.text))
        }
        return "\(file): \(score)\n"
    }
}
