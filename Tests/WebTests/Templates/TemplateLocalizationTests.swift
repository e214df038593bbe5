import Foundation
import Hummingbird
import Testing
import Web

@Suite("Templates: texts, plurals and assets")
struct TemplateLocalizationTests {
    private func translations() throws -> Translations {
        try Translations([
            "en": [
                "hello": "Hello {{name}}, you & I", "quote": "She said \"go\"", "bye": "Bye",
                "days.one": "{{days}} day", "days.other": "{{days}} days"
            ],
            "es": [
                "hello": "Hola {{name}}, tú & yo", "quote": "«x»", "days.one": "{{days}} día",
                "days.other": "{{days}} días"
            ]
        ])
    }

    private func show(_ template: String, _ value: Value, locale: String) throws -> String {
        let library = try TemplateLibrary(["page": template], strings: try translations()[locale])
        return String(buffer: try library.render("page", value))
    }

    @Test("A key becomes the locale's text, with its values, and everything in it is escaped")
    func texts() throws {
        #expect(try show("<p>[[hello]]</p>", ["name": "<b>"], locale: "en") == "<p>Hello &lt;b&gt;, you &amp; I</p>")
        #expect(try show("<p>[[ hello ]]</p>", ["name": "B"], locale: "es") == "<p>Hola B, tú &amp; yo</p>")
        #expect(try show("<a title=\"[[quote]]\">", [:], locale: "en") == "<a title=\"She said &#34;go&#34;\">")
    }

    @Test("A text that one locale lacks comes from the fallback")
    func fallback() throws {
        #expect(try show("[[bye]]", [:], locale: "es") == "Bye")
    }

    @Test("A plural follows the number in the value", arguments: [(1, "1 día"), (0, "0 días"), (2, "2 días")])
    func plurals(number: Int, text: String) throws {
        #expect(try show("[[days #days]]!", ["days": .number(number)], locale: "es") == text + "!")
    }

    @Test("A plural of something that is not a number is an error")
    func notANumber() {
        #expect(throws: TemplateError.unfit(name: "days", wanted: "a number", template: "page", line: 1)) {
            try show("[[days #days]]", ["days": "3"], locale: "en")
        }
    }

    @Test("An unknown key is an error that names the file and the line")
    func unknownKey() {
        #expect(throws: TemplateError.unknownKey(key: "nope", template: "page", line: 2)) {
            try show("\n[[nope]]", [:], locale: "en")
        }
        #expect(throws: TemplateError.unknownKey(key: "bye", template: "page", line: 1)) {
            try show("[[bye #n]]", [:], locale: "en")
        }
    }

    @Test("A value missing inside a text is reported at the line of its key")
    func missingInText() {
        #expect(throws: TemplateError.missing(name: "name", template: "page", line: 3)) {
            try show("\n\n[[hello]]", [:], locale: "en")
        }
    }

    @Test("Texts cannot include templates or hold unescaped tags")
    func fragments() throws {
        for text in ["{{>page}}", "{{{x}}}", "{{$b}}{{/b}}", "{{#x}}"] {
            let strings = try Translations(["en": ["k": text]])["en"]
            #expect(throws: TemplateError.self) { try TemplateLibrary(["page": "[[k]]"], strings: strings) }
        }
    }

    @Test("Lines after a text of several lines are still counted right")
    func lines() throws {
        let strings = try Translations(["en": ["k": "a\nb\nc"]])["en"]
        let library = try TemplateLibrary(["page": "[[k]]\n{{x}}"], strings: strings)
        #expect(throws: TemplateError.missing(name: "x", template: "page", line: 2)) { try library.render("page", [:]) }
    }

    @Test("The library knows which keys its templates use")
    func keys() throws {
        let sources = ["a": "[[hello]]", "b/c": "[[days #n]] [[bye]]"]
        let library = try TemplateLibrary(sources, strings: try translations()["en"])
        #expect(library.keys == ["hello", "days", "bye"])
        #expect(library.names == ["a", "b/c"])
    }

    @Test("An asset becomes its address; an unknown one is an error")
    func assets() throws {
        let assets = Assets(["kith.css": Array("body{}".utf8)])
        let path = try #require(assets.path("kith.css"))
        let library = try TemplateLibrary(["page": "<link href=\"[[/kith.css]]\">"], assets: assets)
        #expect(String(buffer: try library.render("page", [:])) == "<link href=\"\(path)\">")
        #expect(throws: TemplateError.unknownAsset(name: "x.css", template: "page", line: 1)) {
            try TemplateLibrary(["page": "[[/x.css]]"], assets: assets)
        }
    }

    @Test("A folder of templates and one of texts make one library for each locale")
    func folders() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "web-tests-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for path in ["templates/people", "strings"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(path)", withIntermediateDirectories: true)
        }
        let files = [
            "templates/page.mustache": "[[hi]] {{>people/row}}", "templates/people/row.mustache": "{{name}}",
            "templates/notes.txt": "{{{", "strings/en.json": #"{"hi": "Hi"}"#, "strings/es.json": #"{"hi": "Hola"}"#
        ]
        for (file, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(file)")) }
        let translations = try Translations(folder: "\(folder)/strings")
        let libraries = try TemplateLibrary.libraries(in: "\(folder)/templates", translations: translations)
        #expect(libraries.keys.sorted() == ["en", "es"])
        let page = try #require(libraries["es"]).render("page", ["name": "Ana"])
        #expect(String(buffer: page) == "Hola Ana")
        #expect(throws: TemplateError.unreadable(path: "\(folder)/none")) {
            try TemplateLibrary.sources(in: "\(folder)/none")
        }
        try Data("<a href={{x}}>".utf8).write(to: URL(filePath: "\(folder)/templates/unsafe.mustache"))
        #expect { try TemplateLibrary.libraries(in: "\(folder)/templates", translations: translations) } throws: {
            error in
            guard case .unsafe(_, template: "unsafe", line: 1) = error as? TemplateError else { return false }
            return true
        }
    }
}
