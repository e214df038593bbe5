/// What leads out of Kith: addresses, numbers, links and names elsewhere, in a text of somebody. A list of forms and
/// nothing more: it reads no meaning, keeps nothing, and says nothing of who wrote it.
///
/// In a group such a message is read by a person before others see it.
package struct ContactDetails: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case mail, phone, link, handle
    }

    package let kinds: Set<Kind>

    package var isEmpty: Bool { kinds.isEmpty }

    /// Linear in the length of the text.
    package init(in text: String) {
        let tokens = Token.all(of: text)
        var kinds: Set<Kind> = []
        for (index, token) in tokens.enumerated() {
            if token.isMail || Self.spellsMail(tokens, at: index) { kinds.insert(.mail) }
            if token.isLink { kinds.insert(.link) }
            if token.isHandle || Self.namesHandle(tokens, at: index) { kinds.insert(.handle) }
        }
        if Self.hasNumber(tokens) { kinds.insert(.phone) }
        self.kinds = kinds
    }

    // MARK: - Mail

    private static let ats: Set<String> = ["at", "arroba", "(at)", "[at]", "ات", "آت", "@"]
    private static let dots: Set<String> = ["dot", "punto", "(dot)", "[dot]", "دوت", "نقطة", "."]
    private static let providers: Set<String> = [
        "gmail", "hotmail", "outlook", "yahoo", "icloud", "proton", "protonmail", "live", "aol", "gmx", "جيميل",
        "هوتميل",
        "ياهو"
    ]

    /// “name at gmail dot com”, “nombre arroba gmail punto com”.
    private static func spellsMail(_ tokens: [Token], at index: Int) -> Bool {
        guard index > 0, ats.contains(tokens[index].bare), index + 1 < tokens.count else { return false }
        let place = tokens[index + 1].bare
        let host = place.split(separator: ".").first.map(String.init) ?? place
        if providers.contains(host), tokens[index].bare != "at" || place.contains(".") { return true }
        return index + 3 < tokens.count && dots.contains(tokens[index + 2].bare)
            && Token.endings.contains(tokens[index + 3].bare)
    }

    // MARK: - Names elsewhere

    private static let places: Set<String> = [
        "instagram", "insta", "ig", "snapchat", "snap", "telegram", "whatsapp", "wasap", "watsap", "whats", "tiktok",
        "facebook", "fb", "discord", "kik", "wechat", "twitter", "skype", "messenger", "انستغرام", "انستقرام", "انستا",
        "سناب", "سنابشات", "واتساب", "واتس", "تيليجرام", "تلجرام", "تليغرام", "فيسبوك", "ديسكورد", "تيكتوك"
    ]
    /// Words that ask to go there, before or after it.
    private static let askings: Set<String> = [
        "add", "find", "follow", "dm", "text", "message", "write", "reach", "call", "ping", "hit", "username", "user",
        "account", "handle", "agregame", "agrégame", "buscame", "búscame", "sigueme", "sígueme", "escribeme",
        "escríbeme",
        "llamame", "llámame", "usuario", "cuenta", "mandame", "mándame", "ضيفني", "ضيفيني", "اضفني", "أضفني", "تابعني",
        "راسلني", "راسليني", "كلمني", "كلميني", "حسابي", "يوزري", "ابحث", "دوروا"
    ]
    private static let mine: Set<String> = ["my", "mi"]

    /// A place elsewhere with somebody's name there, or with the wish to meet there.
    private static func namesHandle(_ tokens: [Token], at index: Int) -> Bool {
        let word = tokens[index].stem
        guard places.contains(word) else { return false }
        let near = tokens[max(0, index - 4)...min(tokens.count - 1, index + 5)]
        if near.contains(where: { askings.contains($0.bare) }) { return true }
        if near.contains(where: \.looksLikeName) { return true }
        // “my insta: moon”, “mi telegram es luna”
        guard index > 0, mine.contains(tokens[index - 1].bare), index + 1 < tokens.count else { return false }
        return tokens[index].endsWithColon || ["is", "es", "=", ":"].contains(tokens[index + 1].bare)
    }

    // MARK: - Numbers

    /// The least digits of a telephone number.
    static let fewest = 7

    /// A telephone number in digits, in words, or in both. Dates, times, sums and years are none.
    private static func hasNumber(_ tokens: [Token]) -> Bool {
        var (digits, pieces, spoken, hasMark) = (0, [Int](), 0, false)
        func isNumber() -> Bool {
            guard digits >= fewest, digits <= 16 else { return false }
            // “1990 2000 2010”: years and other figures of four digits in a row.
            if spoken == 0, !hasMark, pieces.count > 1, pieces.allSatisfy({ $0 == 4 }) { return false }
            return pieces.count <= 12
        }
        for token in tokens {
            // “145, 160 and 132” is a list.
            let ends = token.text.hasSuffix(",") || token.text.hasSuffix("،")
            defer { if ends, spoken == 0 { (digits, pieces, spoken, hasMark) = (0, [], 0, false) } }
            if let count = token.digitsOfNumber {
                digits += count
                pieces.append(count)
                hasMark = hasMark || token.text.hasPrefix("+") || token.text.hasPrefix("(")
            } else if let count = Token.spokenDigits[token.bare] {
                digits += count
                spoken += 1
            } else if token.isBetweenDigits {
                continue
            } else {
                if isNumber() { return true }
                (digits, pieces, spoken, hasMark) = (0, [], 0, false)
            }
        }
        return isNumber()
    }
}

/// What stands between two spaces.
private struct Token {
    /// As it was written, in small letters, with digits of every script as ASCII.
    let text: String
    /// Without marks at both ends.
    let bare: String

    static func all(of text: String) -> [Token] {
        var lowered = ""
        lowered.unicodeScalars.reserveCapacity(text.unicodeScalars.count)
        for scalar in text.lowercased().unicodeScalars {
            switch scalar.value {
            // Directions and joiners that cannot be seen.
            case 0x200B...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: continue
            case 0x660...0x669: lowered.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value - 0x660 + 48)))
            case 0x6F0...0x6F9: lowered.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value - 0x6F0 + 48)))
            case 0xFF10...0xFF19: lowered.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value - 0xFF10 + 48)))
            default: lowered.unicodeScalars.append(scalar)
            }
        }
        // “luna(at)gmail.com” hides one mark.
        for hidden in ["(at)", "[at]", "{at}"] where lowered.has(hidden) {
            lowered = lowered.replacing(hidden, with: " at ")
        }
        return lowered.split(whereSeparator: \.isWhitespace).map { Token(String($0)) }
    }

    private init(_ text: String) {
        self.text = text
        let marks: Set<Character> = [
            ",", ".", ";", ":", "!", "?", "\"", "'", "“", "”", "‘", "’", "«", "»", "(", ")", "[", "]", "،", "؛", "؟",
            "¿", "¡",
            "…", "*", "_", "-", "–", "—"
        ]
        let inner = text.drop { marks.contains($0) }
        var end = inner.endIndex
        while end > inner.startIndex, marks.contains(inner[inner.index(before: end)]) { end = inner.index(before: end) }
        let bare = String(inner[..<end])
        self.bare = bare.isEmpty ? text : bare
    }

    var endsWithColon: Bool { text.hasSuffix(":") || text.hasSuffix("=") }

    /// Without “in the” or “on” that Arabic writes together with a word.
    var stem: String {
        for prefix in ["بال", "عال", "ال", "ب"] where bare.hasPrefix(prefix) && bare.count > prefix.count + 3 {
            return String(bare.dropFirst(prefix.count))
        }
        return bare
    }

    static let endings: Set<String> = [
        "com", "org", "net", "edu", "gov", "io", "me", "es", "mx", "ar", "co", "uk", "de", "fr", "app", "gg", "ly",
        "info",
        "us", "tv", "link", "chat", "كوم", "نت"
    ]

    /// The parts between dots, where a name of a host could stand.
    private static func isHost(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, let last = parts.last, endings.contains(String(last)) else { return false }
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty && part.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
        }
        return isPlain && parts[0].count >= 2
    }

    var isMail: Bool {
        let parts = bare.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && !parts[1].hasSuffix(".")
    }

    var isLink: Bool {
        if ["http://", "https://", "www.", "hxxp", "wa.me/", "t.me/"].contains(where: text.has) { return true }
        guard text.utf8.contains(UInt8(ascii: ".")), !text.has("@") else { return false }
        let host = bare.prefix { $0 != "/" }
        return Self.isHost(host)
    }

    var isHandle: Bool {
        guard bare.hasPrefix("@") || text.hasPrefix("@") else { return false }
        let name = bare.drop { $0 == "@" }
        return name.count >= 3 && name.contains { $0.isLetter }
            && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
    }

    /// A word as people call themselves elsewhere: with digits or lines in it.
    var looksLikeName: Bool {
        let hasLetter = bare.contains { $0.isLetter }
        guard hasLetter, bare.count >= 4 else { return false }
        if bare.hasPrefix("@") || bare.contains("_") { return true }
        let isOrdinal = bare.first?.isNumber == true
        return !isOrdinal && bare.contains { $0.isNumber }
    }

    /// How many digits a piece of a telephone number has; nil for what is none: a date, a time, a sum, an ordinal.
    var digitsOfNumber: Int? {
        let piece = bare
        guard piece.contains(where: { $0.isASCII && $0.isNumber }) else { return nil }
        let allowed: Set<Character> = ["+", "-", "–", ".", "(", ")", "/"]
        guard piece.allSatisfy({ $0.isASCII && $0.isNumber || allowed.contains($0) }) else { return nil }
        if text.contains("$") || text.contains("€") || text.contains("%") { return nil }
        let parts = piece.split { !($0.isASCII && $0.isNumber) }.map(\.count)
        let isDate =
            parts.count == 3
            && (parts == [4, 2, 2] || parts[2] == 4 && parts[0] <= 2 && parts[1] <= 2
                || parts.allSatisfy { $0 <= 2 })
        if isDate { return nil }
        // “2019-2023” is from one year to another.
        if parts == [4, 4], piece.contains("-") || piece.contains("–") || piece.contains("/") { return nil }
        return parts.reduce(0, +)
    }

    /// Whether a number goes on after it.
    var isBetweenDigits: Bool { ["-", "–", ".", "/", "·", "_", "(", ")", "+", "y", "and"].contains(text) }

    /// Digits as they are said, and how many each stands for.
    static let spokenDigits: [String: Int] = {
        let words = [
            "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "cero", "uno", "dos",
            "tres",
            "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "صفر", "واحد", "اثنين", "اثنان", "اتنين", "ثلاثة",
            "تلاتة",
            "تلاته", "ثلاثه", "اربعة", "أربعة", "اربعه", "خمسة", "خمسه", "ستة", "سته", "سبعة", "سبعه", "ثمانية",
            "تمانية",
            "تمنية", "ثمانيه", "تمانيه", "تسعة", "تسعه"
        ]
        var digits = Dictionary(words.map { ($0, 1) }) { first, _ in first }
        digits.merge(["double": 1, "triple": 2, "doble": 1]) { first, _ in first }
        return digits
    }()
}

extension String {
    /// Whether a piece of ASCII stands in it. Asked of every word of every message, for which `contains` takes too long.
    fileprivate func has(_ piece: String) -> Bool {
        var piece = piece
        return piece.withUTF8 { wanted in
            guard let first = wanted.first else { return true }
            var rest = utf8[...]
            while let index = rest.firstIndex(of: first) {
                rest = rest[index...]
                if rest.starts(with: wanted) { return true }
                rest = rest.dropFirst()
            }
            return false
        }
    }
}
