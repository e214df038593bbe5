import Storage

extension Reachability {
    /// How somebody may be reached in a program at this moment: two statements, and one more where they
    /// get text messages. It is for rules, and shown to nobody.
    package static func of(
        _ person: Person.ID, in program: Program.ID, of organization: Organization.ID, db: Reading
    ) throws -> Reachability {
        let here: SQL = """
            SELECT 1 FROM membership m WHERE m.organization_id = p.organization_id AND m.person_id = p.id
            AND m.program_id = \(program) AND m.ended_at IS NULL
            """
        let found = try db.first(
            """
            SELECT p.language, p.do_not_contact, o.time_zone AS house_zone, c.way, c.time_zone, c.hours_from,
                c.hours_until, c.unwanted,
                EXISTS (\(here) AND m.role = \(Role.participant)) OR NOT EXISTS (\(here)) AS needs_consent
            FROM person p JOIN organization o ON o.id = p.organization_id
            LEFT JOIN contact_preference c ON c.organization_id = p.organization_id AND c.person_id = p.id
            WHERE p.organization_id = \(organization) AND p.id = \(person)
            """
        ) { row in
            (
                language: try row["language"] as String, isProhibited: try row["do_not_contact"] as Bool,
                needsConsent: try row["needs_consent"] as Bool, preference: try ContactPreference(row: row)
            )
        }
        guard let found else { throw Problem.notFound }
        let known = try db.all(
            """
            SELECT c.kind, c.address, c.may_leave_message, c.hours, EXISTS (SELECT 1 FROM consent s
                WHERE s.organization_id = c.organization_id AND s.person_id = c.person_id
                AND s.program_id = \(program) AND s.purpose = 'contact-' || c.kind AND s.granted
                AND s.ended_at IS NULL) AS is_agreed
            FROM contact_channel c
            WHERE c.organization_id = \(organization) AND c.person_id = \(person) AND c.ended_at IS NULL ORDER BY c.place
            """
        ) { (channel: try ContactChannel(row: $0), isAgreed: try $0["is_agreed"] as Bool) }
        let country = db.world.countryCode
        func number(_ channel: ContactChannel) -> TextNumber? {
            channel.kind == .text ? channel.number(in: country) : nil
        }
        let stopped = try TextStop.stopped(among: known.compactMap { number($0.channel) }, in: db)
        let lines = known.map { channel, isAgreed in
            Line(channel, isAgreed: isAgreed, isStopped: number(channel).map { stopped[$0] != nil } ?? false)
        }
        return Reachability(
            isProhibited: found.isProhibited, needsConsent: found.needsConsent, lines: lines,
            preference: found.preference, language: found.language)
    }
}

extension ContactPreference {
    /// Reads a preference joined to its organization; where nobody set any, it is the usual one.
    init(row: Row) throws {
        let houseZone: String = try row["house_zone"]
        guard let zone: String = try row["time_zone"] else {
            self.init(timeZone: houseZone)
            return
        }
        let unwanted: String = try row["unwanted"]
        self.init(
            way: try row["way"], timeZone: zone,
            hours: ContactHours(from: try row["hours_from"], until: try row["hours_until"]),
            unwanted: Set(unwanted.split(separator: " ").compactMap { Notice(rawValue: String($0)) }))
    }
}
