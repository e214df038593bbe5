/// The primitive data types of FHIR R4 (http://hl7.org/fhir/R4/datatypes.html#primitive).
package enum Primitive: String, Sendable, CaseIterable {
    case base64Binary, boolean, canonical, code, date, dateTime, decimal, id, instant, integer, markdown, oid
    case positiveInt, string, time, unsignedInt, uri, url, uuid, xhtml

    /// The longest text FHIR allows, in characters (Unicode scalars).
    package static let textLimit = 1 << 20

    /// What a value must be, in words that complete "must be".
    package var expectation: String {
        switch self {
        case .base64Binary: "base64 data in text: letters, digits, + and /, with = at the end where needed"
        case .boolean: "true or false, without quotation marks"
        case .canonical: "a canonical address as text without spaces, such as http://example.org/Questionnaire/a|1.0"
        case .code: "a code: text without spaces at its ends and with single spaces at most inside"
        case .date: "a date: YYYY, YYYY-MM or YYYY-MM-DD, such as 2026-11-21"
        case .dateTime: "a date, or a date and time with a time zone, such as 2026-11-21 or 2026-11-21T09:30:00Z"
        case .decimal: "a number, without quotation marks"
        case .id: "an id: 1 to 64 letters, digits, hyphens and points"
        case .instant: "a full date and time with a time zone, such as 2026-11-21T09:30:00Z"
        case .integer: "a whole number from -2147483648 to 2147483647, without quotation marks"
        case .markdown, .string: "text that is not empty"
        case .oid: "an OID, such as urn:oid:1.2.3.4"
        case .positiveInt: "a whole number from 1 to 2147483647, without quotation marks"
        case .time: "a time of day with seconds, such as 09:30:00"
        case .unsignedInt: "a whole number from 0 to 2147483647, without quotation marks"
        case .uri, .url: "a URI as text without spaces, such as http://example.org/a"
        case .uuid: "a UUID in lower case, such as urn:uuid:c757873d-ec9a-4326-a141-556f43239520"
        case .xhtml: "XHTML text: one <div> element"
        }
    }

    /// Whether a message may repeat a wrong value: never for types that carry free text or identify someone.
    var isQuotable: Bool {
        switch self {
        case .date, .dateTime, .instant, .time, .code, .boolean, .integer, .positiveInt, .unsignedInt, .decimal: true
        case .base64Binary, .canonical, .id, .markdown, .oid, .string, .uri, .url, .uuid, .xhtml: false
        }
    }

    /// Whether the JSON value has the form of this type. Whether text is too long is for the caller to ask.
    package func accepts(_ value: JSON) -> Bool {
        switch (self, value) {
        case (.boolean, .bool): true
        case (.decimal, .number): true
        case (.integer, .number(let number)): Int32(number.text).map { $0 != 0 || number.text == "0" } ?? false
        case (.positiveInt, .number(let number)): Int32(number.text).map { $0 > 0 } ?? false
        case (.unsignedInt, .number(let number)): Int32(number.text).map { $0 >= 0 && number.text != "-0" } ?? false
        case (.boolean, _), (.decimal, _), (.integer, _), (.positiveInt, _), (.unsignedInt, _): false
        case (_, .string(let text)): accepts(text)
        default: false
        }
    }
}
