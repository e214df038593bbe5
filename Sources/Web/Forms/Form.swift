internal import HTTPTypes

/// Names and values as a browser sends them in a form or a query. A name may have several values.
///
/// Values are valid UTF-8 without NUL, their line breaks are LF.
package struct Form: Sendable, Equatable {
    private var values: [String: [String]]

    package init(_ values: [String: [String]] = [:]) { self.values = values }

    /// Decodes `application/x-www-form-urlencoded`.
    /// - Throws: 400 for text that is not UTF-8 or holds NUL, 413 for more than a thousand fields. Words are refused
    ///   rather than repaired: nobody should find their own words changed.
    package init(urlEncoded bytes: some Collection<UInt8>) throws(Refusal) {
        values = [:]
        let pairs = bytes.split(separator: UInt8(ascii: "&"))
        guard pairs.count <= 1_000 else { throw Refusal(.contentTooLarge, "This form has too many fields.") }
        for pair in pairs {
            let equals = pair.firstIndex(of: UInt8(ascii: "="))
            let name = try Self.decode(pair[..<(equals ?? pair.endIndex)])
            let value = try Self.decode(equals.map { pair[pair.index(after: $0)...] } ?? pair[pair.endIndex...])
            values[name, default: []].append(value)
        }
    }

    /// The first value of a name, nil if it was not sent.
    package subscript(name: String) -> String? { values[name]?.first }

    /// All values of a name, in the order sent.
    package func all(_ name: String) -> [String] { values[name] ?? [] }

    /// The names sent, sorted.
    package var names: [String] { values.keys.sorted() }

    /// Only these names. One that ends in `*` stands for all that begin so.
    package func keeping(_ kept: [String]) -> Form {
        Form(
            values.filter { name, _ in
                kept.contains { $0.hasSuffix("*") ? name.hasPrefix($0.dropLast()) : name == $0 }
            })
    }

    private static func decode(_ bytes: some Collection<UInt8>) throws(Refusal) -> String {
        guard let text = PercentEncoding.decode(bytes, plusIsSpace: true), !text.utf8.contains(0) else {
            throw Refusal(.badRequest, "This form holds text that cannot be read. Please write it again and send it.")
        }
        return text.withPlainLineBreaks
    }
}
