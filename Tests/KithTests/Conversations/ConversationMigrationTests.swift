import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Conversations from before there were groups")
struct ConversationMigrationTests {
    @Test("They keep their members, their marks and every message", arguments: TestEngine.available)
    func kept(engine: TestEngine) async throws {
        var before = Features.all.prefix { $0.name != "Encounters" }.map { $0 }
        let last = before.count - 1
        before[last].migrations = [before[last].migrations[0]]
        try await withVillage(engine, features: before) { village in
            let referral = try await village.readyReferral(of: village.cleo)
            try await village.enroll(village.ben, .usual(limit: 5))
            let match = try await village.propose(village.ben.id, for: referral)
            let id = Conversation.ID("0195cf1e-0000-7000-8000-00000000c0de")
            let (house, cleo, ben) = (village.riverside, village.cleo.id, village.ben.id)
            try await village.write(asSystemOf: house) { db in
                let (organization, now) = (house.organization, db.now)
                try db.run(
                    """
                    INSERT INTO conversation (organization_id, id, match_id, program_id, last_sequence, last_at, created_at)
                    VALUES (\(organization), \(id), \(match.id), \(house.program), 2, \(now), \(now))
                    """)
                try db.run(
                    """
                    INSERT INTO conversation_member (organization_id, conversation_id, person_id, role,
                        delivered_sequence, read_sequence)
                    VALUES (\(organization), \(id), \(cleo), 'participant', 2, 1),
                        (\(organization), \(id), \(ben), 'supporter', 2, 2)
                    """)
                for (number, person) in [(1, cleo), (2, ben)] {
                    let message: Message.ID = db.newID()
                    let key = try db.writingKey(of: person, in: organization)
                    let body = try Message.sealed("Word \(number)", of: message, with: key)
                    try db.run(
                        """
                        INSERT INTO message (organization_id, conversation_id, sequence, id, sender_id, body, sent_at)
                        VALUES (\(organization), \(id), \(number), \(message), \(person), \(body), \(now))
                        """)
                }
                db.record(Event(.conversationOpened, of: id.text))
            }
            let steps = try await village.platform.store.migrate(
                Features.all.flatMap(\.migrations), at: "\(village.clock.now)")
            #expect(steps.contains("2026-11-27-conversations-of-groups"))
            let (conversation, messages) = try await village.read(as: village.cleo) { db in
                let conversation = try Conversation.find(id, in: db)
                return (conversation, try conversation.messages(before: nil, limit: 10, in: db))
            }
            #expect(messages.map(\.body) == ["Word 1", "Word 2"])
            #expect(conversation.me.marks == .init(delivered: 2, read: 1))
            #expect(conversation.other?.name == "Ben Boateng" && conversation.match == match.id)
            // What refers to what still holds.
            await #expect(throws: StoreError.self) {
                try await village.platform.store.write { writer in
                    try writer.run("UPDATE message SET conversation_id = 'nowhere' WHERE conversation_id = \(id)")
                }
            }
        }
    }
}
