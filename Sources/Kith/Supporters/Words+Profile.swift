import Foundation
import Web

extension Words {
    /// “English”, “Haitian Creole”: by our own texts, else by what the reader's language calls it; a code nobody knows
    /// stays as it is.
    package func language(_ code: String) -> String {
        let key = "languages.\(code)"
        let ours = self(key)
        return ours != key ? ours : Locale(identifier: strings.locale).localizedString(forLanguageCode: code) ?? code
    }

    package func format(_ format: Format) -> String { self("formats.\(format.rawValue)") }

    /// “Monday, 9:00 am to 12:00 pm”
    package func hours(_ hours: WeekHours) -> String {
        self(
            "hours.stretch",
            [
                "weekday": self("dates.weekday.\(hours.weekday)"), "from": hour(hours.from), "to": hour(hours.to % 24)
            ])
    }

    /// The parts in one line.
    package func list(_ parts: [String]) -> String { parts.joined(separator: self("list.separator")) }

    /// A telephone number, an address or a code in a sentence of ours: where that runs from right to left, it keeps its
    /// own direction (Unicode UAX 9, isolates).
    package func apart(_ code: String) -> String {
        self("language.direction") == "rtl" ? "\u{2066}\(code)\u{2069}" : code
    }

    private func hour(_ hour: Int) -> String {
        self(
            hour < 12 ? "dates.time.morning" : "dates.time.afternoon",
            ["hour12": String(hour % 12 == 0 ? 12 : hour % 12), "hour24": String(hour), "minute": "00"])
    }
}
