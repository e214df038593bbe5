import Storage

/// What happened, as a word that a machine can sort by and `Strings` can put in a sentence (`events.<kind>`).
package struct EventKind: RawRepresentable, Hashable, Sendable, SQLConvertible, SQLDecodable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// One thing that was done, recorded in the transaction that did it.
package struct Event: Sendable {
    package let kind: EventKind
    /// Whom it concerns, when it concerns a person.
    package var subject: Person.ID?
    package var program: Program.ID?
    /// The thing it was done to, by its identifier.
    package var object: String?
    /// Set only where nobody is signed in: somebody asks for support on a public page.
    package var organization: Organization.ID?
    /// Codes and numbers that the sentence needs; never free text, never a name.
    package var details: [String: String]

    package init(
        _ kind: EventKind, of object: String? = nil, about subject: Person.ID? = nil, in program: Program.ID? = nil,
        _ details: [String: String] = [:]
    ) {
        self.kind = kind
        self.object = object
        self.subject = subject
        self.program = program
        self.details = details
    }
}
