import Kith
import Storage

/// Whoever sends resources: a partner's system, or an operator with files.
package struct Sender: Sendable {
    package let organization: Organization.ID
    /// Where a referral arrives that fits no other program better.
    package let program: Program.ID
    /// Who sent it; nil while files name nobody.
    package let partner: Partner.ID?
    /// Ids are unique within a source only: `Patient/1` of two hospitals are two people.
    let source: String
    /// The language of people of whom nothing else is known.
    let language: String
    /// Whether it speaks to us, rather than being found in a file that may speak to anybody.
    let isDirect: Bool

    /// A partner of the organization of whoever asks.
    package static func partner(_ id: Partner.ID, in db: Reading) throws -> Sender {
        let organization = try db.organization
        let found = try db.first(
            """
            SELECT t.program_id, o.locale FROM partner t JOIN organization o ON o.id = t.organization_id
            WHERE t.organization_id = \(organization) AND t.id = \(id) AND t.ended_at IS NULL
            """
        ) { (program: try $0["program_id"] as Program.ID, locale: try $0["locale"] as String) }
        guard let found else { throw Problem.notFound }
        return Sender(
            organization: organization, program: found.program, partner: id, source: id.text, language: found.locale,
            isDirect: true)
    }

    /// Files for a program of the organization of whoever asks.
    package static func files(for program: Program.ID, in db: Reading) throws -> Sender {
        let organization = try Organization.current(in: db)
        return Sender(
            organization: organization.id, program: try Program.find(program, in: db).id, partner: nil,
            source: "import", language: organization.locale, isDirect: false)
    }

    /// The program a request is for, by the words each program's policy names; the sender's own where several or
    /// none fit.
    func program(for words: String, in db: Reading) throws -> Program.ID {
        let words = words.lowercased()
        let fitting = try Program.all(of: organization, in: db).map(\.id).filter { program in
            try PublishedPolicy.current(of: program, in: db).policy.topics.contains { words.contains($0) }
        }
        return fitting.count == 1 ? fitting[0] : program
    }

    /// The partner a referral is credited to. Files that name nobody are credited to one partner without a system, so
    /// that what came by them has a sender like any other.
    func partner(in db: Writing) throws -> Partner.ID {
        if let partner { return partner }
        let name = "Imported files"
        let known = try db.value(
            """
            SELECT id FROM partner WHERE organization_id = \(organization) AND name = \(name)
            AND token_hash IS NULL AND ended_at IS NULL ORDER BY id LIMIT 1
            """, as: Partner.ID.self)
        return try known ?? Organization.addPartner(named: name, sendingTo: program, token: nil, in: db)
    }
}
