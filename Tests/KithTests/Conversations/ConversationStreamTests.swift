import Foundation
import Kith
import KithTestSupport
import Testing

@Suite("The live stream", .timeLimit(.minutes(35)))
struct ConversationStreamTests {
    @Test("Messages arrive as they are sent, as text and with their numbers", arguments: TestEngine.available)
    func live(engine: TestEngine) async throws {
        try await withServedPair(engine) { pair, port in
            let village = pair.village
            try await pair.send("Before", as: village.cleo)
            var reader = try await EventReader("\(pair.path)/events?after=1", on: port, as: village.ben)
            #expect(reader.status == 200)
            #expect(reader.head.lowercased().contains("content-type: text/event-stream"))
            try await pair.send("Hello <b>Ben</b>\nhow are you?", as: village.cleo)
            try await pair.send("Fine", as: village.ben)
            let found = await reader.next(2)
            #expect(found.map(\.id) == ["2", "3"])
            #expect(found[0].text("body") == "Hello <b>Ben</b>\nhow are you?")
            #expect(found[0].text("name") == "Cleo Castro" && found[0].text("role") == "Participant")
            #expect(found[0].text("day") == "Monday, March 2" && found[0].text("time") == "9:00 am")
            // Only one's own messages say by what their sender's browser knows them.
            #expect(found[0].text("id") == nil && found[1].text("id") != nil)
            reader.close()
        }
    }

    @Test("After a break exactly what was missed arrives, also what came in between", arguments: TestEngine.available)
    func resumes(engine: TestEngine) async throws {
        try await withServedPair(engine) { pair, port in
            let village = pair.village
            var reader = try await EventReader("\(pair.path)/events?after=0", on: port, as: village.ben)
            for number in 1...3 { try await pair.send("Message \(number)", as: village.cleo) }
            let before = await reader.next(3)
            #expect(before.map { $0.text("body") } == ["Message 1", "Message 2", "Message 3"])
            reader.close()

            for number in 4...40 {
                try await pair.send("Message \(number)", as: number % 2 == 0 ? village.cleo : village.ben)
            }
            var again = try await EventReader(
                "\(pair.path)/events?after=0", on: port, as: village.ben, lastEventID: before.last?.id)
            try await pair.send("Message 41", as: village.cleo)
            let missed = await again.next(38)
            #expect(missed.compactMap { $0.id } == (4...41).map(String.init))
            #expect(missed.map { $0.text("body") } == (4...41).map { "Message \($0)" })
            again.close()

            // Without a place to go on from: what was never delivered, here nothing but the next.
            try await pair.see(1...41, reading: false, as: village.ben)
            var fresh = try await EventReader("\(pair.path)/events", on: port, as: village.ben, lastEventID: "nonsense")
            try await pair.send("Message 42", as: village.cleo)
            #expect(await fresh.next(1).first?.id == "42")
            fresh.close()
            // A place that does not exist is taken for the end.
            var ahead = try await EventReader("\(pair.path)/events?after=900", on: port, as: village.ben)
            try await pair.send("Message 43", as: village.cleo)
            #expect(await ahead.next(1).first?.id == "43")
            ahead.close()
        }
    }

    @Test(
        "The sender is told when the other's browser says that it has arrived, and when it is read",
        arguments: TestEngine.available)
    func delivery(engine: TestEngine) async throws {
        try await withServedPair(engine) { pair, port in
            let village = pair.village
            var cleo = try await EventReader("\(pair.path)/events?after=0", on: port, as: village.cleo)
            #expect(await cleo.next(1, "seen").first?.number("delivered") == 0)
            try await pair.send("Hello", as: village.cleo)
            #expect(await cleo.next(1).first?.id == "1")
            #expect(try await pair.find(as: village.cleo).other?.marks == .init())

            var ben = try await EventReader("\(pair.path)/events?after=0", on: port, as: village.ben)
            #expect(await ben.next(1).first?.id == "1")
            // Ben has it, but the server does not know that: his browser has not said so.
            try await pair.send("And another", as: village.cleo)
            #expect(await ben.next(1).first?.id == "2")
            #expect(try await pair.find(as: village.cleo).other?.marks == .init())
            try await pair.see(1...1, reading: false, as: village.ben)
            let delivered = await cleo.first("seen") { $0.number("delivered") == 1 }
            #expect(delivered?.number("read") == 0)
            try await pair.see(1...1, reading: true, as: village.ben)
            #expect(await cleo.first("seen") { $0.number("read") == 1 } != nil)
            for reader in [cleo, ben] { reader.close() }
        }
    }

    @Test(
        "It ends for whoever signs out or is no supporter any more, and not for the other",
        arguments: TestEngine.available)
    func ends(engine: TestEngine) async throws {
        try await withServedPair(engine) { pair, port in
            let (village, riverside) = (pair.village, pair.village.riverside)
            var (cleo, ben) = (
                try await EventReader("\(pair.path)/events?after=0", on: port, as: village.cleo),
                try await EventReader("\(pair.path)/events?after=0", on: port, as: village.ben)
            )
            try await pair.send("Hello", as: village.cleo)
            for _ in 1...1 {
                #expect(await ben.next(1).first?.id == "1")
                #expect(await cleo.next(1).first?.id == "1")
            }
            try await village.write(as: village.cleo) { db in
                try Session.end(tokenHash: village.cleo.session.hash, in: db)
            }
            let signedOut = ContinuousClock.now
            #expect(await cleo.next(1).isEmpty)
            #expect(ContinuousClock.now - signedOut < .seconds(2))
            try await pair.send("Still here", as: village.ben)
            #expect(await ben.next(1).first?.id == "2")

            try await village.write(asSystemOf: riverside) { db in
                try Person.end(.supporter, in: riverside.program, of: village.ben.id, in: db)
            }
            let start = ContinuousClock.now
            #expect(await ben.next(1).isEmpty)
            #expect(ContinuousClock.now - start < .seconds(2))
            try await village.signBackIn(village.ben)
            let again = try await EventReader("\(pair.path)/events?after=0", on: port, as: village.ben)
            #expect(again.status == 404)
        }
    }

    @Test("It says when the conversation ends", arguments: TestEngine.available)
    func closes(engine: TestEngine) async throws {
        try await withServedPair(engine) { pair, port in
            let village = pair.village
            var reader = try await EventReader("\(pair.path)/events?after=0", on: port, as: village.cleo)
            try await pair.send("Hello", as: village.ben)
            #expect(await reader.next(1).first?.id == "1")
            try await pair.end()
            #expect(await reader.first("closed") { _ in true } != nil)
            reader.close()
        }
    }

    @Test("Streams that wait hold no connection to the store", arguments: TestEngine.available)
    func cheap(engine: TestEngine) async throws {
        try await withServedPair(engine) { pair, port in
            let village = pair.village
            var readers: [EventReader] = []
            for _ in 1...40 {
                readers.append(try await EventReader("\(pair.path)/events?after=0", on: port, as: village.ben))
            }
            // Far more than the store has readers, and it still answers.
            let sent = try await pair.send("Hello all", as: village.cleo)
            #expect(sent.sequence == 1)
            for index in readers.indices {
                #expect(await readers[index].next(1).first?.text("body") == "Hello all")
                readers[index].close()
            }
        }
    }

    private func withServedPair(
        _ engine: TestEngine, _ body: @escaping @Sendable (Pair, Int) async throws -> Void
    ) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.serving { port in try await body(pair, port) }
        }
    }
}

extension Village {
    /// Waits for something that happens soon, and fails when it does not.
    func until(_ isSo: () async throws -> Bool) async throws {
        for _ in 0..<500 {
            if try await isSo() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Fault("it did not happen within five seconds")
    }
}
