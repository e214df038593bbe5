import FHIR
import Testing

@Suite("Operation outcomes")
struct OperationOutcomeTests {
    @Test("Issues become a valid resource")
    func resource() {
        let outcome = OperationOutcome([
            FHIR.Issue(.warning, .value, at: "Task.note[0].text", "holds nothing but white space"),
            FHIR.Issue(.error, .businessRule, "This referral was already declined.")
        ])
        #expect(Validator().issues(in: outcome.resource.json) == [])
        #expect(
            outcome.resource.json["issue"] == [
                [
                    "severity": "warning", "code": "value", "details": ["text": "holds nothing but white space"],
                    "expression": ["Task.note[0].text"]
                ],
                [
                    "severity": "error", "code": "business-rule",
                    "details": ["text": "This referral was already declined."]
                ]
            ])
        #expect(outcome.status == 422)
    }

    @Test("An outcome without issues says that all is well, since FHIR wants at least one")
    func allWell() {
        let outcome = OperationOutcome([])
        #expect(outcome.status == 200)
        #expect(Validator().issues(in: outcome.resource.json) == [])
        #expect(outcome.resource.json["issue", 0, "severity"] == "information")
    }

    @Test(
        "The status follows from the first error",
        arguments: [
            (FHIR.Issue.Code.structure, 400), (.required, 400), (.login, 401), (.forbidden, 403), (.notFound, 404),
            (.conflict, 409),
            (.deleted, 410), (.multipleMatches, 412), (.tooLong, 413), (.businessRule, 422), (.throttled, 429),
            (.exception, 500),
            (.transient, 503), (.timeout, 504)
        ])
    func status(_ code: FHIR.Issue.Code, _ status: Int) {
        #expect(OperationOutcome([FHIR.Issue(.warning, .deleted, "w"), FHIR.Issue(.error, code, "e")]).status == status)
    }

    @Test("The status can be said where the issues do not tell it, and warnings alone refuse nothing")
    func saidStatus() {
        #expect(OperationOutcome(FHIR.Issue(.error, .conflict, "changed meanwhile"), status: 412).status == 412)
        #expect(OperationOutcome(FHIR.Issue(.warning, .conflict, "x")).status == 200)
    }

    @Test("Text that is no JSON gives a fatal issue with its line")
    func noJSON() {
        let issue = #expect(throws: FHIR.Issue.self) { try Resource(parsing: Array("{\n\"a\" 1}".utf8)) }
        #expect(issue?.severity == .fatal && issue?.code == .structure)
        #expect(issue?.message.hasPrefix("line 2, column 5:") == true)
    }
}
