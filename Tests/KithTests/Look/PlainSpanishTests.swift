import Foundation
import Kith
import Testing
import Web

/// How easily Spanish text is read.
private enum Legibility {
    /// Perspicuity by Szigriszt Pazos, "Sistemas predictivos de legibilidad del mensaje escrito", Madrid 1993; the
    /// higher, the easier. On the INFLESZ scale (Barrio Cantalejo and others, "Validación de la Escala INFLESZ para
    /// evaluar la legibilidad de los textos dirigidos a pacientes", An. Sist. Sanit. Navar. 31, 2008, 135–152) texts
    /// for patients should be above 55; above 65 they are "rather easy", as in primary school, above 80 "very easy".
    static func perspicuity(of text: PlainText) -> Double {
        text.words == 0 ? 0 : 206.835 - 62.3 * text.syllablesInWord - text.wordsInSentence
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
        var all = PlainText(syllables: Legibility.syllables)
        for (key, text) in texts {
            let one = PlainText([text], syllables: Legibility.syllables)
            all.read(text)
            #expect(one.longestSentence <= 20, "\(key): \(one.longestSentence) words in a sentence")
        }
        let perspicuity = Legibility.perspicuity(of: all)
        #expect(perspicuity >= 65, "\(page) has a perspicuity of \(perspicuity)")
    }

    @Test("The measure tells hard words from plain ones")
    func measure() {
        func perspicuity(_ text: String) -> Double {
            Legibility.perspicuity(of: PlainText([text], syllables: Legibility.syllables))
        }
        #expect(perspicuity("La participación precisa autorización del representante organizacional designado.") < 40)
        #expect(perspicuity("Puede parar en cualquier momento. No hace falta decir por qué.") > 80)
        let words = ["usted", "apoyo", "país", "ciudad", "bueno", "leer", "teléfono", "quien", "cuídese", "oír"]
        #expect(words.map { Legibility.syllables(of: $0) } == [2, 3, 2, 2, 2, 2, 4, 1, 3, 2])
    }
}
