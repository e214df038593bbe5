import Foundation
import Testing
import Web

/// The product's sources, next to the tests.
private let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources/Kith")

private func asset(_ name: String) throws -> String {
    try String(contentsOf: sources.appending(path: "Assets/\(name)"), encoding: .utf8)
}

@Suite("Style sheet, script and templates")
struct AssetTests {
    @Test("The style sheet fits into the first packets of a connection and fetches nothing")
    func styleSheet() throws {
        let css = try asset("kith.css")
        #expect(css.utf8.count <= 14 * 1_024)
        #expect(css.contains("--ground"))
        let paper = try asset("paper.css")
        #expect(paper.contains("@media print") && paper.utf8.count <= 4 * 1_024)
        for fetching in ["url(", "@import", "@font-face"] {
            #expect(!css.contains(fetching) && !paper.contains(fetching), "\(fetching)")
        }
    }

    @Test("The style sheet has no sides, so that it serves right-to-left as well", arguments: ["left", "right"])
    func logicalProperties(side: String) throws {
        let css = try asset("kith.css")
        #expect(css.contains("margin-inline-start"))
        // Its comments may say which sides it is about.
        let turned = try asset("rtl.css").replacing(/\/\*.*?\*\//.dotMatchesNewlines(), with: "")
        let paper = try asset("paper.css")
        #expect(!css.contains(side) && !paper.contains(side))
        #expect(!turned.contains(side) && turned.contains("plaintext"))
    }

    @Test("The style sheet moves nothing", arguments: ["animation", "transition", "@keyframes"])
    func stillness(word: String) throws {
        let css = try asset("kith.css")
        #expect(css.contains("color"))
        #expect(!css.contains(word))
    }

    @Test("The script is small and keeps nothing of its own accord")
    func script() throws {
        let script = try asset("kith.js")
        #expect(script.utf8.count <= 4_000)
        #expect(script.contains("location.replace"))
        for keeping in ["localStorage", "sessionStorage", "indexedDB", "cookie", "innerHTML", "http"] {
            #expect(!script.contains(keeping), "\(keeping)")
        }
    }

    @Test("No template lets what people write become code")
    func lint() throws {
        let templates = try TemplateLibrary.sources(in: sources.appending(path: "Templates").path)
        #expect(templates["layout"] != nil)
        #expect(TemplateLint.check(templates) == [])
    }
}
