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

    private let texts: [String: LocalizedText]
    private let fallback: [String: LocalizedText]
    private let report: @Sendable (MissingText) -> Void

    init(
        locale: String, texts: [String: LocalizedText], fallback: [String: LocalizedText],
        report: @escaping @Sendable (MissingText) -> Void
    ) {
        (self.locale, self.texts, self.fallback, self.report) = (locale, texts, fallback, report)
        pluralRule = .forLocale(locale)
    }

    /// The text with its arguments filled in. A key no locale has comes back as the key itself, and is reported.
    package func callAsFunction(_ key: String, _ arguments: [String: String] = [:]) -> String {
        fill(localized(key), key: key, arguments)
    }

    /// The plural form for `count`, which is also filled in as `{{count}}`.
    package func callAsFunction(_ key: String, count: Int, _ arguments: [String: String] = [:]) -> String {
        let arguments = arguments.merging(["count": String(count)]) { given, _ in given }
        return fill(localized(pluralRule(count), of: key), key: key, arguments)
    }

    /// The text as written, arguments and all.
    func text(_ key: String) -> String? { localized(key)?.written }

    /// A plural form as written; `other` stands in for forms the locale does not distinguish.
    func form(_ category: PluralCategory, of key: String) -> String? { localized(category, of: key)?.written }

    private func localized(_ key: String) -> LocalizedText? {
        if let text = texts[key] { return text }
        report(MissingText(locale: locale, key: key, fellBack: fallback[key] != nil))
        return fallback[key]
    }

    private func localized(_ category: PluralCategory, of key: String) -> LocalizedText? {
        if let text = texts["\(key).\(category)"] ?? texts["\(key).other"] { return text }
        let text = fallback["\(key).\(category)"] ?? fallback["\(key).other"]
        report(MissingText(locale: locale, key: "\(key).other", fellBack: text != nil))
        return text
    }

    private func fill(_ text: LocalizedText?, key: String, _ arguments: [String: String]) -> String {
        guard let text else { return key }
        return text.filled(with: arguments) { name in
            report(MissingText(locale: locale, key: "\(key) {{\(name)}}", fellBack: false))
        }
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
