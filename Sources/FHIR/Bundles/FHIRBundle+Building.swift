extension FHIRBundle {
    /// One resource in the result of a search.
    package struct Found: Sendable {
        /// Why a resource is part of a search's result.
        package enum Mode: String, Sendable {
            case match, include, outcome
        }

        package let fullURL: String?
        package let resource: Resource
        package let mode: Mode

        package init(_ resource: Resource, at fullURL: String?, as mode: Mode = .match) {
            self.fullURL = fullURL
            self.resource = resource
            self.mode = mode
        }
    }

    /// What came of one entry of a transaction or batch.
    package struct Answer: Sendable {
        /// The HTTP status with its words, such as `201 Created`.
        package let status: String
        package let location: String?
        package let versionID: String?
        package let lastModified: FHIRDate?
        package let outcome: OperationOutcome?
        package let fullURL: String?
        package let resource: Resource?

        package init(
            status: String, location: String? = nil, versionID: String? = nil, lastModified: FHIRDate? = nil,
            outcome: OperationOutcome? = nil, fullURL: String? = nil, resource: Resource? = nil
        ) {
            self.status = status
            self.location = location
            self.versionID = versionID
            self.lastModified = lastModified
            self.outcome = outcome
            self.fullURL = fullURL
            self.resource = resource
        }

        fileprivate var json: JSON {
            [
                "fullUrl": .text(fullURL),
                "resource": resource?.json,
                "response": [
                    "status": .string(status),
                    "location": .text(location),
                    "etag": versionID.map { "W/\"\($0)\"" },
                    "lastModified": .text(lastModified?.text),
                    "outcome": outcome?.resource.json
                ]
            ]
        }
    }

    /// The result of a search, or one page of it.
    /// - Parameters:
    ///   - total: how many resources match on all pages; nil where that was not counted.
    ///   - links: relation and address, `self` first: FHIR wants a server to tell which search it understood.
    package static func searchset(
        _ found: [Found], total: Int?, links: [(relation: String, url: String)] = [], at moment: FHIRDate? = nil
    ) -> Resource {
        bundle(.searchset, at: moment, total: total, links: links) {
            found.map { item in
                [
                    "fullUrl": .text(item.fullURL),
                    "resource": item.resource.json,
                    "search": ["mode": .string(item.mode.rawValue)]
                ]
            }
        }
    }

    /// The answer to a transaction or batch: one answer for each entry of the request, in its order.
    package static func response(to kind: Kind, _ answers: [Answer], at moment: FHIRDate? = nil) -> Resource {
        bundle(kind == .batch ? .batchResponse : .transactionResponse, at: moment) { answers.map(\.json) }
    }

    /// Resources put together for a reader, with their addresses where they have any.
    package static func collection(
        _ resources: [(fullURL: String?, resource: Resource)], at moment: FHIRDate? = nil
    ) -> Resource {
        bundle(.collection, at: moment) {
            resources.map { ["fullUrl": .text($0.fullURL), "resource": $0.resource.json] }
        }
    }

    private static func bundle(
        _ kind: Kind, at moment: FHIRDate?, total: Int? = nil, links: [(relation: String, url: String)] = [],
        _ entries: () -> [JSON]
    ) -> Resource {
        Resource(
            "Bundle",
            [
                "type": .string(kind.rawValue),
                "timestamp": .text(moment?.text),
                "total": total.map { .integer($0) },
                "link": .list(links.map { ["relation": .string($0.relation), "url": .string($0.url)] }),
                "entry": .list(entries())
            ])
    }
}
