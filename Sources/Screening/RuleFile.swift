/// A file of rules as people write it. Each block begins with a word at the margin:
///
///     list NAME                 patterns that others use as @NAME
///     rule NAME KIND            patterns that are a worry
///     harmless NAME             patterns that are none, and cover what is found inside them
///     quoting writer|someone    words before a quotation of the writer themselves, or of somebody in danger now
///     bounds                    words that no gap goes over
///     forgiving                 words recognized in spite of one slip
///
/// What belongs to a block is indented: patterns, and after them `+` texts that the rule must find and `-` texts in which
/// nothing may be found.
struct RuleFile {
    var rules: [Rule] = []
    var harmless: [Rule] = []
    var writer: [Pattern] = []
    var someone: [Pattern] = []
    var bounds: Set<Pattern.Known> = []
    var forgiving: [String] = []
    private var lists: [String: Pattern] = [:]
    private let language: Language

    init(language: Language) { self.language = language }

    private enum Block {
        case list(String), rule, harmless, writer, someone, bounds, forgiving
    }

    /// Reads a further file of the same language; it may use the lists of those before.
    mutating func read(_ text: String, named name: String) throws(RuleFault) {
        var block: Block?
        for line in RuleLine.all(of: text) {
            do throws(Pattern.Malformed) {
                if line.beginsBlock {
                    block = try begin(line.text.split(separator: " ").map(String.init))
                } else if let block {
                    try take(line.text, in: block)
                } else {
                    throw Pattern.Malformed("stands before the first block")
                }
            } catch {
                throw RuleFault(file: name, line: line.number, reason: error.reason)
            }
        }
    }

    private mutating func begin(_ words: [String]) throws(Pattern.Malformed) -> Block {
        switch (words[0], words.count) {
        case ("list", 2): return .list(words[1])
        case ("rule", 3):
            guard let kind = Kind(rawValue: words[2]) else { throw Pattern.Malformed("has no kind \(words[2])") }
            rules.append(Rule(name: words[1], kind: kind, language: language))
            return .rule
        case ("harmless", 2):
            harmless.append(Rule(name: words[1], kind: nil, language: language))
            return .harmless
        case ("quoting", 2) where words[1] == "writer": return .writer
        case ("quoting", 2) where words[1] == "someone": return .someone
        case ("bounds", 1): return .bounds
        case ("forgiving", 1): return .forgiving
        default: throw Pattern.Malformed("begins no block: \(words[0])")
        }
    }

    private mutating func take(_ line: Substring, in block: Block) throws(Pattern.Malformed) {
        switch block {
        case .rule: try rules[rules.count - 1].take(line, lists)
        case .harmless: try harmless[harmless.count - 1].take(line, lists)
        case .list(let name):
            // The lines of a list are choices, as are those parted by a bar.
            let pattern = try Pattern(line, lists: lists)
            lists[name] = lists[name].map { Pattern.either($0, pattern) } ?? pattern
        case .writer: writer.append(try Pattern(line, lists: lists))
        case .someone: someone.append(try Pattern(line, lists: lists))
        case .bounds:
            for word in line.split(separator: " ") {
                guard case .words(let known) = try Pattern(word, lists: [:]).single else { continue }
                bounds.formUnion(known)
            }
        case .forgiving: forgiving += line.split(separator: " ").map(String.init)
        }
    }
}

/// A mistake in a file of rules.
package struct RuleFault: Error, Equatable, CustomStringConvertible {
    package let file: String
    package let line: Int
    package let reason: String

    package var description: String { "\(file):\(line): \(reason)" }
}

/// A rule, or a block of harmless phrases, as written.
struct Rule: Sendable {
    let name: String
    /// Nil for what is harmless.
    let kind: Kind?
    let language: Language
    var patterns: [Pattern] = []
    /// Texts that it must find.
    var examples: [String] = []
    /// Texts in which nothing may be found.
    var counterexamples: [String] = []

    init(name: String, kind: Kind?, language: Language) {
        self.name = name
        self.kind = kind
        self.language = language
    }

    fileprivate mutating func take(_ line: Substring, _ lists: [String: Pattern]) throws(Pattern.Malformed) {
        switch line.first {
        case "+": examples.append(String(line.dropFirst(2)))
        case "-": counterexamples.append(String(line.dropFirst(2)))
        default: patterns.append(try Pattern(line, lists: lists))
        }
    }
}
