extension JSON: ExpressibleByDictionaryLiteral {
    /// Writes a resource the way it will look. A nil value leaves its property out:
    ///
    ///     let task: JSON = [
    ///         "resourceType": "Task",
    ///         "status": "requested",
    ///         "owner": owner?.json,
    ///         "note": .list(notes),
    ///     ]
    package init(dictionaryLiteral members: (String, JSON?)...) {
        self = .object(Object(members.compactMap { key, value in value.map { Member(key, $0) } }))
    }
}

extension JSON: ExpressibleByArrayLiteral, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    package init(arrayLiteral items: JSON...) { self = .array(items) }
    package init(stringLiteral text: String) { self = .string(text) }
    package init(integerLiteral value: Int) { self = .number(Number(value)) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }

    /// A list, or nil for no items: FHIR has no empty lists, and nil leaves the property out.
    package static func list(_ items: [JSON]) -> JSON? {
        items.isEmpty ? nil : .array(items)
    }

    /// A list of data types, or nil for none.
    package static func list(_ items: [some DataType]) -> JSON? {
        list(items.map(\.json))
    }

    /// Text, or nil for nil and for empty text, which FHIR does not allow.
    package static func text(_ text: String?) -> JSON? {
        guard let text, !text.isEmpty else { return nil }
        return .string(text)
    }

    /// A whole number.
    package static func integer(_ value: Int) -> JSON {
        .number(Number(value))
    }
}
