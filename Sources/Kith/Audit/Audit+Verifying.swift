import Storage

extension Audit {
    /// What reading a whole log again found.
    package struct Findings: Sendable, Equatable {
        package var pages = 0
        package var records = 0
        /// Records that no page holds yet: of the last second, or left behind by a process that was killed.
        package var loose = 0
        /// The first page that is not as it was sealed; nil when all are.
        package var broken: Break?

        package var isWhole: Bool { broken == nil }
    }

    /// Where a log no longer is what was sealed.
    package struct Break: Sendable, Equatable {
        package enum What: String, Sendable {
            /// A record of it was changed, taken out or put in.
            case records
            /// Its own row was changed, or the page before was put right without it.
            case seal
            /// It is missing, and there are later ones, or a checkpoint knows it.
            case missing
            /// It is sealed as it should be, but a checkpoint holds another seal: the log was written anew.
            case rewritten
        }

        package let page: Int
        package let what: What
        /// When it was sealed, as far as it is there.
        package let sealedAt: Instant?
    }

    /// How many pages are read at a time.
    private static let stride = 200

    /// Reads everything again and compares it with the seals, page by page; memory does not grow with the log.
    /// - Parameter checkpoints: seals kept elsewhere, by page number.
    package static func verify(
        _ organization: Organization.ID, against checkpoints: [Int: String] = [:], in reader: Reader
    ) throws -> Findings {
        var findings = Findings()
        var previous = AuditPage.beginning(of: organization)
        while findings.isWhole {
            let first = findings.pages + 1
            let range = first...(first + stride - 1)
            let pages = try reader.all(
                """
                SELECT * FROM audit_page WHERE organization_id = \(organization)
                AND number BETWEEN \(range.lowerBound) AND \(range.upperBound) ORDER BY number
                """, AuditPage.init(row:))
            let events = try records("event", of: organization, on: range, in: reader)
            let disclosures = try records("disclosure", of: organization, on: range, in: reader)
            for page in pages where findings.isWhole {
                guard page.number == findings.pages + 1 else { break }
                findings.broken = check(
                    page, events[page.number] ?? [], disclosures[page.number] ?? [], after: previous,
                    checkpoints[page.number])
                previous = page.hash
                findings.pages += 1
                findings.records += page.events + page.disclosures
            }
            if findings.isWhole, findings.pages < range.upperBound { break }
        }
        if findings.isWhole { findings.broken = try missing(after: findings.pages, organization, checkpoints, reader) }
        for table in ["event", "disclosure"] as [SQL] {
            let loose: SQL = "organization_id = \(organization) AND page IS NULL"
            findings.loose += try reader.value("SELECT count(*) FROM \(table) WHERE \(loose)") ?? 0
        }
        return findings
    }

    static func records(
        _ table: SQL, of organization: Organization.ID, on range: ClosedRange<Int>, in reader: Reader
    ) throws -> [Int: [AuditRecord]] {
        let found = try reader.all(
            """
            SELECT * FROM \(table) WHERE organization_id = \(organization)
            AND page BETWEEN \(range.lowerBound) AND \(range.upperBound) ORDER BY page, id
            """
        ) { row in
            (
                page: try row["page"] as Int,
                record: try table.text == "event" ? AuditRecord(event: row) : AuditRecord(disclosure: row)
            )
        }
        return Dictionary(grouping: found, by: \.page).mapValues { $0.map(\.record) }
    }

    private static func check(
        _ page: AuditPage, _ events: [AuditRecord], _ disclosures: [AuditRecord], after previous: String,
        _ checkpoint: String?
    ) -> Break? {
        let again = AuditPage(
            number: page.number, events: events, disclosures: disclosures, at: page.sealedAt, after: previous)
        if again.records != page.records || again.events != page.events || again.disclosures != page.disclosures {
            return Break(page: page.number, what: .records, sealedAt: page.sealedAt)
        }
        if again.hash != page.hash { return Break(page: page.number, what: .seal, sealedAt: page.sealedAt) }
        if let checkpoint, checkpoint != page.hash {
            return Break(page: page.number, what: .rewritten, sealedAt: page.sealedAt)
        }
        return nil
    }

    /// Whether there is anything behind the last page, in the log or in what is known of it elsewhere.
    private static func missing(
        after last: Int, _ organization: Organization.ID, _ checkpoints: [Int: String], _ reader: Reader
    ) throws -> Break? {
        let further = try reader.exists(
            """
            SELECT 1 FROM audit_page WHERE organization_id = \(organization) AND number > \(last)
            UNION ALL SELECT 1 FROM event WHERE organization_id = \(organization) AND page > \(last)
            UNION ALL SELECT 1 FROM disclosure WHERE organization_id = \(organization) AND page > \(last)
            """)
        guard further || checkpoints.keys.contains(where: { $0 > last }) else { return nil }
        return Break(page: last + 1, what: .missing, sealedAt: nil)
    }
}
