import Foundation
import Synchronization
import Testing

/// What `scripts/torture threads` shows the sanitizer first: it must report the one and be silent about the other.
@Suite("The thread sanitizer", .enabled(if: ProcessInfo.processInfo.environment["KITH_THREADS"] == "planted"))
struct ThreadSanitizerTests {
    @Test("A planted race")
    func race() async {
        let number = Planted()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<50 {
                        number.value += 1
                        usleep(200)
                    }
                }
            }
        }
        #expect(number.value > 0)
    }

    @Test("A planted queue before a lock")
    func queue() async {
        let line = Line()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<50 {
                        line.number.withLock { value in
                            value += 1
                            usleep(200)
                        }
                    }
                }
            }
        }
        #expect(line.number.withLock { $0 } == 400)
    }
}

/// Shared without a lock, on purpose: the compiler would refuse it.
private final class Planted: @unchecked Sendable {
    var value = 0
}

private final class Line: Sendable {
    let number = Mutex(0)
}
