/// How the validator speaks of values and places.
extension JSON {
    /// The kind of a value in plain words.
    var kind: String {
        switch self {
        case .object: "an object"
        case .array: "a list"
        case .string: "text"
        case .number: "a number"
        case .bool: "true or false"
        case .null: "null"
        }
    }

    /// The number of items of an array, nil for anything else.
    var listCount: Int? {
        if case .array(let items) = self { items.count } else { nil }
    }

    /// A wrong value as a message may show it: the value itself where the type never carries free text and the
    /// value, too, looks like what the type carries; its kind otherwise.
    func shown(for primitive: Primitive) -> String {
        guard primitive.isQuotable else { return kind }
        switch self {
        case .bool(let value): return value ? "true" : "false"
        case .number(let number) where number.text.utf8.count <= 32: return number.text
        case .string(let text) where primitive.couldBe(text): return "\"\(text)\""
        default: return kind
        }
    }
}

extension Primitive {
    /// The kind of JSON value that carries this type.
    var jsonKind: String {
        switch self {
        case .boolean: JSON.bool(true).kind
        case .decimal, .integer, .positiveInt, .unsignedInt: JSON.integer(0).kind
        default: JSON.string("").kind
        }
    }

    /// Whether text that is wrong for the type consists of its characters at least, and of few of them.
    fileprivate func couldBe(_ text: String) -> Bool {
        guard text.utf8.count <= 32 else { return false }
        return switch self {
        case .date, .dateTime, .instant, .time:
            text.utf8.allSatisfy { $0.isASCIIDigit || "TZtz:+-./ ".utf8.contains($0) }
        case .code:
            text.utf8.allSatisfy { $0.isASCIILetterOrDigit || "-_.:/".utf8.contains($0) }
        case .boolean:
            ["true", "false", "yes", "no"].contains(text.lowercased())
        default:
            text.utf8.allSatisfy { $0.isASCIIDigit || "+-.eE".utf8.contains($0) }
        }
    }
}

extension [JSON.Step] {
    /// In the manner of FHIRPath: `Bundle.entry[3].resource`.
    var written: String {
        var text = ""
        for step in self {
            switch step {
            case .key(let key): text += text.isEmpty ? key : ".\(key)"
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }

    /// The last name on the path, before any positions in lists.
    var lastName: String? {
        for step in reversed() {
            if case .key(let key) = step { return key }
        }
        return nil
    }
}
