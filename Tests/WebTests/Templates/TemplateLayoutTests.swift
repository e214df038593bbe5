import Testing
import Web

@Suite("Templates: layouts")
struct TemplateLayoutTests {
    private let layout = ["layout": "<title>{{$title}}Kith{{/title}}</title><main>{{$main}}empty{{/main}}</main>"]

    @Test("A page fills the blocks it names; the others keep what they hold")
    func filling() throws {
        let page = "{{<layout}}\n{{$main}}Hello {{name}}{{/main}}\n{{/layout}}"
        #expect(
            try rendered(page, ["name": "Ana"], with: layout) == "<title>Kith</title><main>Hello Ana</main>")
    }

    @Test("A block outside any layout shows what it holds")
    func standard() throws {
        #expect(try rendered("{{$a}}x{{/a}}") == "x")
        #expect(try rendered("{{>layout}}", with: layout) == "<title>Kith</title><main>empty</main>")
    }

    @Test("A layout may itself be based on a layout, and the page has the last word")
    func chain() throws {
        let others = [
            "base": "[{{$head}}h{{/head}}|{{$main}}m{{/main}}]",
            "wide": "{{<base}}{{$head}}wide{{/head}}{{$main}}<div>{{$inner}}i{{/inner}}</div>{{/main}}{{/base}}"
        ]
        #expect(try rendered("{{<wide}}{{$inner}}page{{/inner}}{{/wide}}", with: others) == "[wide|<div>page</div>]")
        #expect(try rendered("{{<wide}}{{$main}}all{{/main}}{{/wide}}", with: others) == "[wide|all]")
    }

    @Test("One page may use a layout twice with different fillings, one inside the other")
    func nested() throws {
        let others = ["card": "<section>{{$body}}{{/body}}</section>"]
        let page = "{{<card}}{{$body}}a{{<card}}{{$body}}b{{/body}}{{/card}}{{/body}}{{/card}}"
        #expect(try rendered(page, with: others) == "<section>a<section>b</section></section>")
    }

    @Test("A block of the same name inside its own filling shows what it holds there")
    func own() throws {
        let page = "{{<layout}}{{$main}}({{$main}}inner{{/main}}){{/main}}{{/layout}}"
        #expect(try rendered(page, with: layout) == "<title>Kith</title><main>(inner)</main>")
    }

    @Test("Blocks work inside sections and are filled in each time")
    func repeated() throws {
        let others = ["list": "{{#items}}<li>{{$item}}{{/item}}</li>{{/items}}"]
        #expect(
            try rendered("{{<list}}{{$item}}{{.}}!{{/item}}{{/list}}", ["items": ["a", "b"]], with: others)
                == "<li>a!</li><li>b!</li>")
    }

    @Test("Text right after a section stays outside it")
    func boundaries() throws {
        let others = ["l": "{{#a}}1{{$b}}2{{/b}}3{{/a}}4"]
        #expect(try rendered("{{<l}}{{/l}}5{{#a}}6{{/a}}7", ["a": false], with: others) == "457")
        #expect(try rendered("{{<l}}{{/l}}5{{#a}}6{{/a}}7", ["a": true], with: others) == "1234567")
    }
}
