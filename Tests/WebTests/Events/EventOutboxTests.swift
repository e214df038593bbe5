import Hummingbird
import Testing

@testable import Web

@Suite("Event outbox", .timeLimit(.minutes(35)))
struct EventOutboxTests {
    private func bytes(_ text: String) -> ByteBuffer { ByteBuffer(string: text) }

    @Test("What is put comes out in order, joined, and then the ending")
    func order() async {
        let outbox = EventOutbox(capacity: 100)
        #expect(outbox.put(bytes("a")) && outbox.put(bytes("b")))
        outbox.finish(.finished)
        #expect(!outbox.put(bytes("c")))
        #expect(await outbox.next() == .bytes(bytes("ab")))
        #expect(await outbox.next() == .ending(.finished))
        #expect(await outbox.next() == .ending(.finished))
    }

    @Test("Beyond its capacity it holds nothing more and ends as behind")
    func capacity() async {
        let outbox = EventOutbox(capacity: 10)
        #expect(outbox.put(bytes("1234567890")))
        #expect(!outbox.put(bytes("x")))
        #expect(!outbox.put(bytes("y")))
        #expect(await outbox.next() == .ending(.behind))
    }

    @Test("It says when much waits, until that is taken or the reader is gone")
    func loaded() async {
        let outbox = EventOutbox(capacity: 12)
        #expect(outbox.put(bytes("123")) && !outbox.isLoaded)
        #expect(outbox.put(bytes("4")) && outbox.isLoaded)
        #expect(await outbox.next() == .bytes(bytes("1234")))
        #expect(!outbox.isLoaded)
        #expect(outbox.put(bytes("123456")) && outbox.isLoaded)
        outbox.finish(.gone)
        #expect(!outbox.isLoaded, "nobody waits for one who has left")
    }

    @Test("A single event larger than the capacity still goes out")
    func large() async {
        let outbox = EventOutbox(capacity: 4)
        #expect(outbox.put(bytes("123456")))
        #expect(await outbox.next() == .bytes(bytes("123456")))
        #expect(outbox.put(bytes("1")))
    }

    @Test("A heartbeat is left out when something else is on its way")
    func heartbeat() async {
        let outbox = EventOutbox(capacity: 100)
        #expect(outbox.put(bytes("a")))
        outbox.putIfEmpty(bytes("beat"))
        #expect(await outbox.next() == .bytes(bytes("a")))
        outbox.putIfEmpty(bytes("beat"))
        #expect(await outbox.next() == .bytes(bytes("beat")))
        outbox.finish(.gone)
        outbox.putIfEmpty(bytes("beat"))
        #expect(await outbox.next() == .ending(.gone))
    }

    @Test("The first ending counts; when the reader has left nothing more is handed out")
    func endings() async {
        let outbox = EventOutbox(capacity: 100)
        #expect(outbox.put(bytes("a")))
        outbox.finish(.gone)
        outbox.finish(.shutdown)
        #expect(await outbox.next() == .ending(.gone))
    }

    @Test("A nudge comes after what waits, once however often it was given, and not after the ending")
    func nudges() async {
        let outbox = EventOutbox(capacity: 100)
        outbox.nudge()
        #expect(outbox.put(bytes("a")))
        outbox.nudge()
        #expect(await outbox.next() == .bytes(bytes("a")))
        #expect(await outbox.next() == .nudge)
        async let next = outbox.next()
        outbox.nudge()
        #expect(await next == .nudge)
        outbox.nudge()
        outbox.finish(.shutdown)
        #expect(await outbox.next() == .ending(.shutdown))
    }

    @Test("What the source does ends with the stream, before it and while it goes on", arguments: [true, false])
    func steps(isOver: Bool) async {
        let outbox = EventOutbox(capacity: 100)
        if isOver { outbox.finish(.gone) }
        let begun = Counter()
        async let goesOn = outbox.run {
            begun.countUp()
            while !Task.isCancelled { await Task.yield() }
            return true
        }
        if !isOver {
            try? await begun.reached(1)
            outbox.finish(.shutdown)
        }
        #expect(await goesOn)
        #expect(await outbox.next() == .ending(isOver ? .gone : .shutdown))
    }

    @Test("Waiting ends with the next bytes, and with cancellation")
    func waiting() async {
        let outbox = EventOutbox(capacity: 100)
        let first = Task { await outbox.next() }
        await Task.yield()
        #expect(outbox.put(bytes("late")))
        #expect(await first.value == .bytes(bytes("late")))
        let second = Task { await outbox.next() }
        second.cancel()
        #expect(await second.value == .ending(.gone))
    }

    @Test("Many writers at once lose nothing")
    func contention() async {
        let outbox = EventOutbox(capacity: 1_000_000)
        let total = await withTaskGroup(of: Void.self, returning: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<1_000 { _ = outbox.put(ByteBuffer(string: "x")) } }
            }
            group.addTask {
                try? await Task.sleep(for: .milliseconds(1))
            }
            let reader = Task {
                var count = 0
                while case .bytes(let bytes) = await outbox.next() { count += bytes.readableBytes }
                return count
            }
            await group.waitForAll()
            outbox.finish(.finished)
            return await reader.value
        }
        #expect(total == 8_000)
    }
}
