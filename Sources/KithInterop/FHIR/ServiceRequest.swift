import FHIR

/// A ServiceRequest read: an order, perhaps for peer support. http://hl7.org/fhir/R4/servicerequest.html
struct ServiceRequest {
    let json: JSON

    init(_ resource: Resource) { json = resource.json }

    var status: RequestStatus? { json["status"]?.text.flatMap(RequestStatus.init) }
    var subject: Reference? { json.one("subject") }
    var identifiers: [FHIR.Identifier] { json.all("identifier") }

    /// Whether the sender has ended it.
    var isWithdrawn: Bool { status == .revoked || status == .enteredInError }

    /// Whether it asks somebody to act. Proposals, plans and options do not.
    var isOrder: Bool {
        switch json["intent"]?.text.flatMap(RequestIntent.init) {
        case .order, .originalOrder, .reflexOrder, .fillerOrder, .instanceOrder: true
        case .proposal, .plan, .directive, .option, nil: false
        }
    }

    /// Whether its code or category stands for peer support.
    var isForPeerSupport: Bool {
        let concepts: [CodeableConcept] = json.all("category") + [json.one("code")].compactMap { $0 }
        return concepts.contains { concept in
            concept.has(.socialConnection)
                || concept.codings.contains { coding in Self.peerSupport.contains { $0.means(coding) } }
        }
    }

    private static let peerSupport: [Coding] =
        [.referralToPeerSupport]
        + [Coding.peerServices, .peerNavigation, .peerNavigationMore].flatMap { coding in
            CodeSystem.hcpcsSpellings.map { Coding(system: $0, code: coding.code ?? "") }
        }

    /// Whether nobody may contact the person, by any means.
    var prohibitsContact: Bool {
        let details: [CodeableConcept] = json.all("orderDetail")
        return details.contains { $0.has(.contactingSubjectProhibited) }
    }

    var isUrgent: Bool {
        switch json["priority"]?.text.flatMap(RequestPriority.init) {
        case .urgent, .asap, .stat: true
        case .routine, nil: false
        }
    }

    /// Why, in the sender's words. What a Condition says stays in the record: only its label is read, where the
    /// sender put it beside the reference.
    var reason: String {
        let concepts: [CodeableConcept] = json.all("reasonCode")
        let references: [Reference] = json.all("reasonReference")
        let reasons = concepts.compactMap(\.label) + references.compactMap(\.display)
        let code: CodeableConcept? = json.one("code")
        return String((reasons.isEmpty ? code?.label ?? "" : reasons.joined(separator: "; ")).prefix(1_000))
    }

    /// Everything that says what it is about, to find the program it is for.
    var words: String {
        let concepts: [CodeableConcept] =
            json.all("category") + json.all("reasonCode") + [json.one("code")].compactMap { $0 }
        return concepts.flatMap { [$0.text] + $0.codings.map(\.display) }.compactMap { $0 }.joined(separator: " ")
    }
}

extension ServiceRequest {
    /// What is to be done with one.
    enum Judgment: Equatable {
        case begins
        /// It ended before it came here.
        case history(isCompleted: Bool)
        case unused(Unused)
    }

    /// - Parameter isAddressed: whether it was sent to us as a request, so that its code need not say so.
    func judgment(isAddressed: Bool) -> Judgment {
        switch status {
        case .active, .completed, .revoked:
            if !isOrder {
                .unused(.notAnOrder)
            } else if status == .active, isAddressed || isForPeerSupport {
                .begins
            } else if isForPeerSupport {
                .history(isCompleted: status == .completed)
            } else {
                .unused(.notPeerSupport)
            }
        case .draft, .onHold, .enteredInError, .unknown, nil: .unused(.notInForce)
        }
    }
}
