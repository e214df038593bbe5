import FHIR

/// Resources that came together: in one Bundle, or in the files of one import. Knows what refers to what among them.
struct Delivery: Sendable {
    struct Item: Sendable {
        let resource: Resource
        /// Where it stands, as in an OperationOutcome: `Bundle.entry[3].resource`.
        let path: String
        /// What names it at its sender.
        let sentID: String
        fileprivate let place: (bundle: Int, entry: FHIRBundle.Entry)?

        var type: String { resource.type }
    }

    /// Where a reference leads.
    enum Target {
        /// To another item, by its index.
        case item(Int)
        case contained(Resource)
        /// Out of the delivery, to something that came before or never.
        case elsewhere(ResourceKey)
        case unknown
    }

    private(set) var items: [Item] = []
    private var bundles: [FHIRBundle] = []
    /// The items of each Bundle, by the position of their entries.
    private var positions: [[Int: Int]] = []
    private var byKey: [ResourceKey: Int] = [:]

    /// Adds a resource that stands alone.
    @discardableResult
    mutating func add(_ resource: Resource, path: String? = nil, fullURL: String? = nil) -> Int {
        add(resource, path: path ?? resource.type, fullURL: fullURL, place: nil)
    }

    /// Adds every resource of a Bundle. What stands in a Bundle inside it is not looked at.
    @discardableResult
    mutating func add(_ bundle: FHIRBundle) -> [Int] {
        let number = bundles.count
        bundles.append(bundle)
        positions.append([:])
        return bundle.entries.compactMap { entry in
            guard let resource = entry.resource else { return nil }
            let index = add(
                resource, path: "\(entry.path).resource", fullURL: entry.fullURL, place: (number, entry))
            positions[number][entry.position] = index
            return index
        }
    }

    private mutating func add(
        _ resource: Resource, path: String, fullURL: String?, place: (bundle: Int, entry: FHIRBundle.Entry)?
    ) -> Int {
        let item = Item(
            resource: resource, path: path, sentID: Self.sentID(of: resource, fullURL: fullURL), place: place)
        items.append(item)
        if let key = resource.key, byKey[key] == nil { byKey[key] = items.count - 1 }
        return items.count - 1
    }

    /// Where a reference of an item leads.
    func target(of reference: Reference, from index: Int) -> Target {
        guard let target = reference.target else { return .unknown }
        let item = items[index]
        if case .contained(let id) = target {
            return item.resource.contained(id: id).flatMap { try? Resource($0) }.map { .contained($0) } ?? .unknown
        }
        if let place = item.place, let entry = bundles[place.bundle].resolve(target, from: place.entry),
            let found = positions[place.bundle][entry.position]
        {
            return .item(found)
        }
        guard let key = target.key?.unversioned else { return .unknown }
        return byKey[key].map { .item($0) } ?? .elsewhere(key)
    }

    /// The Tasks that ask for a request in the delivery to be carried out, by the index of that request.
    var requestingTasks: [Int: Int] {
        var tasks: [Int: Int] = [:]
        for (index, item) in items.enumerated() where item.type == "Task" {
            let task = ReferralTask(item.resource)
            guard task.isRequest, let focus = task.focus, case .item(let request) = target(of: focus, from: index),
                tasks[request] == nil
            else { continue }
            tasks[request] = index
        }
        return tasks
    }

    /// Its id; for a resource without one its first identifier, its address in the Bundle, or what it says.
    private static func sentID(of resource: Resource, fullURL: String?) -> String {
        if let id = resource.id { return id }
        let identifiers: [FHIR.Identifier] = resource.json.all("identifier")
        if let identifier = identifiers.first(where: { $0.value != nil }) {
            return "\(identifier.system ?? "")|\(identifier.value ?? "")"
        }
        return fullURL ?? "sha256:\(resource.json.fingerprint)"
    }
}
