import Foundation
import Synchronization

/// What a run of requests took, in milliseconds.
struct PageLaps: Sendable {
    var times: [Double] = []
    var failures = 0
    var seconds = 0.0

    var perSecond: Double { Double(times.count) / seconds }

    func percentile(_ share: Double) -> Double {
        guard !times.isEmpty else { return .nan }
        let sorted = times.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    var text: String {
        String(
            format: "%8.0f/s   p50 %7.2f ms   p99 %7.2f ms   failures %d", perSecond, percentile(0.5), percentile(0.99),
            failures)
    }
}

enum Load {
    /// As many requests as `connections` callers can make one after the other.
    /// - Parameter request: the bytes for a caller's n-th request.
    static func closed(
        port: Int, connections: Int, seconds: Int, expecting status: Int = 200,
        _ request: @escaping @Sendable (_ caller: Int, _ number: Int) -> [UInt8]
    ) throws -> PageLaps {
        try gather(connections) { caller, deadline in
            let connection = try HTTPConnection(port: port)
            var laps = PageLaps()
            var number = 0
            while ContinuousClock.now < deadline {
                let start = ContinuousClock.now
                try connection.send(request(caller, number))
                if try connection.status() != status { laps.failures += 1 }
                laps.times.append((ContinuousClock.now - start) / .milliseconds(1))
                number += 1
            }
            return laps
        } seconds: { seconds }
    }

    /// `rate` requests a second whatever the answers do; a late answer counts from the moment it was due.
    static func open(
        port: Int, rate: Int, seconds: Int, _ request: @escaping @Sendable (_ number: Int) -> [UInt8]
    ) throws -> PageLaps {
        let callers = 8
        return try gather(callers) { caller, deadline in
            let connection = try HTTPConnection(port: port)
            var laps = PageLaps()
            var due = ContinuousClock.now + .milliseconds(1_000 / rate * caller)
            var number = caller
            while due < deadline {
                let wait = due - ContinuousClock.now
                if wait > .zero { usleep(UInt32(wait / .microseconds(1))) }
                try connection.send(request(number))
                if try connection.status() != 200 { laps.failures += 1 }
                laps.times.append((ContinuousClock.now - due) / .milliseconds(1))
                due += .milliseconds(1_000 * callers / rate)
                number += callers
            }
            return laps
        } seconds: { seconds }
    }

    private static func gather(
        _ callers: Int, _ work: @escaping @Sendable (Int, ContinuousClock.Instant) throws -> PageLaps,
        seconds: () -> Int
    ) throws -> PageLaps {
        let results = Mutex<[Result<PageLaps, any Error>]>([])
        let start = ContinuousClock.now
        let deadline = start + .seconds(seconds())
        let group = DispatchGroup()
        for caller in 0..<callers {
            group.enter()
            let thread = Thread {
                let result = Result { try work(caller, deadline) }
                results.withLock { $0.append(result) }
                group.leave()
            }
            thread.stackSize = 1 << 20
            thread.start()
        }
        group.wait()
        var all = PageLaps()
        for result in results.withLock({ $0 }) {
            let laps = try result.get()
            all.times += laps.times
            all.failures += laps.failures
        }
        all.seconds = (ContinuousClock.now - start) / .seconds(1)
        return all
    }
}
