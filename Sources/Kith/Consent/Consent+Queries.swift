import Storage

extension ConsentText {
    /// The words to ask somebody in, for each purpose that has any: in their language where published, else English.
    /// In the order of ``Consent/Purpose``.
    package static func current(
        of program: Program.ID, for language: String, in db: Reading
    ) throws -> [ConsentText] {
        let organization = try db.organization
        let languages = languages(for: language)
        let found = try db.all(
            """
            SELECT * FROM consent_text t
            WHERE t.organization_id = \(organization) AND t.program_id = \(program) AND t.language IN \(list: languages)
            AND t.version = (SELECT max(n.version) FROM consent_text n
                WHERE n.organization_id = t.organization_id AND n.program_id = t.program_id
                AND n.purpose = t.purpose AND n.language = t.language)
            """, ConsentText.init(row:))
        return Consent.Purpose.allCases.compactMap { purpose in
            let suitable = found.filter { $0.purpose == purpose }
            return languages.lazy.compactMap { language in suitable.first { $0.language == language } }.first
        }
    }
}

extension Consent {
    /// An answer with the words it was given to.
    package struct Entry: Sendable {
        package let consent: Consent
        package let language: String
        package let version: Int
    }

    /// Everything somebody ever answered in a program, the newest first, what has ended as well.
    package static func history(
        of person: Person.ID, in program: Program.ID, db: Reading
    ) throws -> [Entry] {
        let organization = try db.organization
        return try db.all(
            """
            SELECT c.*, t.language, t.version FROM consent c
            JOIN consent_text t ON t.organization_id = c.organization_id AND t.id = c.text_id
            WHERE c.organization_id = \(organization) AND c.person_id = \(person) AND c.program_id = \(program)
            ORDER BY c.given_at DESC, c.id DESC
            """
        ) { Entry(consent: try Consent(row: $0), language: try $0["language"], version: try $0["version"]) }
    }
}

/// Somebody to be asked, and where.
struct ConsentSubject: Sendable {
    let person: Person.ID
    let name: String
    let language: String
    let program: Program.ID
    let programName: String
    /// Whether they take part at this moment; otherwise they may still look back.
    let isParticipant: Bool

    init(row: Row) throws {
        person = try row["person_id"]
        name = try row["name"]
        language = try row["language"]
        program = try row["program_id"]
        programName = try row["program"]
        isParticipant = try row["is_participant"]
    }

    /// The person asking, in a program they take or took part in.
    static func own(in program: Program.ID, _ db: Reading) throws -> ConsentSubject {
        let (organization, me) = (try db.organization, try db.me)
        let found = try db.first(
            """
            SELECT p.id AS person_id, coalesce(p.called, p.name) AS name, p.language, m.program_id, g.name AS program,
                m.ended_at IS NULL AS is_participant
            FROM membership m
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.person_id
            JOIN program g ON g.organization_id = m.organization_id AND g.id = m.program_id
            WHERE m.organization_id = \(organization) AND m.person_id = \(me) AND m.program_id = \(program)
            AND m.role = \(Role.participant)
            """, ConsentSubject.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }

    /// Somebody who was referred, for a coordinator of the program they were referred to.
    static func referred(by referral: String, _ db: Reading) throws -> ConsentSubject {
        let organization = try db.organization
        let found = try db.first(
            """
            SELECT r.person_id, p.name, p.language, r.program_id, g.name AS program, EXISTS (SELECT 1 FROM membership m
                WHERE m.organization_id = r.organization_id AND m.person_id = r.person_id
                AND m.program_id = r.program_id AND m.role = \(Role.participant) AND m.ended_at IS NULL
                ) AS is_participant
            FROM referral r
            JOIN person p ON p.organization_id = r.organization_id AND p.id = r.person_id
            JOIN program g ON g.organization_id = r.organization_id AND g.id = r.program_id
            WHERE r.organization_id = \(organization) AND r.id = \(referral)
            AND \(db.reach(.consent, of: .referral("r"), as: Ground.working))
            """, ConsentSubject.init(row:))
        guard let found else { throw Problem.notFound }
        db.disclose(.referral, of: found.person)
        return found
    }
}
