import Web

/// A stretch of one weekday, in whole hours; Monday is 0. Hours are told by the organization's clock.
package struct WeekHours: Sendable, Codable, Hashable {
    package var weekday: Int
    /// 0...23
    package var from: Int
    /// Up to and without this hour: 1...24.
    package var to: Int

    package init(weekday: Int, from: Int, to: Int) {
        self.weekday = weekday
        self.from = from
        self.to = to
    }
}

extension WeekHours {
    /// Reads what people write for one day: `9-12, 6 pm - 8 pm`, `9:00 to 12:00`, `de 9 a 12`,
    /// `من 9 إلى 12`. Empty text is no time at all.
    /// - Returns: nil when it cannot be read, so that nobody's time is guessed.
    package static func reading(_ text: String, on weekday: Int) -> [WeekHours]? {
        var stretches: [WeekHours] = []
        for part in text.withWesternDigits.split(whereSeparator: { ",;،؛".contains($0) }) where !part.trimmed.isEmpty {
            let said = part.lowercased().trimmed.replacing(/^(de|من)\s+/, with: "").replacing("–", with: "-")
            let ends = said.replacing(/\s+(to|a|إلى|الى)\s+(?=\d)/, with: "-")
                .split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count == 2, let from = hour(ends[0]), let end = hour(ends[1]) else { return nil }
            // Midnight at the end of a stretch is the end of the day.
            let to = end == 0 ? 24 : end
            guard from < to else { return nil }
            stretches.append(WeekHours(weekday: weekday, from: from, to: to))
        }
        return joined(stretches)
    }

    /// In order, with stretches that overlap or touch made one.
    package static func joined(_ stretches: [WeekHours]) -> [WeekHours] {
        let sorted = stretches.sorted { ($0.weekday, $0.from, $0.to) < ($1.weekday, $1.from, $1.to) }
        return sorted.reduce(into: []) { joined, next in
            if let last = joined.last, last.weekday == next.weekday, next.from <= last.to {
                joined[joined.count - 1].to = max(last.to, next.to)
            } else {
                joined.append(next)
            }
        }
    }

    /// As ``reading(_:on:)`` reads it.
    package var written: String { "\(from)-\(to)" }

    /// `9`, `9:00`, `9am`, `9 pm`, `9 p. m.`, `9 م`, 0...24.
    private static func hour(_ text: Substring) -> Int? {
        var text = text.trimmed
        let letters = text.filter { !$0.isWhitespace && $0 != "." }
        let half = HalfOfDay.mark(endingIn: letters)
        if let half { text = String(letters.dropLast(half.letters)) }
        if text.hasSuffix(":00") { text.removeLast(3) }
        guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
            let number = Int(text)
        else { return nil }
        guard let half else { return number <= 24 ? number : nil }
        guard (1...12).contains(number) else { return nil }
        return number % 12 + half.hours
    }
}
