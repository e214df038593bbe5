import Storage

/// Everything about a person on which the rules of the wall depend: what is kept of them and where, and who stands in
/// which relation to it. A plain value, so that the rules can be asked without a database.
package struct Circumstances: Sendable {
    /// A referral of theirs.
    package struct Part: Sendable {
        package let program: Program.ID
        package let referrer: Person.ID?
        package let partner: Partner.ID?
        package let since: Instant
        package let isOpen: Bool
    }

    /// Two people who were proposed to each other, one of whom they are.
    package struct Pair: Sendable {
        package let program: Program.ID
        package let participant: Person.ID
        package let supporter: Person.ID
        package let since: Instant
        package let status: Match.Status
        /// Whether the two ever were in touch.
        package let hasBegun: Bool
        /// Since when the supporter may read what the participant chose them for.
        package var readsSince: [Item: Instant] = [:]

        package var isOpen: Bool { status == .proposed || status == .active }
    }

    /// A role that somebody has at this moment.
    package struct Holder: Sendable {
        package let person: Person.ID
        package let role: Role
        package let program: Program.ID
        package let since: Instant
    }

    /// A record of theirs that is open to somebody at this moment.
    package struct Opened: Sendable {
        package let by: Person.ID
        package let program: Program.ID
        package let since: Instant
    }

    /// A group that they write in.
    package struct Circle: Sendable {
        package let conversation: Conversation.ID
        package let title: String
        package let program: Program.ID
        package let since: Instant
        /// Everybody who is in it, themselves as well.
        package let members: Set<Person.ID>
    }

    /// A program to which they told something that is shown.
    package struct Audience: Sendable {
        package let program: Program.ID
        package let name: String
        package let since: Instant
        /// Everybody to whom it is shown, themselves as well.
        package let members: Set<Person.ID>
    }

    /// A group that they are in, or wait for a place in.
    package struct Place: Sendable {
        package let program: Program.ID
        package let since: Instant
    }

    package let person: Person.ID
    package let parts: [Part]
    package let pairs: [Pair]
    /// Everybody of the organization who has a role, the person themselves as well.
    package let holders: [Holder]
    /// Since when a yes stands, by program.
    package let agreed: [Program.ID: [Wall.Agreement: Instant]]
    package let opened: [Opened]
    /// Whom ladders called for concerns about them, while nobody else has those in hand.
    package let called: [Opened]
    package let circles: [Circle]
    package let audiences: [Audience]
    package let places: [Place]

    /// Whoever calls has established their right to know it. Ten statements.
    package init(of person: Person.ID, in db: Reading) throws {
        self.person = person
        let organization = try db.organization
        parts = try db.all(
            """
            SELECT program_id, referrer_id, partner_id, received_at, queue FROM referral
            WHERE organization_id = \(organization) AND person_id = \(person) ORDER BY received_at, id LIMIT 100
            """
        ) { row in
            let queue: Referral.Queue? = try row["queue"]
            return Part(
                program: try row["program_id"], referrer: try row["referrer_id"], partner: try row["partner_id"],
                since: try row["received_at"], isOpen: queue != nil)
        }
        func pairs(_ column: SQL) -> SQL {
            """
            SELECT m.program_id, m.participant_id, m.supporter_id, m.proposed_at, m.started_at, m.status,
                h.since AS plan_since, s.since AS sheet_since, w.since AS goals_since, t.since AS told_since
            FROM match m
            LEFT JOIN hard_day_plan_share h ON h.organization_id = m.organization_id AND h.match_id = m.id
            LEFT JOIN preparation_sheet_share s ON s.organization_id = m.organization_id AND s.match_id = m.id
            LEFT JOIN goal_share w ON w.organization_id = m.organization_id AND w.match_id = m.id
            LEFT JOIN story_sheet_share t ON t.organization_id = m.organization_id AND t.match_id = m.id
            WHERE m.organization_id = \(organization) AND m.\(column) = \(person)
            """
        }
        self.pairs = try db.all(
            "\(pairs("participant_id")) UNION ALL \(pairs("supporter_id")) ORDER BY proposed_at LIMIT 400"
        ) { row in
            let started: Instant? = try row["started_at"]
            let chosen: [(Item, Instant?)] = [
                (.hardDayPlan, try row["plan_since"]), (.preparationSheet, try row["sheet_since"]),
                (.goals, try row["goals_since"]), (.storySheet, try row["told_since"])
            ]
            return Pair(
                program: try row["program_id"], participant: try row["participant_id"],
                supporter: try row["supporter_id"], since: try row["proposed_at"], status: try row["status"],
                hasBegun: started != nil,
                readsSince: Dictionary(chosen) { $1 }.compactMapValues { $0 })
        }
        holders = try db.all(
            """
            SELECT person_id, role, program_id, since FROM membership
            WHERE organization_id = \(organization) AND ended_at IS NULL
                AND (role <> \(Role.participant) OR person_id = \(person))
            ORDER BY role, since, person_id LIMIT 2000
            """
        ) {
            Holder(
                person: try $0["person_id"], role: try $0["role"], program: try $0["program_id"],
                since: try $0["since"])
        }
        let answers = try db.all(
            """
            SELECT program_id, purpose, given_at FROM consent WHERE organization_id = \(organization)
                AND person_id = \(person) AND granted AND ended_at IS NULL
                AND purpose IN \(list: Wall.Agreement.allCases.map(\.rawValue))
            """
        ) { (try $0["program_id"] as Program.ID, try $0["purpose"] as String, try $0["given_at"] as Instant) }
        agreed = answers.reduce(into: [:]) { all, answer in
            guard let agreement = Wall.Agreement(rawValue: answer.1) else { return }
            all[answer.0, default: [:]][agreement] = answer.2
        }
        opened = try db.all(
            """
            SELECT opened_by, program_id, opened_at FROM record_opening
            WHERE organization_id = \(organization) AND person_id = \(person) AND ends_at > \(db.now)
            """
        ) { Opened(by: try $0["opened_by"], program: try $0["program_id"], since: try $0["opened_at"]) }
        called = try db.all(
            """
            SELECT k.person_id, c.program_id, min(k.at) AS since FROM concern c
            JOIN concern_call k ON k.organization_id = c.organization_id AND k.concern_id = c.id
            WHERE c.organization_id = \(organization) AND c.about_id = \(person)
                AND (c.state = 'escalating' OR c.acknowledged_by = k.person_id) AND EXISTS (SELECT 1 FROM membership m
                WHERE m.organization_id = k.organization_id AND m.person_id = k.person_id
                AND m.program_id = c.program_id AND m.ended_at IS NULL AND m.role IN \(list: Ladder.callable))
            GROUP BY k.person_id, c.program_id
            """
        ) { Opened(by: try $0["person_id"], program: try $0["program_id"], since: try $0["since"]) }
        circles = try Self.circles(of: person, organization, db)
        audiences = try Self.audiences(of: person, in: organization, db)
        places = try db.all(
            """
            SELECT g.program_id, r.asked_at FROM group_member r
            JOIN support_group g ON g.organization_id = r.organization_id AND g.id = r.group_id
            WHERE r.organization_id = \(organization) AND r.person_id = \(person) AND r.ended_at IS NULL
            ORDER BY r.asked_at, r.id LIMIT 200
            """
        ) { Place(program: try $0["program_id"], since: try $0["asked_at"]) }
    }

    private static func circles(
        of person: Person.ID, _ organization: Organization.ID, _ db: Reading
    ) throws -> [Circle] {
        let rows = try db.all(
            """
            SELECT c.id, c.title, c.program_id, m.joined_at, o.person_id FROM conversation_member m
            JOIN conversation c ON c.organization_id = m.organization_id AND c.id = m.conversation_id
                AND c.match_id IS NULL
            JOIN conversation_member o ON o.organization_id = c.organization_id AND o.conversation_id = c.id
                AND o.left_at IS NULL
            WHERE m.organization_id = \(organization) AND m.person_id = \(person) AND m.left_at IS NULL
            ORDER BY m.joined_at, c.id LIMIT 20000
            """
        ) { row in
            (
                circle: Circle(
                    conversation: try row["id"], title: try row["title"], program: try row["program_id"],
                    since: try row["joined_at"], members: []), member: try row["person_id"] as Person.ID
            )
        }
        return Dictionary(grouping: rows, by: \.circle.conversation).values.compactMap { rows in
            rows.first.map {
                Circle(
                    conversation: $0.circle.conversation, title: $0.circle.title, program: $0.circle.program,
                    since: $0.circle.since, members: Set(rows.map(\.member)))
            }
        }.sorted { ($0.since, $0.conversation) < ($1.since, $1.conversation) }
    }

    /// Whether one who may see something is this person, alone or as one of a group.
    package func isOf(_ viewer: Sight.Viewer, _ other: Person.ID) -> Bool {
        switch viewer {
        case .person(let id): id == other
        case .partner: false
        case .group(let id): circles.contains { $0.conversation == id && $0.members.contains(other) }
        case .program(let id): audiences.contains { $0.program == id && $0.members.contains(other) }
        }
    }

    /// Whether somebody has a role at this moment, and since when.
    func since(_ person: Person.ID, _ role: Role, in program: Program.ID) -> Instant? {
        holders.first { $0.person == person && $0.role == role && $0.program == program }?.since
    }

    /// Whether they are a colleague now whose support in this program is over.
    package func isSealed(in program: Program.ID) -> Bool {
        holders.contains { $0.person == person && $0.role != .participant }
            && !parts.contains { $0.program == program && $0.isOpen }
    }
}
