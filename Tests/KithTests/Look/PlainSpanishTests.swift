import Foundation
import Kith
import Testing
import Web

/// How easily Spanish text is read.
private struct Legibility {
    private(set) var sentences = 0
    private(set) var words = 0
    private(set) var syllables = 0
    private(set) var longestSentence = 0

    mutating func read(_ text: String) {
        for sentence in text.split(whereSeparator: { ".!?:".contains($0) }) {
            let found = sentence.split { !$0.isLetter && !$0.isNumber }
            guard !found.isEmpty else { continue }
            sentences += 1
            words += found.count
            longestSentence = max(longestSentence, found.count)
            syllables += found.reduce(0) { $0 + Self.syllables(of: $1.lowercased()) }
        }
    }

    /// Perspicuity by Szigriszt Pazos, "Sistemas predictivos de legibilidad del mensaje escrito", Madrid 1993; the
    /// higher, the easier. On the INFLESZ scale (Barrio Cantalejo and others, "Validación de la Escala INFLESZ para
    /// evaluar la legibilidad de los textos dirigidos a pacientes", An. Sist. Sanit. Navar. 31, 2008, 135–152) texts
    /// for patients should be above 55; above 65 they are "rather easy", as in primary school, above 80 "very easy".
    var perspicuity: Double {
        guard sentences > 0, words > 0 else { return 0 }
        return 206.835 - 62.3 * Double(syllables) / Double(words) - Double(words) / Double(sentences)
    }

    /// A syllable for each vowel, but for the weak ones, i and u, that lean on another.
    static func syllables(of word: String) -> Int {
        var count = 0
        var before: Character = " "
        for letter in word.replacing("qu", with: "q") {
            let isStrong = "aeoáéóíú".contains(letter)
            let isWeak = "iuü".contains(letter)
            let leans = "aeoáéóíú".contains(before) ? isWeak : "iuü".contains(before) && (isStrong || isWeak)
            if isStrong || isWeak, !leans { count += 1 }
            before = letter
        }
        return max(1, count)
    }
}

@Suite("Plain words in Spanish")
struct PlainSpanishTests {
    private static let pages =
        PlainWordsTests.pages.filter { !$0.hasPrefix("consent.") } + [
            "consent.", "concerns.raise", "decision.", "free-seat.", "groups.", "hard-days.", "help.", "house-rules.",
            "report.", "seat.", "wall."
        ]

    @Test("Participants' pages are rather easy to read, in sentences of at most 20 words", arguments: pages)
    func perspicuity(page: String) throws {
        let spanish = try TextFile("es")
        let texts = spanish.texts.filter { $0.key.hasPrefix(page) }
        try #require(!texts.isEmpty)
        var all = Legibility()
        for (key, text) in texts {
            var one = Legibility()
            one.read(text)
            all.read(text)
            #expect(one.longestSentence <= 20, "\(key): \(one.longestSentence) words in a sentence")
        }
        #expect(all.perspicuity >= 65, "\(page) has a perspicuity of \(all.perspicuity)")
    }

    @Test("The measure tells hard words from plain ones")
    func measure() {
        var (hard, plain) = (Legibility(), Legibility())
        hard.read("La participación precisa autorización del correspondiente representante organizacional designado.")
        plain.read("Puede parar en cualquier momento. No hace falta decir por qué.")
        #expect(hard.perspicuity < 40 && plain.perspicuity > 80)
        let words = ["usted", "apoyo", "país", "ciudad", "bueno", "leer", "teléfono", "quien", "cuídese", "oír"]
        #expect(words.map { Legibility.syllables(of: $0) } == [2, 3, 2, 2, 2, 2, 4, 1, 3, 2])
    }
}
