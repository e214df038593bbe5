import Testing

@testable import Screening

@Suite("How long screening takes", .serialized)
struct ScreeningSpeedTests {
    private let book: RuleBook

    init() throws { book = try RuleBook.shared.get() }

    private func time(_ text: String) -> Duration {
        // The better of two: others use the machine too.
        (0..<2).map { _ in ContinuousClock().measure { _ = book.verdict(of: text) } }.min() ?? .zero
    }

    private func repeated(_ text: String, bytes: Int) -> String {
        String(repeating: text, count: bytes / text.utf8.count)
    }

    /// Words that many phrases begin with, phrases that are taken back, words nobody knows, and marks alone.
    static let hostile = [
        "i ", "i dont want to die ", "i dont want to die. ", "want to want to ", "not not not ", "zzyqwertz ",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaa ", "\"'", "no quiero ", "ما بدي ", "suicidd ", "(((", "i,"
    ]

    @Test("No text makes it slower than its length does", arguments: hostile)
    func linear(text: String) {
        let (short, long) = (time(repeated(text, bytes: 2_500)), time(repeated(text, bytes: 10_000)))
        #expect(long < short * 10 + .milliseconds(50), "four times the text: \(short), \(long)")
    }

    @Test("The longest message is read before anybody notices, whatever it says", arguments: hostile)
    func longestMessage(text: String) {
        // 4,000 characters, in a build without optimization.
        #expect(time(String(repeating: text, count: 4_000 / text.unicodeScalars.count)) < .seconds(1))
    }
}
