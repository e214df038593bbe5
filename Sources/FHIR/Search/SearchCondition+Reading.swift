extension SearchCondition {
    /// Reads the value of one parameter. Commas separate values; a backslash takes `,`, `|`, `$` and itself as they
    /// are (http://hl7.org/fhir/R4/search.html#escaping).
    init(_ value: String, modifier: String?, for parameter: SearchParameter) throws(Issue) {
        let name = parameter.name
        if modifier == "missing" {
            guard value == "true" || value == "false" else {
                throw Issue(.error, .value, "\(name):missing must be true or false")
            }
            self = .isMissing(value == "true")
            return
        }
        let values = Self.split(value, at: ",")
        guard values.count <= SearchQuery.valueLimit else {
            throw Issue(.error, .tooCostly, "\(name) may have \(SearchQuery.valueLimit) values at most")
        }
        // An empty value would have to match everything or nothing, and neither is likely to be meant.
        guard values.allSatisfy({ !$0.isEmpty }) else { throw Issue(.error, .value, "\(name) has an empty value") }
        switch (parameter.kind, modifier) {
        case (.token, nil): self = .token(try Self.tokens(values, name))
        case (.token, "not"): self = .notToken(try Self.tokens(values, name))
        case (.string, nil): self = .startsWith(values.map(Self.unescaped))
        case (.string, "contains"): self = .contains(values.map(Self.unescaped))
        case (.string, "exact"): self = .exactly(values.map(Self.unescaped))
        case (.date, nil): self = .date(try Self.dates(values, name))
        case (.reference, "identifier"): self = .referenceIdentifier(try Self.tokens(values, name))
        case (.reference(let types), nil): self = .reference(try Self.references(values, name, types))
        case (.reference(let types), let type?) where types.contains(type):
            self = .reference(try Self.references(values, name, [type]))
        default: throw Issue(.error, .notSupported, "\(name) does not understand this modifier")
        }
    }

    private static func tokens(_ values: [String], _ name: String) throws(Issue) -> [SearchToken] {
        var tokens: [SearchToken] = []
        for value in values {
            let parts = split(value, at: "|").map(unescaped)
            switch parts.count {
            case 1: tokens.append(SearchToken(system: .any, code: parts[0]))
            case 2 where !(parts[0].isEmpty && parts[1].isEmpty):
                let system = parts[0].isEmpty ? SearchToken.System.none : .named(parts[0])
                tokens.append(SearchToken(system: system, code: parts[1].isEmpty ? nil : parts[1]))
            default: throw Issue(.error, .value, "\(name) must be code, system|code, |code or system|")
            }
        }
        return tokens
    }

    private static func dates(_ values: [String], _ name: String) throws(Issue) -> [SearchDate] {
        var dates: [SearchDate] = []
        for value in values {
            guard let date = SearchDate(value) else {
                throw Issue(
                    .error, .value, "\(name) must be a date, such as 2026-11-21, ge2026-11 or lt2026-11-21T09:30:00Z")
            }
            dates.append(date)
        }
        return dates
    }

    private static func references(
        _ values: [String], _ name: String, _ types: [String]
    ) throws(Issue) -> [SearchReference] {
        var references: [SearchReference] = []
        for value in values.map(unescaped) {
            if Primitive.isID(value.utf8) {
                references.append(SearchReference(id: value, types: types))
                continue
            }
            switch Reference.Target(value) {
            case .relative(let key) where types.contains(key.type):
                references.append(SearchReference(id: key.id, types: [key.type]))
            case .absolute(let base, let key) where types.contains(key.type):
                references.append(SearchReference(id: key.id, types: [key.type], base: base))
            default:
                let kinds = types.joined(separator: " or ")
                throw Issue(.error, .value, "\(name) must be an id, or a type and id, of \(kinds)")
            }
        }
        return references
    }

    /// Splits at a separator that is not escaped; escapes stay in the parts. Goes by Unicode scalars, because a
    /// separator followed by a combining accent would be another character.
    private static func split(_ text: String, at separator: Unicode.Scalar) -> [String] {
        var parts = [String.UnicodeScalarView()]
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if scalar == separator, !isEscaped {
                parts.append(String.UnicodeScalarView())
            } else {
                parts[parts.count - 1].append(scalar)
            }
            isEscaped = scalar == "\\" && !isEscaped
        }
        return parts.map(String.init)
    }

    private static func unescaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isEscaped || scalar != "\\" { result.append(scalar) }
            isEscaped = scalar == "\\" && !isEscaped
        }
        return String(result)
    }
}
