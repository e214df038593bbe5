import FHIR
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
    @Test("Every kind of value is read")
    func kinds() throws {
        let json = try JSON(parsing: #" {"a": [1, -2.50, 1e-3], "b": "x", "c": true, "d": false, "e": null, "f": {}} "#)
        #expect(json["a", 0]?.integer == 1)
        #expect(json["b"]?.text == "x")
        #expect(json["c"]?.boolean == true)
        #expect(json["d"]?.boolean == false)
        #expect(json["e"] == .null)
        #expect(json["f"] == [:])
        #expect(json.members.map(\.key) == ["a", "b", "c", "d", "e", "f"])
    }

    @Test(
        "Numbers keep the digits they were written with",
        arguments: ["0", "-0", "1.50", "1e400", "12345678901234567890.10"])
    func numbers(_ text: String) throws {
        #expect(try JSON(parsing: text) == .number(try #require(JSON.Number(text))))
        #expect(try JSON(parsing: "[\(text)]").serialized() == "[\(text)]")
    }

    @Test(
        "What is no JSON number is refused",
        arguments: [
            "NaN", "Infinity", "-Infinity", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "0x10", "--1", "-", "1 2", "١"
        ])
    func wrongNumbers(_ text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
        #expect(JSON.Number(text) == nil)
    }

    @Test("Escapes become the characters they stand for")
    func escapes() throws {
        let json = try JSON(parsing: #""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 é😀""#)
        #expect(json.text == "\"\\/\u{8}\u{C}\n\r\té😀 é😀")
    }

    @Test(
        "Documents that are no JSON are refused, saying where and why",
        arguments: [
            ("", 1, 1, JSONError.Reason.empty),
            (" \n ", 2, 2, .empty),
            ("{\"a\": 1", 1, 8, .endsEarly),
            ("[1, 2", 1, 6, .endsEarly),
            ("\"abc", 1, 5, .endsEarly),
            ("\"abc\\", 1, 6, .endsEarly),
            ("[1] x", 1, 5, .trailing),
            ("[1, ]", 1, 5, .noValue),
            ("[1 2]", 1, 4, .noArrayEnd),
            ("{\"a\" 1}", 1, 6, .noColon),
            ("{a: 1}", 1, 2, .noName),
            ("{\"a\": 1,}", 1, 9, .noName),
            ("{\"a\": 1 \"b\": 2}", 1, 9, .noObjectEnd),
            ("{\n  \"é\": tru\n}", 2, 8, .noValue),
            ("[01]", 1, 2, .leadingZero),
            ("[-]", 1, 2, .badNumber),
            ("\"\\x\"", 1, 2, .badEscape),
            ("\"\\u12g4\"", 1, 2, .badEscape),
            ("\"\\ud83d\"", 1, 2, .loneSurrogate),
            ("\"\\ud83d\\u0041\"", 1, 2, .loneSurrogate),
            ("\"\\ude00\"", 1, 2, .loneSurrogate),
            ("\"a\nb\"", 1, 3, .controlCharacter),
            ("{\"a\": 1, \"b\": 2, \"a\": 3}", 1, 18, .duplicateName("a")),
            ("{\"a\": 1, \"\\u0061\": 3}", 1, 10, .duplicateName("a")),
            ("// note\n[]", 1, 1, .noValue),
            ("'a'", 1, 1, .noValue)
        ])
    func refused(_ text: String, line: Int, column: Int, reason: JSONError.Reason) {
        #expect(throws: JSONError(line: line, column: column, reason: reason)) { try JSON(parsing: text) }
    }

    @Test(
        "Bytes that are not UTF-8 are refused",
        arguments: [
            [0xFF], [0xC0, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]
        ] as [[UInt8]])
    func invalidUTF8(_ bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        let error = #expect(throws: JSONError.self) { try JSON(parsing: [quote] + bytes + [quote]) }
        #expect(error?.reason == .invalidUTF8)
        let escaped = #expect(throws: JSONError.self) {
            try JSON(parsing: [quote] + Array("\\n".utf8) + bytes + [quote])
        }
        #expect(escaped?.reason == .invalidUTF8)
    }

    @Test("A byte order mark before the document is passed over")
    func byteOrderMark() throws {
        #expect(try JSON(parsing: [0xEF, 0xBB, 0xBF] + Array("[1]".utf8)) == [1])
    }

    @Test("Nesting is allowed to the limit and not beyond")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try JSON(parsing: nested(JSON.depthLimit)) }
        let error = #expect(throws: JSONError.self) { try JSON(parsing: nested(JSON.depthLimit + 1)) }
        #expect(error?.reason == .tooDeep(limit: JSON.depthLimit))
    }

    @Test("Nesting a hundred thousand deep is refused without harm", arguments: ["[", "{\"a\":"])
    func veryDeep(_ opening: String) {
        let text = String(repeating: opening, count: 100_000)
        let error = #expect(throws: JSONError.self) { try JSON(parsing: text) }
        #expect(error?.reason == .tooDeep(limit: JSON.depthLimit))
    }

    @Test("Names that come twice are found among many members, too")
    func duplicateAmongMany() throws {
        let members = (0..<2000).map { "\"n\($0)\": \($0)" }
        #expect(try JSON(parsing: "{\(members.joined(separator: ","))}").members.count == 2000)
        let twice = members + ["\"n1999\": 0"]
        let error = #expect(throws: JSONError.self) { try JSON(parsing: "{\(twice.joined(separator: ","))}") }
        #expect(error?.reason == .duplicateName("n1999"))
    }

    @Test("Error messages and descriptions never repeat the content of a record")
    func discretion() throws {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: #"{"Ana Ruiz, HIV": 1, "Ana Ruiz, HIV": 2}"#) }
        #expect(error?.description.contains("Ruiz") == false)
        let json = try JSON(parsing: #"{"name": "Ruiz"}"#)
        for shown in ["\(json)", String(reflecting: json), String(describing: json["name"])] {
            #expect(!shown.contains("Ruiz"))
        }
        var dumped = ""
        dump(json, to: &dumped)
        #expect(!dumped.contains("Ruiz"))
    }

    @Test("Any bytes at all give a value or an error", arguments: [20261121, 7, 1860] as [UInt64])
    func anyBytes(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let alphabet = Array("{}[]\",:\\u0123456789.eE+-truefalsn \n\u{E9}".utf8) + [0xFF, 0x00, 0xC3]
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            guard let json = try? JSON(parsing: bytes) else { continue }
            #expect(try JSON(parsing: json.bytes()) == json, "seed \(seed)")
        }
    }
}
