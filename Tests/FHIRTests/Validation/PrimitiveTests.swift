import FHIR
import Testing

@Suite("Primitive types")
struct PrimitiveTests {
    @Test(
        "Values in the form of their type are accepted",
        arguments: [
            (.boolean, true), (.boolean, false), (.decimal, 3), (.integer, -7), (.integer, 0),
            (.integer, 2_147_483_647),
            (.unsignedInt, 0), (.positiveInt, 1), (.positiveInt, 2_147_483_647),
            (.code, "in-progress"), (.code, "two words"), (.code, "é"),
            (.id, "a"), (.id, "A-1.b"), (.id, "1234567890123456789012345678901234567890123456789012345678901234"),
            (.uri, "http://example.org/a"), (.uri, "urn:oid:1.2"), (.uri, "a"),
            (.canonical, "http://example.org/q|1.0"),
            (.url, "mailto:a@example.org"), (.oid, "urn:oid:1.2.840.0"), (.oid, "urn:oid:0.0"),
            (.uuid, "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"),
            (.base64Binary, "QQ=="), (.base64Binary, "QUI="), (.base64Binary, "QUJD"), (.base64Binary, "QUJD\n QQ=="),
            (.string, "x"), (.string, " line\r\n\tand more "), (.markdown, "# x"), (.string, "😀"),
            (.time, "09:30:00"), (.time, "23:59:60.5"), (.xhtml, "<div>x</div>"), (.xhtml, " <div xmlns=\"x\"/>"),
            (.instant, "2026-11-21T09:30:00Z"), (.date, "2026"), (.dateTime, "2026-11")
        ] as [(Primitive, JSON)])
    func accepted(_ primitive: Primitive, _ value: JSON) {
        #expect(primitive.accepts(value))
    }

    @Test(
        "Values in another form are not",
        arguments: [
            (.boolean, "true"), (.boolean, 1), (.decimal, "3"), (.integer, "3"), (.integer, 2_147_483_648),
            (.integer, -2_147_483_649), (.unsignedInt, -1), (.positiveInt, 0), (.positiveInt, -3), (.positiveInt, true),
            (.code, ""), (.code, " a"), (.code, "a "), (.code, "a  b"), (.code, "a\tb"), (.code, 3),
            (.id, ""), (.id, "a_b"), (.id, "é"),
            (.id, "12345678901234567890123456789012345678901234567890123456789012345"),
            (.uri, ""), (.uri, "a b"), (.uri, "a\u{A0}b"), (.canonical, "a\n"), (.oid, "1.2.3"), (.oid, "urn:oid:3.1"),
            (.oid, "urn:oid:1"), (.oid, "urn:oid:1.02"), (.oid, "urn:oid:1."), (.oid, "urn:oid:1.a"),
            (.uuid, "c757873d-ec9a-4326-a141-556f43239520"), (.uuid, "urn:uuid:C757873D-EC9A-4326-A141-556F43239520"),
            (.uuid, "urn:uuid:c757873dec9a-4326-a141-556f432395200"),
            (.base64Binary, ""), (.base64Binary, "QQ"), (.base64Binary, "QQ=A"), (.base64Binary, "Q==="),
            (.base64Binary, "QQ*="),
            (.string, ""), (.string, "a\u{0}"), (.string, "a\u{1B}"), (.string, 3), (.string, ["x"]), (.markdown, ""),
            (.time, "09:30"), (.time, "24:00:00"), (.time, "09:30:00Z"), (.time, "9:30:00"),
            (.xhtml, "text"), (.xhtml, "<p/>"), (.xhtml, "<divx/>"), (.xhtml, "<div"), (.date, .null), (.date, 2026)
        ] as [(Primitive, JSON)])
    func refused(_ primitive: Primitive, _ value: JSON) {
        #expect(!primitive.accepts(value))
    }

    @Test("A number is whole only when written so", arguments: ["1.0", "1e0", "-0"])
    func notWhole(_ text: String) throws {
        let number = JSON.number(try #require(JSON.Number(text)))
        #expect(Primitive.decimal.accepts(number))
        #expect(!Primitive.integer.accepts(number))
        #expect(!Primitive.unsignedInt.accepts(number))
    }
}
