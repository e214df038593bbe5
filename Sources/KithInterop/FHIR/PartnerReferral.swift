import FHIR
import Kith
import Storage

/// A referral as the partner that sent it may see it: what it sent, and what the person and the program let it know.
struct PartnerReferral: Sendable {
    let referral: Referral
    /// What it sent; nil where it came by another door.
    let exchange: ReferralExchange?
    /// Why the person was referred, in the partner's words; nil when they can no longer be read.
    let reason: String?
    let told: [Referral.Told]
    /// When what it may see last changed.
    let changedAt: Instant
    let organizationName: String
    let partnerName: String
    /// The program's own words for why it declined.
    let declineWords: [String: String]
    /// What has to go along, in a program under 42 CFR Part 2.
    let notice: RedisclosureNotice?

    /// One of the partner's own.
    /// - Throws: ``Problem/notFound`` for anything else, whoever's it is.
    static func find(_ id: Referral.ID, of partner: Partner.ID, in db: Reading) throws -> PartnerReferral {
        let one: SQL = "AND r.id = \(id)"
        guard let found = try all(of: partner, where: one, most: 1, in: db).first else { throw Problem.notFound }
        db.disclose(.status, of: found.referral.person)
        return found
    }

    /// The referral behind an id that a partner was given, if it is its own.
    static func id(_ id: String, of partner: Partner.ID, in db: Reading) throws -> Referral.ID? {
        guard let id = Referral.ID(untrusted: id) else { return nil }
        return try db.value(
            """
            SELECT id FROM referral WHERE organization_id = \(db.organization) AND id = \(id)
            AND partner_id = \(partner)
            """)
    }

    /// The partner's own in the order in which they came, each with what it may know. Four statements, and one more
    /// for each policy that something was declined by. Whoever hands them out notes the disclosure.
    static func all(
        of partner: Partner.ID, where condition: SQL, most: Int, in db: Reading
    ) throws -> [PartnerReferral] {
        let organization = try db.organization
        let rows = try db.all(
            """
            SELECT r.*, \(TextKey.wrapped(of: "r.person_id", in: "r.organization_id")) AS wrapped_key,
                g.policy_version AS judged_by, o.name AS organization_name, t.name AS partner_name,
                x.guide, x.service_request, x.task,
                y.guide AS earlier_guide, y.service_request AS earlier_service_request, y.task AS earlier_task
            FROM referral r
            JOIN referral g ON g.organization_id = r.organization_id AND g.id = coalesce(r.merged_into_id, r.id)
            JOIN organization o ON o.id = r.organization_id
            JOIN partner t ON t.organization_id = r.organization_id AND t.id = r.partner_id
            LEFT JOIN referral_exchange x ON x.organization_id = r.organization_id AND x.referral_id = r.id
            LEFT JOIN referral_exchange y ON y.organization_id = r.organization_id AND y.referral_id = r.reopens_id
            WHERE r.organization_id = \(organization) AND r.partner_id = \(partner) \(condition)
            ORDER BY r.id LIMIT \(most)
            """
        ) { row in
            let referral = try Referral(row: row)
            return (
                referral: referral, reason: referral.reason(with: try db.key(row["wrapped_key"], of: referral.person)),
                exchange: try ReferralExchange(row: row) ?? ReferralExchange(row: row, prefix: "earlier_"),
                policy: try row["judged_by"] as Int, organization: try row["organization_name"] as String,
                partner: try row["partner_name"] as String
            )
        }
        let referrals = rows.map(\.referral)
        let told = try Referral.told(of: referrals, in: db)
        let notices = try RedisclosureNotice.all(of: referrals, in: db)
        let changes = try releaseChanges(of: referrals, in: db)
        var words: [String: [String: String]] = [:]
        return try rows.map { row in
            let referral = row.referral
            let (told, key) = (told[referral.id] ?? [], "\(referral.program) \(row.policy)")
            if told.contains(where: { $0.change == .declined || $0.ending == .rejected }), words[key] == nil {
                words[key] = try PublishedPolicy.version(row.policy, of: referral.program, in: db).policy.declineWords
            }
            let moments = [referral.receivedAt] + told.map(\.at) + (changes[referral.id] ?? [])
            return PartnerReferral(
                referral: referral, exchange: row.exchange, reason: row.reason, told: told,
                changedAt: moments.max() ?? referral.receivedAt, organizationName: row.organization,
                partnerName: row.partner,
                declineWords: words[key] ?? [:], notice: notices[referral.id])
        }
    }

    /// When releasing or taking back changed what a partner sees: only after there was something to release.
    private static func releaseChanges(
        of referrals: [Referral], in db: Reading
    ) throws -> [Referral.ID: [Instant]] {
        guard let organization = referrals.first?.organization else { return [:] }
        let changes = try db.all(
            """
            SELECT n.referral_id, n.at, c.given_at, c.ended_at FROM referral_notice n
            JOIN referral r ON r.organization_id = n.organization_id AND r.id = n.referral_id
            JOIN referral t ON t.organization_id = r.organization_id AND t.id = coalesce(r.merged_into_id, r.id)
            JOIN consent c ON c.organization_id = t.organization_id AND c.person_id = t.person_id
                AND c.program_id = t.program_id AND c.purpose = \(Consent.Purpose.shareStatus) AND c.granted
            WHERE n.organization_id = \(organization) AND n.referral_id IN \(list: referrals.map(\.id))
                AND n.change IN \(list: [ReferralChange.firstContact, .closed, .declined])
            """
        ) { row in
            let (told, given, ended): (Instant, Instant, Instant?) = (
                try row["at"], try row["given_at"], try row["ended_at"]
            )
            return (
                id: try row["referral_id"] as Referral.ID,
                moments: [given, ended].compactMap { $0 }.filter { $0 > told }
            )
        }
        return Dictionary(changes.map { ($0.id, $0.moments) }, uniquingKeysWith: +)
    }
}

extension Reading {
    /// The partner whose system asks.
    /// - Throws: ``Problem/signInNeeded`` for anybody else.
    var partner: Partner.ID {
        get throws(Problem) {
            guard case .partner(let partner) = actor.kind else { throw .signInNeeded }
            return partner
        }
    }
}
