import FHIR
import Kith
import Storage

/// What a sender's ServiceRequest and Task said about themselves, to be said back: numbers, codes, who asked, for whom
/// and when. No reasons, no supporting information, nothing of a record.
struct ReferralExchange: Sendable {
    let guide: Guide
    let serviceRequest: JSON
    /// Nil where the request came without one.
    let task: JSON?

    /// - Parameter prefix: of the columns, where two of them are in one row.
    init?(row: Row, prefix: String = "") throws {
        guard let request: String = try row[prefix + "service_request"] else { return nil }
        let (guide, task): (String, String?) = (try row[prefix + "guide"], try row[prefix + "task"])
        self.guide = Guide(rawValue: guide) ?? .none
        serviceRequest = try JSON(parsing: request)
        self.task = try task.map { try JSON(parsing: $0) }
    }

    static func keep(
        _ serviceRequest: JSON, guide: Guide, of referral: Referral.ID, in organization: Organization.ID, _ db: Writing
    ) throws {
        try db.run(
            """
            INSERT INTO referral_exchange (organization_id, referral_id, guide, service_request)
            VALUES (\(organization), \(referral), \(guide.rawValue), \(serviceRequest.serialized()))
            """)
    }

    /// Follows the sender's own status of its request; what else it says now was said when it came first.
    static func update(
        _ request: ServiceRequest, of referral: Referral.ID, from sender: Sender, in db: Writing
    ) throws {
        let kept = try db.value(
            """
            SELECT service_request FROM referral_exchange
            WHERE organization_id = \(sender.organization) AND referral_id = \(referral)
            """, as: String.self)
        guard let kept = try kept.map({ try JSON(parsing: $0) }), case .object(var object) = kept,
            object["status"] != request.json["status"]
        else { return }
        object["status"] = request.json["status"]
        try db.run(
            """
            UPDATE referral_exchange SET service_request = \(JSON.object(object).serialized())
            WHERE organization_id = \(sender.organization) AND referral_id = \(referral)
            """)
    }

    /// Adds the first Task that asks for it.
    static func add(
        _ task: ReferralTask, _ kept: JSON, to referral: Referral.ID, in organization: Organization.ID, _ db: Writing
    ) throws {
        let guide = Guide(profiles: task.profiles)
        let ofTask: SQL = guide == .none ? "" : ", guide = \(guide.rawValue)"
        try db.run(
            """
            UPDATE referral_exchange SET task = \(kept.serialized()) \(ofTask)
            WHERE organization_id = \(organization) AND referral_id = \(referral) AND task IS NULL
            """)
    }
}

extension Intake {
    func keepExchange(
        _ request: ServiceRequest, at index: Int, for referral: Referral.ID, _ person: Person.ID
    ) throws {
        let kept = echo(
            request.json, at: index, for: person,
            members: ["status", "intent", "category", "priority", "code", "authoredOn"], people: ["subject"],
            others: ["requester"])
        try ReferralExchange.keep(
            kept, guide: Guide(profiles: delivery.items[index].resource.profiles), of: referral,
            in: sender.organization, db)
    }

    func echo(_ task: ReferralTask, at index: Int, for person: Person.ID) -> JSON {
        echo(
            task.json, at: index, for: person, members: ["intent", "priority", "code", "authoredOn"], people: ["for"],
            others: ["requester", "owner"])
    }

    private func echo(
        _ json: JSON, at index: Int, for person: Person.ID, members: [String], people: [String], others: [String]
    ) -> JSON {
        var kept = JSON.Object()
        let identifiers: [FHIR.Identifier] = json.all("identifier")
        kept["identifier"] = .list(identifiers.filter { !$0.isOfFiller })
        for member in members { kept[member] = json[member] }
        for member in people {
            kept[member] = json.one(member).map { echo($0, at: index, meaning: person) }
        }
        for member in others {
            kept[member] = json.one(member).flatMap { echo($0, at: index) }
        }
        return .object(kept)
    }

    /// A reference to somebody taken in, without the name. One that leads nowhere outside its Bundle becomes their
    /// number, or the id they have here.
    private func echo(_ reference: Reference, at index: Int, meaning person: Person.ID) -> JSON {
        switch reference.target {
        case .relative, .absolute, .url: return ["reference": .text(reference.reference)]
        case .urn, .contained, .conditional, .unknown, nil: break
        }
        let resource: Resource? =
            switch delivery.target(of: reference, from: index) {
            case .item(let item): delivery.items[item].resource
            case .contained(let resource): resource
            case .elsewhere, .unknown: nil
            }
        let type = resource?.type ?? reference.type ?? "Patient"
        if let identifier = reference.identifier ?? resource?.personalIdentifiers.first {
            return ["type": .string(type), "identifier": identifier.json]
        }
        return ["reference": .string("\(type)/\(person)")]
    }

    /// A reference to one of the referring side, with the name where one is given. Nil where nothing is left of it.
    private func echo(_ reference: Reference, at index: Int) -> JSON? {
        var display = reference.display
        if display == nil, case .item(let item) = delivery.target(of: reference, from: index) {
            display = delivery.items[item].resource.label
        }
        var kept = JSON.Object()
        switch reference.target {
        case .relative, .absolute, .url: kept["reference"] = .text(reference.reference)
        case .urn, .contained, .conditional, .unknown, nil: break
        }
        kept["identifier"] = reference.identifier?.json
        kept["display"] = .text(display)
        return kept.members.isEmpty ? nil : .object(kept)
    }
}

extension Resource {
    /// The name of an organization or of somebody who works there.
    fileprivate var label: String? {
        if let name = self["name"]?.text { return name }
        if let name = HumanName.preferred(of: json.all("name"))?.display { return name }
        return ["practitioner", "organization"].lazy.compactMap { json.one($0, as: Reference.self)?.display }.first
    }
}
