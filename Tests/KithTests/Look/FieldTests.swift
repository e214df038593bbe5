import Foundation
import HTTPTypes
import Kith
import KithTestSupport
import Testing
import Web

/// The partial every form shows its questions with, as a page of its own.
private struct Questions: Screen {
    static let template = "form/fields"
    let fields: [Field]
    func title(_ words: Words) -> String { "" }
    func shown(_ words: Words) -> Value { shownForm(fields) }
}

@Suite("Questions of a form")
struct FieldTests {
    private static let options = [
        Field.Option("call", "Call"), Field.Option("text", "Text", hint: "Never what it is about")
    ]

    /// One question as HTML.
    private func shown(
        _ kind: Field.Kind, typed: [String] = [], error: String? = nil, required: Bool = false
    ) async throws -> String {
        let page = Feature(
            name: "Look",
            routes: [
                .get("/look", .anyone) { visit in
                    var errors = FieldErrors()
                    if let error { errors.add(error, for: "answer") }
                    let field = Field(
                        "answer", kind, "form.choose", required: required, in: Form(["answer": typed]), errors,
                        visit.words)
                    return try visit.show(Questions(fields: [field]))
                }
            ])
        return try await withVillage(.sqlite, features: Features.all + [page]) { village in
            try await village.browsing { browser in try await browser(nil).get("/look").text }
        }
    }

    @Test(
        "Every kind has a label of its own and says in words when it may be left out",
        arguments: [
            Field.Kind.line, .lines(3), .email, .telephone, .number, .date, .time, .newPassword, .password,
            .select(options)
        ])
    func labels(kind: Field.Kind) async throws {
        let optional = try await shown(kind)
        #expect(
            optional.contains(#"<label for="answer">Please choose <span class="optional">(optional)</span></label>"#))
        #expect(optional.contains(#"id="answer" name="answer""#))
        #expect(!optional.contains("aria-invalid"))
        let needed = try await shown(kind, required: true)
        #expect(!needed.contains("(optional)"))
    }

    @Test("Choices stand in a group with a legend, and none is made for anybody", arguments: [true, false])
    func choices(several: Bool) async throws {
        let kind = several ? Field.Kind.checks(Self.options) : .choice(Self.options)
        let page = try await shown(kind)
        #expect(page.contains("<legend>Please choose"))
        #expect(page.contains(#"<label for="answer-2">Text</label>"#))
        #expect(page.contains(#"aria-describedby="answer-2-more""#))
        #expect(!page.contains(" checked"))
        let again = try await shown(kind, typed: ["text"])
        #expect(again.contains(#"value="text" checked"#))
        #expect(again.components(separatedBy: " checked").count == 2)
    }

    @Test("A list to choose from begins with an empty line")
    func select() async throws {
        let empty = #"<option value="">Please choose</option>"#
        let page = try await shown(.select(Self.options))
        #expect(page.contains(empty))
        let own = try await shown(.select([Field.Option("", "Any"), Field.Option("call", "Call")]))
        #expect(!own.contains(empty))
    }

    @Test("What was typed stays, except a password")
    func typed() async throws {
        let line = try await shown(.line, typed: ["<Ana> sesame"])
        #expect(line.contains(#"value="&lt;Ana&gt; sesame""#))
        let lines = try await shown(.lines(2), typed: ["\nTwo"])
        #expect(lines.contains(">\n\nTwo</textarea>"))
        let password = try await shown(.password, typed: ["open sesame"])
        #expect(password.contains(#"type="password" value="""#) && !password.contains("sesame"))
    }

    @Test(
        "An error is said next to its question and in the summary, which leads there",
        arguments: [Field.Kind.line, .lines(3), .number, .select(options), .choice(options), .checks(options), .check])
    func errors(kind: Field.Kind) async throws {
        let right = try await shown(kind)
        #expect(!right.contains("error-summary"))
        let page = try await shown(kind, error: "required")
        #expect(page.contains(#"role="alert" tabindex="-1" autofocus"#))
        #expect(page.contains(##"<a href="#answer"><strong>Please choose</strong> Please answer this.</a>"##))
        #expect(page.contains(#"id="answer""#))
        #expect(page.contains(#"id="answer-error""#))
        #expect(page.contains(#"aria-describedby=" answer-error""#))
        // A summary stands once, however much is wrong.
        #expect(page.components(separatedBy: "error-summary").count == 2)
    }
}
