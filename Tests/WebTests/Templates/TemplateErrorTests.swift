import Testing
import Web

@Suite("Templates: what is refused, with file and line")
struct TemplateErrorTests {
    @Test("A name the value lacks is an error, never an empty place")
    func missing() {
        #expect(templateError("a\n\n{{name}}") == .missing(name: "name", template: "page", line: 3))
        #expect(templateError("{{#items}}{{/items}}") == .missing(name: "items", template: "page", line: 1))
        #expect(templateError("{{^items}}{{/items}}") == .missing(name: "items", template: "page", line: 1))
    }

    @Test("An error inside a partial names the partial")
    func missingInPartial() {
        #expect(
            templateError("{{>row}}", with: ["row": "\n{{x}}"]) == .missing(name: "x", template: "row", line: 2))
    }

    @Test("An error inside the filling of a layout names the file the filling is written in")
    func missingInFilling() {
        #expect(
            templateError("{{<layout}}\n{{$main}}{{x}}{{/main}}\n{{/layout}}", with: ["layout": "{{$main}}{{/main}}"])
                == .missing(name: "x", template: "page", line: 2))
    }

    @Test("Lists and objects cannot be shown as text")
    func unfit() {
        let error = templateError("{{a}}", ["a": []])
        guard case .unfit(name: "a", wanted: _, template: "page", line: 1) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        "What is opened must be closed",
        arguments: [
            ("\n{{#a}}", "{{#a}}", 2), ("{{^a}}x", "{{^a}}", 1), ("{{$b}}", "{{$b}}", 1), ("{{<l}}", "{{<l}}", 1),
            ("a\n{{x", "{{", 2), ("{{#a}}{{#b}}{{/b}}", "{{#a}}", 1), ("[[key", "[[", 1)
        ])
    func unclosed(template: String, tag: String, line: Int) {
        #expect(templateError(template, with: ["l": ""]) == .unclosed(tag: tag, template: "page", line: line))
    }

    @Test(
        "There is no unescaped tag and nothing else beyond the subset",
        arguments: [
            "{{{a}}}", "{{&a}}", "{{=<% %>=}}", "{{/a}}", "{{#a}}{{#b}}{{/a}}{{/b}}", "{{a b}}", "{{}}", "{{a..b}}",
            "{{#}}{{/}}", "{{>}}", "{{a<b}}", "{{<l}}text{{/l}}", "{{<l}}{{x}}{{/l}}", "[[a b]]",
            "{{<l}}{{$b}}{{/b}}{{$b}}{{/b}}{{/l}}"
        ])
    func syntax(template: String) {
        let error = templateError(template, ["a": "<"], with: ["l": ""])
        guard case .syntax(_, template: "page", line: 1) = error else {
            Issue.record("\(template): \(String(describing: error))")
            return
        }
    }

    @Test("Templates that are not there are found when loading, not when a reader comes by")
    func unknownPartial() {
        #expect(
            templateError("\n{{#no}}{{>nowhere}}{{/no}}", ["no": false])
                == .unknownPartial(name: "nowhere", template: "page", line: 2))
        #expect(
            templateError("{{<nowhere}}{{/nowhere}}") == .unknownPartial(name: "nowhere", template: "page", line: 1))
    }

    @Test("Partials without end and layouts in a circle are refused")
    func endless() {
        #expect(templateError("{{>loop}}", with: ["loop": "{{>loop}}"]) == .tooDeep(template: "loop"))
        #expect(
            templateError("{{<a}}{{/a}}", with: ["a": "{{<b}}{{/b}}", "b": "{{<a}}{{/a}}"]) == .tooDeep(template: "a"))
    }

    @Test("Asking for a template that is not there is an error")
    func unknownTemplate() throws {
        let library = try TemplateLibrary(["a": ""])
        #expect(throws: TemplateError.unknownTemplate(name: "b")) { try library.render("b", [:]) }
    }

    @Test("Messages say the file and the line and hold no value")
    func messages() {
        #expect(
            "\(TemplateError.missing(name: "x", template: "people/row", line: 7))"
                == "people/row.mustache:7: the page has no value named x")
        #expect(
            "\(TemplateError.unclosed(tag: "{{#a}}", template: "p", line: 1))" == "p.mustache:1: {{#a}} is never closed"
        )
    }
}
