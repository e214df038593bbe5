import Foundation
import Kith
import KithTestSupport
import Testing

@Suite("Words of text messages")
struct TextCommandTests {
    @Test("Every word of the table is understood, in any case and with marks around it")
    func table() {
        var seen = 0
        for (command, _, words) in TextCommand.words {
            for word in words {
                for spelling in [
                    word, word.uppercased(), " \(word.capitalized)!! ", "“\(word)”.\n", "\u{200F}\(word)\u{200E}"
                ] {
                    seen += 1
                    #expect(TextCommand.read(spelling)?.command == command, "\(spelling)")
                }
            }
        }
        #expect(seen > 500)
    }

    @Test("No word asks for two things")
    func oneMeaning() {
        var meanings: [String: Set<TextCommand>] = [:]
        for (command, _, words) in TextCommand.words {
            for word in words { meanings[word.lowercased(), default: []].insert(command) }
        }
        #expect(meanings.values.allSatisfy { $0.count == 1 })
    }

    @Test(
        "What carriers and the FCC ask to honor stops",
        arguments: [
            "STOP", "STOPALL", "UNSUBSCRIBE", "QUIT", "END", "REVOKE", "OPT OUT", "opt-out", "Stop.",
            "stop, wrong number",
            "Unsubscribe me please", "PARAR", "ALTO", "BASTA", "توقف", "تَوَقُّف", "إيقاف", "ايقاف", "قِف"
        ])
    func stops(word: String) { #expect(TextCommand.read(word)?.command == .stop) }

    @Test(
        "Accents, letter forms and digits of every kind",
        arguments: [
            ("Sí", TextCommand.yes), ("si", .yes), ("SÍ!", .yes), ("١", .yes), ("۲", .no), ("ＹＥＳ", .yes),
            ("نَعَم", .yes),
            ("لا", .no), ("الغاء", .cancel), ("إلغاء", .cancel), ("مساعده", .help), ("مساعدة", .help),
            ("ﻣﺴﺎﻋﺪﺓ", .help),
            ("إبدأ", .start), ("ابدا", .start), ("LLÁMAME", .call), ("llamame", .call), ("No más", .stop),
            ("don’t text me", .stop)
        ])
    func spellings(text: String, command: TextCommand) { #expect(TextCommand.read(text)?.command == command) }

    @Test(
        "Anything else is no command",
        arguments: [
            "", " ", "…", "I will stop by later if that is fine", "help me carry this sofa up", "I want to end it all",
            "yes and no", "لا أريد أن أعيش", "cancel culture", String(repeating: "stop ", count: 400), "0", "😀"
        ])
    func others(text: String) { #expect(TextCommand.read(text) == nil) }
}

@Suite("Numbers of telephones")
struct TextNumberTests {
    @Test(
        "However it is written, it is the same number",
        arguments: [
            "+1 (555) 010-0134", "555.010.0134", "1-555-010-0134", "(555) 010 0134", "011 1 555 010 0134", "٥٥٥٠١٠٠١٣٤",
            "0015550100134", "tel: 555/0100134", "15550100134"
        ])
    func same(written: String) { #expect(TextNumber(written, country: "1")?.text == "+15550100134") }

    @Test(
        "With other countries",
        arguments: [
            ("07700 900123", "44", "+447700900123"), ("+44 7700 900123", "1", "+447700900123"),
            ("447700900123", "1", "+447700900123"), ("447700900123", "44", "+447700900123"),
            ("00 44 7700 900123", "49", "+447700900123"), ("+1 555 010 0134", "44", "+15550100134")
        ])
    func countries(written: String, country: String, number: String) {
        #expect(TextNumber(written, country: country)?.text == number)
    }

    @Test(
        "Short codes and words are no numbers",
        arguments: ["741741", "12345", "BANK", "", "+", "+0123456789", "1234567890123456"])
    func none(written: String) { #expect(TextNumber(written, country: "1") == nil) }

    @Test("It is found by all its spellings, and they are its own")
    func spellings() throws {
        for country in ["1", "44", "49"] {
            let number = try #require(TextNumber("+447700900123", country: country))
            let spellings = number.spellings(in: country)
            #expect(spellings.contains("447700900123"))
            #expect(spellings.allSatisfy { TextNumber($0, country: country) == number })
            #expect(spellings.contains("07700900123") == (country == "44"))
        }
    }
}
