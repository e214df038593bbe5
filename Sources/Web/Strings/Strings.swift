/// The texts of one locale.
///
///     strings("referrals.waiting", ["days": "3"])   // "Waiting {{days}} days" → "Waiting 3 days"
///     strings("people.found", count: 1)             // the key "people.found.one"; {{count}} is the number
///
/// Plain text comes out; whoever puts it into HTML escapes it (templates do). A key this locale lacks is taken from the
/// fallback locale and reported, so that nobody meets an empty page.
package struct Strings: Sendable {
    package let locale: String
    package let pluralRule: PluralRule

    private let texts: [String: String]
    private let fallback: [String: String]
    private let report: @Sendable (MissingText) -> Void

    init(
        locale: String, texts: [String: String], fallback: [String: String],
        report: @escaping @Sendable (MissingText) -> Void
    ) {
        (self.locale, self.texts, self.fallback, self.report) = (locale, texts, fallback, report)
        pluralRule = .forLocale(locale)
    }

    /// The text with its arguments filled in. A key no locale has comes back as the key itself, and is reported.
    package func callAsFunction(_ key: String, _ arguments: [String: String] = [:]) -> String {
        fill(text(key) ?? key, key: key, arguments)
    }

    /// The plural form for `count`, which is also filled in as `{{count}}`.
    package func callAsFunction(_ key: String, count: Int, _ arguments: [String: String] = [:]) -> String {
        let arguments = arguments.merging(["count": String(count)]) { given, _ in given }
        return fill(form(pluralRule(count), of: key) ?? key, key: key, arguments)
    }

    /// The text as written, arguments and all.
    func text(_ key: String) -> String? {
        if let text = texts[key] { return text }
        report(MissingText(locale: locale, key: key, fellBack: fallback[key] != nil))
        return fallback[key]
    }

    /// A plural form as written; `other` stands in for forms the locale does not distinguish.
    func form(_ category: PluralCategory, of key: String) -> String? {
        if let text = texts["\(key).\(category)"] ?? texts["\(key).other"] { return text }
        let text = fallback["\(key).\(category)"] ?? fallback["\(key).other"]
        report(MissingText(locale: locale, key: "\(key).other", fellBack: text != nil))
        return text
    }

    private func fill(_ text: String, key: String, _ arguments: [String: String]) -> String {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
        var filled = ""
        var rest = text[...]
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            filled += rest[..<open.lowerBound]
            let name = String(rest[open.upperBound..<close.lowerBound].filter { !$0.isWhitespace })
            if let argument = arguments[name] {
                filled += argument
            } else {
                report(MissingText(locale: locale, key: "\(key) {{\(name)}}", fellBack: false))
                filled += rest[open.lowerBound..<close.upperBound]
            }
            rest = rest[close.upperBound...]
        }
        return filled + rest
    }
}

/// A text that was asked for and that the locale does not have.
package struct MissingText: Sendable, Hashable {
    package let locale: String
    /// The key; followed by the argument where that is what was missing.
    package let key: String
    /// Whether the fallback locale's text was used instead.
    package let fellBack: Bool
}
