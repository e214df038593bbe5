import Kith
import Testing

@Suite("How easily a text is read, by LIX")
struct ReadingMeasureTests {
    private func measure(_ text: String, in language: String = "en") -> ReadingMeasure {
        ReadingMeasure(text.split(separator: "\n").map(String.init), in: language)
    }

    private func number(_ lix: Double?) -> Double { ((lix ?? -1) * 100).rounded() / 100 }

    @Test(
        "By hand: words in a sentence, and long words of a hundred",
        arguments: [
            // 9 words in 2 sentences, none of more than six letters.
            ("The cat sat on the mat. It was happy.", 9, 2, 0, 4.5),
            // 6 / 2, and “support” and “Tonight” of 6: 3 + 33.33.
            ("Ask for support. Tonight is fine.", 6, 2, 2, 36.33),
            // 5 / 1, and all but “by”: 5 + 80.
            ("Participation necessitates authorization by relatives.", 5, 1, 4, 85),
            // Six letters are not long, seven are: 2 / 1 + 100 / 2.
            ("Little morning", 2, 1, 1, 52),
            // A number is a word without letters.
            ("Call 911 now!", 3, 1, 0, 3)
        ])
    func byHand(text: String, words: Int, sentences: Int, long: Int, lix: Double) {
        let found = measure(text)
        #expect(found.words == words && found.sentences == sentences && found.longWords == long, "\(found)")
        #expect(number(found.lix) == lix, "\(found)")
    }

    @Test("Each grade ends where Björnsson's does")
    func grades() {
        /// A text whose LIX is that of its one sentence and so many long words of a hundred.
        func grade(words: Int, long: Int) -> ReadingMeasure.Grade? {
            let parts = Array(repeating: "evening", count: long) + Array(repeating: "day", count: words - long)
            return measure(parts.joined(separator: " ")).grade
        }
        #expect(grade(words: 20, long: 1) == .veryEasy, "25")
        #expect(grade(words: 10, long: 2) == .easy, "30")
        #expect(grade(words: 20, long: 4) == .medium, "40")
        #expect(grade(words: 25, long: 6) == .medium, "49")
        #expect(grade(words: 10, long: 4) == .medium, "50")
        #expect(grade(words: 10, long: 5) == .hard, "60")
    }

    @Test("Sentences end at stops, questions and lines, and not within numbers, names and quotes")
    func sentences() {
        #expect(measure("Take 2.5 g. Then rest.").sentences == 2)
        #expect(measure("See e.g. the blue list. Ask!").sentences == 2)
        #expect(measure("“Are you well?” She nodded.").sentences == 2)
        #expect(measure("A heading\nAn item\nAnother item.").sentences == 3)
        #expect(measure("Read it at https://example.org/a.b today.").words == 4)
        #expect(measure("هل أنت بخير؟ نعم.", in: "ar").sentences == 2)
        #expect(measure("... — !").words == 0 && measure("... — !").lix == nil)
    }

    @Test("Sentences of more than 15 words are quoted, the longest first, and at most five")
    func long() {
        func sentence(_ words: Int) -> String { (1...words).map { "w\($0)" }.joined(separator: " ") + "." }
        #expect(measure(sentence(15)).long.isEmpty)
        let found = measure([16, 15, 30, 18].map(sentence).joined(separator: " ").replacing(" w1 ", with: " W1 ")).long
        #expect(found.map(\.words) == [30, 18, 16], "\(found)")
        #expect(found.first?.text.hasSuffix("w30.") == true)
        let many = (0..<9).map { _ in sentence(20) }.joined(separator: "\n")
        #expect(measure(many).long.count == 5)
    }

    @Test("A language that LIX was not made for has sentences and no number", arguments: ["ar", "ar-EG", "zh", "vi"])
    func languages(code: String) {
        let found = measure((1...17).map { "كلمة\($0)" }.joined(separator: " "), in: code)
        #expect(found.lix == nil && found.grade == nil && found.long.count == 1)
        #expect(measure("Hola a todos.", in: "es-MX").lix != nil)
    }

    @Test("Of a page it measures what people read, not the signs of Markdown")
    func page() {
        let text = LibraryPage.Text.sleep {
            $0.body = "## Nights\n\nRest\nwhen **you** can. <b>x</b>\n\n- [Ask](https://example.org/very/long) us"
        }
        // Nights / Rest when you can. / x / Ask us
        #expect(text.measure.words == 8 && text.measure.longWords == 0, "\(text.measure)")
        let table = LibraryPage.Text.sleep { $0.body = "| Day | What |\n|---|---|\n| Monday | Rest **well** |" }
        #expect(table.measure.words == 5 && table.measure.sentences == 4, "\(table.measure)")
        let list = LibraryPage.Text.sleep { ($0.kind, $0.body) = (.checklist, "- Keys\n☐ The list\n3. Phone") }
        #expect(list.measure.words == 4 && list.measure.sentences == 3, "\(list.measure)")
    }
}
