import Foundation
import Synchronization

/// How far the orders are that take a while.
final class UnderWay: Sendable {
    struct Part: Codable, Sendable {
        let done: Int
        let all: Int
    }

    private let parts = Mutex<[String: Part]>([:])

    func note(_ done: Int, of all: Int, in order: String) { parts.withLock { $0[order] = Part(done: done, all: all) } }
    func look(_ order: String) -> Part? { parts.withLock { $0[order] } }
    func forget(_ order: String) { parts.withLock { $0[order] = nil } }
}

/// Tells on standard error how far a long order is: first after two seconds, then every two.
final class Watch: Sendable {
    private static let seconds = 2
    private let isOver = Mutex(false)

    /// - Parameters:
    ///   - files: how many there are to take; nil for an order that takes none, which is never long.
    ///   - look: how far it is; nil where nothing is done yet. It may wait, since it is called on a thread of its own.
    init(over files: Int?, _ look: @escaping @Sendable () -> UnderWay.Part?) {
        guard let files else { return }
        Thread.detachNewThread { [self] in
            while true {
                for _ in 0..<(Self.seconds * 10) {
                    if isOver.withLock({ $0 }) { return }
                    usleep(100_000)
                }
                let done = look()?.done ?? 0
                if isOver.withLock({ $0 }) { return }
                tell(done == 0 ? "Reading \(files) files." : "\(done) of \(files) files done.")
            }
        }
    }

    func end() { isOver.withLock { $0 = true } }
}
