/// A JSON value that keeps what FHIR needs kept: the order of an object's members and the exact digits of a number.
///
/// Two values are equal when they would be written the same, so members in another order make another value.
/// Describing a value tells its kind and size only: a record must not reach a log by being interpolated into a line.
package enum JSON: Hashable, Sendable {
    case object(Object)
    case array([JSON])
    case string(String)
    case number(Number)
    case bool(Bool)
    case null

    /// A property of an object.
    package struct Member: Hashable, Sendable {
        package let key: String
        package var value: JSON

        package init(_ key: String, _ value: JSON) {
            self.key = key
            self.value = value
        }
    }

    /// A step on the way into a value: the name of a property or the position in an array.
    package enum Step: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        case key(String)
        case index(Int)

        package init(stringLiteral value: String) { self = .key(value) }
        package init(integerLiteral value: Int) { self = .index(value) }
    }
}

extension JSON {
    /// The property of that name, or nil where there is none or this is no object. Linear in the number of members.
    package subscript(_ key: String) -> JSON? {
        guard case .object(let object) = self else { return nil }
        return object[key]
    }

    /// The item at that position, or nil where there is none or this is no array.
    package subscript(_ index: Int) -> JSON? {
        guard case .array(let items) = self, items.indices.contains(index) else { return nil }
        return items[index]
    }

    /// What lies at the end of a path, such as `task["code", "coding", 0, "code"]`, or nil.
    package subscript(_ path: Step...) -> JSON? {
        var value: JSON? = self
        for step in path {
            switch step {
            case .key(let key): value = value?[key]
            case .index(let index): value = value?[index]
            }
        }
        return value
    }

    /// The text of a string, nil for anything else.
    package var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The items of an array, none for anything else.
    package var items: [JSON] {
        if case .array(let items) = self { items } else { [] }
    }

    /// The members of an object, none for anything else.
    package var members: [Member] {
        if case .object(let object) = self { object.members } else { [] }
    }

    /// True or false of a boolean, nil for anything else.
    package var boolean: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The value of a whole number that fits, nil for anything else.
    package var integer: Int? {
        if case .number(let number) = self { number.integer } else { nil }
    }

    /// Whether this is an object or an array without content, which FHIR never allows.
    package var isHollow: Bool {
        switch self {
        case .object(let object): object.members.isEmpty
        case .array(let items): items.isEmpty
        default: false
        }
    }
}

extension JSON: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        switch self {
        case .object(let object): "an object of \(object.members.count)"
        case .array(let items): "a list of \(items.count)"
        case .string: "text"
        case .number: "a number"
        case .bool: "true or false"
        case .null: "null"
        }
    }

    package var debugDescription: String { description }

    // Without this, `dump` and the mirrors that loggers and test failures use would walk into the content.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
