import Kith

/// The product seen by other systems. It translates at the border; behind it, nothing knows FHIR.
package enum Interop {
    package static let feature = Feature(
        name: "Interop", migrations: migrations, routes: routes, events: [.resourcesReceived])
}

extension EventKind {
    /// Resources came, from a partner's system or from files. Details: how many were `taken` and `kept`.
    package static let resourcesReceived = EventKind("interop.received")
}
