import Testing
import Web

@Suite("Templates: what the syntax shows")
struct TemplateSyntaxTests {
    @Test("Text and values come out in order, values escaped")
    func values() throws {
        #expect(try rendered("<p>{{a}}-{{ b }}</p>", ["a": "x & y", "b": 12]) == "<p>x &amp; y-12</p>")
    }

    @Test("Numbers are shown whole, whatever their sign and size")
    func numbers() throws {
        for number in [0, 7, -1, 42, 1_000_000, Int.max, Int.min] {
            #expect(try rendered("{{n}}", ["n": .number(number)]) == String(number))
        }
    }

    @Test("A flag is shown as true or false, nothing as nothing")
    func flags() throws {
        #expect(try rendered("{{a}}/{{b}}/{{c}}", ["a": true, "b": false, "c": nil]) == "true/false/")
    }

    @Test("A section repeats for each item of a list")
    func lists() throws {
        let page: Value = ["people": [["name": "Ana"], ["name": "Ben"]]]
        #expect(try rendered("{{#people}}<li>{{name}}</li>{{/people}}", page) == "<li>Ana</li><li>Ben</li>")
    }

    @Test("The dot is the item itself")
    func dot() throws {
        #expect(try rendered("{{#words}}{{.}},{{/words}}", ["words": ["a", "b"]]) == "a,b,")
    }

    @Test("A section of an object looks inside it first, then around it")
    func objects() throws {
        let page: Value = ["name": "outer", "only": "here", "inner": ["name": "inner"]]
        #expect(try rendered("{{#inner}}{{name}} {{only}}{{/inner}} {{name}}", page) == "inner here outer")
    }

    @Test("Inside a list within a list all three levels can be seen, the nearest first")
    func nesting() throws {
        let page: Value = ["x": "0", "rows": [["x": "1", "cells": [["y": "a"], ["y": "b", "x": "2"]]], ["cells": []]]]
        #expect(try rendered("{{#rows}}[{{x}}{{#cells}}({{x}}{{y}}){{/cells}}]{{/rows}}", page) == "[1(1a)(2b)][0]")
    }

    @Test(
        "A section opens for what is there and stays closed for what is not",
        arguments: [
            (Value.flag(true), true), (.flag(false), false), (.text("x"), true), (.text(""), false), (.number(3), true),
            (.number(0), false), (.list([]), false), (.nothing, false), (.object([:]), true),
            (.html(HTML("<b>")), true), (.html(HTML("")), false)
        ])
    func opening(value: Value, opens: Bool) throws {
        #expect(try rendered("{{#v}}open{{/v}}{{^v}}closed{{/v}}", ["v": value]) == (opens ? "open" : "closed"))
    }

    @Test("A section of text or of a number gives the value as the dot")
    func scalars() throws {
        #expect(try rendered("{{#n}}{{.}}{{/n}}{{#t}}{{.}}{{/t}}", ["n": 5, "t": "five"]) == "5five")
    }

    @Test("Dotted names go into objects, and only the first part climbs")
    func dotted() throws {
        let page: Value = ["a": ["b": ["c": "deep"]], "list": [["z": 1]]]
        #expect(try rendered("{{a.b.c}}{{#list}} {{a.b.c}}{{/list}}", page) == "deep deep")
        #expect(
            templateError("{{#list}}{{a.c}}{{/list}}", ["c": "around", "a": [:], "list": [1]])
                == .missing(name: "a.c", template: "page", line: 1))
    }

    @Test("What is inside nothing is nothing")
    func insideNothing() throws {
        #expect(try rendered("[{{a.b}}]{{^a.b}}none{{/a.b}}", ["a": nil]) == "[]none")
    }

    @Test("Of a name given twice the last value is shown, also after merging")
    func twice() throws {
        #expect(try rendered("{{a}}", Value.object(["a": 1]).merging(["a": 2])) == "2")
        #expect(Fields(["a": 1]).merging(["b": 2])["b"] != nil)
    }

    @Test("Names that look alike are told apart")
    func alike() throws {
        let page: Value = ["abcdefgh-1-stuvwxyz": "one", "abcdefgh-2-stuvwxyz": "two", "e": "e", "é": "é"]
        #expect(try rendered("{{abcdefgh-1-stuvwxyz}} {{abcdefgh-2-stuvwxyz}} {{e}}", page) == "one two e")
    }

    @Test("Partials see the value of where they are put, in folders too")
    func partials() throws {
        let others = ["people/row": "<li>{{name}}</li>"]
        #expect(
            try rendered("{{#p}}{{>people/row}}{{/p}}", ["p": [["name": "A"], ["name": "B"]]], with: others)
                == "<li>A</li><li>B</li>")
    }

    @Test("A partial may include itself, as a thread of replies does")
    func recursion() throws {
        let node = "{{text}}{{#replies}}({{>node}}){{/replies}}"
        let page: Value = ["text": "a", "replies": [["text": "b", "replies": [["text": "c", "replies": []]]]]]
        #expect(try rendered("{{>node}}", page, with: ["node": node]) == "a(b(c))")
    }

    @Test("Comments leave nothing, even over several lines")
    func comments() throws {
        #expect(try rendered("a{{! one }}b{{!\ntwo\n}}c") == "abc")
    }

    @Test("Tags with a line to themselves leave no blank line")
    func standalone() throws {
        let template = "<ul>\n  {{#items}}\n  <li>{{.}}</li>\n  {{/items}}\n</ul>\n{{! end }}\n"
        #expect(try rendered(template, ["items": ["a", "b"]]) == "<ul>\n  <li>a</li>\n  <li>b</li>\n</ul>\n")
        #expect(try rendered("{{#t}}\r\nx\r\n{{/t}}\r\ny", ["t": true]) == "x\r\ny")
        #expect(try rendered("a\n{{>p}}\nb", with: ["p": "P\n"]) == "a\nP\nb")
    }

    @Test("Tags that share their line leave it as it is")
    func shared() throws {
        #expect(try rendered(" {{#t}} x {{/t}} \n|", ["t": true]) == "  x  \n|")
        #expect(try rendered(" {{v}} \n", ["v": "x"]) == " x \n")
    }

    @Test("Markup made by trusted code is shown as it is")
    func markup() throws {
        let inner = try TemplateLibrary(["b": "<b>{{x}}</b>"]).html("b", ["x": "<"])
        #expect(
            try rendered("{{h}}{{s}}", ["h": .html(inner), "s": .html(HTML(escaping: "a<b"))]) == "<b>&lt;</b>a&lt;b")
        #expect(try rendered("{{h}}", ["h": .html(HTML(trusting: "<i>"))]) == "<i>")
    }

    @Test("A page much longer than expected still comes out whole")
    func long() throws {
        let text = String(repeating: "<é>", count: 40_000)
        #expect(
            try rendered("[{{t}}]", ["t": .text(text)]) == "[" + String(repeating: "&lt;é&gt;", count: 40_000) + "]")
    }
}
