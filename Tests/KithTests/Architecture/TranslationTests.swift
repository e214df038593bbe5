import Foundation
import Kith
import Testing
import Web

/// The texts of each language beside the English ones, as the files have them.
struct TextFile {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources/Kith/Strings")

    let locale: String
    let texts: [String: String]

    init(_ locale: String) throws {
        self.locale = locale
        let data = try Data(contentsOf: Self.folder.appendingPathComponent("\(locale).json"))
        texts = try JSONDecoder().decode([String: String].self, from: data)
    }

    init(_ locale: String, _ texts: [String: String]) { (self.locale, self.texts) = (locale, texts) }

    static func translated() throws -> [TextFile] {
        try Shelf.load().translations.locales.filter { $0 != "en" }.map { try TextFile($0) }
    }

    /// The keys of plural texts, without their suffix.
    private var plurals: [String] {
        texts.keys.filter { $0.hasSuffix(".other") }.map { String($0.dropLast(".other".count)) }
            .filter { texts["\($0).one"] != nil }
    }

    /// What stands in the way of this file saying all that `english` says, each with what to do about it.
    func faults(beside english: TextFile, sameAllowed: Set<String>) -> [String] {
        var faults: [String] = []
        let file = "Sources/Kith/Strings/\(locale).json"
        let plurals = Set(english.plurals)
        let isPlural = { (key: String) in
            key.split(separator: ".").last.map { suffix in
                PluralCategory.allCases.contains { $0.description == suffix }
            } == true && plurals.contains(key.split(separator: ".").dropLast().joined(separator: "."))
        }
        for (key, text) in english.texts.sorted(by: { $0.key < $1.key }) where !isPlural(key) {
            guard let own = texts[key] else {
                faults.append("\(key) has no text in \(file). Add one that says: “\(text)” (docs/translating.md)")
                continue
            }
            if own == text, !sameAllowed.contains(key) {
                faults.append(
                    "\(key) is still English in \(file): “\(text)”. Translate it, or add the key to \(locale)-same.txt")
            }
            if Self.gaps(own) != Self.gaps(text) {
                faults.append("\(key) in \(file) has the gaps \(Self.gaps(own)); English has \(Self.gaps(text))")
            }
        }
        let rule = PluralRule.forLocale(locale)
        let needed = rule.categories.filter { $0 != .many || locale.hasPrefix("ar") }
        // A form that stands for one number alone need not say it: “يومان” is two days.
        let alone = Set(rule.categories.filter { category in (0...200).count { rule($0) == category } == 1 })
        for key in plurals.sorted() {
            for category in needed {
                guard let own = texts["\(key).\(category)"] else {
                    let other = english.texts["\(key).other"] ?? ""
                    faults.append("\(key).\(category) has no text in \(file). Its English plural is: “\(other)”")
                    continue
                }
                let models = ["one", "other"].compactMap { english.texts["\(key).\($0)"] }
                let said = [Self.gaps(own)] + (alone.contains(category) ? [Self.gaps(own + "{{count}}")] : [])
                if !models.contains(where: { said.contains(Self.gaps($0)) }) {
                    faults.append("\(key).\(category) in \(file) has the gaps \(Self.gaps(own)), English others")
                }
                if models.contains(own) { faults.append("\(key).\(category) is still English in \(file): “\(own)”") }
            }
        }
        for key in texts.keys.sorted() where english.texts[key] == nil && !isPlural(key) {
            faults.append("\(key) stands in \(file) and is no English key any more. Take it out")
        }
        return faults
    }

    /// What is filled in: names in double braces, and the signs that scripts fill in.
    private static func gaps(_ text: String) -> [String] {
        text.matches(of: /\{\{[^}]*\}\}|%/).map { String($0.output) }.sorted()
    }
}

@Suite("Every language says all that English says")
struct TranslationTests {
    @Test("No text of another language is missing, left in English, or filled in with something else")
    func complete() throws {
        let english = try TextFile("en")
        let others = try TextFile.translated()
        try #require(others.map(\.locale) == ["ar", "es"])
        for other in others {
            let same = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("\(other.locale)-same.txt")
            let allowed = Set(try String(contentsOf: same, encoding: .utf8).split(separator: "\n").map(String.init))
            for fault in other.faults(beside: english, sameAllowed: allowed) { Issue.record("\(fault)") }
            for key in allowed.sorted() {
                #expect(other.texts[key] == english.texts[key], "\(key) need not stand in \(other.locale)-same.txt")
            }
        }
    }

    @Test(
        "What is wrong with a file is told with its key and what to do",
        arguments: [
            ("a.hello", nil, "a.hello has no text"), ("a.hello", "Hello {{name}}", "a.hello is still English"),
            ("a.hello", "Hola {{nombre}}", #"a.hello in Sources/Kith/Strings/es.json has the gaps ["{{nombre}}"]"#),
            ("a.days.one", nil, "a.days.one has no text"), ("a.days.other", "{{count}} days", "still English"),
            ("a.days.other", "días", "a.days.other in Sources/Kith/Strings/es.json has the gaps []"),
            ("a.more", "Más", "a.more stands in"), ("a.left", "Faltan minutos", "a.left in")
        ] as [(String, String?, String)])
    func faults(key: String, text: String?, fault: String) {
        let english = TextFile(
            "en",
            [
                "a.hello": "Hello {{name}}", "a.days.one": "{{count}} day", "a.days.other": "{{count}} days",
                "a.left": "% minutes left", "a.name": "Kith"
            ])
        let good = [
            "a.hello": "Hola, {{name}}", "a.days.one": "{{count}} día", "a.days.other": "{{count}} días",
            "a.left": "Faltan % minutos", "a.name": "Kith"
        ]
        #expect(TextFile("es", good).faults(beside: english, sameAllowed: ["a.name"]).isEmpty, "the premise")
        var bad = good
        bad[key] = text
        let found = TextFile("es", bad).faults(beside: english, sameAllowed: ["a.name"])
        #expect(found.count == 1 && found.first?.contains(fault) == true, "\(found)")
    }

    @Test("No Spanish text puts a full stop after a time, for times end in one: “2:30 p. m.”")
    func times() throws {
        let spanish = try TextFile("es")
        let times = try Shelf.load().translations["es"]("dates.time.afternoon", ["hour12": "2", "minute": "30"])
        #expect(times == "2:30\u{A0}p.\u{A0}m.")
        for (key, text) in spanish.texts {
            #expect(!text.contains(/\{\{(when|time|end|by)\}\}\./), "\(key)")
        }
    }

    @Test("Where a text cites another, as “Leave page”, it says what that one says in its own language")
    func citations() throws {
        let english = try TextFile("en").texts
        let keys = Dictionary(grouping: english.keys) { english[$0] ?? "" }
        var found = 0
        for other in try TextFile.translated() {
            for (key, text) in english {
                for citation in text.matches(of: /“([^”]*)”/) {
                    guard let cited = keys[String(citation.1)] else { continue }
                    found += 1
                    let own = other.texts[key] ?? ""
                    let isCited = cited.contains { key in
                        let name = other.texts[key] ?? ""
                        return own.contains("“\(name)”") || own.contains("«\(name)»")
                    }
                    #expect(isCited, "\(key) in \(other.locale).json cites \(citation.1) by another name")
                }
            }
        }
        #expect(found > 3, "the test sees citations")
    }

    @Test("Text messages are written in letters that phones send in one piece (3GPP TS 23.038, 6.2.1)")
    func textMessages() throws {
        let letters = Set("@£$¥èéùìòÇØøÅåÆæßÉ ÄÖÑÜ§¿äöñüà¡\n!\"#¤%&'()*+,-./:;<=>?_{}")
        for file in try TextFile.translated() where file.locale == "es" {
            let messages = file.texts.filter { $0.key.hasPrefix("letter.text.") }
            #expect(!messages.isEmpty)
            for (key, text) in messages {
                let others = text.filter { !letters.contains($0) && !($0.isASCII && ($0.isLetter || $0.isNumber)) }
                #expect(others.isEmpty, "\(key): \(others)")
            }
        }
    }

    @Test("Each language has the plural forms that CLDR gives it, and no fewer")
    func pluralForms() throws {
        let english = TextFile("en", ["a.days.one": "{{count}} day", "a.days.other": "{{count}} days"])
        let good = [
            "a.days.zero": "لا أيام", "a.days.one": "يوم واحد", "a.days.two": "يومان", "a.days.few": "{{count}} أيام",
            "a.days.many": "{{count}} يومًا", "a.days.other": "{{count}} يوم"
        ]
        #expect(TextFile("ar", good).faults(beside: english, sameAllowed: []).isEmpty)
        for form in good.keys {
            var bad = good
            bad[form] = nil
            #expect(TextFile("ar", bad).faults(beside: english, sameAllowed: []).count == 1, "\(form)")
            bad[form] = "أيام"
            let standsForMany = ["few", "many", "other"].contains { form.hasSuffix($0) }
            #expect(TextFile("ar", bad).faults(beside: english, sameAllowed: []).isEmpty != standsForMany, "\(form)")
        }
    }

    @Test("Arabic guesses nobody's gender: no command, and no “you want” that has one")
    func genderlessArabic() throws {
        // What only a man or only a woman would be told; both write “لك”, “كتبت” and “يمكنك” alike.
        let gendered: Set = [
            "اختر", "اختاري", "أدخل", "أدخلي", "اكتب", "اكتبي", "اضغط", "اضغطي", "انقر", "انقري", "أخبرينا",
            "اتصل", "اتصلي", "أرسل", "أرسلي", "افتح", "افتحي", "اقرأ", "اقرئي", "استخدم", "استخدمي", "حاول", "حاولي",
            "انتظر", "انتظري", "تريد", "تريدين", "ترغب", "ترغبين", "تحب", "تحبين", "تستطيع", "تستطيعين", "كنتِ", "كنتَ",
            "أنتِ", "أنتَ"
        ]
        func words(_ text: String) -> [String] { text.split { !$0.isLetter }.map(String.init) }
        for (key, text) in try TextFile("ar").texts {
            let found = words(text).filter { word in
                gendered.contains(word) || "وف".contains(word.prefix(1)) && gendered.contains(String(word.dropFirst()))
            }
            #expect(found.isEmpty, "\(key): \(found)")
        }
        #expect(words("يرجى الانتظار، ثم اختر يومًا").contains { gendered.contains($0) })
    }

    @Test("Arabic has its own punctuation, quotes «like these», and the digits that codes and telephones have")
    func arabicSigns() throws {
        for (key, text) in try TextFile("ar").texts {
            #expect(!text.contains(/[٠-٩۰-۹“”"]/), "\(key): \(text)")
            #expect(!text.contains(/\p{Arabic}\s*[?,;]/), "\(key): \(text)")
        }
    }

    @Test("No Arabic sentence has more than 20 words")
    func shortArabic() throws {
        for (key, text) in try TextFile("ar").texts {
            for sentence in text.split(whereSeparator: { ".؟!:\n".contains($0) }) {
                #expect(sentence.split { $0.isWhitespace }.count <= 20, "\(key): \(sentence)")
            }
        }
    }

    @Test("Spanish speaks to people as “usted”, and never as “tú” or “vosotros”")
    func usted() throws {
        for (key, text) in try TextFile("es").texts {
            let familiar = text.lowercased().split { !$0.isLetter }
                .filter {
                    ["tú", "tu", "tus", "ti", "te", "contigo", "tuyo", "tuya", "vosotros", "vuestro"].contains($0)
                }
            #expect(familiar.isEmpty, "\(key): \(familiar)")
        }
    }
}
