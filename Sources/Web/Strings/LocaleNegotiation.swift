package import Hummingbird

extension Translations {
    /// The locale for a reader: the one they chose (a cookie) if there are texts for it, else the best match for what
    /// their browser asks for (RFC 9110, 12.5.4), else the fallback.
    /// - Parameters:
    ///   - chosen: The value of the locale cookie. Anything unknown is ignored.
    ///   - acceptLanguage: The `Accept-Language` header. At most its first twenty entries are looked at.
    package func locale(chosen: String?, acceptLanguage: String?) -> String {
        if let chosen, locales.contains(chosen) { return chosen }
        for wanted in Self.preferences(acceptLanguage ?? "") {
            if let match = match(wanted) { return match }
        }
        return fallback
    }

    /// The locale for a request, from its cookie and headers.
    package func locale(for request: Request, cookie: SiteCookie) -> String {
        locale(chosen: cookie.value(in: request), acceptLanguage: request.headers[.acceptLanguage])
    }

    /// `es-MX` is answered by `es-MX`, else `es`; `es` also by `es-MX` when that is all there is.
    private func match(_ wanted: String) -> String? {
        if wanted == "*" { return fallback }
        let language = wanted.prefix { $0 != "-" }
        return locales.first { $0.lowercased() == wanted }
            ?? locales.first { $0.lowercased() == language }
            ?? locales.first { $0.lowercased().prefix { $0 != "-" } == language }
    }

    /// Languages in the order wanted, lower case, refused ones (`q=0`) left out.
    private static func preferences(_ header: String) -> [String] {
        let entries = header.split(separator: ",").prefix(20).compactMap { entry -> (tag: String, quality: Double)? in
            let parts = entry.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
            guard let tag = parts.first, !tag.isEmpty else { return nil }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            return quality > 0 ? (tag, quality) : nil
        }
        // A stable sort: equals stay in the order they were written.
        return entries.enumerated()
            .sorted { ($1.element.quality, $0.offset) < ($0.element.quality, $1.offset) }
            .map(\.element.tag)
    }
}
