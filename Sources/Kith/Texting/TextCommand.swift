import Foundation
import Storage
import Web

/// What a text message can ask for. Nobody reads them, so only words that stand here are understood.
package enum TextCommand: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
    /// No more text messages to this number, from anybody here.
    case stop
    /// They may come again.
    case start
    /// Who this is, how to reach a person, how to stop.
    case help
    case yes, no
    /// What is planned next is called off; without a question that waits for an answer it is ``stop``.
    case cancel
    /// Somebody calls this number.
    case call

    /// A message as it was understood.
    package struct Reading: Sendable, Equatable {
        package let command: TextCommand
        /// In which language its word is.
        package let language: String
    }

    /// Every word that is understood, by what it asks for and its language. A message is one of them, in whatever case,
    /// with or without accents and vowel signs, in whatever spelling of an Arabic letter, and with any marks around it.
    ///
    /// Those of ``stop`` are the ones that carriers block by themselves, the seven that the FCC's rule of 2025 names
    /// (47 CFR 64.1200(a)(10)), and what people write instead. “Yes” starts nothing, though some carriers let it: here
    /// it is an answer.
    package static let words: [(command: TextCommand, language: String, words: [String])] = [
        (
            .stop, "en",
            [
                "stop", "stopall", "stop all", "unsubscribe", "quit", "end", "revoke", "opt out", "optout", "stop it",
                "stop texting", "stop texting me", "stop texts", "stop messages", "no more", "no more texts",
                "no more messages", "do not text me", "dont text me", "remove me", "take me off", "leave me alone",
                "unsuscribe", "unsubscribe me", "stop please", "please stop", "stopp"
            ]
        ),
        (
            .stop, "es",
            [
                "parar", "para", "pare", "paren", "alto", "basta", "basta ya", "detener", "detengan", "baja",
                "darme de baja", "dar de baja", "deme de baja", "cancelar suscripcion", "no mas", "no mas mensajes",
                "ya no", "no me escriban", "no me manden mensajes", "fin", "salir", "desuscribir"
            ]
        ),
        (
            .stop, "ar",
            [
                "توقف", "توقفوا", "أوقف", "أوقفوا", "إيقاف", "وقف", "قف", "كفى", "كفاية", "إلغاء الاشتراك", "لا مزيد",
                "لا ترسلوا", "لا تراسلوني", "أوقفوا الرسائل", "إيقاف الرسائل"
            ]
        ),
        (.start, "en", ["start", "unstop", "opt in", "optin", "resume", "subscribe"]),
        (.start, "es", ["empezar", "comenzar", "iniciar", "reanudar", "alta", "empiecen"]),
        (.start, "ar", ["ابدأ", "ابدؤوا", "بدء", "استئناف", "اشتراك"]),
        (.help, "en", ["help", "info", "information", "help me", "who is this", "who are you"]),
        (.help, "es", ["ayuda", "informacion", "quien es", "quien eres", "quienes son", "ayudame", "ayudenme"]),
        (.help, "ar", ["مساعدة", "معلومات", "ساعدوني", "ساعدني", "من أنتم", "من هذا"]),
        (.yes, "en", ["yes", "y", "yep", "yeah", "ok", "okay", "sure", "confirm", "confirmed", "1"]),
        (.yes, "es", ["si", "claro", "vale", "confirmo", "confirmar", "de acuerdo"]),
        (.yes, "ar", ["نعم", "أجل", "موافق", "موافقة", "تأكيد", "أؤكد", "حسنا"]),
        (.no, "en", ["no", "n", "nope", "2"]),
        (.no, "ar", ["لا", "كلا"]),
        (.cancel, "en", ["cancel"]),
        (.cancel, "es", ["cancelar", "cancela", "cancelen", "cancelo", "anular"]),
        (.cancel, "ar", ["إلغاء", "ألغ", "ألغوا", "إلغي"]),
        (.call, "en", ["call", "call me", "callme", "please call", "please call me", "peer", "support"]),
        (.call, "es", ["llamar", "llama", "llamame", "llamenme", "llameme", "apoyo", "llamada"]),
        (.call, "ar", ["اتصال", "اتصل", "اتصل بي", "اتصلوا", "اتصلوا بي", "كلموني", "دعم", "مساندة"])
    ]

    private static let table: [String: Reading] = words.reduce(into: [:]) { table, line in
        for word in line.words { table[folded(word)] = Reading(command: line.command, language: line.language) }
    }

    /// Words that ask to stop whatever comes after them, where little does: “stop, wrong number”.
    private static let stopping: Set<String> = Set(["stop", "stopall", "unsubscribe", "توقف"].map(folded))
    private static let mostWords = 4

    /// What a message asks for; nil for anything else. When in doubt whether somebody wants no more of them, they do.
    package static func read(_ message: String) -> Reading? {
        // More is no word of ours, and costs nothing to look at.
        let folded = folded(String(message.unicodeScalars.prefix(200)))
        if let known = table[folded] { return known }
        let words = folded.split(separator: " ")
        guard let first = words.first, words.count <= mostWords, stopping.contains(String(first)) else { return nil }
        return table[String(first)]
    }

    /// As words are compared: small letters without accents and vowel signs, one form of each Arabic letter, western
    /// digits, one space between words, and nothing else.
    static func folded(_ text: String) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in text.withWesternDigits.decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .spacingMark, .format: continue
            default: break
            }
            switch scalar.value {
            // Tatweel, and a hamza alone.
            case 0x0640, 0x0621: continue
            case 0x27, 0x60, 0xB4, 0x2018, 0x2019: continue
            case 0x0671: folded.append("\u{0627}")
            case 0x0649, 0x06CC: folded.append("\u{064A}")
            case 0x0629, 0x06C1, 0x06BE, 0x06D5: folded.append("\u{0647}")
            case 0x06A9: folded.append("\u{0643}")
            default:
                if scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal {
                    folded.append(scalar)
                } else if folded.last != " ", !folded.isEmpty {
                    folded.append(" ")
                }
            }
        }
        return String(String(folded).trimmed)
    }
}
