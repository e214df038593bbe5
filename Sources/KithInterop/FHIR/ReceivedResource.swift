import FHIR
import Kith
import Storage

/// The ledger's line about one resource that came: what it became here, if anything.
struct ReceivedResource {
    /// Nil for somebody who was only named so far, as the subject of a request.
    let fingerprint: String?
    let person: Person.ID?
    let referral: Referral.ID?
    /// Why it became nothing, if so.
    let unused: Unused?

    static func find(_ type: String, _ sentID: String, from sender: Sender, in db: Reading) throws -> ReceivedResource? {
        try db.first(
            """
            SELECT fingerprint, person_id, referral_id, unused FROM received_resource
            WHERE organization_id = \(sender.organization) AND source = \(sender.source) AND type = \(type)
            AND sent_id = \(sentID)
            """
        ) {
            ReceivedResource(
                fingerprint: try $0["fingerprint"], person: try $0["person_id"], referral: try $0["referral_id"],
                unused: try $0["unused"])
        }
    }

    /// Notes what became of a resource, in place of what was noted before.
    /// - Parameter resource: nil for one that was referred to and has not come yet.
    static func note(
        _ type: String, _ sentID: String, _ resource: Resource?, _ receipt: Receipt, from sender: Sender, in db: Writing
    ) throws {
        let isTaken = receipt.person != nil || receipt.referral != nil
        let unused: Unused? = if case .kept(let unused) = receipt.outcome { unused } else { .notNeeded }
        try db.run(
            """
            INSERT INTO received_resource (organization_id, source, type, sent_id, version, fingerprint, outcome,
                unused, person_id, referral_id, received_at)
            VALUES (\(sender.organization), \(sender.source), \(type), \(sentID), \(resource?.versionID),
                \(resource?.json.fingerprint), \(isTaken ? "taken" : "kept"), \(isTaken ? nil : unused),
                \(receipt.person), \(receipt.referral), \(db.now))
            ON CONFLICT (organization_id, source, type, sent_id) DO UPDATE SET version = excluded.version,
                fingerprint = excluded.fingerprint, outcome = excluded.outcome, unused = excluded.unused,
                person_id = excluded.person_id, referral_id = excluded.referral_id
            """)
    }

    /// Notes that resources of one type exist, without any of their content. Few statements for many.
    /// - Returns: the ids of those that are new or changed.
    static func noteUnused(
        _ type: String, _ resources: [(sentID: String, resource: Resource)], from sender: Sender, in db: Writing
    ) throws -> Set<String> {
        // One statement cannot change the same line twice.
        let distinct = Dictionary(resources.map { ($0.sentID, $0.resource) }) { $1 }.sorted { $0.key < $1.key }
        return try distinct.chunked(by: 100).reduce(into: []) { changed, chunk in
            let rows: [SQL] = chunk.map { sentID, resource in
                """
                (\(sender.organization), \(sender.source), \(type), \(sentID), \(resource.versionID),
                \(resource.json.fingerprint), 'kept', \(Unused.notNeeded), \(db.now))
                """
            }
            changed.formUnion(
                try db.values(
                    """
                    INSERT INTO received_resource (organization_id, source, type, sent_id, version, fingerprint,
                        outcome, unused, received_at)
                    VALUES \(SQL.joined(rows))
                    ON CONFLICT (organization_id, source, type, sent_id) DO UPDATE SET version = excluded.version,
                        fingerprint = excluded.fingerprint
                    WHERE received_resource.fingerprint IS DISTINCT FROM excluded.fingerprint
                    RETURNING sent_id
                    """, as: String.self))
        }
    }
}

/// Numbers that people and requests are known by elsewhere. Stored as keyed digests: they can be recognized when they
/// come again, and not be read.
enum KnownIdentifier {
    /// People who have one of these numbers.
    static func people(
        with identifiers: [FHIR.Identifier], of organization: Organization.ID, in db: Reading
    ) throws -> [Person.ID] {
        guard !identifiers.isEmpty else { return [] }
        return try db.values(
            """
            SELECT DISTINCT person_id FROM person_identifier WHERE organization_id = \(organization)
            AND digest IN \(list: identifiers.map { digest($0, "", db) }) ORDER BY person_id
            """)
    }

    static func add(
        _ identifiers: [FHIR.Identifier], of person: Person.ID, in organization: Organization.ID, _ db: Writing
    ) throws {
        for identifier in identifiers {
            try db.run(
                """
                INSERT INTO person_identifier (organization_id, digest, person_id)
                VALUES (\(organization), \(digest(identifier, "", db)), \(person)) ON CONFLICT DO NOTHING
                """)
        }
    }

    /// The referral that a request or Task of this sender began before, by the sender's own number.
    static func referral(
        of type: String, with identifiers: [FHIR.Identifier], from sender: Sender, in db: Reading
    ) throws -> Referral.ID? {
        let digests = placed(identifiers).map { digest($0, "\(sender.source) \(type)", db) }
        guard !digests.isEmpty else { return nil }
        return try db.value(
            """
            SELECT referral_id FROM referral_identifier WHERE organization_id = \(sender.organization)
            AND digest IN \(list: digests) ORDER BY referral_id DESC LIMIT 1
            """)
    }

    static func add(
        _ identifiers: [FHIR.Identifier], of type: String, to referral: Referral.ID, from sender: Sender,
        in db: Writing
    ) throws {
        for identifier in placed(identifiers) {
            try db.run(
                """
                INSERT INTO referral_identifier (organization_id, digest, referral_id)
                VALUES (\(sender.organization), \(digest(identifier, "\(sender.source) \(type)", db)), \(referral))
                ON CONFLICT (organization_id, digest) DO UPDATE SET referral_id = excluded.referral_id
                WHERE referral_identifier.referral_id <> excluded.referral_id
                """)
        }
    }

    /// Without the recipient's numbers, which are not the sender's to give.
    private static func placed(_ identifiers: [FHIR.Identifier]) -> [FHIR.Identifier] {
        identifiers.filter { $0.value != nil && !$0.isOfFiller }
    }

    private static func digest(_ identifier: FHIR.Identifier, _ scope: String, _ db: Reading) -> String {
        db.world.linkKey.derived(for: "identifier|\(scope)|\(identifier.system ?? "")|\(identifier.value ?? "")").text
    }
}

extension FHIR.Identifier {
    /// Whether the recipient of a request gave it.
    var isOfFiller: Bool { type?.has(.fillerIdentifier) == true }
}
