import Foundation
import Kith
import KithTestSupport
import Storage
import Synchronization
import Testing

/// Members come, go, write and lose their connections at random; what each got is held against what they were to get.
@Suite("A group at random", .timeLimit(.minutes(35)))
struct RoomGameTests {
    /// One stay of somebody in the group.
    private final class Stay: Sendable {
        struct Got {
            var numbers: [Int] = []
            var bodies: [String] = []
            var hasEnded = false
        }

        let neighbor: Village.Neighbor
        /// The last message before they came.
        let after: Int
        /// The last one before they left.
        let until = Mutex<Int?>(nil)
        let got = Mutex(Got())
        private let closing = Mutex<(@Sendable () -> Void)?>(nil)

        init(_ neighbor: Village.Neighbor, after: Int) { (self.neighbor, self.after) = (neighbor, after) }

        /// Listens from where they are, until the stream ends.
        func listen(_ circle: Circle, _ port: Int) async {
            let last = got.withLock { got in
                got.hasEnded = false
                return got.numbers.last
            }
            let (opened, opening) = AsyncStream.makeStream(of: (@Sendable () -> Void).self)
            Task { [self] in
                let path = "\(circle.path)/events?after=\(last ?? after)"
                let id = last.map(String.init)
                guard var reader = try? await EventReader(path, on: port, as: neighbor, lastEventID: id) else {
                    return opening.finish()
                }
                opening.yield(reader.closing)
                while let event = await reader.next() {
                    guard event.name == "message", let number = event.id.flatMap({ Int($0) }) else { continue }
                    got.withLock {
                        $0.numbers.append(number)
                        $0.bodies.append(event.text("body") ?? "")
                    }
                }
                got.withLock { $0.hasEnded = true }
            }
            for await close in opened {
                closing.withLock { $0 = close }
                break
            }
        }

        func cut() { closing.withLock { $0 }?() }
    }

    @Test(
        "No message is lost, doubled or out of order, and none reaches who is not in it",
        arguments: TestEngine.available, [1, 2, 3] as [UInt64])
    func game(engine: TestEngine, seed: UInt64) async throws {
        try await withVillage(engine, seed: seed) { village in
            let circle = try await Circle(in: village)
            let people = try await (1...6).asyncMap { try await village.agreeing("Member \($0)") }
            try await village.serving { port in
                var random = SeededGenerator(seed: seed)
                var (stays, written) = ([Stay](), 0)
                func current() -> [Stay] { stays.filter { $0.until.withLock { $0 == nil } } }
                for _ in 1...60 {
                    let inside = current()
                    switch random.next() % 8 {
                    case 0, 1:
                        let outside = people.filter { one in !inside.contains { $0.neighbor.id == one.id } }
                        guard let one = outside.randomElement(using: &random) else { continue }
                        try await circle.add(one)
                        let stay = Stay(one, after: written)
                        await stay.listen(circle, port)
                        stays.append(stay)
                    case 2:
                        guard let stay = inside.randomElement(using: &random) else { continue }
                        try await circle.remove(stay.neighbor)
                        stay.until.withLock { [written] in $0 = written }
                        try await village.until { stay.got.withLock { $0.hasEnded } }
                    case 3:
                        guard let stay = inside.randomElement(using: &random) else { continue }
                        stay.cut()
                        try await village.until { stay.got.withLock { $0.hasEnded } }
                        await stay.listen(circle, port)
                    default:
                        let writers = [village.ben] + inside.map(\.neighbor)
                        let burst = Int(random.next() % 5) + 1
                        try await withThrowingTaskGroup(of: Void.self) { group in
                            for number in 1...burst {
                                guard let writer = writers.randomElement(using: &random) else { continue }
                                let text = "\(written + number) by \(writer.name)"
                                group.addTask { _ = try await circle.send(text, as: writer) }
                            }
                            try await group.waitForAll()
                        }
                        written += burst
                    }
                }
                let all = try await village.read(as: village.ben) { [written] db in
                    try Conversation.find(circle.id, in: db).messages(before: nil, limit: written + 1, in: db)
                }
                #expect(all.map(\.sequence) == Array(1...written))
                for stay in stays {
                    let until = stay.until.withLock { $0 }
                    if until == nil {
                        try await village.until { [written] in
                            stay.got.withLock { $0.numbers.last ?? stay.after } == written
                        }
                    }
                    let got = stay.got.withLock { $0 }
                    // In order, without a gap, from when they came; up to the end for who is still in it.
                    #expect(got.numbers == Array((stay.after + 1)..<(stay.after + 1 + got.numbers.count)))
                    #expect((got.numbers.last ?? 0) <= until ?? written)
                    #expect(got.bodies == got.numbers.map { all[$0 - 1].body ?? "" })
                }
                for stay in current() {
                    let page = try await circle.bodies(as: stay.neighbor)
                    #expect(page == all[stay.after...].map(\.body))
                    stay.cut()
                }
                #expect(stays.count > 5 && written > 40, "the test plays")
            }
        }
    }
}
