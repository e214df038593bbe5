import Foundation
import Storage

/// How many durable writes and reads a second a ``Store`` gives, and how long its callers wait.
struct StorageBench {
    /// Where the SQLite file and the file for the disk's own rate go.
    let folder: URL
    /// A PostgreSQL server that may be given a database of our own; nil measures SQLite only.
    var server = ProcessInfo.processInfo.environment["KITH_TEST_POSTGRES"]
    /// How long each line is measured.
    var duration = Duration.seconds(2)

    func run(_ report: Report) async throws {
        report.section("Storage")
        Report.tell("Measuring storage; about half a minute.")
        let file = folder.appendingPathComponent("storage.sqlite").path
        try await measure(try Store.open(.sqlite(path: file)), report)
        guard let server else { return report.skip("postgres", because: "not measured: no server") }
        let database = try BenchDatabase(server: server)
        defer { database.drop() }
        try await measure(try Store.open(try StoreURL(database.url)), report)
    }

    private func measure(_ store: Store, _ report: Report) async throws {
        _ = try await store.migrate(
            [Migration("bench", "CREATE TABLE entry (id TEXT PRIMARY KEY, made_at TEXT NOT NULL, body TEXT NOT NULL)")],
            at: "2026-01-01T00:00:00Z")
        let engine = store.engine.rawValue
        for callers in [1, 8, 64, 256] {
            let (before, disk) = (store.commits, try DiskRate.measure(in: folder))
            let laps = try await laps(callers) { _ in
                let entry = Entry.random()
                try await store.write {
                    try $0.run(
                        "INSERT INTO entry (id, made_at, body) VALUES (\(entry.id), \(entry.madeAt), \(entry.body))")
                }
            }
            var figure = laps.figure("\(engine): durable writes, \(callers) at once")
            let perCommit = Double(laps.times.count) / Double(max(store.commits - before, 1))
            figure.note = String(format: "%.1f a commit", perCommit)
            figure.disk = disk
            report.add(figure)
        }
        let ids = try await store.read {
            try $0.values("SELECT id FROM entry ORDER BY id LIMIT 10000", as: String.self)
        }
        for callers in [1, 8] {
            let laps = try await laps(callers) { lap in
                let id = ids[lap &* 7919 % ids.count]
                _ = try await store.read { try $0.value("SELECT body FROM entry WHERE id = \(id)", as: String.self) }
            }
            report.add(laps.figure("\(engine): point reads, \(callers) at once"))
        }
        await store.close()
    }

    /// Runs `body` again and again from `callers` tasks at once; the argument counts the laps of its task.
    private func laps(_ callers: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async throws -> Laps {
        let clock = ContinuousClock()
        let start = clock.now
        let end = start + duration
        let times = try await withThrowingTaskGroup(of: [Duration].self) { group in
            for _ in 0..<callers {
                group.addTask {
                    var times: [Duration] = []
                    while clock.now < end { times.append(try await clock.measure { try await body(times.count) }) }
                    return times
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return Laps(times: times.sorted(), whole: clock.now - start)
    }
}

/// A row of about 250 bytes.
private struct Entry {
    let id: String
    let madeAt = "2026-11-21T10:00:00.000Z"
    let body: String

    static func random() -> Entry {
        Entry(id: UUID().uuidString, body: String(repeating: "peer support ", count: 15))
    }
}

private struct Laps {
    let times: [Duration]
    let whole: Duration

    func figure(_ what: String) -> Figure {
        Figure(
            what: what, perSecond: Double(times.count) / (whole / .seconds(1)), median: percentile(0.5),
            worstOfHundred: percentile(0.99))
    }

    private func percentile(_ share: Double) -> Double? {
        guard !times.isEmpty else { return nil }
        return times[min(times.count - 1, Int(Double(times.count) * share))] / .milliseconds(1)
    }
}
