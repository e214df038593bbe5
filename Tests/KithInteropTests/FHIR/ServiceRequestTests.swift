import FHIR
import Kith
import Testing

@testable import KithInterop

@Suite("What a ServiceRequest asks for")
struct ServiceRequestTests {
    private static func judgment(_ json: JSON, isAddressed: Bool = false) throws -> ServiceRequest.Judgment {
        ServiceRequest(try Resource(json)).judgment(isAddressed: isAddressed)
    }

    private static func coded(_ system: String, _ code: String) -> JSON {
        Sample.order.with(["category": nil, "code": ["coding": [Coding(system: system, code: code).json]]])
    }

    @Test("Codes that stand for peer support")
    func codes() throws {
        #expect(try Self.judgment(Self.coded(CodeSystem.snomed, "461481000124109")) == .begins)
        for system in CodeSystem.hcpcsSpellings {
            for code in ["H0038", "G0140", "G0146"] { #expect(try Self.judgment(Self.coded(system, code)) == .begins) }
        }
        let social = Coding(system: CodeSystem.gravity, code: "social-connection")
        #expect(try Self.judgment(Sample.order.with(["code": nil, "category": [CodeableConcept(social).json]])) == .begins)
        for (system, code) in [
            (CodeSystem.snomed, "3457005"), (CodeSystem.snomed, "H0038"), (CodeSystem.hcpcs, "H0025")
        ] {
            #expect(try Self.judgment(Self.coded(system, code)) == .unused(.notPeerSupport), "\(code)")
            #expect(try Self.judgment(Self.coded(system, code), isAddressed: true) == .begins)
        }
    }

    @Test(
        "Only an order in force begins something",
        arguments: [
            ("active", "order", ServiceRequest.Judgment.begins), ("active", "filler-order", .begins),
            ("active", "plan", .unused(.notAnOrder)), ("active", "proposal", .unused(.notAnOrder)),
            ("completed", "order", .history(isCompleted: true)), ("revoked", "order", .history(isCompleted: false)),
            ("draft", "order", .unused(.notInForce)), ("on-hold", "order", .unused(.notInForce)),
            ("entered-in-error", "order", .unused(.notInForce)), ("unknown", "order", .unused(.notInForce))
        ])
    func states(status: String, intent: String, expected: ServiceRequest.Judgment) throws {
        let json = Sample.order.with(["status": .string(status), "intent": .string(intent)])
        #expect(try Self.judgment(json) == expected)
    }

    @Test("The reason is in the sender's words, and never a copy of a Condition")
    func reason() throws {
        func reason(_ changes: KeyValuePairs<String, JSON?>) throws -> String {
            ServiceRequest(try Resource(Sample.order.with(["reasonCode": nil]).with(changes))).reason
        }
        #expect(try reason(["reasonCode": [["text": "Grief"], ["coding": [["display": "Stress"]]]]]) == "Grief; Stress")
        #expect(
            try reason(["reasonReference": [["reference": "Condition/1", "display": "New diagnosis"]]])
                == "New diagnosis")
        #expect(try reason(["reasonReference": [["reference": "Condition/1"]]]) == "461481000124109")
        #expect(try reason(["code": ["text": "Somebody to talk to"]]) == "Somebody to talk to")
        #expect(try reason(["code": nil]) == "")
    }
}

@Suite("What a record tells of somebody")
struct PersonDraftTests {
    @Test("The name in use, without titles, and no number of the government's")
    func names() throws {
        let today = FHIRDate("2026-03-02T14:00:00Z", as: .instant)
        let patient = try Resource(
            Sample.patient.with([
                "name": [
                    ["use": "official", "given": ["Jennifer"], "family": "Wolff"],
                    ["use": "usual", "given": ["James"], "family": "Wolff"],
                    ["use": "nickname", "text": "Jim"]
                ],
                "identifier": [
                    ["system": "http://hl7.org/fhir/sid/us-ssn", "value": "999"],
                    [
                        "type": ["coding": [["system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "DL"]]],
                        "system": "urn:x", "value": "S1"
                    ], ["system": "urn:mrn", "value": "1"], ["value": "without a system"]
                ]
            ]))
        let draft = try #require(PersonDraft(patient, language: "en", at: today))
        #expect(draft.name == "James Wolff")
        #expect(draft.called == "Jim")
        #expect(draft.birthYear == 1961)
        #expect(draft.gender == nil)
        #expect(patient.personalIdentifiers.map(\.value) == ["1"])
    }

    @Test("Nobody is made of a record without a name")
    func nameless() throws {
        let patient = try Resource(Sample.patient.with(["name": nil]))
        #expect(PersonDraft(patient, language: "en", at: nil) == nil)
    }
}
