import Foundation

/// The rules of worry detection, ready to read texts: phrases in English, Spanish and Arabic that people write when
/// they, or somebody near them, may be in danger.
///
/// A phrase of a rule is a worry unless a longer harmless phrase goes around it or takes it up: “want to die” is one,
/// “don’t want to die” and “want to die laughing” are none. What stands in quotation marks counts only after words that make it the
/// writer’s own (“I keep telling him”), or that of somebody in danger now (“she just texted me”).
///
/// All of it happens here: nothing is sent, kept or learned.
package struct RuleBook: Sendable {
    /// Which rules these are; changes whenever a verdict may.
    package let version: String
    let rules: [Rule]
    let harmless: [Rule]
    private let automaton: Automaton
    /// What a pattern of the automaton belongs to.
    private let owners: [Owner]

    private enum Owner: Sendable {
        case rule(Int), harmless, writer, someone
    }

    /// Reads the rules that Kith comes with. Takes a moment: do it once.
    /// - Throws: ``RuleFault``, or what the file system says.
    package static func bundled() throws -> RuleBook {
        let folder = (Bundle.module.resourcePath ?? Bundle.module.bundlePath) + "/Rules"
        func text(_ path: String) throws -> String {
            try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
        }
        let files = try Language.allCases.map { language in
            var file = RuleFile(language: language)
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(language.rawValue)")
            for name in names.sorted() where name.hasSuffix(".txt") {
                let path = "\(language.rawValue)/\(name)"
                try file.read(text(path), named: path)
            }
            return file
        }
        let version = try text("version.txt").trimmingCharacters(in: .whitespacesAndNewlines)
        return RuleBook(files, version: version)
    }

    /// The rules that Kith comes with, read once in this process, by whoever asks first: that takes about a second.
    package static let shared = Result { try bundled() }

    init(_ files: [RuleFile], version: String) {
        self.version = version
        rules = files.flatMap(\.rules)
        harmless = files.flatMap(\.harmless)
        var patterns: [Pattern] = []
        var owners: [Owner] = []
        func add(_ some: [Pattern], _ owner: Owner) {
            patterns += some
            owners += some.map { _ in owner }
        }
        for (index, rule) in rules.enumerated() { add(rule.patterns, .rule(index)) }
        for rule in harmless { add(rule.patterns, .harmless) }
        for file in files {
            add(file.writer, .writer)
            add(file.someone, .someone)
        }
        self.owners = owners
        automaton = Automaton(
            patterns, bounds: files.reduce(into: []) { $0.formUnion($1.bounds) }, forgiving: files.flatMap(\.forgiving))
    }

    /// What a text gives cause to. Linear in the length of the text.
    package func verdict(of text: String) -> Verdict {
        let read = Words(text, automaton.vocabulary)
        let hits = automaton.hits(in: read.words)
        guard let (hit, index, isQuoted) = worry(among: hits, read) else { return .none }
        let rule = rules[index]
        let utf8 = text.utf8
        let start = utf8.index(utf8.startIndex, offsetBy: Int(read.words[hit.first].start))
        let end = utf8.index(utf8.startIndex, offsetBy: Int(read.words[hit.last].end))
        return .worry(
            Worry(
                rule: isQuoted ? Kind.someoneElse.rawValue : rule.name,
                kind: isQuoted ? .someoneElse : rule.kind ?? .suicide, language: rule.language,
                version: version, range: start..<end))
    }

    /// The first phrase of a rule that nothing takes away, its rule, and whether it is a quotation of somebody in danger.
    private func worry(among hits: [Automaton.Hit], _ read: Words) -> (Automaton.Hit, rule: Int, isQuoted: Bool)? {
        guard hits.contains(where: { if case .rule = owners[$0.pattern] { true } else { false } }) else { return nil }
        let cover = Cover(
            hits.filter { if case .harmless = owners[$0.pattern] { true } else { false } }, read.words.count)
        var introduced: [Int: Owner] = [:]
        for hit in hits {
            switch owners[hit.pattern] {
            case .writer, .someone: introduced[hit.last] = owners[hit.pattern]
            case .rule, .harmless: break
            }
        }
        var best: (Automaton.Hit, rule: Int, isQuoted: Bool)?
        for hit in hits {
            guard case .rule(let index) = owners[hit.pattern], !cover.covers(hit) else { continue }
            if let best, (best.0.first, best.rule) <= (hit.first, index) { continue }
            let quotation = Int(read.words[hit.first].quotation)
            guard quotation > 0, quotation == read.words[hit.last].quotation else {
                best = (hit, index, false)
                continue
            }
            switch introduced[read.quotations[quotation - 1] - 1] {
            case .writer: best = (hit, index, false)
            case .someone: best = (hit, index, true)
            default: break
            }
        }
        return best
    }
}

/// The harmless phrases of a text, to ask quickly whether one goes around a hit.
private struct Cover {
    /// For each word: the earliest beginning of a phrase that ends with it, or with it or later.
    private var endingHere: [Int]
    private var endingLater: [Int]

    init(_ hits: [Automaton.Hit], _ count: Int) {
        endingHere = Array(repeating: .max, count: count + 1)
        for hit in hits { endingHere[hit.last] = min(endingHere[hit.last], hit.first) }
        endingLater = endingHere
        for index in stride(from: count - 1, through: 0, by: -1) {
            endingLater[index] = min(endingLater[index], endingLater[index + 1])
        }
    }

    /// Whether a harmless phrase goes around it that is longer, or begins in it and goes on after it.
    func covers(_ hit: Automaton.Hit) -> Bool {
        endingLater[hit.last + 1] <= hit.last || endingHere[hit.last] < hit.first
    }
}
