import Foundation
import Storage

extension Audit {
    /// Pages of an organization's log with all their records, as one line of JSON each, for whoever checks it with a
    /// program of their own. How the seals are made: docs/audit.md.
    /// - Returns: at most `limit` lines, from page number `first` on; none when there is no such page.
    package static func export(
        _ organization: Organization.ID, from first: Int, limit: Int, in reader: Reader
    ) throws -> [String] {
        let range = first...(first + limit - 1)
        let pages = try reader.all(
            """
            SELECT * FROM audit_page WHERE organization_id = \(organization)
            AND number BETWEEN \(range.lowerBound) AND \(range.upperBound) ORDER BY number
            """, AuditPage.init(row:))
        let events = try records("event", of: organization, on: range, in: reader)
        let disclosures = try records("disclosure", of: organization, on: range, in: reader)
        return pages.map { page in
            let lists = [events, disclosures].map { ($0[page.number] ?? []).map(\.json).joined(separator: ",") }
            return """
                {"organization":"\(organization)","page":\(page.number),"sealedAt":"\(page.sealedAt)",\
                "events":[\(lists[0])],"disclosures":[\(lists[1])],"records":"\(page.records)","hash":"\(page.hash)"}
                """
        }
    }
}
