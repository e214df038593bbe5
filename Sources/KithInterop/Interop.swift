import Kith
import Storage

/// The product seen by other systems. It translates at the border; behind it, nothing knows FHIR.
package enum Interop {
    package static let feature = Feature(
        name: "Interop", migrations: migrations, routes: routes + ownRoutes, events: [.resourcesReceived],
        erasures: [
            { house, person, _ in
                "DELETE FROM person_identifier WHERE organization_id = \(house) AND person_id = \(person)"
            },
            { house, person, _ in
                """
                DELETE FROM received_resource WHERE organization_id = \(house) AND (person_id = \(person)
                    OR referral_id IN (SELECT id FROM referral WHERE organization_id = \(house) AND person_id = \(person)))
                """
            },
            { house, person, _ in
                """
                UPDATE referral_exchange SET service_request = '{}', task = NULL
                WHERE organization_id = \(house) AND referral_id IN
                    (SELECT id FROM referral WHERE organization_id = \(house) AND person_id = \(person))
                """
            }
        ])
}

extension EventKind {
    /// Resources came, from a partner's system or from files. Details: how many were `taken` and `kept`.
    package static let resourcesReceived = EventKind("interop.received")
}
