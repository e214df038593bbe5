import FHIR
import Kith

extension FHIRDoor {
    /// What works here, and nothing that does not.
    var capabilities: Resource {
        Resource(
            "CapabilityStatement",
            [
                "status": "active",
                "date": "2026-11-21",
                "kind": "instance",
                "software": ["name": "Kith"],
                "implementation": [
                    "description": "Referrals to peer support, and what became of them", "url": .string(base)
                ],
                "fhirVersion": "4.0.1",
                "format": [.string(FHIRAnswer.mediaType), "json"],
                "rest": [
                    [
                        "mode": "server",
                        "documentation": .string(Self.documentation),
                        "security": [
                            "cors": false,
                            "description": "Each sending organization has a bearer token and reaches only its own."
                        ],
                        "resource": [task, serviceRequest],
                        "interaction": [["code": "transaction"], ["code": "batch"]]
                    ]
                ]
            ])
    }

    private static let documentation =
        "A requested Task in a transaction begins a referral by the active ServiceRequest in its focus; so does an "
        + "active ServiceRequest posted alone, or one for peer support in a transaction without a Task. A Task and its "
        + "ServiceRequest have the same id here. What comes twice is taken once. Of resources that are not needed, "
        + "only type, id and fingerprint are noted."

    private var task: JSON {
        [
            "type": "Task",
            "interaction": ["create", "read", "update", "search-type"].interactions,
            "versioning": "versioned-update",
            "conditionalCreate": false,
            "updateCreate": false,
            "searchParam": [
                parameter("_id", "token"), parameter("_lastUpdated", "date"), parameter("patient", "reference"),
                parameter("status", "token")
            ],
            "documentation": "An update may ask to stop: status cancelled, or business status 5.2."
        ]
    }

    private var serviceRequest: JSON {
        ["type": "ServiceRequest", "interaction": ["create", "read"].interactions, "updateCreate": false]
    }

    private func parameter(_ name: String, _ type: String) -> JSON { ["name": .string(name), "type": .string(type)] }
}

extension [String] {
    fileprivate var interactions: JSON { .array(map { ["code": .string($0)] }) }
}
