/// A path of this site, with query. It cannot lead to another site, so it is safe to redirect to and to put into links.
///
///     .seeOther("/referrals/\(id)")        // what is filled in becomes one path segment, percent-encoded
///     SitePath(untrusted: form["return"])  // nil unless it stays on this site
package struct SitePath: Sendable, Hashable {
    package let string: String

    /// A path that came from outside. Nil for anything a browser could understand as another site, and for anything
    /// with control characters, backslashes or spaces in it.
    package init?(untrusted text: String) {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "/"), bytes.dropFirst().first != UInt8(ascii: "/"), bytes.count <= 2_048,
            bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") })
        else { return nil }
        string = text
    }

    private init(joined text: String) {
        // One slash, whatever the first hole held.
        string = "/" + text.drop { $0 == "/" || $0 == "\\" }
    }
}

extension SitePath: CustomStringConvertible {
    package var description: String { string }
}

extension SitePath: ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) { self.init(joined: value) }
    package init(stringInterpolation: StringInterpolation) { self.init(joined: stringInterpolation.text) }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity + 40) }
        package mutating func appendLiteral(_ literal: String) { text += literal }

        /// One path segment or query value: everything but letters, digits and `-._~` is percent-encoded.
        package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            text += PercentEncoding.encode(value.description)
        }

        /// A path goes in as it is.
        package mutating func appendInterpolation(_ path: SitePath) { text += path.string }
    }
}
