import Kith
import KithTestSupport
import Storage

/// A participant and a supporter of Riverside, matched, with the conversation that came of it.
struct Pair: Sendable {
    let village: Village
    let referral: Referral
    let match: Match
    let id: Conversation.ID

    var path: String { "/conversations/\(id)" }

    /// Cleo and Ben, unless somebody else is asked for.
    init(
        of participant: Village.Neighbor? = nil, _ supporter: Village.Neighbor? = nil, in village: Village
    ) async throws {
        let (participant, supporter) = (participant ?? village.cleo, supporter ?? village.ben)
        self.village = village
        do {
            try await village.enroll(supporter, .usual(limit: 50))
        } catch Problem.conflict("supporter.known-already") {}
        (referral, match) = try await village.match(village.readyReferral(of: participant), with: supporter)
        let found = try await village.read(as: participant) { db in
            try Conversation.current(with: supporter.id, in: db)?.id
        }
        guard let found else { throw Fault("the match opened no conversation") }
        id = found
    }

    /// Ends the match, as its coordinator.
    func end(for reason: Match.EndReason = .asked) async throws {
        try await village.write(as: village.ana) { [id = match.id] db in
            try Match.load(id, of: db.organization, in: db).end(for: reason, in: db)
        }
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
        let (both, id) = ([match.participant, match.supporter], id)
        try await village.write(asSystemOf: village.riverside) { db in
            let organization = try db.organization
            let keys = try both.map { try db.writingKey(of: $0, in: organization) }
            for numbers in Array(1...count).chunked(by: 500) {
                let rows: [SQL] = try numbers.map { number in
                    let message: Message.ID = db.newID()
                    let side = (number + 1) % 2
                    let body = try Message.sealed("Word \(number)", of: message, with: keys[side])
                    return "(\(organization), \(id), \(number), \(message), \(both[side]), \(body), \(db.now))"
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

extension Village {
    /// Makes a match of it: proposed, and both say yes.
    func match(_ referral: Referral, with supporter: Neighbor) async throws -> (Referral, Match) {
        let match = try await propose(supporter.id, for: referral)
        for side in Match.Side.allCases { try await answer(.yes, to: match, for: side) }
        return (referral, match)
    }
}
