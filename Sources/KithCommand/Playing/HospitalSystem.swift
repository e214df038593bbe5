import FHIR
import Kith

/// What a hospital's record system sends when somebody there refers a patient: a transaction with the patient, the
/// order and the task to carry it out (the shape of Gravity SDOH Clinical Care and of HL7 BSeR).
struct HospitalSystem {
    private let name: String

    init(_ name: String) { self.name = name }

    func transaction(for part: ParticipantPart, area: String?, at moment: Instant) throws -> FHIRBundle {
        let entries = [
            entry(patient(part, area), of: part), entry(request(part, moment), of: part),
            entry(task(part, moment), of: part)
        ]
        let bundle: JSON = ["resourceType": "Bundle", "type": "transaction", "entry": .array(entries)]
        return try FHIRBundle(try Resource(bundle))
    }

    private func entry(_ resource: Resource, of part: ParticipantPart) -> JSON {
        [
            "fullUrl": .string("https://fhir.example.org/\(resource.type)/\(resource.id ?? "")"),
            "resource": resource.json, "request": ["method": "POST", "url": .string(resource.type)]
        ]
    }

    private func patient(_ part: ParticipantPart, _ area: String?) -> Resource {
        let words = part.name.split(separator: " ").map { JSON.string(String($0)) }
        var names: [JSON] = [["use": "official", "family": words.last ?? .null, "given": .array(words.dropLast())]]
        if let called = part.called { names.append(["use": "nickname", "given": [.string(called)]]) }
        var telecom: [JSON] = []
        if let phone = part.phone { telecom.append(["system": "phone", "value": .string(phone), "rank": 1]) }
        if let email = part.email { telecom.append(["system": "email", "value": .string(email)]) }
        let gender = ["woman": "female", "man": "male"][part.gender ?? ""] ?? "unknown"
        return Resource(
            "Patient", id: "patient-\(part.id)",
            [
                "identifier": [number(part, "records", type: "MR")], "name": .array(names),
                "telecom": telecom.isEmpty ? nil : .array(telecom), "gender": .string(gender),
                "birthDate": .text(part.birthYear.map(String.init)),
                "address": area.map { [["use": "home", "city": .string($0)]] },
                "communication": [
                    [
                        "language": ["coding": [["system": "urn:ietf:bcp:47", "code": .string(part.language)]]],
                        "preferred": true
                    ]
                ]
            ])
    }

    private func request(_ part: ParticipantPart, _ moment: Instant) -> Resource {
        let prohibited: JSON = [
            [
                "coding": [
                    [
                        "system": .text(GravityCode.contactingSubjectProhibited.coding.system),
                        "code": .text(GravityCode.contactingSubjectProhibited.coding.code)
                    ]
                ]
            ]
        ]
        return Resource(
            "ServiceRequest", id: "order-\(part.id)",
            [
                "identifier": [number(part, "orders", type: "PLAC")], "status": "active", "intent": "order",
                "category": [["coding": [["system": "http://snomed.info/sct", "code": "410606002"]]]],
                "priority": part.isUrgent ? "urgent" : "routine",
                "code": [
                    "coding": [["system": "http://snomed.info/sct", "code": "461481000124109"]],
                    "text": .string(Self.service(part.program))
                ],
                "orderDetail": part.doNotContact ? prohibited : nil,
                "subject": ["reference": .string("Patient/patient-\(part.id)")],
                "authoredOn": .string(moment.description), "requester": ["display": .string(name)],
                "reasonCode": [["text": .string(part.reason)]]
            ])
    }

    private func task(_ part: ParticipantPart, _ moment: Instant) -> Resource {
        Resource(
            "Task", id: "task-\(part.id)",
            [
                "meta": [
                    "profile": [
                        "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-TaskForReferralManagement"
                    ]
                ],
                "identifier": [number(part, "tasks", type: "PLAC")], "status": "requested", "intent": "order",
                "priority": part.isUrgent ? "urgent" : "routine",
                "code": ["coding": [["system": "http://hl7.org/fhir/CodeSystem/task-code", "code": "fulfill"]]],
                "focus": ["reference": .string("ServiceRequest/order-\(part.id)")],
                "for": ["reference": .string("Patient/patient-\(part.id)")],
                "authoredOn": .string(moment.description), "requester": ["display": .string(name)],
                "owner": ["display": "Peer support"]
            ])
    }

    private func number(_ part: ParticipantPart, _ kind: String, type: String) -> JSON {
        [
            "type": ["coding": [["system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": .string(type)]]],
            "system": .string("https://fhir.example.org/\(kind)"), "value": .string("K-\(part.id)")
        ]
    }

    /// What the order is called where it is written; it names the program.
    private static func service(_ program: String) -> String {
        [
            "new-parents": "Peer support for a new parent", "caregivers": "Peer support for a family caregiver",
            "recovery": "Peer support in recovery"
        ][program] ?? "Peer support"
    }
}
