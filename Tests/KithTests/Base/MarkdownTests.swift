import Testing

@testable import Kith

@Suite("What coordinators write, as HTML that can do nothing")
struct MarkdownTests {
    private func html(_ text: String) -> String { Markdown(text).markup(heading: 3) }

    @Test("Headings, lists, tables and links are shown, and a page keeps its one heading of level 1")
    func shown() {
        let page = html("# One\n\n## Two\n\n- a\n- **b** ~~c~~\n\n|x|y|\n|---|---|\n|1|2|\n\n###### Six")
        #expect(
            html("## Two\n\n#### Four\n\n# One") == "<h3>Two</h3>\n<h4>Four</h4>\n<h3>One</h3>\n",
            "no level is left out")
        for part in ["<h3>One</h3>", "<h4>Two</h4>", "<li>a</li>", "<strong>b</strong> <del>c</del>", "<td>1</td>"] {
            #expect(page.contains(part), "\(part)")
        }
        #expect(page.contains("<h5>Six</h5>") && !page.contains("<h1") && !page.contains("<h2"))
    }

    @Test(
        "Links lead to pages, mail and telephone numbers, and tell nobody where they were followed",
        arguments: ["https://example.org/a?b=1&c=2", "http://example.org", "mailto:ana@example.org", "tel:+15550100"])
    func links(address: String) {
        let shown = address.replacing("&", with: "&amp;")
        #expect(html("[here](\(address))").contains("<a href=\"\(shown)\" rel=\"noopener noreferrer\">here</a>"))
        #expect(html("<\(address)>").contains("<a href=\"\(shown)\" rel="))
    }

    @Test("A bare address becomes a link too")
    func bare() {
        #expect(
            html("See www.example.org today").contains(
                "<a href=\"http://www.example.org\" rel=\"noopener noreferrer\">"))
    }

    @Test(
        "Other links are words",
        arguments: [
            "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java&#115;cript:alert(1)", "&#x6A;avascript:alert(1)",
            "javascript&colon;alert(1)", "java%73cript:alert(1)", "\u{1}javascript:alert(1)", "data:text/html,x",
            "vbscript:x", "file:///etc/passwd", "/sign-out", "//example.org", "ftp://example.org", "<java\tscript:x>"
        ])
    func otherLinks(address: String) {
        let page = html("[here](\(address))\n\n[there][a]\n\n[a]: \(address)")
        #expect(!page.contains("<a") && page.contains("here"), "\(page)")
    }

    @Test("An address cannot leave its attribute")
    func quotes() {
        let page = html("[here](<https://example.org/\"onmouseover='x'>)")
        #expect(page.contains("href=\"https://example.org/&quot;onmouseover=&#39;x&#39;\""), "\(page)")
    }

    @Test(
        "Markup of its own is dropped",
        arguments: [
            "<script>alert(1)</script>", "a <script src=x></script> b", "<img src=x onerror=alert(1)>",
            "<a href=\"https://example.org\" onclick=x>y</a>", "<iframe src=x>\n\n</iframe>", "<style>*{}</style>",
            "<!-- <script> -->", "<svg/onload=x>", "<details open ontoggle=x>", "|a|\n|---|\n|<b onclick=x>|"
        ])
    func markup(text: String) {
        let page = html(text)
        let tags = page.matches(of: /<\/?([a-zA-Z!]+)/).map { String($0.1) }
        #expect(Set(tags).isSubset(of: ["p", "table", "thead", "tbody", "tr", "th", "td"]), "\(page)")
    }

    @Test("A picture is its words, so that no other server learns who reads")
    func pictures() {
        let page = html(
            "Before ![a tree](https://example.org/tree.png) after ![x][y]\n\n[y]: https://example.org/z.png")
        #expect(!page.contains("example.org") && !page.contains("<img") && page.contains("a tree"), "\(page)")
    }

    @Test("What stands too deep in each other is left out, and the rest is shown")
    func deep() {
        #expect(html(String(repeating: "> ", count: 8) + "shallow").contains("shallow"))
        for text in [
            String(repeating: "> ", count: 5_000) + "deep", String(repeating: "- ", count: 5_000) + "deep",
            String(repeating: "*a **b ", count: 2_500), String(repeating: "[", count: 20_000),
            String(repeating: "![", count: 10_000)
        ] {
            let page = html(text + "\n\nAfter")
            let depth = page.matches(of: /<blockquote>|<ul>|<em>|<strong>/).count
            #expect(depth <= Markdown.deepest && !page.contains("deep"), "\(depth)")
        }
    }

    @Test("A text that is too long is not shown")
    func long() {
        #expect(!html(String(repeating: "a", count: Markdown.longest)).isEmpty)
        #expect(html(String(repeating: "a", count: Markdown.longest + 1)).isEmpty)
    }

    /// As short texts as these could each be many times as long a page.
    @Test("No text makes a page out of proportion, or takes long")
    func inProportion() {
        let columns = 2_000
        let wide = String(repeating: "|a", count: columns) + "\n" + String(repeating: "|-", count: columns) + "\n"
        let narrow = "|a|b|c|\n|-|-|-|\n"
        let link = "[a]: https://example.org/" + String(repeating: "x", count: 9_000) + "\n\n"
        let start = ContinuousClock.now
        for (begin, again) in [
            (wide, "|\n"), (narrow, "|\n"), (link, "[a] "), ("", "<a"), ("", "`a"), ("", "_a "), ("", "[^1]")
        ] {
            let text = begin + String(repeating: again, count: (Markdown.longest - begin.count) / again.count)
            #expect(html(text).utf8.count < 60 * text.utf8.count)
        }
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(html(narrow + "|1|2|3|").contains("<td>3</td>"))
    }
}
