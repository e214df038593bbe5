import Foundation
import Kith
import KithTestSupport
import Storage
import Synchronization
import Testing

@Suite("Many with one conversation open", .timeLimit(.minutes(35)))
struct RoomTests {
    private final class Counter: Sendable {
        private let number = Mutex(0)
        var count: Int { number.withLock { $0 } }
        func add() { number.withLock { $0 += 1 } }
    }

    @Test("One read serves all who listen, however many", arguments: TestEngine.available)
    func oneRead(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let counter = Counter()
            var counting = village
            counting.platform.onTransaction = { _ in counter.add() }
            let circle = try await Circle(in: counting)
            let members = try await (1...8).asyncMap { try await circle.joining("Member \($0)") }
            try await counting.serving { port in
                var readers: [EventReader] = []
                for number in 0..<80 {
                    let path = "\(circle.path)/events?after=0"
                    readers.append(try await EventReader(path, on: port, as: members[number % members.count]))
                }
                try await circle.send("The first", as: village.ben)
                for index in readers.indices { #expect(await readers[index].next(1).first?.id == "1") }
                let before = counter.count
                try await circle.send("The second", as: village.ben)
                for index in readers.indices {
                    let event = await readers[index].next(1).first
                    #expect(event?.id == "2" && event?.text("body") == "The second")
                }
                // The message, the one read that finds it, and perhaps one that finds nothing.
                #expect(counter.count - before <= 4)
                for reader in readers { reader.close() }
            }
        }
    }

    @Test("Another process hears at once", arguments: TestEngine.available)
    func told(engine: TestEngine) async throws {
        guard engine == .postgres else { return }
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let nora = try await circle.joining("Nora North")
            let other = try await village.inAnotherProcess(lookingEvery: .seconds(600))
            try await other.serving { port in
                var reader = try await EventReader("\(circle.path)/events?after=0", on: port, as: nora)
                try await circle.send("Hello", as: village.ben)
                #expect(await reader.next(1).first?.text("body") == "Hello")
                let before = ContinuousClock.now
                try await circle.send("And again", as: village.ben)
                #expect(await reader.next(1).first?.id == "2")
                #expect(ContinuousClock.now - before < .seconds(2))
                try await circle.remove(nora)
                #expect(await reader.next(1).isEmpty)
                #expect(ContinuousClock.now - before < .seconds(5))
            }
        }
    }

    @Test("Where every word to it is lost, it loses nothing and lets nobody go on", arguments: TestEngine.available)
    func suppressed(engine: TestEngine) async throws {
        guard engine == .postgres else { return }
        try await withVillage(engine) { village in
            var mute = village
            mute.platform.tellsOthers = false
            let circle = try await Circle(in: mute)
            let (nora, mona) = (try await circle.joining("Nora North"), try await circle.joining("Mona May"))
            let other = try await village.inAnotherProcess(lookingEvery: .milliseconds(300))
            // The premise: no word comes, so without looking nothing would.
            let deaf = try await village.inAnotherProcess(lookingEvery: .seconds(600))
            try await deaf.serving { port in
                var reader = try await EventReader("\(circle.path)/events?after=0", on: port, as: mona)
                try await circle.send("Unheard", as: village.ben)
                let closing = reader.closing
                let timer = Task {
                    try await Task.sleep(for: .milliseconds(500))
                    closing()
                }
                #expect(await reader.next(1).isEmpty)
                timer.cancel()
            }
            try await other.serving { port in
                var hers = try await EventReader("\(circle.path)/events?after=1", on: port, as: nora)
                var others = try await EventReader("\(circle.path)/events?after=1", on: port, as: mona)
                for number in 1...60 { try await circle.send("Message \(number)", as: village.ben) }
                #expect(await hers.next(60).map(\.id) == (2...61).map { "\($0)" })
                #expect(await others.next(60).map(\.id) == (2...61).map { "\($0)" })
                try await circle.remove(nora)
                try await circle.send("Without her", as: village.ben)
                #expect(await others.next(1).first?.text("body") == "Without her")
                #expect(await hers.next(1).isEmpty)
                others.close()
            }
        }
    }

    @Test(
        "What was written before somebody came does not reach them when it is changed", arguments: TestEngine.available)
    func newcomers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let mona = try await circle.joining("Mona May")
            try await circle.send("Of old times", as: village.ben)
            let nora = try await circle.joining("Nora North")
            try await village.serving { port in
                var hers = try await EventReader("\(circle.path)/events?after=0.0", on: port, as: nora)
                var others = try await EventReader("\(circle.path)/events?after=1.0", on: port, as: mona)
                // Nothing is theirs to read so far: the stream sleeps, and does not ask again and again.
                let before = village.ledger.count
                try await Task.sleep(for: .milliseconds(300))
                #expect(village.ledger.count - before < 10)
                _ = try await village.write(as: village.ben) {
                    try Message.edit(1, of: circle.id, to: Message.Draft("Of older times"), in: $0)
                }
                #expect(await others.next(1, "change").first?.text("body") == "Of older times", "the premise")
                try await circle.send("Welcome", as: village.ben)
                let first = await hers.next()
                #expect(first?.name == "message" && first?.text("body") == "Welcome")
                hers.close()
                others.close()
            }
        }
    }

    @Test("Whoever signs out elsewhere hears no more there", arguments: TestEngine.available)
    func signedOut(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let nora = try await circle.joining("Nora North")
            try await village.serving { port in
                var reader = try await EventReader("\(circle.path)/events?after=0", on: port, as: nora)
                try await circle.send("Hello", as: village.ben)
                #expect(await reader.next(1).first?.id == "1")
                try await village.write(as: nora) { try Session.end(tokenHash: nora.session.hash, in: $0) }
                try await circle.send("After", as: village.ben)
                #expect(await reader.next(1).isEmpty)
            }
        }
    }
}

extension Village {
    /// The same village as another process on its database serves it.
    func inAnotherProcess(lookingEvery interval: Duration) async throws -> Village {
        let store = try database.open()
        var other = self
        other.platform = try await Platform.open(
            store, world: clock.world, features: platform.features, shelf: platform.shelf
        ).looking(every: interval)
        return other
    }
}

extension Sequence where Element: Sendable {
    /// What comes of each, one after the other.
    func asyncMap<T>(_ transform: (Element) async throws -> T) async throws -> [T] {
        var all: [T] = []
        for element in self { all.append(try await transform(element)) }
        return all
    }
}
