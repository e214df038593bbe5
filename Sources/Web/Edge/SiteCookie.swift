package import HTTPTypes
package import Hummingbird

/// One of the site's cookies: for this host only, for all its paths, never shown to scripts, not sent along from other
/// sites except when following a link.
///
/// Behind https its name starts with `__Host-`, which makes browsers insist on all of that. Browsers keep neither that
/// prefix nor `Secure` on plain http (except, some of them, on localhost), so there the name is plain.
package struct SiteCookie: Sendable {
    /// The name as browsers see it.
    package let name: String
    private let https: Bool

    /// - Parameters:
    ///   - name: Letters, digits, `-` and `_`.
    ///   - https: Whether the site's own address, as people type it, is https.
    package init(_ name: String, https: Bool) {
        self.name = https ? "__Host-" + name : name
        self.https = https
    }

    /// The cookie's value in a request; the first if it is there more than once.
    package func value(in request: Request) -> String? {
        for header in request.headers[values: .cookie] {
            for pair in header.utf8.split(separator: UInt8(ascii: ";")) {
                let pair = pair.drop { $0 == 0x20 || $0 == 0x09 }
                guard let equals = pair.firstIndex(of: UInt8(ascii: "=")), pair[..<equals].elementsEqual(name.utf8)
                else { continue }
                return PercentEncoding.decode(pair[pair.index(after: equals)...])
            }
        }
        return nil
    }

    /// The `Set-Cookie` field that gives the cookie a value. What is not safe in a cookie is percent-encoded.
    /// - Parameter maxAge: How long the browser keeps it; until it is closed when nil. Seconds, fractions dropped.
    package func field(_ value: String, maxAge: Duration? = nil) -> HTTPField {
        var text = "\(name)=\(PercentEncoding.encode(value)); Path=/; HttpOnly; SameSite=Lax"
        if https { text += "; Secure" }
        if let maxAge { text += "; Max-Age=\(max(0, maxAge.components.seconds))" }
        return HTTPField(name: .setCookie, value: text)
    }

    /// The `Set-Cookie` field that removes the cookie.
    package var removal: HTTPField { field("", maxAge: .zero) }
}

extension Response {
    /// Gives a cookie a value; see `SiteCookie.field`.
    package mutating func set(_ cookie: SiteCookie, to value: String, maxAge: Duration? = nil) {
        headers.append(cookie.field(value, maxAge: maxAge))
    }

    /// Removes a cookie from the browser.
    package mutating func remove(_ cookie: SiteCookie) {
        headers.append(cookie.removal)
    }
}
