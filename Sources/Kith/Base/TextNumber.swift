import Web

/// A telephone number in the one form in which numbers are compared: a plus, the country, and the rest.
///
/// Made of the digits alone, for they are all that a gateway is given. However somebody wrote a number down, what
/// leaves for it and what comes from it is the same number.
package struct TextNumber: Hashable, Sendable {
    /// `+15550100134`
    package let text: String

    /// - Parameters:
    ///   - written: as people and gateways write it, in any digits: `(555) 010-0134`, `0044 7700 900123`.
    ///   - country: the calling code of numbers that name none.
    /// - Returns: nil for what is no number of somebody: letters, or a short code.
    package init?(_ written: String, country: String) {
        let western = written.withWesternDigits
        let digits = western.filter(\.isDigit)
        let isWhole = western.first { $0.isDigit || $0 == "+" } == "+"
        let number = isWhole ? digits : Self.whole(digits, country)
        guard (7...15).contains(number.count), !number.hasPrefix("0") else { return nil }
        text = "+\(number)"
    }

    /// With the country, where it was left out.
    private static func whole(_ digits: String, _ country: String) -> String {
        if digits.hasPrefix("00") { return String(digits.dropFirst(2)) }
        if country == "1" {
            if digits.hasPrefix("011") { return String(digits.dropFirst(3)) }
            return digits.count == 10 ? "1\(digits)" : digits
        }
        if digits.hasPrefix("0") { return country + digits.dropFirst() }
        return digits.count > 10 ? digits : country + digits
    }

    /// The digits of all ways in which it may have been written down, to look for among those that were.
    package func spellings(in country: String) -> [String] {
        let number = String(text.dropFirst())
        var spellings = [number, "00\(number)"]
        if country == "1" { spellings.append("011\(number)") }
        if number.hasPrefix(country) {
            let rest = number.dropFirst(country.count)
            spellings += [String(rest), "0\(rest)"]
        }
        return spellings.filter { TextNumber($0, country: country) == self }
    }

    /// A name for it that tells nobody the number, and is the same each time in this installation.
    package func mark(in world: World) -> String { world.linkKey.derived(for: "text-number|\(text)").text }
}
