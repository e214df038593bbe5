import Hummingbird
import Testing
import Web

@Suite("Templates: what people write stays text")
struct TemplateEscapingTests {
    static let corpus = [
        "<script>alert(1)</script>", "\"><script>alert(1)</script>", "' onmouseover='alert(1)", "\" onfocus=\"alert(1)",
        "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "</title><script>alert(1)</script>",
        "</textarea><script>alert(1)</script>", "<!--<img src=\"--><img src=x onerror=alert(1)>", "javascript:alert(1)",
        "&lt;script&gt;", "&#60;script&#62;", "<<script>alert(1);//<</script>", "<iframe srcdoc='<script>alert(1)'>",
        "{{constructor}}", "{{{html}}}", "[[key]]", "\u{2028}<b>", "\u{0}<b>", "<\u{0}script>", "<ScRiPt>",
        "<a\u{C}href=x>",
        "𝕏<b>é</b>👩‍👩‍👧", "a\u{202E}<b>", "&", "&&amp;", "<", ">", "\"", "'", "12345678<", "1234567<",
        "123456789abcdef<",
        "<style>@import 'x'</style>", "<math><mi xlink:href='javascript:alert(1)'>", "]]><x", "--><x", "\r\n<x"
    ]

    /// The same thing done slowly and plainly.
    private func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&#34;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    @Test("In every place a value can stand it is escaped", arguments: corpus)
    func everywhere(attack: String) throws {
        let template = """
            <p>{{v}}</p><a title="{{v}}" data-x='{{v}}'>{{#v}}{{.}}{{/v}}</a>{{#list}}<li>{{.}}{{v}}</li>{{/list}}
            <title>{{o.v}}</title><textarea>{{>part}}</textarea>{{<layout}}{{$main}}{{v}}{{/main}}{{/layout}}[[text]]
            """
        let others = ["part": "{{v}}", "layout": "<main>{{$main}}{{/main}}</main>"]
        let strings = try Translations(["en": ["text": "Dear {{v}}"]])["en"]
        let library = try TemplateLibrary(others.merging(["page": template]) { $1 }, strings: strings)
        let value: Value = ["v": .text(attack), "list": [.text(attack)], "o": ["v": .text(attack)]]
        let safe = escaped(attack)
        let expected = """
            <p>\(safe)</p><a title="\(safe)" data-x='\(safe)'>\(safe)</a><li>\(safe)\(safe)</li>
            <title>\(safe)</title><textarea>\(safe)</textarea><main>\(safe)</main>Dear \(safe)
            """
        #expect(String(buffer: try library.render("page", value)) == expected)
    }

    @Test(
        "A text of a locale is escaped as well, whatever translators put in",
        arguments: corpus.filter { !$0.contains("{{") })
    func texts(attack: String) throws {
        let strings = try Translations(["en": ["t": attack]])["en"]
        let library = try TemplateLibrary(["page": "<p title=\"[[t]]\">"], strings: strings)
        #expect(String(buffer: try library.render("page", [:])) == "<p title=\"\(escaped(attack))\">")
    }

    @Test("Escaping agrees with the plain way of doing it on ten thousand random texts")
    func random() throws {
        var seed = UInt64.random(in: 0...UInt64.max)
        let first = seed
        let alphabet: [Character] = [
            "&", "<", ">", "\"", "'", "a", "b", " ", "é", "€", "𝕏", "%", "(", "=", "?", ";", "#"
        ]
        for _ in 0..<10_000 {
            var text = ""
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let length = Int(seed >> 33) % 40
            for _ in 0..<length {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text.append(alphabet[Int(seed >> 33) % alphabet.count])
            }
            let html = String(buffer: HTML(escaping: text).bytes)
            guard html == escaped(text) else {
                Issue.record("seed \(first): \(text) became \(html)")
                return
            }
        }
    }

    @Test("Every single byte of ASCII is right, at every place in a word of eight")
    func bytes() {
        for byte in UInt8(0)...127 {
            for place in 0..<17 {
                let text = String(repeating: "x", count: place) + String(UnicodeScalar(byte)) + "yz"
                #expect(String(buffer: HTML(escaping: text).bytes) == escaped(text))
            }
        }
    }
}
