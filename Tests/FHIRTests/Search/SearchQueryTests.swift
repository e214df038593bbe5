import FHIR
import Testing

@Suite("Search queries")
struct SearchQueryTests {
    private let parameters: [SearchParameter] = [
        .token("status"), .token("code"), .reference("patient", to: "Patient"),
        .reference("owner", to: "Organization", "Practitioner"), .date("authored"), .string("name")
    ]

    private func query(_ text: String) throws -> SearchQuery {
        try SearchQuery(text, parameters: parameters)
    }

    private func condition(_ text: String) throws -> SearchCondition? {
        try query(text).filters.first?.condition
    }

    @Test(
        "Tokens may name a system, none, or any",
        arguments: [
            ("status=active", [SearchToken(system: .any, code: "active")]),
            (
                "status=active,draft",
                [SearchToken(system: .any, code: "active"), SearchToken(system: .any, code: "draft")]
            ),
            (
                "code=http://snomed.info/sct|3457005",
                [SearchToken(system: .named("http://snomed.info/sct"), code: "3457005")]
            ),
            (
                "code=http%3A%2F%2Fsnomed.info%2Fsct%7C3457005",
                [SearchToken(system: .named("http://snomed.info/sct"), code: "3457005")]
            ),
            ("code=|x", [SearchToken(system: .none, code: "x")]),
            ("code=http://snomed.info/sct|", [SearchToken(system: .named("http://snomed.info/sct"), code: nil)]),
            (#"code=a\,b\|c\\,d"#, [SearchToken(system: .any, code: #"a,b|c\"#), SearchToken(system: .any, code: "d")]),
            ("_id=1", [SearchToken(system: .any, code: "1")])
        ])
    func tokens(_ text: String, _ tokens: [SearchToken]) throws {
        #expect(try condition(text) == .token(tokens))
    }

    @Test("A token fits by system and code")
    func matchingTokens() {
        let any = SearchToken(system: .any, code: "x")
        let none = SearchToken(system: .none, code: "x")
        let named = SearchToken(system: .named("s"), code: nil)
        #expect(any.matches(system: "s", code: "x") && any.matches(system: nil, code: "x"))
        #expect(!any.matches(system: "s", code: "y"))
        #expect(none.matches(system: nil, code: "x") && !none.matches(system: "s", code: "x"))
        #expect(named.matches(system: "s", code: "y") && !named.matches(system: "t", code: "y"))
        #expect(!named.matches(system: "s", code: nil))
    }

    @Test(
        "References may be an id, a type and id, or an address",
        arguments: [
            ("patient=1", SearchReference(id: "1", types: ["Patient"])),
            ("patient=Patient/1", SearchReference(id: "1", types: ["Patient"])),
            ("patient:Patient=1", SearchReference(id: "1", types: ["Patient"])),
            ("owner=7", SearchReference(id: "7", types: ["Organization", "Practitioner"])),
            ("owner=Practitioner/7", SearchReference(id: "7", types: ["Practitioner"])),
            ("owner:Organization=7", SearchReference(id: "7", types: ["Organization"])),
            (
                "owner=https%3A%2F%2Fa.org%2Ffhir%2FOrganization%2F7",
                SearchReference(id: "7", types: ["Organization"], base: "https://a.org/fhir")
            )
        ])
    func references(_ text: String, _ reference: SearchReference) throws {
        #expect(try condition(text) == .reference([reference]))
    }

    @Test("Modifiers that are understood change the condition")
    func modifiers() throws {
        #expect(try condition("status:not=draft") == .notToken([SearchToken(system: .any, code: "draft")]))
        #expect(try condition("name=an") == .startsWith(["an"]))
        #expect(try condition("name:exact=Ana+Ruiz") == .exactly(["Ana Ruiz"]))
        #expect(try condition("name:contains=n%C3%A1,b") == .contains(["ná", "b"]))
        #expect(try condition("owner:missing=true") == .isMissing(true))
        #expect(
            try condition("patient:identifier=s|v")
                == .referenceIdentifier([SearchToken(system: .named("s"), code: "v")]))
    }

    @Test("A repeated parameter adds a filter, and the page and inclusions are told apart from filters")
    func results() throws {
        let query = try query(
            "authored=ge2026-01&authored=lt2026-07&_count=20&_include=Task:owner:Organization&_include=Task:focus"
                + "&_revinclude=Provenance:target&_format=json&_lastUpdated=gt2026-01-01")
        #expect(query.filters.map(\.parameter) == ["authored", "authored", "_lastUpdated"])
        #expect(query.count == 20)
        #expect(query.includes.map(\.target) == ["Organization", nil])
        #expect(query.reverseIncludes == [.init(source: "Provenance", parameter: "target")])
        #expect(query.unknown == [])
    }

    @Test(
        "Parameters that were not declared are reported, not read",
        arguments: [
            "colour=red", "patient.name=x", "patient:Patient.name=x", "_has:Task:focus:status=x", "Status=active", "=x"
        ])
    func unknown(_ text: String) throws {
        let query = try query("\(text)&status=active&\(text)")
        #expect(query.unknown == [String(text.prefix { $0 != "=" })])
        #expect(query.filters.count == 1)
        #expect(query.unknownIssues(strict: true).map(\.severity) == [.error])
        #expect(query.unknownIssues(strict: false).map(\.severity) == [.warning])
    }

    @Test(
        "What cannot be understood is refused: a wider search might show too much",
        arguments: [
            "status=", "status", "patient=", "status=a,,b", "status=a|b|c", "status=|", "status:below=a",
            "patient=Task/1",
            "patient=a b", "patient:Task=1", "name:missing=yes", "authored=tomorrow", "authored=xx2026",
            "authored:not=2026",
            "_count=-1", "_count=x", "_count=", "_count=1&_count=2", "_include=Task", "_include=*",
            "_include:iterate=Task:owner",
            "name=%", "name=%4", "name=%zz", "name=%FF", "_id:exact=1"
        ])
    func refused(_ text: String) {
        let outcome = #expect(throws: OperationOutcome.self) { try query(text) }
        #expect(outcome?.status == 400)
    }

    @Test("All faults of a query are told at once, and none repeats a value")
    func allFaults() throws {
        let outcome = #expect(throws: OperationOutcome.self) {
            try query("patient=Ana%20Ruiz&authored=Ruiz&status:Ruiz=a")
        }
        #expect(outcome?.issues.count == 3)
        #expect(outcome?.issues.contains { $0.message.contains("Ruiz") } == false)
        #expect("\(try query("name=Ruiz&status=a"))" == "a search by name, status")
        let unknown = try query("Ana%20Ruiz=1").unknownIssues(strict: true)
        #expect(unknown.count == 1 && !unknown.contains { $0.message.contains("Ruiz") })
    }

    @Test("More parameters or values than anyone needs are refused")
    func limits() {
        let many = Array(repeating: "status=a", count: SearchQuery.parameterLimit + 1).joined(separator: "&")
        #expect(throws: OperationOutcome.self) { try query(many) }
        let values = Array(repeating: "a", count: SearchQuery.valueLimit + 1).joined(separator: ",")
        #expect(throws: OperationOutcome.self) { try query("status=\(values)") }
        #expect(throws: Never.self) {
            try query(String(values.dropLast(2)).isEmpty ? "" : "status=\(values.dropLast(2))")
        }
    }

    @Test("An empty query asks for everything")
    func empty() throws {
        #expect(try query("").filters.isEmpty)
        #expect(try query("&&").filters.isEmpty)
    }
}
