import FHIR
import Kith

extension PartnerReferral {
    /// The referral as a Task: the one answer to "what became of it?".
    ///
    /// It tells the three moments that a sender hears of, accept, first contact and close, and of these only what the
    /// person released. That somebody did not come, or that a meeting is arranged, it never tells.
    func task(at address: String, words: Words, in world: World) -> Resource {
        let (sent, request) = (exchange?.task ?? [:], exchange?.serviceRequest ?? [:])
        let identifiers = (sent["identifier"] ?? request["identifier"])?.items ?? []
        var task = Resource(
            "Task", id: referral.id.text,
            [
                "identifier": .list(identifiers + [filler(at: address)]),
                "status": .string(status.task.rawValue),
                "statusReason": statusReason(words).map { ["text": .string($0)] },
                "businessStatus": CodeableConcept(status.business.coding).json,
                "intent": sent["intent"] ?? "order",
                "priority": .string(referral.prioritySent.rawValue),
                "code": sent["code"] ?? CodeableConcept(.fulfill).json,
                "focus": Reference(ResourceKey("ServiceRequest", referral.id.text)).json,
                "for": sent["for"] ?? request["subject"],
                "authoredOn": sent["authoredOn"] ?? request["authoredOn"] ?? .string(referral.receivedAt.description),
                "requester": sent["requester"] ?? request["requester"] ?? ["display": .text(partnerName)],
                "owner": sent["owner"] ?? ["display": .text(organizationName)],
                "note": notes(words).isEmpty ? nil : .list(notes(words)),
                "output": .list(outputs(at: address, words, in: world))
            ])
        label(&task)
        task.stamp(version: String(task.json.fingerprint.prefix(16)), at: changedAt)
        return task
    }

    /// What the sender may know: what it was told, which what was not released is no part of, and what it asked itself.
    private var status: (task: TaskStatus, business: ReferralBusinessStatus) {
        if referral.origin == .history { return referral.state == .completed ? Self.completed : Self.cancelled }
        // The sender asked for this itself.
        if referral.isStopAskedBySender { return (.inProgress, .cancellationRequested) }
        let changes = told.map(\.change)
        if changes.contains(.declined) { return Self.rejected }
        if let ending = told.last(where: { $0.change == .closed })?.ending {
            return ending == .rejected ? Self.rejected : ending == .cancelled ? Self.cancelled : Self.completed
        }
        if changes.contains(.cancelled) { return Self.cancelled }
        if changes.contains(.firstContact) { return (.inProgress, .eventCompleted) }
        if changes.contains(.accepted) { return (.accepted, .accepted) }
        // Gravity knows no Task that is received, BSeR none that is requested.
        return (exchange?.guide == .bser ? .received : .requested, .created)
    }

    private static let rejected = (task: TaskStatus.rejected, business: ReferralBusinessStatus.declined)
    private static let cancelled = (task: TaskStatus.cancelled, business: ReferralBusinessStatus.cancelled)
    private static let completed = (task: TaskStatus.completed, business: ReferralBusinessStatus.completed)

    private func statusReason(_ words: Words) -> String? {
        guard status.task == .rejected else {
            return told.contains { $0.change == .merged } ? words("told.merged") : nil
        }
        let reason = told.last { $0.change.isLast }?.reason ?? ""
        if let own = declineWords[reason] { return own }
        return words("declines.\(Policy.usualDeclineReasons.contains(reason) ? reason : "another-reason")")
    }

    private func outputs(at address: String, _ words: Words, in world: World) -> [JSON] {
        let link = SignedLink(
            .status, of: referral.organization, to: referral.id.text,
            until: referral.receivedAt.adding(days: Self.linkDays))
        let page: JSON = [
            "type": ["text": "status page"], "valueUrl": .string("\(address)/status/\(link.token(in: world))")
        ]
        guard status.task == .completed else { return [page] }
        let outcome = told.last { $0.change == .closed }?.reason
        let activity: JSON = [
            "type": CodeableConcept(GravityCode.resultingActivity.coding).json,
            "valueCodeableConcept": activity(outcome, words)
        ]
        return [activity, page]
    }

    /// What took place, as a code and not as a copy of anything.
    private func activity(_ outcome: String?, _ words: Words) -> JSON {
        guard let outcome else {
            let masked = Coding(system: Self.absentReason, code: "masked", display: "Masked")
            return CodeableConcept(masked, text: words("told.closed")).json
        }
        let tookPlace = outcome == "support-completed" || outcome == "goals-met"
        let text = words("outcomes.\(outcome)")
        return tookPlace ? CodeableConcept(.peerServices, text: text).json : CodeableConcept(text: text).json
    }

    /// The last word that was released, and what has to go along with it.
    private func notes(_ words: Words) -> [JSON] {
        let texts = [told.compactMap(\.word).last].compactMap { $0 } + (notice?.sentences(words) ?? [])
        return texts.map { ["text": .string($0)] }
    }

    /// Where it may not be told further, that it says so to machines as well.
    func label(_ resource: inout Resource) {
        guard notice != nil else { return }
        resource.securityLabels = SecurityLabel.part2
    }

    func filler(at address: String) -> JSON {
        FHIR.Identifier(
            system: "\(address)/fhir/referral", value: referral.reference, type: CodeableConcept(.fillerIdentifier)
        ).json
    }

    private static let absentReason = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
    /// How long the link in a Task leads to the status page.
    private static let linkDays = 730
}

extension PartnerReferral {
    /// The request as its sender wrote it, with our number. Its status is the sender's own; what became of it stands in
    /// the Task, under the same id.
    func serviceRequest(at address: String) -> Resource {
        let sent = exchange?.serviceRequest ?? [:]
        var request = Resource(
            "ServiceRequest", id: referral.id.text,
            [
                "identifier": .list((sent["identifier"]?.items ?? []) + [filler(at: address)]),
                "status": sent["status"] ?? "active",
                "intent": sent["intent"] ?? "order",
                "category": sent["category"],
                "priority": sent["priority"],
                "code": sent["code"],
                "subject": sent["subject"] ?? Reference(ResourceKey("Patient", referral.person.text)).json,
                "authoredOn": sent["authoredOn"] ?? .string(referral.receivedAt.description),
                "requester": sent["requester"] ?? ["display": .text(partnerName)],
                "reasonCode": .text(reason).map { [["text": $0]] }
            ])
        label(&request)
        request.stamp(version: String(request.json.fingerprint.prefix(16)), at: referral.receivedAt)
        return request
    }
}

extension Resource {
    /// Versions are named after what a resource says, so that no number tells how often something happened that its
    /// reader may not know of.
    fileprivate mutating func stamp(version: String, at moment: Instant) {
        lastUpdated = FHIRDate(moment.description, as: .instant)
        versionID = version
    }
}
