/// How far a referral has come: the business status of a Task in HL7's Bidirectional Services eReferral (BSeR).
package enum ReferralBusinessStatus: String, Sendable, CaseIterable {
    case created = "2.0"
    case accepted = "3.0"
    case declined = "4.0"
    /// Stands in the guide's table of transitions, but not in its code system: to be read, not to be sent.
    case inProgress = "5.1"
    case scheduled = "5.1.1"
    /// The person did not come.
    case unattended = "5.1.2"
    case appointmentCancelled = "5.1.3"
    case eventCompleted = "5.1.4"
    case cancellationRequested = "5.2"
    case cancelled = "6.0"
    case completed = "7.0"

    /// Nil where the concept has no business status of this system, or one that is unknown.
    package init?(_ concept: CodeableConcept) {
        guard let code = concept.code(in: CodeSystem.bserBusinessStatus) else { return nil }
        self.init(rawValue: code)
    }

    package var coding: Coding {
        Coding(system: CodeSystem.bserBusinessStatus, code: rawValue, display: display)
    }

    /// The words of the code system. Where they have a slip of the pen ("Serivce"), without it.
    private var display: String? {
        switch self {
        case .created: "Service Request Created"
        case .accepted: "Service Request Accepted"
        case .declined: "Service Request Declined"
        case .inProgress: nil
        case .scheduled: "Service Request Event Scheduled"
        case .unattended: "Scheduled Service Request Event Unattended"
        case .appointmentCancelled: "Scheduled Service Request Event Cancelled"
        case .eventCompleted: "Service Request Event Completed"
        case .cancellationRequested: "Service Request Cancellation Requested"
        case .cancelled: "Service Request Fulfillment Cancelled"
        case .completed: "Service Request Fulfillment Completed"
        }
    }
}
