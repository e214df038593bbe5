import FHIR
import HTTPTypes
import Kith

extension FHIRDoor {
    /// POST of a Bundle: a transaction, all or nothing, or a batch, each entry by itself.
    func takeBundle() async throws -> FHIRAnswer {
        let resource = try await body()
        guard resource.type == "Bundle" else {
            throw OperationOutcome(Issue(.error, .structure, at: "resourceType", "a Bundle was expected here"))
        }
        let bundle = try FHIRBundle(resource)
        switch bundle.kind {
        case .transaction:
            try Self.validate(resource)
            return FHIRAnswer(resource: try await write { try carryOut(bundle, in: $0) })
        case .batch: return FHIRAnswer(resource: try await answerEach(of: bundle))
        default:
            throw OperationOutcome(
                Issue(.error, .notSupported, at: "Bundle.type", "a transaction or a batch was expected here"),
                status: 400)
        }
    }

    /// A transaction: what is sent is taken in together, then what is changed and asked for is answered.
    private func carryOut(_ bundle: FHIRBundle, in db: Writing) throws -> Resource {
        let partner = try db.partner
        var delivery = Delivery()
        let added = Dictionary(
            uniqueKeysWithValues: zip(
                bundle.entries.filter { $0.resource != nil }.map(\.position), delivery.add(bundle)))
        // Our own Task is changed, not taken in once more.
        let updates = try bundle.entries.filter { try isUpdate($0, of: partner, in: db) }.map(\.position)
        var intake = Intake(delivery, from: try Sender.partner(partner, in: db), in: db)
        try intake.take(added.filter { !updates.contains($0.key) }.map(\.value).sorted())
        var answers: [Int: FHIRBundle.Answer] = [:]
        for entry in bundle.entriesInProcessingOrder {
            do {
                if let item = added[entry.position], !updates.contains(entry.position) {
                    answers[entry.position] = try answer(to: intake.receipts[item], for: delivery.items[item], in: db)
                } else {
                    answers[entry.position] = try carryOut(entry, in: db)
                }
            } catch let outcome as OperationOutcome {
                throw outcome.inside(entry)
            } catch let problem as Problem {
                throw OperationOutcome(problem, words).inside(entry)
            }
        }
        let inOrder = bundle.entries.compactMap { answers[$0.position] }
        return FHIRBundle.response(to: .transaction, inOrder, at: FHIRDate(db.now.description, as: .instant))
    }

    private func isUpdate(_ entry: FHIRBundle.Entry, of partner: Partner.ID, in db: Reading) throws -> Bool {
        guard entry.request?.method == .put, case .instance(let key)? = entry.request?.target, key.type == "Task" else {
            return false
        }
        return try PartnerReferral.id(key.id, of: partner, in: db) != nil
    }

    /// An entry that reads, or changes what is known.
    private func carryOut(_ entry: FHIRBundle.Entry, in db: Writing) throws -> FHIRBundle.Answer {
        switch (entry.request?.method, entry.request?.target) {
        case (.get?, .instance(let key)?):
            return Self.answer(try read(key, in: db))
        case (.get?, .type("Task", let query)?):
            return Self.answer(FHIRAnswer(resource: try search(query, isStrict: false, in: db)))
        case (.put?, .instance(let key)?) where key.type == "Task":
            guard let resource = entry.resource else { throw Problem.notFound }
            return Self.answer(try update(resource, id: key.id, ifMatch: entry.request?.ifMatch, in: db))
        case (.get?, _):
            throw OperationOutcome(Issue(.error, .notFound, "only one's own Tasks and requests can be read here"))
        default:
            throw OperationOutcome(
                Issue(.error, .notSupported, "this cannot be done here; see \(base)/metadata"), status: 400)
        }
    }

    /// A batch is nothing but several requests; each is answered as if it had come alone.
    private func answerEach(of bundle: FHIRBundle) async throws -> Resource {
        var answers: [Int: FHIRBundle.Answer] = [:]
        for entry in bundle.entriesInProcessingOrder {
            do {
                if let resource = entry.resource { try Self.validate(resource) }
                answers[entry.position] = try await write { db in
                    guard let resource = entry.resource, try !isUpdate(entry, of: db.partner, in: db) else {
                        return try carryOut(entry, in: db)
                    }
                    guard ["ServiceRequest", "Task"].contains(resource.type) else {
                        return try take(entry, resource, in: db)
                    }
                    return Self.answer(try create(resource, in: db))
                }
            } catch {
                let outcome = try outcome(of: error)
                // A token that ended in between ends everything.
                guard outcome.status != 401 else { throw outcome }
                answers[entry.position] = Self.answer(outcome)
            }
        }
        let moment = FHIRDate(visit.platform.world.now().description, as: .instant)
        return FHIRBundle.response(to: .batch, bundle.entries.compactMap { answers[$0.position] }, at: moment)
    }

    /// One resource of a batch that is no request.
    private func take(_ entry: FHIRBundle.Entry, _ resource: Resource, in db: Writing) throws -> FHIRBundle.Answer {
        var delivery = Delivery()
        let item = delivery.add(resource, fullURL: entry.fullURL)
        var intake = Intake(delivery, from: try Sender.partner(db.partner, in: db), in: db)
        try intake.take([item])
        return try answer(to: intake.receipts[item], for: delivery.items[item], in: db)
    }

    private func answer(
        to receipt: Receipt?, for item: Delivery.Item, in db: Reading
    ) throws -> FHIRBundle.Answer {
        if let referral = receipt?.referral {
            var answer = try read(ResourceKey(item.type, referral.text), in: db)
            if receipt?.outcome == .taken { answer.status = .created }
            answer.location = "\(item.type)/\(referral)"
            return Self.answer(answer, withResource: false)
        }
        let isNew = receipt?.outcome == .taken
        let message =
            switch receipt?.outcome {
            case .taken, .known: "This is known here now. It cannot be read from this server."
            case .kept(let unused): "This was not taken: \(unused.words)."
            case nil: "This was not taken."
            }
        return FHIRBundle.Answer(
            status: isNew ? "201 Created" : receipt?.person != nil ? "200 OK" : "202 Accepted",
            outcome: OperationOutcome(Issue(.information, .informational, message)))
    }

    private static func answer(_ answer: FHIRAnswer, withResource: Bool = true) -> FHIRBundle.Answer {
        FHIRBundle.Answer(
            status: "\(answer.status.code) \(answer.status.reasonPhrase)", location: answer.location,
            versionID: answer.resource.versionID, lastModified: answer.resource.lastUpdated,
            resource: withResource ? answer.resource : nil)
    }

    private static func answer(_ outcome: OperationOutcome) -> FHIRBundle.Answer {
        let status = HTTPResponse.Status(code: outcome.status)
        return FHIRBundle.Answer(status: "\(status.code) \(status.reasonPhrase)", outcome: outcome)
    }
}

extension OperationOutcome {
    /// The same, saying which entry of a Bundle it is about.
    fileprivate func inside(_ entry: FHIRBundle.Entry) -> OperationOutcome {
        OperationOutcome(
            issues.map { issue in
                guard !issue.path.hasPrefix("Bundle") else { return issue }
                return Issue(issue.severity, issue.code, at: entry.path, issue.message)
            }, status: status)
    }
}
