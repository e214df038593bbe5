import Kith
import KithTestSupport
import Storage

/// What matches do, as far as conversations see it: a row, and the events that say that it has started or ended.
enum MatchStandIn {
    static let started = EventKind("match.started")
    static let ended = EventKind("match.ended")

    /// A participant of Riverside, who agrees to take part, is matched with a supporter.
    static func start(
        _ participant: Village.Neighbor, _ supporter: Village.Neighbor, in village: Village
    ) async throws -> Match.ID {
        let house = village.riverside
        try await agree(participant, in: village)
        return try await village.write(asSystemOf: house) { db in
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
            db.record(Event(started, of: match.text, about: participant.id, in: house.program))
            return match
        }
    }

    static func end(_ match: Match.ID, in village: Village) async throws {
        let house = village.riverside
        try await village.write(asSystemOf: house) { db in
            let about = try db.value(
                """
                UPDATE match SET status = 'ended', ended_at = \(db.now)
                WHERE organization_id = \(house.organization) AND id = \(match) RETURNING participant_id
                """, as: Person.ID.self)
            db.record(Event(ended, of: match.text, about: about, in: house.program))
        }
    }

    /// The participant says yes to taking part, unless they have.
    private static func agree(_ participant: Village.Neighbor, in village: Village) async throws {
        let riverside = village.riverside
        let stands = try await village.read(as: participant) { db in
            try Consent.stands(
                .takePart, for: participant.id, in: riverside.program, of: riverside.organization, db: db)
        }
        guard !stands else { return }
        try await village.publishWords()
        try await village.answer(.takePart, yes: true, as: participant)
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
        let match = try await MatchStandIn.start(village.cleo, village.ben, in: village)
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
