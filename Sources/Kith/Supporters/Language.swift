/// Languages people speak and sign, by their codes (BCP 47, without region or script).
package enum Language {
    /// Offered in forms; any other code may be stored.
    package static let offered = [
        "en", "es", "am", "ar", "ase", "bn", "fa", "fil", "fr", "gu", "hi", "ht", "hmn", "it", "ja", "km", "ko", "ne",
        "pl", "ps", "pt", "ru", "so", "sw", "uk", "ur", "vi", "yue", "zh"
    ]

    /// What two people must have in common: `es-MX` and `es` are one language.
    package static func key(_ code: String) -> String {
        let code = code.trimmed.lowercased()
        return String(code.prefix { $0 != "-" && $0 != "_" })
    }
}
