import Kith
import KithTestSupport
import Storage
import Testing

@Suite("STOP, START and HELP")
struct TextStopTests {
    private static let number = "(555) 010-0134"
    private static let same = "+15550100134"

    @Test(
        "Nothing of any kind leaves to a stopped number, from any organization, but one last word",
        arguments: TestEngine.available, [false, true])
    func nothing(engine: TestEngine, isStopped: Bool) async throws {
        try await withVillage(engine) { village in
            let town = TextTown(village)
            try await town.give(village.cleo, Self.number)
            try await town.give(village.ben, "1.555.010.0134")
            try await town.give(village.hillside.supporter, "٥٥٥ ٠١٠ ٠١٣٤", in: village.hillside)
            func putAll() async throws {
                try await town.putAll(for: village.cleo)
                try await town.putAll(for: village.ben)
                try await town.putAll(for: village.hillside.supporter, in: village.hillside)
            }
            try await putAll()
            if isStopped { try await town.text("Stop.", from: Self.same) }
            let first = await town.letters()
            if isStopped { try await putAll() }
            for minutes in [1, 60, 60 * 24] { _ = await town.letters(after: minutes * 60) }
            let letters = await town.letters()
            // The premise: without the word every kind leaves for each of the three.
            guard isStopped else {
                #expect(letters.count >= 3 * TextTown.notices.count)
                return
            }
            #expect(first.count == 1 && letters == first)
            #expect(letters.first?.text.contains("No more texts will come to this number") == true)
            #expect(letters.first?.address == Self.same)
            try await town.text("STOP", from: Self.number)
            #expect(await town.letters(after: 60).count == 1, "the last word is the last")
            for neighbor in [village.cleo, village.ben] {
                let house = village.riverside
                let reach = try await village.platform.read(as: .system(house.organization), access: .anyone) {
                    try Reachability.of(neighbor.id, in: house.program, of: house.organization, db: $0)
                }
                for what in Notice.allCases.map(Outgoing.notice) + [.personal] {
                    #expect(reach.decision(on: what, by: .text, at: village.clock.now) == .refuse(.stopped))
                }
            }
        }
    }

    @Test("START undoes what STOP did, and nothing else", arguments: TestEngine.available)
    func start(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let town = TextTown(village)
            try await town.give(village.cleo, Self.number)
            try await town.text("QUIT", from: Self.same)
            try await town.text("HELP", from: Self.same)
            try await town.text("what is this", from: Self.same)
            #expect(await town.letters().count == 1)
            try await town.text("Start", from: Self.same)
            #expect(await town.answer()?.contains("Texts can come to this number again") == true)
            try await town.putAll(for: village.cleo)
            let before = await town.letters().count
            #expect(before > 2)
            // Who took their yes to text messages back has not given it again.
            try await village.takeBack(.contactByText, as: village.cleo)
            try await town.text("STOP", from: Self.same)
            try await town.text("START", from: Self.same)
            try await town.putAll(for: village.cleo)
            let letters = await town.letters()
            #expect(letters.count - before <= 2 && letters.dropFirst(before).allSatisfy { $0.address == Self.same })
        }
    }

    @Test("Whom nobody may contact gets the last word, and no other", arguments: TestEngine.available)
    func prohibited(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let town = TextTown(village)
            try await town.give(village.cleo, Self.number)
            try await village.write(as: village.cleo) { try Person.stopContact(in: $0) }
            for word in ["HELP", "hello", "YES", "START"] { try await town.text(word, from: Self.same) }
            #expect(await town.letters().isEmpty)
            try await town.text("STOP", from: Self.same)
            #expect(await town.letters().count == 1)
            try await town.text("START", from: Self.same)
            #expect(await town.letters().count == 1, "START does not take back what they said themselves")
        }
    }

    @Test(
        "HELP says who, how to reach a person, how to stop, and who helps at once, in their language",
        arguments: TestEngine.available)
    func help(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            var desk = TextTown.desk
            desk.phone = "555-0199"
            let town = TextTown(village, desk: desk)
            try await village.write(as: village.ada) {
                try NeutralNames(sender: "The Tuesday desk", subject: "A note", caller: "Hello").choose(in: $0)
            }
            for (word, said) in [("HELP", "no more texts"), ("AYUDA", "no llegan"), ("مساعدة", "توقف")] {
                try await town.text(word, from: "+15550100177")
                let answer = try #require(await town.answer())
                for part in ["The Tuesday desk", "555-0199", "911", "988", said] {
                    #expect(answer.contains(part), "\(word): \(answer)")
                }
                let telling = village.riverside.everybody.map(\.name) + ["Riverside", "Caregivers", "support", "Kith"]
                for name in telling { #expect(!answer.contains(name), "\(name)") }
            }
            // Their own language comes before that of the word.
            try await town.give(village.ben, Self.number)
            try await village.write(as: village.ben) { db in
                try Person.speak("es", village.ben.id, of: village.riverside.organization, in: db)
                db.record(Event(.personChanged, of: village.ben.id.text, about: village.ben.id))
            }
            try await town.text("help", from: Self.same)
            #expect(await town.answer()?.contains("no llegan") == true)
        }
    }

    @Test("Their page and their coordinator's say that it is stopped, and since when", arguments: TestEngine.available)
    func pages(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let town = TextTown(village)
            let story = try await village.play(in: village.riverside)
            try await town.give(village.cleo, Self.number)
            try await town.village.browsing { browser async throws -> Void in
                let (cleo, ana) = (browser(village.cleo), browser(village.ana))
                let told = "No text messages go to this number since"
                #expect(!(try await cleo.get("/reach").text.contains(told)), "premise")
                try await town.text("STOP", from: Self.same)
                #expect(try await cleo.get("/reach").text.contains(told))
                #expect(try await ana.get("/referrals/\(story.referral)/reach").text.contains(told))
                #expect(try await ana.get("/referrals/\(story.referral)").text.contains("no text messages since"))
                try await town.text("START", from: Self.same)
                #expect(!(try await cleo.get("/reach").text.contains(told)))
            }
        }
    }
}
