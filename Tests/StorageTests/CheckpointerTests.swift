import Foundation
import Storage
import StorageTestSupport
import Testing

@Suite("SQLite's log is carried over beside the writer", .timeLimit(.minutes(35)))
struct CheckpointerTests {
    private static let step = Migration("1", "CREATE TABLE page (id BIGINT PRIMARY KEY, body TEXT NOT NULL)")

    private func size(of file: String) -> Int {
        ((try? FileManager.default.attributesOfItem(atPath: file))?[.size] as? Int) ?? 0
    }

    @Test("It begins anew while one write follows another, and what it held is in the file")
    func bounded() async throws {
        try await withDatabase(.sqlite) { database throws in
            let store = try database.open()
            _ = try await store.migrate([Self.step], at: "now")
            let megabyte = String(repeating: "x", count: 1_000_000)
            var longest = 0
            for number in 0..<160 {
                let body = "\(number)" + megabyte
                try await store.write {
                    try $0.run(
                        """
                        INSERT INTO page (id, body) VALUES (\(number % 20), \(body))
                        ON CONFLICT (id) DO UPDATE SET body = excluded.body
                        """)
                }
                longest = max(longest, size(of: database.file + "-wal"))
            }
            #expect(longest < 80_000_000, "160 MB were written")
            #expect(size(of: database.file) > 15_000_000, "the log begins anew only when all of it was carried over")
            #expect(try await store.read { try $0.value("SELECT count(*) FROM page") as Int? } == 20)
            await store.close()
            #expect(size(of: database.file + "-wal") == 0)
            let reopened = try database.open()
            let bodies = try await reopened.read { try $0.values("SELECT body FROM page ORDER BY id", as: String.self) }
            #expect(bodies.map { $0.prefix { $0 != "x" } } == (140..<160).map { "\($0)" })
        }
    }

    @Test("It is carried over without waiting for the store to be closed, or for somebody who writes")
    func inTheBackground() async throws {
        try await withDatabase(.sqlite) { database throws in
            let store = try database.open()
            _ = try await store.migrate([Self.step], at: "now")
            let body = String(repeating: "x", count: 1_000_000)
            for number in 0..<20 {
                try await store.write { try $0.run("INSERT INTO page (id, body) VALUES (\(number), \(body))") }
                if number == 9 { #expect(size(of: database.file) < 1_000_000, "no commit carries it over by itself") }
            }
            for _ in 0..<200 where size(of: database.file) < 10_000_000 { try await Task.sleep(for: .milliseconds(50)) }
            #expect(size(of: database.file) > 10_000_000)
        }
    }
}
