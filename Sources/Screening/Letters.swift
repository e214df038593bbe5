import Foundation

/// What a character is to screening: a letter of a small alphabet, or a kind of mark.
///
/// All spellings of a letter are one: capitals, accents and full width in Latin script; the forms of alef, ya, ta marbuta
/// and the hamza's seats in Arabic script. Vowel signs, tatweel and characters of no width are nothing at all.
enum Mark: UInt8 {
    /// Nothing: the word goes on.
    case nothing = 200
    case space
    /// Ends a sentence: `!`, `?`, a new line.
    case end
    /// Ends a sentence unless it is one of several, or inside a number.
    case dot
    /// Ends part of a sentence.
    case comma
    case apostrophe
    case straightQuote
    case openingQuote
    case closingQuote
    case openingSingleQuote
    /// Joins two words, or parts a sentence where space is around it.
    case hyphen
    case laugh
}

/// The alphabet: letters a–z are 1–26, digits 27–36, Arabic letters 37–75; any other script's letters are 76.
enum Letters {
    static let firstDigit: UInt8 = 27
    static let lastDigit: UInt8 = 36
    static let firstArabic: UInt8 = 37
    static let other: UInt8 = 76
    /// How rules write any number; no text has it.
    static let number: UInt8 = 77
    static let waw = code(arabic: 0x0648)
    static let fa = code(arabic: 0x0641)
    static let ha = code(arabic: 0x0647)

    /// What a scalar is: a letter's code (at most ``other``) or the raw value of a ``Mark``.
    static func code(of scalar: Unicode.Scalar) -> UInt8 {
        let value = Int(scalar.value)
        return value < table.count ? table[value] : rare(scalar)
    }

    static func isLetter(_ code: UInt8) -> Bool { code <= other }
    static func isDigit(_ code: UInt8) -> Bool { code >= firstDigit && code <= lastDigit }

    private static func code(arabic value: UInt32) -> UInt8 { firstArabic + UInt8(value - 0x0627) }

    /// Scalars below U+3000, worked out once.
    private static let table: [UInt8] = (0..<0x3000).map { value in
        Unicode.Scalar(UInt32(value)).map { common($0) } ?? Mark.space.rawValue
    }

    private static func common(_ scalar: Unicode.Scalar) -> UInt8 {
        switch scalar.value {
        case 0x61...0x7A: return UInt8(scalar.value - 0x60)
        case 0x41...0x5A: return UInt8(scalar.value - 0x40)
        case 0x30...0x39: return firstDigit + UInt8(scalar.value - 0x30)
        case 0x0600...0x06FF: return arabic(scalar.value)
        default: break
        }
        if let mark = marks[scalar.value] { return mark.rawValue }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark, .format: return Mark.nothing.rawValue
        default: break
        }
        return properties.isAlphabetic ? folded(scalar) : Mark.space.rawValue
    }

    /// A Latin letter without its accent.
    private static func folded(_ scalar: Unicode.Scalar) -> UInt8 {
        let plain = String(scalar).folding(
            options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
        guard let first = plain.unicodeScalars.first?.value, (0x61...0x7A).contains(first) else { return other }
        return UInt8(first - 0x60)
    }

    private static func arabic(_ value: UInt32) -> UInt8 {
        switch value {
        case 0x060C, 0x061B: Mark.comma.rawValue
        case 0x061F, 0x06D4: Mark.end.rawValue
        // The forms of alef; a hamza alone is mostly left out.
        case 0x0622, 0x0623, 0x0625, 0x0671, 0x0627: code(arabic: 0x0627)
        case 0x0621: Mark.nothing.rawValue
        // A hamza on a seat is written as its seat; ya and alef maqsura are one, ta marbuta and ha as well.
        case 0x0624: code(arabic: 0x0648)
        case 0x0626, 0x0649, 0x06CC, 0x064A: code(arabic: 0x064A)
        case 0x0629, 0x06BE, 0x06C1, 0x06D5, 0x0647: code(arabic: 0x0647)
        case 0x06A9, 0x06AF, 0x0643: code(arabic: 0x0643)
        case 0x0686: code(arabic: 0x062C)
        case 0x06A4: code(arabic: 0x0641)
        case 0x067E: code(arabic: 0x0628)
        case 0x0628, 0x062A...0x063A, 0x0641...0x0648: code(arabic: value)
        case 0x0660...0x0669: firstDigit + UInt8(value - 0x0660)
        case 0x06F0...0x06F9: firstDigit + UInt8(value - 0x06F0)
        case 0x0640, 0x064B...0x065F, 0x0670, 0x0610...0x061A, 0x061C, 0x06D6...0x06ED: Mark.nothing.rawValue
        case 0x0671...0x06D3: other
        default: Mark.space.rawValue
        }
    }

    private static func rare(_ scalar: Unicode.Scalar) -> UInt8 {
        switch scalar.value {
        case 0x1F602, 0x1F923, 0x1F606, 0x1F605, 0x1F639, 0x1F480: Mark.laugh.rawValue
        case 0xFE00...0xFE0F, 0x1F3FB...0x1F3FF, 0xFEFF: Mark.nothing.rawValue
        case 0xFF01, 0xFF1F, 0x3002: Mark.end.rawValue
        case 0xFF10...0xFF19: firstDigit + UInt8(scalar.value - 0xFF10)
        case 0xFF21...0xFF3A: UInt8(scalar.value - 0xFF20)
        case 0xFF41...0xFF5A: UInt8(scalar.value - 0xFF40)
        default: scalar.properties.isAlphabetic ? other : Mark.space.rawValue
        }
    }

    private static let marks: [UInt32: Mark] = [
        0x0A: .end, 0x0D: .end, 0x2028: .end, 0x2029: .end, 0x21: .end, 0x3F: .end, 0x2E: .dot, 0xA1: .end, 0xBF: .end,
        0x2C: .comma, 0x3B: .comma, 0x3A: .comma, 0x28: .comma, 0x29: .comma, 0x5B: .comma, 0x5D: .comma,
        0x2014: .comma, 0x2013: .comma, 0x2026: .space, 0x7C: .comma,
        0x27: .apostrophe, 0x60: .apostrophe, 0xB4: .apostrophe, 0x2019: .apostrophe, 0x02BC: .apostrophe,
        0x22: .straightQuote, 0xAB: .openingQuote, 0x201C: .openingQuote, 0x201E: .openingQuote, 0xBB: .closingQuote,
        0x201D: .closingQuote, 0x2018: .openingSingleQuote, 0x2D: .hyphen, 0x2010: .hyphen, 0x2011: .hyphen,
        0x200B: .nothing, 0xAD: .nothing, 0x2620: .laugh
    ]
}
