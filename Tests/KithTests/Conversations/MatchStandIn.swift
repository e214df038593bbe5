import Kith
import KithTestSupport
import Storage

/// What matches and consents do, as far as conversations see it: rows, and the events that start and end a match.
enum MatchStandIn {
    static let started = EventKind("match.started")
    static let ended = EventKind("match.ended")

    /// A participant who agrees to take part is matched with a supporter.
    static func start(
        _ participant: Village.Neighbor, _ supporter: Village.Neighbor, of house: Village.House, in village: Village
    ) async throws -> Match.ID {
        try await village.write(asSystemOf: house) { db in
            let draft = ReferralDraft(
                program: house.program, who: .known(participant.id), origin: .referrer, referrer: house.referrer.id,
                reason: "Caring for her mother")
            let referral = try Referral.open(draft, of: house.organization, in: db)
            try db.run(
                """
                INSERT INTO supporter (organization_id, person_id, introduction, caseload_limit, formats, areas, since)
                VALUES (\(house.organization), \(supporter.id), 'Hello', 50, '[]', '[]', \(db.now))
                ON CONFLICT (organization_id, person_id) DO NOTHING
                """)
            let match: Match.ID = db.newID()
            try db.run(
                """
                INSERT INTO match (organization_id, id, referral_id, program_id, participant_id, supporter_id, status,
                    points, reasons, weights_version, proposed_by, proposed_at, started_at)
                VALUES (\(house.organization), \(match), \(referral.id), \(house.program), \(participant.id),
                    \(supporter.id), 'active', 10, '[]', 1, 'system', \(db.now), \(db.now))
                """)
            try agree(participant.id, house, db)
            db.record(Event(started, of: match.text, about: participant.id, in: house.program))
            return match
        }
    }

    static func end(_ match: Match.ID, of house: Village.House, in village: Village) async throws {
        try await village.write(asSystemOf: house) { db in
            let about = try db.value(
                """
                UPDATE match SET status = 'ended', ended_at = \(db.now)
                WHERE organization_id = \(house.organization) AND id = \(match) RETURNING participant_id
                """, as: Person.ID.self)
            db.record(Event(ended, of: match.text, about: about, in: house.program))
        }
    }

    /// The participant takes the consent to take part back.
    static func withdraw(_ participant: Village.Neighbor, of house: Village.House, in village: Village) async throws {
        try await village.write(asSystemOf: house) { db in
            try db.run(
                """
                UPDATE consent SET ended_at = \(db.now), ended_by = 'person'
                WHERE organization_id = \(house.organization) AND person_id = \(participant.id)
                AND purpose = \(Consent.Purpose.takePart) AND ended_at IS NULL
                """)
            db.record(Event(.consentWithdrawn, about: participant.id, in: house.program))
        }
    }

    private static func agree(_ participant: Person.ID, _ house: Village.House, _ db: Writing) throws {
        let stands = try Consent.stands(
            .takePart, for: participant, in: house.program, of: house.organization, db: db)
        guard !stands else { return }
        let (text, consent): (ConsentText.ID, Consent.ID) = (db.newID(), db.newID())
        try db.run(
            """
            INSERT INTO consent_text (organization_id, id, program_id, purpose, language, version, body, published_by,
                published_at)
            SELECT \(house.organization), \(text), \(house.program), \(Consent.Purpose.takePart), 'en',
                CAST(count(*) AS BIGINT) + 1, 'Yes', 'system', \(db.now)
            FROM consent_text WHERE organization_id = \(house.organization)
            """)
        try db.run(
            """
            INSERT INTO consent (organization_id, id, person_id, program_id, purpose, text_id, granted, method,
                signed_as, recorded_by, given_at)
            VALUES (\(house.organization), \(consent), \(participant), \(house.program), \(Consent.Purpose.takePart),
                \(text), \(true), 'browser', 'Signed', 'system', \(db.now))
            """)
        db.record(Event(.consentGiven, of: consent.text, about: participant, in: house.program))
    }
}

/// A participant and a supporter of Riverside, matched, with the conversation that came of it.
struct Pair: Sendable {
    let village: Village
    let match: Match.ID
    let id: Conversation.ID
    private let both: [Village.Neighbor]

    var path: String { "/conversations/\(id)" }

    /// Cleo and Ben.
    init(in village: Village) async throws {
        let match = try await MatchStandIn.start(village.cleo, village.ben, of: village.riverside, in: village)
        self = try await Pair(match, of: village.cleo, village.ben, in: village)
    }

    init(
        _ match: Match.ID, of participant: Village.Neighbor, _ supporter: Village.Neighbor, in village: Village
    ) async throws {
        let found = try await village.read(as: participant) { db in
            try Conversation.current(with: supporter.id, in: db)?.id
        }
        guard let found else { throw Fault("the match opened no conversation") }
        (self.village, self.match, id, both) = (village, match, found, [participant, supporter])
    }

    func find(as neighbor: Village.Neighbor) async throws -> Conversation {
        try await village.read(as: neighbor) { [id] in try Conversation.find(id, in: $0) }
    }

    @discardableResult
    func send(
        _ text: String, as neighbor: Village.Neighbor, id: Message.ID? = nil
    ) async throws -> SentMessage {
        let key = id ?? Message.ID(village.platform.world.newIdentifier())
        return try await village.write(as: neighbor) { [conversation = self.id] in
            try Message.send(text, as: key, to: conversation, in: $0)
        }
    }

    func see(_ range: ClosedRange<Int>, reading: Bool, as neighbor: Village.Neighbor) async throws {
        try await village.write(as: neighbor) { [id] in
            try Conversation.find(id, in: $0).see(range, reading: reading, in: $0)
        }
    }

    func messages(as neighbor: Village.Neighbor, limit: Int = 1_000) async throws -> [Message] {
        try await village.read(as: neighbor) { [id] in
            try Conversation.find(id, in: $0).messages(before: nil, limit: limit, in: $0)
        }
    }

    /// Fills an empty conversation with messages of both in turn, the participant first, not by way of an action.
    func fill(_ count: Int) async throws {
        let (both, id) = (both.map(\.id), id)
        try await village.write(asSystemOf: village.riverside) { db in
            let organization = try db.organization
            for numbers in Array(1...count).chunked(by: 500) {
                let rows: [SQL] = numbers.map { number in
                    let key: Message.ID = db.newID()
                    let sender = both[(number + 1) % 2]
                    return "(\(organization), \(id), \(number), \(key), \(sender), \("Word \(number)"), \(db.now))"
                }
                try db.run(
                    """
                    INSERT INTO message (organization_id, conversation_id, sequence, id, sender_id, body, sent_at)
                    VALUES \(SQL.joined(rows))
                    """)
            }
            try db.run("UPDATE conversation SET last_sequence = \(count), last_at = \(db.now) WHERE id = \(id)")
            db.record(Event(.messageSent, of: id.text))
        }
    }
}
