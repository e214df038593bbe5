import FHIR
import Kith
import Storage

extension Intake {
    /// Makes a referral of a ServiceRequest, finds the one it made before, or keeps it in mind.
    /// - Parameter isAlone: whether a partner posted it by itself: then it is meant for us, whatever it asks for.
    @discardableResult
    mutating func takeRequest(_ index: Int, isAlone: Bool = false) throws -> Receipt {
        if let receipt = receipts[index] { return receipt }
        let request = ServiceRequest(delivery.items[index].resource)
        let isAddressed = sender.isDirect && (isAlone || tasks[index] != nil)
        let judgment = request.judgment(isAddressed: isAddressed)
        let earlier = try earlierReferral(of: index, request.identifiers)
        let receipt =
            if let earlier {
                try again(request, at: index, earlier, judgment)
            } else {
                try first(request, at: index, judgment)
            }
        if let referral = receipt.referral, referral != earlier?.id {
            try KnownIdentifier.add(request.identifiers, of: "ServiceRequest", to: referral, from: sender, in: db)
        }
        return try settle(index, receipt)
    }

    func earlierReferral(of index: Int, _ identifiers: [FHIR.Identifier]) throws -> Referral? {
        let type = delivery.items[index].type
        let id =
            try received(index)?.referral
            ?? KnownIdentifier.referral(of: type, with: identifiers, from: sender, in: db)
        return try id.map { try Referral.load($0, of: sender.organization, in: db) }
    }

    private mutating func first(
        _ request: ServiceRequest, at index: Int, _ judgment: ServiceRequest.Judgment
    ) throws -> Receipt {
        switch judgment {
        case .begins: return try begin(request, at: index, reopening: nil)
        case .history(let isCompleted): return try keepHistory(request, at: index, isCompleted: isCompleted)
        case .unused(let unused): return Receipt(.kept(unused))
        }
    }

    /// The same request once more. It changes nothing, unless the sender withdraws it, or takes up what had ended
    /// before it came here.
    private mutating func again(
        _ request: ServiceRequest, at index: Int, _ referral: Referral, _ judgment: ServiceRequest.Judgment
    ) throws -> Receipt {
        if let person = try subject(of: request, at: index).person, person != referral.person {
            throw refusal(.conflict, at: index, "subject", "this request came before, for somebody else")
        }
        if referral.origin == .history, judgment == .begins {
            return try begin(request, at: index, reopening: referral)
        }
        if request.isWithdrawn { try stop(referral, because: nil) }
        if request.prohibitsContact { try prohibitContact(with: referral.person) }
        try ReferralExchange.update(request, of: referral.id, from: sender, in: db)
        return Receipt(.known, referral: referral.id)
    }

    private mutating func begin(
        _ request: ServiceRequest, at index: Int, reopening history: Referral?
    ) throws -> Receipt {
        let (person, unused) = try participant(in: request, at: index)
        if let unused {
            guard !sender.isDirect else { throw refusal(.businessRule, at: index, "subject", unused.words) }
            return Receipt(.kept(unused))
        }
        guard let person else {
            throw refusal(.businessRule, at: index, "subject", "the person it is for is not here")
        }
        var draft = try draft(of: request, for: person)
        draft.partner = try sender.partner(in: db)
        draft.reopens = history?.id
        let caregiver = caregiver(in: request, at: index)
        draft.forOther = caregiver != nil
        let referral = try Referral.open(draft, of: sender.organization, in: db)
        if let caregiver { try link(person, by: caregiver) }
        if request.prohibitsContact { try prohibitContact(with: person) }
        try keepExchange(request, at: index, for: referral.id, person)
        return Receipt(.taken, referral: referral.id, remarks: request.prohibitsContact ? [.contactProhibited] : [])
    }

    private mutating func keepHistory(
        _ request: ServiceRequest, at index: Int, isCompleted: Bool
    ) throws -> Receipt {
        let (person, unused) = try participant(in: request, at: index)
        if let unused { return Receipt(.kept(unused)) }
        guard let person else {
            throw refusal(.businessRule, at: index, "subject", "the person it is for is not here")
        }
        var draft = try draft(of: request, for: person)
        draft.partner = sender.partner
        let referral = try Referral.keepHistory(
            draft, as: isCompleted ? .completed : .cancelled, of: sender.organization, in: db)
        if request.prohibitsContact { try prohibitContact(with: person) }
        try keepExchange(request, at: index, for: referral, person)
        return Receipt(.taken, referral: referral, remarks: [.history])
    }

    /// Whom a request is for, if they are here or in the delivery.
    private mutating func subject(
        of request: ServiceRequest, at index: Int
    ) throws -> (person: Person.ID?, unused: Unused?) {
        guard let (reference, item) = subjectReference(of: request, at: index) else { return (nil, nil) }
        return try whoIs(reference, from: item)
    }

    /// Whom a request is for, made known here if need be.
    private mutating func participant(
        in request: ServiceRequest, at index: Int
    ) throws -> (person: Person.ID?, unused: Unused?) {
        let found = try subject(of: request, at: index)
        guard found.person == nil, found.unused == nil,
            let (reference, item) = subjectReference(of: request, at: index)
        else { return found }
        return (try introduce(reference, from: item), nil)
    }

    /// Its Task's caregiver, where that names one who came along, else its subject; and the item that says so.
    func subjectReference(of request: ServiceRequest, at index: Int) -> (Reference, from: Int)? {
        if let task = tasks[index], let beneficiary = ReferralTask(delivery.items[task].resource).beneficiary,
            case .item(let item) = delivery.target(of: beneficiary, from: task),
            delivery.items[item].type == "RelatedPerson"
        {
            return (beneficiary, task)
        }
        return request.subject.map { ($0, index) }
    }

    private func draft(of request: ServiceRequest, for person: Person.ID) throws -> ReferralDraft {
        var draft = ReferralDraft(
            program: try sender.program(for: request.words, in: db), who: .known(person), origin: .partner,
            reason: request.reason)
        draft.priority = request.isUrgent ? .urgent : .routine
        draft.wishes.languages = languages[person] ?? []
        return draft
    }

    /// Nothing lifts this from outside.
    private func prohibitContact(with person: Person.ID) throws {
        let isSet = try db.value(
            """
            SELECT contact_prohibited FROM person WHERE organization_id = \(sender.organization) AND id = \(person)
            """, as: Bool.self)
        if isSet != true { try Person.setDoNotContact(true, for: person, in: db) }
    }

    /// The sender takes its request back. Only its own system can; a file from disk is no sender.
    func stop(_ referral: Referral, because reason: String?) throws {
        guard sender.isDirect, try referral.mayBeStoppedBySender(in: db) else { return }
        try referral.requestCancellation(because: reason, in: db)
    }
}

extension Intake {
    /// Follows a Task to the request it is about.
    @discardableResult
    mutating func takeTask(_ index: Int) throws -> Receipt {
        if let receipt = receipts[index] { return receipt }
        let task = ReferralTask(delivery.items[index].resource)
        if let earlier = try earlierReferral(of: index, task.identifiers), earlier.origin != .history {
            return try settle(index, again(task, earlier))
        }
        guard task.isRequest, let focus = task.focus else { return try settle(index, Receipt(.kept(.notARequest))) }
        let receipt = try request(task, focus, at: index)
        if let referral = receipt.referral {
            try KnownIdentifier.add(task.identifiers, of: "Task", to: referral, from: sender, in: db)
        }
        return try settle(index, receipt)
    }

    private func again(_ task: ReferralTask, _ referral: Referral) throws -> Receipt {
        if task.asksToStop { try stop(referral, because: task.statusReason) }
        return Receipt(.known, referral: referral.id)
    }

    private mutating func request(_ task: ReferralTask, _ focus: Reference, at index: Int) throws -> Receipt {
        var (referral, isNew) = (Referral.ID?.none, false)
        switch delivery.target(of: focus, from: index) {
        case .item(let item) where delivery.items[item].type == "ServiceRequest":
            let receipt = try takeRequest(item)
            (referral, isNew) = (receipt.referral, receipt.outcome == .taken)
            if referral == nil, !sender.isDirect { return Receipt(.kept(.requestNotTaken)) }
        case .elsewhere(let key) where key.type == "ServiceRequest":
            referral = try ReceivedResource.find(key.type, key.id, from: sender, in: db)?.referral
            if referral == nil, let partner = sender.partner {
                referral = try PartnerReferral.id(key.id, of: partner, in: db)
            }
        case .item, .contained, .elsewhere, .unknown: break
        }
        guard let referral else {
            guard sender.isDirect else { return Receipt(.kept(.requestNotHere)) }
            throw refusal(
                .businessRule, at: index, "focus",
                "the active ServiceRequest it is about is not here; send both in one transaction, or it first")
        }
        let known = try Referral.load(referral, of: sender.organization, in: db)
        guard known.isOpen || isNew || !sender.isDirect else {
            throw refusal(
                .conflict, at: index, "focus", "this request has ended; to ask again, send a new ServiceRequest")
        }
        try ReferralExchange.add(
            task, echo(task, at: index, for: known.person), to: referral, in: sender.organization, db)
        return Receipt(.taken, referral: referral)
    }
}
