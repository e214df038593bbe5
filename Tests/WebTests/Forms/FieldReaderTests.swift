import Testing
import Web

@Suite("Forms: reading fields")
struct FieldReaderTests {
    private enum Format: String, CaseIterable { case visit, call, video }

    private func errors(_ values: [String: [String]], _ read: (inout FieldReader) -> Void) -> [String] {
        do {
            try Form(values).read { read(&$0) }
            return []
        } catch let errors as FieldErrors {
            return errors.all.map { "\($0.field): \($0.code)" }
        } catch {
            return ["\(error)"]
        }
    }

    @Test("A form without errors gives its values")
    func values() throws {
        let form = Form([
            "name": ["  Ana  "], "days": [" 12 "], "format": ["call"], "also": ["visit", "video", "visit", ""],
            "start": ["2026-11-21"], "agree": ["on"], "note": [" a\nb "], "secret": [" x "]
        ])
        let read = try form.read { fields in
            (
                fields.text("name", required: true, max: 200), fields.integer("days", in: 0...30),
                fields.choice("format", of: Format.self), fields.choices("also", of: Format.self)
            )
        }
        #expect(read == ("Ana", 12, .call, [.visit, .video]))
        let more = try form.read { fields in
            (
                fields.date("start").description, fields.flag("agree"), fields.flag("not"),
                fields.text("note", multiline: true), fields.text("note"), fields.secret("secret")
            )
        }
        #expect(more == ("2026-11-21", true, false, "a\nb", "a b", " x "))
    }

    @Test(
        "Marks that nobody sees are taken out of a single line; what words need stays, and longer text stays as it is")
    func hiddenMarks() throws {
        let persian = "می\u{200C}خواهم"
        let family = "👩\u{200D}👧"
        let form = Form([
            "turned": ["\u{202E}anA\u{202C}"], "isolated": ["\u{2067}Ana\u{2069}\u{2069}"],
            "same": ["An\u{200B}a\u{FEFF}"],
            "nobody": ["\u{200B}\u{202E} \u{2060}"], "persian": [persian], "family": [family],
            "marked": ["(\u{200F}ana)"], "words": ["\u{202E}anA\u{202C}\nb"]
        ])
        let read = try form.read { fields in
            ["turned", "isolated", "same", "nobody", "persian", "family", "marked"].map { fields.text($0) }
        }
        #expect(read == ["anA", "Ana", "Ana", "", persian, family, "(\u{200F}ana)"])
        #expect(try form.read { $0.text("words", multiline: true) } == "\u{202E}anA\u{202C}\nb")
        #expect(errors(["name": ["\u{200B}\u{202E}"]]) { _ = $0.text("name", required: true) } == ["name: required"])
        let note = ["note": ["\u{2060}\n\u{200B}"]]
        #expect(errors(note) { _ = $0.text("note", required: true, multiline: true) } == ["note: required"])
    }

    @Test("All errors are told together, in the order of reading")
    func together() {
        let errors = errors(["name": ["x"], "days": ["many"], "start": ["tomorrow"]]) { fields in
            _ = fields.date("start")
            _ = fields.text("who", required: true)
            _ = fields.integer("days")
            _ = fields.choice("format", of: Format.self)
        }
        #expect(errors == ["start: not-a-date", "who: required", "days: not-a-number", "format: required"])
    }

    @Test("Nothing read with an error in it ever leaves the reading")
    func nothingLeaves() {
        var seen: Format?
        #expect(throws: FieldErrors.self) {
            seen = try Form(["format": ["none"]]).read { $0.choice("format", of: Format.self) }
        }
        #expect(seen == nil)
    }

    @Test("Errors of the fields come before an error thrown for another reason")
    func precedence() throws {
        struct Other: Error {}
        #expect(throws: FieldErrors.self) {
            try Form().read { fields in
                _ = fields.integer("days")
                throw Other()
            }
        }
        #expect(throws: Other.self) { try Form().read { _ in throw Other() } }
    }

    @Test("Text: required, and no longer than allowed in scalars")
    func text() {
        #expect(errors(["a": ["   "]]) { _ = $0.text("a", required: true) } == ["a: required"])
        #expect(errors([:]) { _ = $0.text("a") } == [])
        #expect(errors(["a": ["éèê"]]) { _ = $0.text("a", max: 3) } == [])
        #expect(errors(["a": ["éèêe"]]) { _ = $0.text("a", max: 3) } == ["a: too-long"])
        let bomb = "e" + String(repeating: "\u{301}", count: 10_000)
        #expect(bomb.count == 1, "one character for a reader, ten thousand to store")
        #expect(errors(["a": [bomb]]) { _ = $0.text("a", max: 200) } == ["a: too-long"])
    }

    @Test(
        "Whole numbers within bounds",
        arguments: [
            ("5", []), ("-5", ["a: too-small"]), ("31", ["a: too-large"]), ("5.0", ["a: not-a-number"]),
            ("", ["a: required"]),
            ("99999999999999999999", ["a: not-a-number"]), ("0x1", ["a: not-a-number"]), ("1 000", ["a: not-a-number"])
        ])
    func integers(text: String, expected: [String]) {
        #expect(errors(["a": [text]]) { _ = $0.integer("a", in: 0...30) } == expected)
    }

    @Test("Errors carry what their wording needs, and never the value")
    func parameters() throws {
        do {
            try Form(["a": ["99"], "b": ["secret"]]).read { fields in
                _ = fields.integer("a", in: 1...7)
                _ = fields.text("b", max: 3)
            }
            Issue.record("nothing was thrown")
        } catch let errors as FieldErrors {
            #expect(errors["a"]?.parameters == ["max": "7"])
            #expect(errors["b"]?.parameters == ["max": "3"])
            #expect(!"\(errors)".contains("secret"))
        }
    }

    @Test("What may be left empty is nil then, and still checked otherwise")
    func optionals() throws {
        let read = try Form(["a": [""], "b": ["4"]]).read { fields in
            (
                fields.optionalInteger("a"), fields.optionalInteger("b"), fields.optionalChoice("a", of: Format.self),
                fields.optionalDate("c")
            )
        }
        #expect(read == (nil, 4, nil, nil))
        #expect(errors(["a": ["x"]]) { _ = $0.optionalChoice("a", of: Format.self) } == ["a: not-a-choice"])
        #expect(errors(["a": ["x"]]) { _ = $0.optionalDate("a") } == ["a: not-a-date"])
    }

    @Test("Choices: all known, at least one if required")
    func choices() {
        #expect(errors(["a": ["visit", "none"]]) { _ = $0.choices("a", of: Format.self) } == ["a: not-a-choice"])
        #expect(errors([:]) { _ = $0.choices("a", of: Format.self, required: true) } == ["a: required"])
        #expect(errors([:]) { _ = $0.choices("a", of: Format.self) } == [])
    }

    @Test("A date may come in three fields")
    func dateParts() throws {
        let date = try Form(["d-year": ["2024"], "d-month": [" 2"], "d-day": ["29"]]).read { $0.date("d") }
        #expect(date == CalendarDate(year: 2024, month: 2, day: 29))
        #expect(
            errors(["d-year": ["2023"], "d-month": ["2"], "d-day": ["29"]]) { _ = $0.date("d") } == ["d: not-a-date"])
        #expect(errors(["d-year": ["2023"], "d-month": ["2"]]) { _ = $0.optionalDate("d") } == ["d: not-a-date"])
        #expect(errors(["d-year": [""]]) { _ = $0.date("d") } == ["d: required"])
    }

    @Test("Types and errors of the caller's own")
    func own() throws {
        let half = { (text: String) in Int(text).flatMap { $0 % 2 == 0 ? $0 / 2 : nil } }
        #expect(try Form(["a": ["8"]]).read { $0.value("a", code: "odd", standIn: 0, half) } == 4)
        #expect(errors(["a": ["7"]]) { _ = $0.value("a", code: "odd", standIn: 0, half) } == ["a: odd"])
        #expect(errors([:]) { _ = $0.value("a", code: "odd", standIn: 0, half) } == ["a: required"])
        #expect(errors([:]) { $0.fail("again", "differs") } == ["again: differs"])
    }

    @Test("A field has one error, the first")
    func first() {
        let errors = errors([:]) { fields in
            _ = fields.text("a", required: true)
            fields.fail("a", "differs")
        }
        #expect(errors == ["a: required"])
    }
}
