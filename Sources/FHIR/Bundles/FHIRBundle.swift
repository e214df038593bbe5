/// A Bundle read: several resources with what is to be done with them. Not called plain Bundle, because every file
/// that imports Foundation has one of those already.
package struct FHIRBundle: Sendable {
    /// http://hl7.org/fhir/R4/valueset-bundle-type.html
    package enum Kind: String, Sendable, CaseIterable {
        case document, message, transaction
        case transactionResponse = "transaction-response"
        case batch
        case batchResponse = "batch-response"
        case history, searchset, collection

        /// Whether each entry says what the server shall do with it.
        var asksForAction: Bool { self == .transaction || self == .batch }
    }

    package let kind: Kind
    package let entries: [Entry]
    /// `total`: how many resources a search found on all its pages.
    package let total: Int?
    /// The pages of a search result, by relation: self, next, previous.
    package let links: [String: String]
    let lookup: Lookup

    /// One entry, in the order of the Bundle.
    package struct Entry: Sendable {
        /// The place in the Bundle, counted from 0.
        package let position: Int
        /// The address the resource goes by inside the Bundle: absolute, or `urn:uuid:…` for one without an address.
        package let fullURL: String?
        package let resource: Resource?
        /// What shall be done; always there in a transaction or batch, never elsewhere.
        package let request: Request?
        /// match, include or outcome in the result of a search.
        package let searchMode: String?
        /// The entry as it is, with what is not named here, such as `response`.
        package let json: JSON

        /// Where the entry stands: `Bundle.entry[3]`.
        package var path: String { "Bundle.entry[\(position)]" }
    }

    /// Reads a Bundle. Refuses one whose type is unknown, whose full URLs are not unique (bdl-7) and, for a
    /// transaction or batch, entries that do not say clearly what shall be done. The resources inside are not looked
    /// at: see ``Validator``.
    package init(_ resource: Resource) throws(OperationOutcome) {
        guard resource.type == "Bundle", let kind = resource["type"]?.text.flatMap(Kind.init) else {
            throw OperationOutcome(
                Issue(.error, .structure, at: "Bundle.type", "a Bundle with a known type was expected"))
        }
        var issues: [Issue] = []
        var entries: [Entry] = []
        var identities: Set<String> = []
        var lookup = Lookup()
        for (position, json) in (resource["entry"]?.items ?? []).enumerated() {
            let entry = Self.entry(json, at: position, in: kind, &issues)
            entries.append(entry)
            lookup.add(entry)
            guard let url = entry.fullURL else { continue }
            // A history, and any Bundle but one that is to be carried out, may hold several versions of a resource.
            let version = kind.asksForAction ? "" : entry.resource?.versionID ?? ""
            if !identities.insert("\(url) \(version)").inserted, kind != .history {
                let message = "the same fullUrl stands at more than one entry of this Bundle"
                issues.append(Issue(.error, .duplicate, at: "\(entry.path).fullUrl", message))
            }
        }
        if kind == .transaction { issues += Self.overlaps(entries) }
        // A Bundle that cannot be carried out is the sender's mistake as a whole, whatever its parts would say alone.
        guard issues.isEmpty else { throw OperationOutcome(issues, status: 400) }
        self.kind = kind
        self.entries = entries
        self.lookup = lookup
        total = resource["total"]?.integer
        links = Dictionary(
            (resource["link"]?.items ?? []).compactMap { link in
                link["relation"]?.text.flatMap { relation in link["url"]?.text.map { (relation, $0) } }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The resources of all entries that have one.
    package var resources: [Resource] { entries.compactMap(\.resource) }

    /// The entries in the order in which a transaction must be carried out: DELETE, POST, PUT and PATCH, GET and
    /// HEAD; within each, as they stand. http://hl7.org/fhir/R4/http.html#trules
    package var entriesInProcessingOrder: [Entry] {
        let groups = Dictionary(grouping: entries) { $0.request?.method.rank ?? .max }
        return groups.keys.sorted().flatMap { groups[$0] ?? [] }
    }

    private static func entry(
        _ json: JSON, at position: Int, in kind: Kind, _ issues: inout [Issue]
    ) -> Entry {
        let path = "Bundle.entry[\(position)]"
        var (resource, request) = (Resource?.none, Request?.none)
        do throws(Issue) {
            resource = try json["resource"].map { value throws(Issue) in try Resource(value) }
        } catch {
            issues.append(Issue(error.severity, error.code, at: "\(path).resource", error.message))
        }
        if kind.asksForAction {
            do throws(Issue) {
                request = try Request(json["request"], for: resource, at: "\(path).request")
            } catch {
                issues.append(error)
            }
        }
        return Entry(
            position: position, fullURL: json["fullUrl"]?.text, resource: resource, request: request,
            searchMode: json["search", "mode"]?.text, json: json)
    }

    /// A transaction must not touch the same resource twice.
    private static func overlaps(_ entries: [Entry]) -> [Issue] {
        var seen: Set<ResourceKey> = []
        return entries.compactMap { entry in
            guard let request = entry.request, request.method.changes, case .instance(let key) = request.target,
                !seen.insert(key).inserted
            else { return nil }
            let message = "this transaction changes the same resource at another entry, too"
            return Issue(.error, .duplicate, at: "\(entry.path).request.url", message)
        }
    }
}
