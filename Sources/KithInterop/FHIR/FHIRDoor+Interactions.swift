import FHIR
import Foundation
import HTTPTypes
import Hummingbird
import Kith
import Web

extension FHIRDoor {
    /// POST of one resource: a request, or a Task for one that is known.
    func create(_ type: String) async throws -> FHIRAnswer {
        let resource = try await resource(type)
        return try await write { try create(resource, in: $0) }
    }

    /// GET of one's own.
    func read(_ type: String) async throws -> FHIRAnswer {
        let id = try visit.parameter("id")
        return try await visit.read { try read(ResourceKey(type, id), in: $0) }
    }

    /// PUT of a Task: the sender may ask to stop, and nothing else.
    func updateTask() async throws -> FHIRAnswer {
        let resource = try await resource("Task")
        let (id, expected) = (try visit.parameter("id"), visit.request.headers[.ifMatch])
        return try await write { try update(resource, id: id, ifMatch: expected, in: $0) }
    }

    /// Answers any other method, or any other address below `/fhir`.
    /// - Parameter allowed: the methods that are served there; none for an address that is not.
    static func notServed(
        allowed: [HTTPRequest.Method]
    ) -> @Sendable (Visit) async throws -> Response {
        let refusing = handler { door in
            try await door.visit.read { _ in }
            let message = "This is not served here; see \(door.base)/metadata for what is."
            throw OperationOutcome(Issue(.error, .notSupported, message), status: allowed.isEmpty ? 404 : 405)
        }
        return { visit in
            var response = try await refusing(visit)
            if response.status == .methodNotAllowed {
                response.headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ")
            }
            return response
        }
    }

    func create(_ resource: Resource, in db: Writing) throws -> FHIRAnswer {
        var delivery = Delivery()
        let item = delivery.add(resource)
        var intake = Intake(delivery, from: try Sender.partner(db.partner, in: db), in: db)
        try intake.take([item], isAlone: true)
        guard let receipt = intake.receipts[item], let referral = receipt.referral else {
            throw OperationOutcome(
                Issue(.error, .businessRule, at: resource.type, (intake.receipts[item]?.unused ?? .notInForce).words))
        }
        var answer = try read(ResourceKey(resource.type, referral.text), in: db)
        if receipt.outcome == .taken { answer.status = .created }
        answer.location = "\(resource.type)/\(referral)"
        return answer
    }

    func read(_ key: ResourceKey, in db: Reading) throws -> FHIRAnswer {
        guard let id = Referral.ID(untrusted: key.id) else { throw Problem.notFound }
        let found = try PartnerReferral.find(id, of: db.partner, in: db)
        switch key.type {
        case "Task": return FHIRAnswer(resource: found.task(at: address, words: words, in: db.world))
        case "ServiceRequest": return FHIRAnswer(resource: found.serviceRequest(at: address))
        default: throw Problem.notFound
        }
    }

    func update(_ resource: Resource, id: String, ifMatch: String?, in db: Writing) throws -> FHIRAnswer {
        guard resource.id == id else {
            throw OperationOutcome(Issue(.error, .invalid, at: "Task.id", "must be the id in the address"))
        }
        guard let referralID = Referral.ID(untrusted: id) else { throw Problem.notFound }
        let partner = try db.partner
        let found = try PartnerReferral.find(referralID, of: partner, in: db)
        let current = found.task(at: address, words: words, in: db.world)
        if let ifMatch, ifMatch != "W/\"\(current.versionID ?? "")\"" {
            throw OperationOutcome(
                Issue(.error, .conflict, "The Task has changed since that version; please read it again."), status: 412)
        }
        let task = ReferralTask(resource)
        let now = ReferralTask(current)
        let saysTheSame = task.status == now.status && [nil, now.businessStatus].contains(task.businessStatus)
        let hasAsked = task.asksToStop && found.referral.isStopAskedBySender
        if saysTheSame || hasAsked { return FHIRAnswer(resource: current) }
        guard task.asksToStop else { throw Self.notTheirs }
        do {
            try found.referral.requestCancellation(because: task.statusReason, in: db)
        } catch Problem.conflict {
            throw Self.notTheirs
        }
        return try read(ResourceKey("Task", id), in: db)
    }

    private static var notTheirs: OperationOutcome {
        OperationOutcome(
            Issue(
                .error, .businessRule, at: "Task.status",
                "the side that sent a referral may only ask to stop it while it is open: status cancelled, or business "
                    + "status 5.2"))
    }
}
