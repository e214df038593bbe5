/// A template as parsed: layouts and partials are still names.
indirect enum Markup: Sendable {
    case text([UInt8])
    case value(Name)
    case section(Name, [Markup])
    case inverted(Name, [Markup])
    /// A text with plural forms, chosen by the number `Name`.
    case plural(Name, [PluralCategory: [Markup]])
    case partial(Reference)
    case block(String, [Markup])
    case layout(Reference, blocks: [String: [Markup]])
}

/// A name looked up in the value, split at its dots once, here, rather than at each lookup.
struct Name: Sendable {
    /// The part searched for in the context and then in those around it; empty for `{{.}}`.
    let first: String
    let fingerprint: UInt64
    /// The parts searched for only inside what came before.
    let rest: [String]
    let template: String
    let line: Int

    init(first: String, rest: [String], template: String, line: Int) {
        (self.first, fingerprint) = (first, Fields.fingerprint(first))
        (self.rest, self.template, self.line) = (rest, template, line)
    }

    var written: String { first.isEmpty ? "." : ([first] + rest).joined(separator: ".") }
}

/// Another template mentioned by name.
struct Reference: Sendable {
    let name: String
    let template: String
    let line: Int
}

/// Where a parser finds the texts and asset paths that `[[…]]` stands for.
struct Wording: Sendable {
    var strings: Strings?
    var assets: Assets?
}
