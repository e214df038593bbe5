import Foundation

/// The phrases that ``Wording`` is found by, in English, Spanish and Arabic; every text is read by all of them.
///
/// Each file of `Rules/wording` has a block for each kind, which begins with its name at the margin. What is indented
/// below are patterns as in the rules of worry detection (``Pattern``), and after them `+` texts in which the kind must be
/// found, and `-` texts in which nothing may be found.
package struct WordingBook: Sendable {
    /// A text of the files, for the tests: nil is a text in which nothing may be found.
    struct Example: Sendable {
        let kind: Wording.Kind?
        let text: String
    }

    let examples: [Example]
    private let automaton: Automaton
    /// The kind of each pattern of the automaton.
    private let kinds: [Wording.Kind]

    /// The phrases that Kith comes with, read once in this process.
    package static let shared = Result { try bundled() }

    /// - Throws: ``RuleFault``, or what the file system says.
    static func bundled() throws -> WordingBook {
        let folder = (Bundle.module.resourcePath ?? Bundle.module.bundlePath) + "/Rules/wording"
        return try WordingBook(
            Language.allCases.map { language in
                let name = "\(language.rawValue).txt"
                return (name, try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8))
            })
    }

    init(_ files: [(name: String, text: String)]) throws(RuleFault) {
        var (patterns, kinds, examples): ([Pattern], [Wording.Kind], [Example]) = ([], [], [])
        for file in files {
            var kind: Wording.Kind?
            for line in RuleLine.all(of: file.text) {
                func fault(_ reason: String) -> RuleFault {
                    RuleFault(file: "wording/\(file.name)", line: line.number, reason: reason)
                }
                if line.beginsBlock {
                    kind = Wording.Kind(rawValue: String(line.text))
                    if kind == nil { throw fault("begins no block: \(line.text)") }
                    continue
                }
                guard let kind else { throw fault("stands before the first block") }
                switch line.text.first {
                case "+": examples.append(Example(kind: kind, text: String(line.text.dropFirst(2))))
                case "-": examples.append(Example(kind: nil, text: String(line.text.dropFirst(2))))
                default:
                    do { patterns.append(try Pattern(line.text, lists: [:])) } catch { throw fault(error.reason) }
                    kinds.append(kind)
                }
            }
        }
        self.kinds = kinds
        self.examples = examples
        automaton = Automaton(patterns, bounds: [], forgiving: [])
    }

    /// What is found in a text, in its order, each stretch once. What stands in quotation marks is somebody's own words
    /// and is left alone. Linear in the length of the text.
    package func findings(in text: String) -> [Wording] {
        let read = Words(text, automaton.vocabulary)
        let hits = automaton.hits(in: read.words)
            .filter { read.words[$0.first].quotation == 0 || read.words[$0.last].quotation == 0 }
            .sorted { ($0.first, -$0.last) < ($1.first, -$1.last) }
        var findings: [Wording] = []
        var end = -1
        let utf8 = text.utf8
        for hit in hits where hit.first > end {
            end = hit.last
            let start = utf8.index(utf8.startIndex, offsetBy: Int(read.words[hit.first].start))
            let finish = utf8.index(utf8.startIndex, offsetBy: Int(read.words[hit.last].end))
            findings.append(Wording(kind: kinds[hit.pattern], range: start..<finish))
        }
        return findings
    }
}
