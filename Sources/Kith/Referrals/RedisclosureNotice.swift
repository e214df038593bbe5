import Storage

/// What goes along with everything that another organization is told of somebody in a program under 42 CFR Part 2: that
/// it may not be told further (§ 2.32), and what the person agreed to.
package struct RedisclosureNotice: Sendable {
    /// When the person agreed that whoever sent them hears how it goes; nil while no such yes stands.
    package let agreedAt: Instant?

    /// The referrals of one organization that it goes along with. One statement, and one more where there is any.
    package static func all(of referrals: [Referral], in db: Reading) throws -> [Referral.ID: RedisclosureNotice] {
        guard let organization = referrals.first?.organization else { return [:] }
        let policies = try PublishedPolicy.all(of: organization, in: db)
        let under = referrals.filter { policies[$0.program]?.policy.isPart2 == true }
        guard !under.isEmpty else { return [:] }
        let agreed = try db.all(
            """
            SELECT r.id, c.given_at FROM referral r
            LEFT JOIN consent c ON c.organization_id = r.organization_id AND c.person_id = r.person_id
                AND c.program_id = r.program_id AND c.purpose = \(Consent.Purpose.shareStatus) AND c.granted
                AND c.ended_at IS NULL
            WHERE r.organization_id = \(organization) AND r.id IN \(list: under.map(\.id))
            """
        ) { (try $0["id"] as Referral.ID, RedisclosureNotice(agreedAt: try $0["given_at"])) }
        return Dictionary(agreed) { first, _ in first }
    }

    /// The required statement, and how far the consent goes.
    package func sentences(_ words: Words) -> [String] {
        [
            words("part2.notice"),
            agreedAt.map { words("part2.scope", ["day": words.day($0)]) } ?? words("part2.no-consent")
        ]
    }
}
