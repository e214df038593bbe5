import Testing
import Web

@Suite("Choice of locale")
struct LocaleNegotiationTests {
    private func locale(_ header: String?, chosen: String? = nil, of locales: [String] = ["en", "es", "pt-BR"]) throws
        -> String
    {
        let texts = Dictionary(uniqueKeysWithValues: locales.map { ($0, [String: String]()) })
        return try Translations(texts).locale(chosen: chosen, acceptLanguage: header)
    }

    @Test(
        "The browser's first wish that there are texts for",
        arguments: [
            ("es", "es"), ("es-MX,es;q=0.9,en;q=0.8", "es"), ("fr,de", "en"), ("fr;q=0.9, es;q=0.5, en;q=0.4", "es"),
            ("en;q=0.5, es", "es"), ("ES", "es"), ("pt", "pt-BR"), ("pt-br", "pt-BR"), ("*", "en"),
            ("fr, *;q=0.1", "en"),
            ("es;q=0, en;q=0.1", "en"), ("", "en"), (",,;;q=,", "en"), ("es;q=nonsense", "en"),
            ("en;q=0.8, es;q=0.8", "en"),
            ("es ; q=0.9 , en ; q=0.1", "es")
        ])
    func wishes(header: String, expected: String) throws {
        #expect(try locale(header) == expected)
    }

    @Test("What a person chose comes before what their browser asks for")
    func chosen() throws {
        #expect(try locale("en", chosen: "es") == "es")
        #expect(try locale("es", chosen: "../../etc") == "es")
        #expect(try locale(nil, chosen: nil) == "en")
    }

    @Test("A header of any length is answered quickly")
    func long() throws {
        let header = (0..<50_000).map { "x\($0);q=0.\($0 % 10)" }.joined(separator: ",") + ",es"
        #expect(try locale(header) == "en")
    }
}
