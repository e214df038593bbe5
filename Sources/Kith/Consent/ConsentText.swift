import Storage

/// The words somebody agrees to: versioned, per program, purpose and language.
package struct ConsentText: Named {
    package let id: ID
    package let purpose: Consent.Purpose
    package let language: String
    package let version: Int
    /// Paragraphs, with an empty line between them.
    package let body: String

    package init(row: Row) throws {
        id = try row["id"]
        purpose = try row["purpose"]
        language = try row["language"]
        version = try row["version"]
        body = try row["body"]
    }
}

extension ConsentText {
    /// English, for whoever's language has no words yet.
    package static let fallback = "en"

    var paragraphs: [String] {
        body.split(separator: "\n\n").map { $0.trimmed }.filter { !$0.isEmpty }
    }

    /// The languages whose words suit somebody, the best first: their own, the same without a region, English.
    static func languages(for language: String) -> [String] {
        let plain = language.split(separator: "-").first.map(String.init) ?? language
        return [language, plain, fallback].reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
