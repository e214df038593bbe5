import FHIR

/// What a hospital sends, written by hand and as small as it can be.
enum Sample {
    static let patient: JSON = [
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [["system": "urn:example:mrn", "value": "4711"]],
        "name": [["use": "official", "family": "North", "given": ["Nora", "B."], "prefix": ["Mrs."]]],
        "birthDate": "1961-07-16",
        "telecom": [
            ["system": "email", "value": "nora@example.com"],
            ["system": "phone", "value": "555-0100", "use": "home", "rank": 1],
            ["system": "phone", "value": "555-0199", "use": "old"], ["system": "fax", "value": "555-0198"]
        ],
        "address": [["use": "home", "line": ["1 Main St"], "city": "Riverside", "postalCode": "12345"]],
        "communication": [
            ["language": ["coding": [["system": "urn:ietf:bcp:47", "code": "en-US"]]]],
            ["language": ["coding": [["system": "urn:ietf:bcp:47", "code": "es"]]], "preferred": true]
        ]
    ]

    static let order: JSON = [
        "resourceType": "ServiceRequest",
        "id": "sr1",
        "identifier": [
            [
                "type": ["coding": [["system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "PLAC"]]],
                "system": "urn:example:orders", "value": "88"
            ]
        ],
        "status": "active",
        "intent": "order",
        "category": [["coding": [["system": "http://snomed.info/sct", "code": "410606002"]]]],
        "code": ["coding": [["system": "http://snomed.info/sct", "code": "461481000124109"]]],
        "subject": ["reference": "Patient/p1", "display": "Nora North"],
        "authoredOn": "2026-03-01",
        "requester": ["reference": "PractitionerRole/r1", "display": "Dr. Green"],
        "reasonCode": [["text": "Caring for her mother"]]
    ]

    static let task: JSON = [
        "resourceType": "Task",
        "id": "t1",
        "meta": [
            "profile": [
                "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-TaskForReferralManagement"
            ]
        ],
        "identifier": [
            [
                "type": ["coding": [["system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "PLAC"]]],
                "system": "urn:example:tasks", "value": "66"
            ]
        ],
        "status": "requested",
        "intent": "order",
        "code": ["coding": [["system": "http://hl7.org/fhir/CodeSystem/task-code", "code": "fulfill"]]],
        "focus": ["reference": "ServiceRequest/sr1"],
        "for": ["reference": "Patient/p1", "display": "Nora North"],
        "authoredOn": "2026-03-01T10:00:00Z",
        "requester": ["reference": "PractitionerRole/r1", "display": "Dr. Green"],
        "owner": ["display": "Riverside Health"]
    ]

    static let observation: JSON = [
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": ["text": "Depression screening"],
        "subject": ["reference": "Patient/p1"],
        "valueString": "a score nobody here should read"
    ]

    /// A transaction that creates each resource.
    static func transaction(_ resources: JSON...) -> JSON { bundle("transaction", resources) }
    static func batch(_ resources: JSON...) -> JSON { bundle("batch", resources) }

    private static func bundle(_ kind: String, _ resources: [JSON]) -> JSON {
        [
            "resourceType": "Bundle",
            "type": .string(kind),
            "entry": .array(
                resources.map { ["resource": $0, "request": ["method": "POST", "url": $0["resourceType"]]] })
        ]
    }
}

extension JSON {
    /// The object with some properties changed; nil removes one.
    func with(_ changes: KeyValuePairs<String, JSON?>) -> JSON {
        guard case .object(var object) = self else { return self }
        for (key, value) in changes { object[key] = value }
        return .object(object)
    }
}
