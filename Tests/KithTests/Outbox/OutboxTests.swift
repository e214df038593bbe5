import Kith
import KithTestSupport
import Storage
import Testing

/// Cleo and Ben, who write to each other and may be told by mail that there is something new.
struct MailPair: Sendable {
    let village: Village
    let pair: Pair
    let postbox = Postbox()

    init(in village: Village) async throws {
        pair = try await Pair(in: village)
        self.village = village.carrying()
        try await self.village.reachByMail(village.cleo, at: "cleo@home.example")
        try await self.village.reachByMail(village.ben, at: "ben@home.example")
    }

    func write(_ text: String = "How was the week?", as neighbor: Village.Neighbor? = nil) async throws {
        let (id, sender) = (pair.id, neighbor ?? village.ben)
        let key = Message.ID(village.platform.world.newIdentifier())
        try await village.write(as: sender) { _ = try Message.send(text, as: key, to: id, in: $0) }
    }

    func read(_ through: Int, as neighbor: Village.Neighbor? = nil) async throws {
        let id = pair.id
        try await village.write(as: neighbor ?? village.cleo) {
            try Conversation.find(id, in: $0).see(1...through, reading: true, in: $0)
        }
    }

    func workOff(after minutes: Int = 5) async -> [Letter] {
        village.clock.advance(minutes: minutes)
        await village.workOff(into: postbox)
        return postbox.letters
    }

    /// How many messages are in each state, and why.
    func states() async throws -> [String] {
        try await village.platform.store.read {
            try $0.values(
                "SELECT state || coalesce(' ' || failure, '') FROM outgoing_message ORDER BY id", as: String.self)
        }
    }
}

@Suite("The outbox")
struct OutboxTests {
    @Test(
        "Whoever is written to is told once that there is something, until they have looked in",
        arguments: TestEngine.available)
    func coalesced(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            for _ in 0..<3 { try await two.write() }
            #expect(await two.workOff(after: 1).isEmpty, "whoever is looking has time to see for themselves")
            let letters = await two.workOff()
            #expect(letters.map(\.address) == ["cleo@home.example"])
            try await two.write()
            #expect(await two.workOff(after: 60).count == 1, "they have not looked in")
            try await two.read(4)
            try await two.write()
            #expect(await two.workOff().count == 2)
            // To answer is to have looked in.
            try await two.write(as: village.cleo)
            try await two.write()
            #expect(await two.workOff().map(\.address) == Array(repeating: "cleo@home.example", count: 3))
            try await two.write(as: village.cleo)
            #expect(await two.workOff().last?.address == "ben@home.example")
            #expect(try await two.village.orphans(of: OutgoingMessage.feature) == [:])
        }
    }

    @Test("It says that there is something, and nothing of what, from whom, or where", arguments: TestEngine.available)
    func telling(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            try await two.write("The oncologist called")
            let letter = try #require(await two.workOff().first)
            #expect(letter.text.contains("There is something new for you") && letter.text.contains("http://localhost"))
            let said = "\(letter.senderName) \(letter.subject) \(letter.text)".lowercased()
            let telling =
                village.riverside.everybody.flatMap { $0.name.lowercased().split(separator: " ").map(String.init) }
                + ["riverside", "caregiver", "oncologist", "support", "conversation", "message", "cleo@home"]
            for word in telling { #expect(!said.contains(word), "\(word)") }
            #expect(!said.contains(village.cleo.id.text) && !said.contains(two.pair.id.text))
        }
    }

    @Test("Of a message that was held back its reader is told, and not its writer", arguments: TestEngine.available)
    func released(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            let held = two.village
            try await held.publishRules(firstHeld: 1, accepting: [village.cleo, village.ben])
            try await two.write(as: village.cleo)
            #expect(await two.workOff().isEmpty, "nobody is told of what waits")
            try await held.settle(held.item(.held), .init(.released), as: village.ana)
            #expect(await two.workOff().map(\.address) == ["ben@home.example"])
        }
    }

    @Test("Whose record is opened is told each time, and not why", arguments: TestEngine.available)
    func opened(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            _ = try await two.village.openings(by: two.pair.referral.id)
            let letters = await two.workOff()
            #expect(letters.map(\.address) == ["cleo@home.example"], "two within a minute are told of once")
            #expect(
                letters.allSatisfy { $0.text.contains("There is something new for you") && !$0.text.contains("record") }
            )
            let other = try await two.village.newcomer("Rudi Roth", .supervisor)
            _ = try await two.village.open(two.pair.referral.id, as: other)
            #expect(await two.workOff().count == 2)
        }
    }

    @Test("What somebody sees before it leaves never leaves, and is not kept", arguments: TestEngine.available)
    func seen(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            try await two.write()
            try await two.read(1)
            #expect(await two.workOff().isEmpty)
            #expect(try await two.states().isEmpty)
        }
    }

    @Test("The rule is asked again right before it leaves", arguments: TestEngine.available)
    func askedAgain(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            try await two.write()
            try await two.village.write(as: village.cleo) { try Person.stopContact(in: $0) }
            #expect(await two.workOff().isEmpty)
            #expect(try await two.states() == ["withheld prohibited"])
            try await two.village.write(as: village.cleo) { try Person.allowContact(in: $0) }
            try await two.write()
            #expect(await two.workOff().count == 1, "what was withheld holds nothing back")
            try await two.read(2)
            try await two.write()
            try await two.village.takeBack(.contactByEmail, as: village.cleo)
            #expect(await two.workOff().count == 1)
            #expect(try await two.states().last == "withheld not-agreed")
            // Nor is anything put in for somebody who must not be told.
            try await two.write()
            #expect(try await two.states().count == 3)
        }
    }

    @Test("At night it waits for the morning", arguments: TestEngine.available)
    func night(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            try await two.village.write(as: village.cleo) { db in
                let preference = ContactPreference(way: .email, timeZone: "America/New_York")
                try preference.set(for: village.cleo.id, of: village.riverside.organization, in: db)
            }
            // Nine in the morning; ten in the evening is thirteen hours later.
            village.clock.advance(hours: 13)
            try await two.write()
            #expect(await two.workOff(after: 120).isEmpty)
            #expect(await two.workOff(after: 8 * 60).isEmpty)
            #expect(await two.workOff(after: 70).count == 1, "nine in the morning has come")
        }
    }

    @Test("Nothing is put in by a write that fails", arguments: TestEngine.available)
    func rolledBack(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            let (id, key) = (two.pair.id, Message.ID(village.platform.world.newIdentifier()))
            await #expect(throws: Fault.self) {
                try await two.village.write(as: village.ben) { db in
                    _ = try Message.send("Hello", as: key, to: id, in: db)
                    try OutgoingMessage.put(
                        .message, to: village.cleo.id, in: village.riverside.program,
                        of: village.riverside.organization, db: db)
                    throw Fault("the process ends here")
                }
            }
            #expect(try await two.states().isEmpty)
        }
    }

    @Test(
        "Both are told of a visit but for who planned it; a referrer by the program's policy",
        arguments: TestEngine.available)
    func others(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            try await two.village.reachByMail(village.dana, at: "dana@clinic.example")
            let match = two.pair.match.id
            let visit = try await two.village.write(as: village.ben) { db in
                let plan = Encounter.Plan(mode: .inPerson, startsAt: db.now.adding(hours: 48), place: "Library")
                return try Encounter.plan(plan, with: ActiveMatch.find(match, in: db), in: db)
            }
            #expect(await two.workOff().map(\.address) == ["cleo@home.example"])
            try await two.village.write(as: village.cleo) { db in
                try ContactPreference(
                    way: .email, timeZone: "UTC", hours: .always, unwanted: [.visit]
                ).set(for: village.cleo.id, of: village.riverside.organization, in: db)
            }
            try await two.village.write(as: village.ben) { try Encounter.find(visit, in: $0).cancel(in: $0) }
            #expect(await two.workOff().count == 1, "she wants to hear of messages only")
            // The policy says no, then yes.
            for (writes, count) in [(false, 0), (true, 1)] {
                let referral = try await two.village.write(as: village.dana) { db in
                    let draft = ReferralDraft(
                        program: village.riverside.program, who: .new(PersonDraft(name: "Nora North")),
                        origin: .referrer, referrer: village.dana.id, reason: "Company")
                    return try Referral.open(draft, of: db.organization, in: db).id
                }
                _ = try await two.village.write(asSystemOf: village.riverside) { db in
                    try Program.publish(
                        Policy(writesToReferrers: writes), for: village.riverside.program, in: db)
                }
                try await two.village.write(as: village.ana) { try Referral.find(referral, in: $0).accept(in: $0) }
                #expect(await two.workOff().count { $0.address == "dana@clinic.example" } == count)
            }
        }
    }
}
