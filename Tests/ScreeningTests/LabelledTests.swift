import Foundation
import Testing

@testable import Screening

/// A labelled set, and what is asked of it: just under what was measured, so that a change for the worse is seen.
struct LabelledSet: Sendable, CustomTestStringConvertible {
    let name: String
    let recall: Double
    let falseAlarms: Double

    var testDescription: String { name }

    func lines() throws -> [LabelledLine] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Labelled")
        let text = try String(contentsOf: folder.appending(path: name + ".tsv"), encoding: .utf8)
        return try text.split(separator: "\n").map { try #require(LabelledLine($0), "\(name): \($0)") }
    }

    static let all = [
        LabelledSet(name: "tuning.en", recall: 0.97, falseAlarms: 0.01),
        LabelledSet(name: "tuning.es", recall: 0.98, falseAlarms: 0.01),
        LabelledSet(name: "tuning.ar", recall: 0.97, falseAlarms: 0.01),
        LabelledSet(name: "test.en", recall: 0.96, falseAlarms: 0.05),
        LabelledSet(name: "test.es", recall: 0.98, falseAlarms: 0.01),
        LabelledSet(name: "test.ar", recall: 0.99, falseAlarms: 0.02),
        LabelledSet(name: "fresh.en", recall: 0.91, falseAlarms: 0.05),
        LabelledSet(name: "fresh.es", recall: 0.95, falseAlarms: 0.02),
        LabelledSet(name: "fresh.ar", recall: 0.95, falseAlarms: 0.02),
        LabelledSet(name: "later.en", recall: 0.86, falseAlarms: 0.14),
        LabelledSet(name: "later.es", recall: 0.79, falseAlarms: 0.07),
        LabelledSet(name: "later.ar", recall: 0.95, falseAlarms: 0.02)
    ]
}

@Suite("Labelled sets")
struct LabelledTests {
    @Test("Enough worries are found, and few false alarms are raised", arguments: LabelledSet.all)
    func figures(set: LabelledSet) throws {
        let book = try RuleBook.shared.get()
        var score = LabelledScore()
        for line in try set.lines() { score.count(line, book.verdict(of: line.text)) }
        #expect(score.recall >= set.recall, "\(set.name): \(score)")
        #expect(score.falseAlarms <= set.falseAlarms, "\(set.name): \(score)")
    }

    @Test("There are 1,000 lines and more, nearly half of them no worry, and none stands twice")
    func size() throws {
        let lines = try LabelledSet.all.flatMap { try $0.lines() }
        #expect(lines.count >= 1_000)
        let others = lines.count { !$0.isWorry }
        #expect(Double(others) / Double(lines.count) > 0.45)
        let texts = Set(lines.map { $0.text.lowercased() })
        #expect(texts.count == lines.count)
    }

    @Test("A score counts what was found and what was not")
    func score() throws {
        let book = try RuleBook.shared.get()
        var score = LabelledScore()
        for line in ["worry\tI want to die", "worry\tLovely weather", "none\tI want to die", "none\tHello"] {
            let line = try #require(LabelledLine(line))
            score.count(line, book.verdict(of: line.text))
        }
        #expect(score.recall == 0.5 && score.falseAlarms == 0.5)
        #expect(score.description == "recall 50.0 % (1 of 2), false alarms 50.0 % (1 of 2)")
        #expect(LabelledLine("I want to die") == nil && LabelledLine("maybe\tI want to die") == nil)
    }
}
