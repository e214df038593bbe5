extension JSON {
    /// How a value is laid out as text.
    package enum Layout: Sendable {
        /// Without any white space, for machines.
        case compact
        /// Two spaces for each level, for people.
        case pretty
    }

    /// The value as UTF-8 bytes. What was read is written back with the same members in the same order and the same
    /// digits; only white space and the choice of escapes can differ.
    package func bytes(_ layout: Layout = .compact) -> [UInt8] {
        var writer = JSONWriter(layout: layout)
        writer.write(self, level: 0)
        return writer.bytes
    }

    /// The value as text. See ``bytes(_:)``.
    package func serialized(_ layout: Layout = .compact) -> String {
        String(decoding: bytes(layout), as: UTF8.self)
    }
}

private struct JSONWriter {
    let layout: JSON.Layout
    private(set) var bytes: [UInt8] = []

    init(layout: JSON.Layout) {
        self.layout = layout
    }

    mutating func write(_ value: JSON, level: Int) {
        switch value {
        case .object(let object):
            list(object.members, between: "{", "}", level: level) { writer, member in
                writer.text(member.key)
                writer.raw(writer.layout == .pretty ? ": " : ":")
                writer.write(member.value, level: level + 1)
            }
        case .array(let items):
            list(items, between: "[", "]", level: level) { writer, item in writer.write(item, level: level + 1) }
        case .string(let string): text(string)
        case .number(let number): bytes.append(contentsOf: number.text.utf8)
        case .bool(let value): raw(value ? "true" : "false")
        case .null: raw("null")
        }
    }

    private mutating func list<Item>(
        _ items: [Item], between open: StaticString, _ close: StaticString, level: Int,
        _ writeItem: (inout JSONWriter, Item) -> Void
    ) {
        raw(open)
        for (position, item) in items.enumerated() {
            if position > 0 { raw(",") }
            newLine(level + 1)
            writeItem(&self, item)
        }
        if !items.isEmpty { newLine(level) }
        raw(close)
    }

    private mutating func newLine(_ level: Int) {
        guard layout == .pretty else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: level * 2))
    }

    private mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func text(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): raw("\\\"")
            case UInt8(ascii: "\\"): raw("\\\\")
            case 0x0A: raw("\\n")
            case 0x0D: raw("\\r")
            case 0x09: raw("\\t")
            case 0..<0x20:
                raw("\\u00")
                bytes.append(UInt8(ascii: "0") + byte >> 4)
                bytes.append(contentsOf: String(byte & 0xF, radix: 16).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
