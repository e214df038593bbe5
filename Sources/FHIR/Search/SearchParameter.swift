/// A search parameter that a server declares to know: http://hl7.org/fhir/R4/search.html
package struct SearchParameter: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case token
        case date
        case string
        /// A link to resources of these types.
        case reference(to: [String])
    }

    package let name: String
    package let kind: Kind

    /// Compared with codes, identifiers, truth values and ids.
    package static func token(_ name: String) -> SearchParameter { SearchParameter(name: name, kind: .token) }
    /// Compared with dates, instants and periods.
    package static func date(_ name: String) -> SearchParameter { SearchParameter(name: name, kind: .date) }
    /// Compared with the beginning of text.
    package static func string(_ name: String) -> SearchParameter { SearchParameter(name: name, kind: .string) }
    /// Compared with links to resources of these types; an id alone is taken for one of any of them.
    package static func reference(_ name: String, to types: String...) -> SearchParameter {
        SearchParameter(name: name, kind: .reference(to: types))
    }

    /// What every resource type can be searched by, without being declared.
    package static let common: [SearchParameter] = [.token("_id"), .date("_lastUpdated")]
}

/// What a search asks of one parameter. Of several values, one must fit.
package enum SearchCondition: Hashable, Sendable {
    /// `:missing=true`: the element is absent; false: it is present.
    case isMissing(Bool)
    case token([SearchToken])
    /// `:not`: none of the tokens fits, which an absent element satisfies as well.
    case notToken([SearchToken])
    case date([SearchDate])
    /// Text compared without regard to case and accents, from its beginning.
    case startsWith([String])
    /// `:contains`: as above, anywhere.
    case contains([String])
    /// `:exact`: the same text, case and all.
    case exactly([String])
    case reference([SearchReference])
    /// `:identifier`: by the identifier of a logical reference.
    case referenceIdentifier([SearchToken])
}

/// A code with or without its system: `code`, `system|code`, `|code`, `system|`.
package struct SearchToken: Hashable, Sendable {
    package enum System: Hashable, Sendable {
        /// `code`: the system does not matter.
        case any
        /// `|code`: there must be no system.
        case none
        case named(String)
    }

    package let system: System
    /// Nil for `system|`: any code of that system.
    package let code: String?

    package init(system: System, code: String?) {
        self.system = system
        self.code = code
    }

    /// Whether a code of a system fits.
    package func matches(system: String?, code: String?) -> Bool {
        let fits =
            switch self.system {
            case .any: true
            case .none: system == nil
            case .named(let name): system == name
            }
        return fits && (self.code == nil ? code != nil : self.code == code)
    }
}

/// A resource that a reference shall lead to.
package struct SearchReference: Hashable, Sendable {
    package let id: String
    /// The types it may have: the one that was named, else all that the parameter leads to.
    package let types: [String]
    /// The base address of another server, without a slash at its end; nil for this one.
    package let base: String?

    package init(id: String, types: [String], base: String? = nil) {
        self.id = id
        self.types = types
        self.base = base
    }
}
