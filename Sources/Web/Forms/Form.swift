internal import HTTPTypes
package import Hummingbird
internal import NIOCore

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

    private static func decode(_ bytes: some Collection<UInt8>) throws(Refusal) -> String {
        guard let text = PercentEncoding.decode(bytes, plusIsSpace: true), !text.utf8.contains(0) else {
            throw Refusal(.badRequest, "This form holds text that cannot be read. Please write it again and send it.")
        }
        guard text.utf8.contains(0x0D) else { return text }
        return text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    }
}

extension Request {
    /// Reads the body as a form.
    /// - Parameter limit: In bytes; a body larger than that is refused with 413, before reading it if it says so.
    /// - Throws: `Refusal` 413, 415 when the body is something other than a form, 400 when it cannot be decoded; and
    ///   what reading throws when the connection ends.
    package func form(upTo limit: Int = 262_144) async throws -> Form {
        let type = headers[.contentType]?.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        guard type == "application/x-www-form-urlencoded" else {
            throw Refusal(.unsupportedMediaType, "This address takes forms only.")
        }
        let tooLarge = Refusal(
            .contentTooLarge, "That is more than can be sent at once. Please send a shorter text.",
            closesConnection: true)
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        do {
            let body = try await body.collect(upTo: limit)
            return try Form(urlEncoded: body.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
    }

    /// The query part of the URL. Throws as `Form.init(urlEncoded:)`.
    package var query: Form {
        get throws(Refusal) { try Form(urlEncoded: (uri.query ?? "").utf8) }
    }
}

extension RequestContext {
    /// A part of the path, by its name in the route, percent-decoded.
    /// - Throws: 404 if it is not UTF-8 or holds control characters: nothing has such a name.
    package func pathParameter(_ name: String) throws(Refusal) -> String {
        guard let raw = parameters.get(name), let text = PercentEncoding.decode(raw.utf8),
            text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { throw Refusal(.notFound, "There is nothing at this address.") }
        return text
    }

    /// A part of the path as a type, such as an identifier.
    /// - Throws: 404 if it is not one.
    package func pathParameter<T: LosslessStringConvertible>(_ name: String, as type: T.Type) throws(Refusal) -> T {
        guard let value = T(try pathParameter(name)) else {
            throw Refusal(.notFound, "There is nothing at this address.")
        }
        return value
    }
}
