import Kith
import KithTestSupport
import Storage
import Testing

@Suite("What opens, fills and closes a conversation")
struct ConversationActionTests {
    @Test("A match that starts opens one conversation with its two people", arguments: TestEngine.available)
    func opens(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            let (hers, his) = (try await pair.find(as: village.cleo), try await pair.find(as: village.ben))
            #expect(hers.me == his.other && hers.other == his.me)
            #expect(hers.me.role == .participant && hers.other?.role == .supporter)
            #expect(hers.canWrite && hers.lastSequence == 0)

            let again = try await village.write(asSystemOf: village.riverside) { db in
                db.record(Event(.matchStarted, of: pair.match.id.text, about: pair.match.participant))
                return try Conversation.open(for: pair.match.id, of: pair.match.organization, in: db)
            }
            #expect(again == pair.id)
            #expect(try await village.count("SELECT count(*) FROM conversation") == 1)
            #expect(try await village.count("SELECT count(*) FROM event WHERE kind = 'conversation.opened'") == 1)
        }
    }

    @Test("A match that ends closes it for writing, and both can still read", arguments: TestEngine.available)
    func closes(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            let first = Message.ID(village.platform.world.newIdentifier())
            let sent = try await pair.send("Thank you", as: village.cleo, id: first)
            try await pair.end()
            for neighbor in [village.cleo, village.ben] {
                await #expect(throws: Problem.conflict("conversation.closed")) {
                    try await pair.send("One more", as: neighbor)
                }
                #expect(try await pair.messages(as: neighbor).map(\.body) == ["Thank you"])
                #expect(try await pair.find(as: neighbor).isClosed)
            }
            // Whoever got no answer before the end still learns that it was sent.
            #expect(try await pair.send("Thank you", as: village.cleo, id: first) == sent)
            let current = try await village.read(as: village.cleo) { [ben = village.ben] in
                try Conversation.current(with: ben.id, in: $0)
            }
            #expect(current == nil)
        }
    }

    @Test("A message has a number, a moment and an event without its words", arguments: TestEngine.available)
    func sends(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            let waked = village.platform.hub.listen(to: [.conversation(pair.id.text)])
            let benWaked = village.platform.hub.listen(to: [.person(village.ben.id)])
            let sent = try await pair.send("  The canary sings \n", as: village.cleo)
            #expect(village.ledger.last <= 6)
            #expect(sent == SentMessage(sequence: 1, at: village.clock.now))
            #expect(try await pair.messages(as: village.ben).map(\.body) == ["The canary sings"])
            for await _ in waked { break }
            for await _ in benWaked { break }

            let events = try await village.platform.store.read { reader in
                try reader.all("SELECT * FROM event ORDER BY at, id") { row in
                    "\(try row["kind"] as String) \(try row["object_id"] as String? ?? "")"
                        + " \(try row["details"] as String)"
                }
            }
            #expect(events.contains { $0.hasPrefix("message.sent \(pair.id)") && $0.contains("sequence") })
            #expect(!events.contains { $0.contains("canary") })
        }
    }

    @Test("Sent twice, it is one message and one answer", arguments: TestEngine.available)
    func once(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            let key = Message.ID(village.platform.world.newIdentifier())
            let first = try await pair.send("Hello", as: village.cleo, id: key)
            village.clock.advance(minutes: 5)
            #expect(try await pair.send(" Hello ", as: village.cleo, id: key) == first)
            #expect(try await pair.messages(as: village.cleo).count == 1)
            await #expect(throws: Problem.conflict("message.id-used")) {
                try await pair.send("Hello there", as: village.cleo, id: key)
            }
            // Ben's browser may make the same identifier; it is another message.
            #expect(try await pair.send("Hello", as: village.ben, id: key).sequence == 2)

            let other = try await Pair(of: village.cleo, village.bao, in: village)
            await #expect(throws: Problem.conflict("message.id-used")) {
                try await other.send("Hello", as: village.cleo, id: key)
            }
        }
    }

    @Test("Without the participant's consent nobody writes", arguments: TestEngine.available)
    func consent(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("Hello", as: village.ben)
            try await village.platform.store.write { writer in
                try writer.run("UPDATE consent SET ended_at = '2026-03-02T14:00:00.000Z', ended_by = 'nobody'")
            }
            for neighbor in [village.cleo, village.ben] {
                await #expect(throws: Problem.consentNeeded("take-part")) {
                    try await pair.send("Hello", as: neighbor)
                }
                #expect(try await pair.find(as: neighbor).canWrite == false)
                #expect(try await pair.messages(as: neighbor).count == 1)
            }
        }
    }

    @Test("Taking consent back ends the support, and the conversation with it", arguments: TestEngine.available)
    func withdrawn(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            #expect(try await pair.find(as: village.ben).canWrite)
            try await village.withdrawConsent(of: pair.referral)
            #expect(try await pair.find(as: village.ben).isClosed)
            #expect(try await village.orphans() == [])
        }
    }

    @Test("64 senders at once, each twice: every message once, numbered 1 to 64", arguments: TestEngine.available)
    func atOnce(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            let answers = try await withThrowingTaskGroup(of: (Int, SentMessage).self) { group in
                for number in 0..<128 {
                    let key = Message.ID(
                        World.identifier(at: village.clock.now, Array(repeating: UInt8(number % 64), count: 10)))
                    group.addTask {
                        let sender = number % 64 < 32 ? village.cleo : village.ben
                        return (number % 64, try await pair.send("Message \(number % 64)", as: sender, id: key))
                    }
                }
                return try await group.reduce(into: [:]) { $0[$1.0, default: []].append($1.1) }
            }
            let kept = try await pair.messages(as: village.cleo)
            #expect(kept.map(\.sequence) == Array(1...64))
            #expect(Set(kept.map(\.body)) == Set((0..<64).map { "Message \($0)" }))
            for (number, both) in answers {
                #expect(both.count == 2 && both[0] == both[1])
                #expect(kept.first { $0.sequence == both[0].sequence }?.body == "Message \(number)")
            }
            let events = try await village.count("SELECT count(*) FROM event WHERE kind = 'message.sent'")
            #expect(events == 64)
        }
    }

    @Test("It is sent, then delivered, then read, and says nothing before it is so", arguments: TestEngine.available)
    func delivery(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            let sequence = try #require(try await pair.send("Hello", as: village.cleo).sequence)
            func state() async throws -> Delivery {
                try await pair.find(as: village.cleo).other?.marks.delivery(of: sequence) ?? .sent
            }
            #expect(try await state() == .sent)
            try await pair.see(1...1, reading: true, as: village.cleo)  // her own page
            #expect(try await state() == .sent)
            try await pair.see(1...1, reading: false, as: village.ben)
            #expect(try await state() == .delivered)
            try await pair.see(1...1, reading: true, as: village.ben)
            #expect(try await state() == .read)

            let events = try await village.count("SELECT count(*) FROM event WHERE kind = 'messages.seen'")
            try await pair.see(1...1, reading: true, as: village.ben)
            try await pair.see(2...900, reading: true, as: village.ben)
            #expect(try await village.count("SELECT count(*) FROM event WHERE kind = 'messages.seen'") == events)
            #expect(try await pair.find(as: village.ben).me.marks == .init(delivered: 1, read: 1))
        }
    }
}

extension Village {
    /// The answer to a question that only the database can be asked.
    func count(_ sql: SQL) async throws -> Int {
        try await platform.store.read { try $0.value(sql, as: Int.self) ?? -1 }
    }
}
