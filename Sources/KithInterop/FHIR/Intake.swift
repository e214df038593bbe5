import FHIR
import Kith

/// Takes in what others send, in the transaction of whoever asks: people and requests for peer support become people
/// and referrals, of everything else is only noted that it exists.
///
/// What came before is recognized and changes nothing: by its id at its sender, or by a number it is known by.
package struct Intake {
    let sender: Sender
    let delivery: Delivery
    let db: Writing
    /// What became of the items so far, by their index.
    private(set) var receipts: [Int: Receipt] = [:]
    private var hasWritten = false
    /// Languages that records name, for the referral's wishes.
    var languages: [Person.ID: [String]] = [:]
    /// The items that ask for a request to be carried out, by the index of that request.
    let tasks: [Int: Int]

    /// Takes in every resource of a Bundle, or, when it throws, none.
    ///
    /// A partner's requested Task makes a referral of the ServiceRequest in its focus, whatever that asks for; a
    /// ServiceRequest without such a Task makes one when its code or category stands for peer support.
    /// - Parameter db: somebody's transaction in the partner's organization; `/fhir` runs it as the partner, a
    ///   demonstration as the program itself.
    /// - Returns: a receipt for each entry with a resource, by the position of the entry.
    /// - Throws: `OperationOutcome` with the path of what cannot be taken.
    package static func take(_ bundle: FHIRBundle, from partner: Partner.ID, in db: Writing) throws -> [Int: Receipt] {
        try take(bundle, from: Sender.partner(partner, in: db), in: db)
    }

    static func take(_ bundle: FHIRBundle, from sender: Sender, in db: Writing) throws -> [Int: Receipt] {
        var delivery = Delivery()
        let items = delivery.add(bundle)
        var intake = Intake(delivery, from: sender, in: db)
        try intake.take(items)
        let positions = bundle.entries.filter { $0.resource != nil }.map(\.position)
        return Dictionary(uniqueKeysWithValues: zip(positions, items.compactMap { intake.receipts[$0] }))
    }

    /// - Parameter tasks: the delivery's, where they are known already.
    init(_ delivery: Delivery, tasks: [Int: Int]? = nil, from sender: Sender, in db: Writing) {
        self.delivery = delivery
        self.sender = sender
        self.db = db
        self.tasks = tasks ?? delivery.requestingTasks
    }

    /// Takes in some of the items, and whatever others they need.
    /// - Parameter isAlone: whether a partner posted this one resource by itself.
    mutating func take(_ items: [Int], isAlone: Bool = false) throws {
        let byType = Dictionary(grouping: items) { delivery.items[$0].type }
        for index in byType["Patient"] ?? [] { try takePerson(index) }
        for index in byType["ServiceRequest"] ?? [] { try takeRequest(index, isAlone: isAlone) }
        for index in byType["Task"] ?? [] { try takeTask(index) }
        for (type, indexes) in byType.sorted(by: { $0.key < $1.key }) {
            try noteUnused(type, indexes.filter { receipts[$0] == nil })
        }
        guard hasWritten else { return }
        let own = items.compactMap { receipts[$0] }
        let taken = own.count { $0.outcome == .taken }
        let kept = own.count { if case .kept = $0.outcome { true } else { false } }
        var event = Event(.resourcesReceived, in: sender.program, ["taken": "\(taken)", "kept": "\(kept)"])
        event.organization = sender.organization
        db.record(event)
    }

    private mutating func noteUnused(_ type: String, _ indexes: [Int]) throws {
        guard !indexes.isEmpty else { return }
        let resources = indexes.map { (delivery.items[$0].sentID, delivery.items[$0].resource) }
        let changed = try ReceivedResource.noteUnused(type, resources, from: sender, in: db)
        for index in indexes {
            receipts[index] = Receipt(changed.contains(delivery.items[index].sentID) ? .kept(.notNeeded) : .known)
        }
        if !changed.isEmpty { hasWritten = true }
    }

    /// Notes what became of an item in the ledger, where that is new.
    /// - Returns: the receipt; what is kept once more is known.
    mutating func settle(_ index: Int, _ receipt: Receipt) throws -> Receipt {
        let item = delivery.items[index]
        var receipt = receipt
        if receipt.outcome != .taken, let received = try received(index), received.person == receipt.person,
            received.referral == receipt.referral, received.fingerprint == item.resource.json.fingerprint,
            receipt.outcome == .known || receipt.outcome == received.unused.map({ .kept($0) })
        {
            receipt = Receipt(.known, person: receipt.person, referral: receipt.referral)
        } else {
            try ReceivedResource.note(item.type, item.sentID, item.resource, receipt, from: sender, in: db)
            hasWritten = true
        }
        receipts[index] = receipt
        return receipt
    }

    func received(_ index: Int) throws -> ReceivedResource? {
        let item = delivery.items[index]
        return try ReceivedResource.find(item.type, item.sentID, from: sender, in: db)
    }

    /// Says that an item cannot be taken, and so nothing of the transaction.
    func refusal(_ code: Issue.Code, at index: Int, _ element: String = "", _ message: String) -> OperationOutcome {
        let path = delivery.items[index].path
        return OperationOutcome(Issue(.error, code, at: element.isEmpty ? path : "\(path).\(element)", message))
    }
}
