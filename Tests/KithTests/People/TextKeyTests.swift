import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Texts that only their key opens")
struct TextKeyTests {
    private static let mark = "Marigold"

    /// A village in which somebody wrote into every place that takes words.
    private func written(_ village: Village) async throws -> (pair: Story, encounter: Encounter.ID) {
        let mark = Self.mark
        let pair = try await village.pair()
        try await send("\(mark) from Cleo", as: village.cleo, pair, village)
        try await send("\(mark) from Ben", as: village.ben, pair, village)
        let encounter = try await village.meet(pair)
        try await village.write(encounter, "\(mark) text", words: "\(mark) words", revision: 0)
        try await village.offer(encounter, revision: 1)
        try await village.answer(
            encounter, .changed(words: "\(mark) better", disagreement: "\(mark) otherwise"), revision: 2)
        try await village.sign(encounter, revision: 3)
        try await village.add(encounter, "\(mark) added", as: village.cleo)
        try await village.write(as: village.ana) { [pair] db in
            var wishes = Wishes()
            wishes.words = "\(mark) wishes"
            let referral = try Referral.find(pair.referral, in: db)
            try referral.keep(wishes, in: db)
            try referral.close(as: "goals-met", word: "\(mark) word", in: db)
            try referral.giveFeedback(helped: "yes", again: "yes", words: "\(mark) feedback", in: db)
            _ = try Referral.find(pair.referral, in: db).reopen(because: "\(mark) again", in: db)
        }
        return (pair, encounter)
    }

    private func send(
        _ text: String, as neighbor: Village.Neighbor, _ pair: Story, _ village: Village
    ) async throws {
        let id = Message.ID(village.platform.world.newIdentifier())
        _ = try await village.write(as: neighbor) { try Message.send(text, as: id, to: pair.conversation, in: $0) }
    }

    private func bodies(
        _ pair: Story, on platform: Platform, as neighbor: Village.Neighbor
    ) async throws -> [String?] {
        try await platform.read(as: neighbor.credential) { db in
            try Conversation.find(pair.conversation, in: db).messages(before: nil, limit: 9, in: db).map(\.body)
        }
    }

    /// Everything stored in columns that take words.
    private func stored(_ village: Village) async throws -> [String] {
        try await village.platform.store.read { db in
            try db.values(
                """
                SELECT body FROM message UNION ALL SELECT text FROM note UNION ALL SELECT persons_words FROM note
                UNION ALL SELECT disagreement FROM note WHERE disagreement IS NOT NULL
                UNION ALL SELECT text FROM note_addendum UNION ALL SELECT reason FROM note_addendum
                UNION ALL SELECT reason FROM referral UNION ALL SELECT CAST(wishes AS TEXT) FROM referral_wish
                UNION ALL SELECT words FROM referral_step WHERE words IS NOT NULL
                UNION ALL SELECT word FROM referral_closing WHERE word IS NOT NULL
                UNION ALL SELECT words FROM feedback WHERE words IS NOT NULL
                """)
        }
    }

    @Test("Nothing that people wrote stands readable in the database", arguments: TestEngine.available)
    func sealed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (pair, encounter) = try await written(village)
            let stored = try await stored(village)
            #expect(stored.count > 10 && stored.allSatisfy { !$0.contains(Self.mark) })
            // The premise: they are there, for whoever may read them.
            #expect(
                try await bodies(pair, on: village.platform, as: village.ben) == [
                    "Marigold from Cleo", "Marigold from Ben"
                ])
            let note = try await village.note(encounter, as: village.ben)
            #expect(note?.text == "Marigold text" && note?.personsWords == "Marigold better")
            #expect(note?.disagreement == "Marigold otherwise" && note?.isReadable == true)
            let page = try await village.browsing { try await $0(village.ana).get("/referrals/\(pair.referral)").text }
            for words in ["Marigold wishes", "Marigold word", "Marigold feedback"] { #expect(page.contains(words)) }
        }
    }

    @Test(
        "A text in another row's place, or with a changed letter, shows as unreadable", arguments: TestEngine.available)
    func moved(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            for text in ["one", "two", "three"] { try await send(text, as: village.cleo, pair, village) }
            let keptBodies = try await village.platform.store.read {
                try $0.values("SELECT body FROM message ORDER BY sequence", as: String.self)
            }
            let changed =
                String(keptBodies[2].prefix(10)) + (keptBodies[2].dropFirst(10).first == "A" ? "B" : "A")
                + keptBodies[2].dropFirst(11)
            try await village.platform.store.write { db in
                try db.run("UPDATE message SET body = \(keptBodies[0]) WHERE sequence = 2")
                try db.run("UPDATE message SET body = \(changed) WHERE sequence = 3")
            }
            #expect(try await bodies(pair, on: village.platform, as: village.ben) == ["one", nil, nil])
            let page = try await village.browsing {
                try await $0(village.ben).get("/conversations/\(pair.conversation)").text
            }
            #expect(page.contains("These words can no longer be read."))
        }
    }

    @Test("With their key gone, a person's texts are gone, and nobody else's", arguments: TestEngine.available)
    func destroyed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (pair, encounter) = try await written(village)
            let cleo = village.cleo.id
            let copied = try await stored(village)
            try await village.platform.store.write { db in
                try db.run(
                    """
                    UPDATE person_key SET wrapped = NULL, destroyed_at = '2026-03-02T15:00:00.000Z'
                    WHERE person_id = \(cleo)
                    """)
            }
            #expect(try await stored(village) == copied, "the rows stay; nothing is left that opens them")
            #expect(try await bodies(pair, on: village.platform, as: village.ben) == [nil, "Marigold from Ben"])
            let note = try await village.note(encounter, as: village.ben)
            #expect(note?.isReadable == false && note?.text == "" && note?.personsWords == "")
            let page = try await village.browsing { try await $0(village.ana).get("/referrals/\(pair.referral)") }
            #expect(page.status == .ok && !page.text.contains(Self.mark))
            await #expect(throws: Problem.notFound) {
                try await village.write(asSystemOf: village.riverside) { db in
                    _ = try db.writingKey(of: cleo, in: db.organization)
                }
            }
        }
    }

    @Test(
        "Wrapped anew by another master key, everything opens, and the old key is not needed",
        arguments: TestEngine.available)
    func rotated(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (pair, _) = try await written(village)
            let fresh = try #require(Vault.MasterKey(Array(2...33)))
            let vault = Vault([fresh] + TestWorld.vault.keys)
            while try await vault.rewrap(limit: 2, in: village.platform.store) == 2 {}
            #expect(try await vault.rewrap(in: village.platform.store) == 0)
            var world = village.clock.world
            world.vault = Vault([fresh])
            let later = try await Platform.open(village.platform.store, world: world, shelf: village.platform.shelf)
            #expect(try await bodies(pair, on: later, as: village.ben) == ["Marigold from Cleo", "Marigold from Ben"])
            // The old one alone no longer will do.
            await #expect(throws: OpenError.self) {
                _ = try await Platform.open(
                    village.platform.store, world: village.clock.world, shelf: village.platform.shelf)
            }
        }
    }

    @Test("A process that meets a key it does not know asks for the keys as they are now")
    func reloaded() async throws {
        try await withVillage(.sqlite) { village in
            let pair = try await village.pair()
            try await send("Hello", as: village.cleo, pair, village)
            let fresh = try #require(Vault.MasterKey(Array(2...33)))
            let old = TestWorld.vault.keys
            var world = village.clock.world
            world.vault = Vault(old, reload: { [fresh] + old })
            let other = try await Platform.open(village.platform.store, world: world, shelf: village.platform.shelf)
            _ = try await Vault([fresh] + old).rewrap(in: village.platform.store)
            #expect(try await bodies(pair, on: other, as: village.ben) == ["Hello"])
        }
    }

    @Test("A key file is read as it was written, and nothing else is taken for one")
    func file() throws {
        let keys = try [1, 2].map { try #require(Vault.MasterKey(Array(repeating: $0, count: 32))) }
        #expect(Vault.keys(inFile: Vault.file(of: keys)) == keys)
        #expect(keys[0].name != keys[1].name && keys[0].name.count == 8)
        for wrong in ["", "# nothing", "abc", Vault.file(of: keys) + "half a line"] {
            #expect(Vault.keys(inFile: wrong) == nil)
        }
        #expect(Vault.MasterKey([1, 2, 3]) == nil)
    }
}
