import Storage
import Synchronization

/// The organizations whose log has records that no page seals yet, as far as this process wrote them.
package final class Unsealed: Sendable {
    private let organizations = Mutex<Set<Organization.ID>>([])

    func note(_ organization: Organization.ID?) {
        guard let organization else { return }
        organizations.withLock { _ = $0.insert(organization) }
    }

    fileprivate func take() -> Set<Organization.ID> {
        organizations.withLock { organizations in
            defer { organizations = [] }
            return organizations
        }
    }
}

extension Platform {
    /// Seals what was recorded since the last time. Called every second; what a process left behind when it was killed
    /// is sealed by `everything` at the next start.
    /// - Parameter everything: looks at every organization, not only at those this process wrote for.
    package func seal(everything: Bool = false) async throws {
        var organizations = unsealed.take()
        if everything {
            organizations.formUnion(try await store.read { try $0.values("SELECT id FROM organization") })
        }
        for organization in organizations.sorted() {
            do {
                while try await sealPage(of: organization) == Audit.largestPage {}
            } catch {
                unsealed.note(organization)
                throw error
            }
        }
    }

    private func sealPage(of organization: Organization.ID) async throws -> Int {
        let world = world
        return try await store.write { try Audit.sealPage(of: organization, at: world.now(), in: $0) }
    }
}

extension Audit {
    /// How many records of a kind a page holds at most.
    static let largestPage = 1_000

    /// Puts the oldest records that no page holds yet on a new page. No index of what people look for is touched.
    /// - Returns: how many records of the more frequent kind it took; fewer than ``largestPage`` when none is left.
    static func sealPage(of organization: Organization.ID, at now: Instant, in writer: Writer) throws -> Int {
        let loose: SQL = "organization_id = \(organization) AND page IS NULL"
        let events = try writer.all(
            "SELECT * FROM event WHERE \(loose) ORDER BY id LIMIT \(largestPage)", AuditRecord.init(event:))
        let disclosures = try writer.all(
            "SELECT * FROM disclosure WHERE \(loose) ORDER BY id LIMIT \(largestPage)", AuditRecord.init(disclosure:))
        guard !events.isEmpty || !disclosures.isEmpty else { return 0 }
        let last = try writer.first(
            """
            SELECT number, hash FROM audit_page WHERE organization_id = \(organization) ORDER BY number DESC LIMIT 1
            """
        ) { (number: try $0["number"] as Int, hash: try $0["hash"] as String) }
        let page = AuditPage(
            number: (last?.number ?? 0) + 1, events: events, disclosures: disclosures, at: now,
            after: last?.hash ?? AuditPage.beginning(of: organization))
        try writer.run(
            """
            INSERT INTO audit_page (organization_id, number, events, disclosures, sealed_at, records, hash)
            VALUES (\(organization), \(page.number), \(page.events), \(page.disclosures), \(page.sealedAt),
                \(page.records), \(page.hash))
            """)
        if let last = events.last {
            try writer.run("UPDATE event SET page = \(page.number) WHERE \(loose) AND id <= \(last.id)")
        }
        if let last = disclosures.last {
            try writer.run("UPDATE disclosure SET page = \(page.number) WHERE \(loose) AND id <= \(last.id)")
        }
        return max(events.count, disclosures.count)
    }
}
