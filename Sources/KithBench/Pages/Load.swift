import Foundation
import Glibc
import Synchronization

/// What a run of requests took. Only those that were answered as expected have a time.
struct PageLaps: Sendable {
    /// In milliseconds.
    var times: [Double] = []
    var failures = 0
    var seconds = 0.0

    func figure(_ what: String) -> Figure {
        Figure(
            what: what, perSecond: Double(times.count) / seconds, median: percentile(0.5),
            worstOfHundred: percentile(0.99), failures: failures)
    }

    /// In milliseconds; infinite where nothing was answered.
    func percentile(_ share: Double) -> Double {
        guard !times.isEmpty else { return .infinity }
        let sorted = times.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}

enum Load {
    /// As many requests as `connections` callers can make one after the other. One thread serves all of them, because
    /// sixty-four threads would take from the server what they are to measure.
    /// - Parameter request: the bytes for a caller's n-th request.
    static func closed(
        port: Int, connections count: Int, seconds: Int, expecting status: Int = 200,
        _ request: (_ caller: Int, _ number: Int) -> [UInt8]
    ) throws -> PageLaps {
        let connections = try (0..<count).map { _ in try HTTPConnection(port: port) }
        var waiting = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        var (starts, numbers) = ([ContinuousClock.Instant](), [Int](repeating: 0, count: count))
        var laps = PageLaps()
        let start = ContinuousClock.now
        let deadline = start + .seconds(seconds)
        for caller in 0..<count {
            starts.append(.now)
            try connections[caller].send(request(caller, 0))
        }
        var busy = count
        while busy > 0 {
            guard poll(&waiting, nfds_t(count), 60_000) > 0 else { throw BenchError(description: "no answer came") }
            for caller in 0..<count where waiting[caller].revents != 0 {
                try connections[caller].fill()
                guard let answer = connections[caller].takeAnswer() else { continue }
                laps.note(answer == status, since: starts[caller])
                guard ContinuousClock.now < deadline else {
                    (waiting[caller].fd, busy) = (-1, busy - 1)
                    continue
                }
                numbers[caller] += 1
                starts[caller] = .now
                try connections[caller].send(request(caller, numbers[caller]))
            }
        }
        laps.seconds = (ContinuousClock.now - start) / .seconds(1)
        return laps
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
                laps.note(try connection.status() == 200, since: due)
                due += .milliseconds(1_000 * callers / rate)
                number += callers
            }
            return laps
        } seconds: {
            seconds
        }
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

extension PageLaps {
    fileprivate mutating func note(_ isExpected: Bool, since start: ContinuousClock.Instant) {
        if isExpected { times.append((ContinuousClock.now - start) / .milliseconds(1)) } else { failures += 1 }
    }
}
