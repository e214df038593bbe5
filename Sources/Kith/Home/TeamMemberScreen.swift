import Storage
import Web

/// One supporter of a supervisor's team: whom they support now, with the ways to each request, contact and signed note.
struct TeamMemberScreen: Screen {
    static let template = "home/team-member"

    struct Line: Sendable {
        let match: Match.ID
        let referral: Referral.ID
        let person: Person.ID
        let name: String
        let program: String
        let lastContact: Instant?
    }

    let id: Person.ID
    let name: String
    let people: [Line]

    /// - Throws: ``Problem/notFound`` for anybody who does not support people in a program of the supervisor asking.
    init(_ supporter: Person.ID, in db: Reading) throws {
        let organization = try db.organization
        let found = try db.value(
            """
            SELECT name FROM person p WHERE p.organization_id = \(organization) AND p.id = \(supporter)
            AND EXISTS (SELECT 1 FROM membership m WHERE m.organization_id = p.organization_id AND m.person_id = p.id
                AND m.role = \(Role.supporter) AND m.ended_at IS NULL AND m.program_id IN \(db.reach(.supervisor)))
            """, as: String.self)
        guard let found else { throw Problem.notFound }
        (id, name) = (supporter, found)
        db.disclose(.listed, of: supporter)
        people = try db.all(
            """
            SELECT m.id, m.referral_id, m.participant_id, coalesce(p.called, p.name) AS name, g.name AS program,
                (SELECT max(e.starts_at) FROM encounter e WHERE e.organization_id = m.organization_id
                    AND e.supporter_id = m.supporter_id AND e.match_id = m.id AND e.status = 'done') AS last_contact
            FROM match m
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.participant_id
            JOIN program g ON g.organization_id = m.organization_id AND g.id = m.program_id
            WHERE m.organization_id = \(organization) AND m.supporter_id = \(supporter) AND m.status = 'active'
                AND m.program_id IN \(db.programs(seeing: .match, as: [.supervisor]))
            ORDER BY p.name, m.id LIMIT 60
            """
        ) {
            Line(
                match: try $0["id"], referral: try $0["referral_id"], person: try $0["participant_id"],
                name: try $0["name"], program: try $0["program"], lastContact: try $0["last_contact"])
        }
        for line in people { db.disclose(.listed, of: line.person) }
    }

    func title(_ words: Words) -> String { words("team.title") }

    func shown(_ words: Words) -> Value {
        [
            "name": .text(name), "concernPath": .text("/concerns/new?supporter=\(id)"),
            "people": .list(
                people.map { line in
                    [
                        "name": .text(line.name), "program": .text(line.program),
                        "last": .text(line.lastContact.map(words.ago) ?? words("team.never")),
                        "contactsPath": .text("/encounters?referral=\(line.referral)"),
                        "matchPath": .text("/matches/\(line.match)"),
                        "referralPath": .text("/referrals/\(line.referral)")
                    ]
                })
        ]
    }
}
