package import NIOCore

/// What a template shows. Plain values only: a page is turned into a `Value` before it is rendered, so rendering needs
/// no reflection and can happen on any thread.
package enum Value: Sendable {
    /// Escaped wherever it is shown.
    case text(String)
    case number(Int)
    /// Opens or closes a section; shown as `true` or `false`, as ARIA attributes want it.
    case flag(Bool)
    case list([Value])
    case object(Fields)
    /// Shown as it is, for markup made by trusted code.
    case html(HTML)
    /// Deliberately absent: shows nothing, closes sections. A name that is not there at all is an error instead.
    case nothing
}

extension Value {
    /// `text`, or `nothing` for nil.
    package init(_ text: String?) { self = text.map(Value.text) ?? .nothing }

    /// `number`, or `nothing` for nil.
    package init(_ number: Int?) { self = number.map(Value.number) ?? .nothing }

    /// Adds or replaces fields of an object, for what every page shares. Any other value is returned unchanged.
    package func merging(_ fields: Fields) -> Value {
        guard case .object(let own) = self else { return self }
        return .object(own.merging(fields))
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) { self = .text(value) }
}

extension Value: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int) { self = .number(value) }
}

extension Value: ExpressibleByBooleanLiteral {
    package init(booleanLiteral value: Bool) { self = .flag(value) }
}

extension Value: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: Value...) { self = .list(elements) }
}

extension Value: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, Value)...) {
        self = .object(Fields(elements))
    }
}

extension Value: ExpressibleByNilLiteral {
    package init(nilLiteral: ()) { self = .nothing }
}

/// Markup that is shown unescaped. There is no way from an ordinary string to here except `init(trusting:)`, whose
/// uses can be counted.
package struct HTML: Sendable, Equatable {
    /// UTF-8.
    package let bytes: ByteBuffer

    /// Markup written in the source code.
    package init(_ literal: StaticString) {
        bytes = ByteBuffer(staticString: literal)
    }

    /// Markup made at run time by code that escapes everything people wrote (a chart, a Markdown renderer).
    package init(trusting markup: String) { bytes = ByteBuffer(string: markup) }

    init(rendered bytes: ByteBuffer) { self.bytes = bytes }

    /// Plain text, escaped.
    package init(escaping text: String) {
        var writer = ByteWriter(capacity: text.utf8.count + 32)
        writer.write(escaping: text)
        bytes = writer.buffer
    }
}
