import FHIR
import Foundation
import Kith
import Storage

extension Intake {
    /// Takes a Patient or RelatedPerson in, or finds out who it is here.
    @discardableResult
    mutating func takePerson(_ index: Int) throws -> Receipt {
        if let receipt = receipts[index] { return receipt }
        return try settle(index, person(of: index))
    }

    private mutating func person(of index: Int) throws -> Receipt {
        let resource = delivery.items[index].resource
        let known = try received(index)
        guard let draft = draft(resource), resource.unusableAsPerson == nil else {
            // Of somebody who is here already this changes nothing.
            guard known?.person == nil else { return Receipt(.known, person: known?.person) }
            return Receipt(.kept(resource.unusableAsPerson ?? .nameless))
        }
        if let person = known?.person {
            languages[person] = PersonDraft.languages(of: resource)
            if known?.fingerprint == nil {
                try Person.complete(person, with: draft, of: sender.organization, in: db)
                return Receipt(.taken, person: person)
            }
            // Ids that a sender uses anew for each Bundle would make one person of many.
            guard try known?.fingerprint == resource.json.fingerprint || !isSomebodyElse(person, than: draft) else {
                throw refusal(.conflict, at: index, "id", "this id came before, for somebody else")
            }
            // What they told us themselves since then counts more than a record elsewhere.
            return Receipt(.known, person: person)
        }
        return try newPerson(resource, draft)
    }

    /// Somebody who did not come under this id before: perhaps under another, by a number of theirs.
    private mutating func newPerson(_ resource: Resource, _ draft: PersonDraft) throws -> Receipt {
        let identifiers = resource.personalIdentifiers
        var remarks: [Receipt.Remark] = []
        for other in try KnownIdentifier.people(with: identifiers, of: sender.organization, in: db) {
            if try isSame(other, as: draft) {
                languages[other] = PersonDraft.languages(of: resource)
                try KnownIdentifier.add(identifiers, of: other, in: sender.organization, db)
                return Receipt(.known, person: other)
            }
            remarks = [.sharedIdentifier]
        }
        let person = try Person.add(draft, to: sender.organization, in: db)
        languages[person] = PersonDraft.languages(of: resource)
        try KnownIdentifier.add(identifiers, of: person, in: sender.organization, db)
        return Receipt(.taken, person: person, remarks: remarks)
    }

    private func draft(_ resource: Resource) -> PersonDraft? {
        PersonDraft(resource, language: sender.language, at: FHIRDate(db.now.description, as: .instant))
    }

    /// Whom a reference means. Whoever stands in the delivery is taken in; nobody else is made.
    mutating func whoIs(_ reference: Reference, from index: Int) throws -> (person: Person.ID?, unused: Unused?) {
        switch delivery.target(of: reference, from: index) {
        case .item(let item) where ["Patient", "RelatedPerson"].contains(delivery.items[item].type):
            if let unused = delivery.items[item].resource.unusableAsPerson { return (nil, unused) }
            if let person = try takePerson(item).person { return (person, nil) }
        case .contained(let resource):
            if let unused = resource.unusableAsPerson { return (nil, unused) }
            if let draft = draft(resource) {
                for other in try KnownIdentifier.people(
                    with: resource.personalIdentifiers, of: sender.organization, in: db)
                where try isSame(other, as: draft) { return (other, nil) }
            }
        case .elsewhere(let key):
            let known = try ReceivedResource.find(key.type, key.id, from: sender, in: db)
            if let person = known?.person { return (person, nil) }
            if let unused = known?.unused, unused != .nameless { return (nil, unused) }
        case .item, .unknown: break
        }
        let identifiers = [reference.identifier, reference.soughtIdentifier].compactMap { $0 }
        let people = try KnownIdentifier.people(with: identifiers, of: sender.organization, in: db)
        // Where several people share a number, it names nobody.
        return (people.count == 1 ? people[0] : nil, nil)
    }

    /// Adds somebody of whom only the reference tells: contained in the request, or by name alone. Their record may
    /// still come.
    mutating func introduce(_ reference: Reference, from index: Int) throws -> Person.ID? {
        let target = delivery.target(of: reference, from: index)
        if case .contained(let resource) = target, let draft = draft(resource) {
            return try newPerson(resource, draft).person
        }
        guard let name = reference.display?.trimmed, !name.isEmpty else { return nil }
        let person = try Person.add(
            PersonDraft(name: name, language: sender.language), to: sender.organization, in: db)
        if case .elsewhere(let key) = target {
            try ReceivedResource.note(key.type, key.id, nil, Receipt(.taken, person: person), from: sender, in: db)
        }
        return person
    }

    /// Whether somebody here could be the one a record tells of, whom a shared number points to: nothing speaks against
    /// it, and a name is the same. Test systems, and some real ones, give one number to many people.
    private func isSame(_ person: Person.ID, as draft: PersonDraft) throws -> Bool {
        let (sharesName, sharesYear) = try comparison(person, draft)
        return sharesName && sharesYear != false
    }

    /// Whether everything known speaks against it.
    private func isSomebodyElse(_ person: Person.ID, than draft: PersonDraft) throws -> Bool {
        let (sharesName, sharesYear) = try comparison(person, draft)
        return !sharesName && sharesYear != true
    }

    private func comparison(_ person: Person.ID, _ draft: PersonDraft) throws -> (name: Bool, year: Bool?) {
        let found = try db.first(
            """
            SELECT name, birth_year FROM person
            WHERE organization_id = \(sender.organization) AND id = \(person)
            """
        ) { (name: try $0["name"] as String, year: try $0["birth_year"] as Int?) }
        guard let found else { return (false, nil) }
        let sharesName = !Self.words(found.name).isDisjoint(with: Self.words(draft.name))
        guard let year = found.year, let other = draft.birthYear else { return (sharesName, nil) }
        return (sharesName, year == other)
    }

    private static func words(_ name: String) -> Set<String> {
        Set(name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init).filter { $0.count > 1 })
    }
}

extension Reference {
    /// The identifier of `Patient?identifier=system|value`.
    fileprivate var soughtIdentifier: FHIR.Identifier? {
        guard case .conditional(_, let query) = target, query.hasPrefix("identifier="), !query.contains("&"),
            let token = query.dropFirst("identifier=".count).removingPercentEncoding
        else { return nil }
        let parts = token.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 ? FHIR.Identifier(system: String(parts[0]), value: String(parts[1])) : nil
    }
}
