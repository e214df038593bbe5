import FHIR
import Kith

/// Everything that is read of a resource before a database is asked, for tests that throw anything at it: it must come
/// back.
package enum InteropParsers {
    /// - Parameter moment: when names and addresses are looked at.
    package static func readAll(_ resource: Resource, at moment: FHIRDate?) {
        var delivery = Delivery()
        if let bundle = try? FHIRBundle(resource) { delivery.add(bundle) } else { delivery.add(resource) }
        _ = delivery.requestingTasks
        for (index, item) in delivery.items.enumerated() {
            let resource = item.resource
            _ = PersonDraft(resource, language: "en", at: moment)
            _ = (resource.unusableAsPerson, resource.personalIdentifiers, resource.json.fingerprint)
            let request = ServiceRequest(resource)
            _ = (request.judgment(isAddressed: true), request.isUrgent, request.prohibitsContact)
            _ = (request.reason, request.words)
            let task = ReferralTask(resource)
            _ = (task.isRequest, task.asksToStop, task.statusReason, Guide(profiles: task.profiles))
            for reference in [request.subject, task.focus, task.beneficiary].compactMap({ $0 }) {
                _ = delivery.target(of: reference, from: index)
            }
        }
    }
}
