/// http://hl7.org/fhir/R4/valueset-task-status.html
package enum TaskStatus: String, Sendable, CaseIterable {
    case draft, requested, received, accepted, rejected, ready, cancelled
    case inProgress = "in-progress"
    case onHold = "on-hold"
    case failed, completed
    case enteredInError = "entered-in-error"

    /// Whether nothing is done after it.
    package var isFinal: Bool {
        switch self {
        case .rejected, .cancelled, .failed, .completed, .enteredInError: true
        case .draft, .requested, .received, .accepted, .ready, .inProgress, .onHold: false
        }
    }

    /// Whether a Task for referral management of the Gravity guide may have it.
    package var isAllowedByGravity: Bool { self != .ready && self != .received }
}

/// The status of a ServiceRequest: http://hl7.org/fhir/R4/valueset-request-status.html
package enum RequestStatus: String, Sendable, CaseIterable {
    case draft, active
    case onHold = "on-hold"
    case revoked, completed
    case enteredInError = "entered-in-error"
    case unknown
}

/// How far a request is from a wish and how near to an order: http://hl7.org/fhir/R4/valueset-request-intent.html
package enum RequestIntent: String, Sendable, CaseIterable {
    case proposal, plan, directive, order
    case originalOrder = "original-order"
    case reflexOrder = "reflex-order"
    /// An order made by the one who carries out another order.
    case fillerOrder = "filler-order"
    case instanceOrder = "instance-order"
    case option
}

/// http://hl7.org/fhir/R4/valueset-request-priority.html
package enum RequestPriority: String, Sendable, CaseIterable {
    case routine, urgent, asap, stat
}
