import Foundation
import Kith
import KithInterop
import Storage
import Testing

@Suite("Migrations")
struct MigrationsTests {
    private static let migrations = (Features.all + [Interop.feature]).flatMap(\.migrations)
    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("released-migrations.txt")
    /// Writes the file anew, with every step there is: for the release that ships them.
    private static let writes = ProcessInfo.processInfo.environment["KITH_WRITE_MIGRATIONS"] == "1"

    @Test("Each has a name of its own")
    func names() {
        let ids = Self.migrations.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(ids.contains { $0.hasSuffix("-interop") }, "those of other systems count too")
    }

    /// Released steps by name and hash, one a line. A step is added with the release that ships it, and never changed
    /// afterwards.
    @Test("Released ones are untouched")
    func released() throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        let heading = text.split(separator: "\n").filter { $0.hasPrefix("#") }
        if Self.writes {
            let lines = heading + Self.migrations.map { "\($0.id) \($0.hash)" }
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: Self.file)
        }
        #expect(Self.changes(since: try String(contentsOf: Self.file, encoding: .utf8), in: Self.migrations) == [])
    }

    @Test("A step that changed, or is gone, is noticed; a new one and another layout are not a change")
    func planted() {
        let first = Migration("2026-01-01-first", "CREATE TABLE pet (name TEXT NOT NULL)")
        let second = Migration("2026-01-02-second", "CREATE TABLE toy (name TEXT NOT NULL)")
        let released = "# As released.\n\(first.id) \(first.hash)\n\(second.id) \(second.hash)\n"
        #expect(Self.changes(since: released, in: [first, second]).isEmpty)
        let looser = Migration("2026-01-01-first", "CREATE TABLE pet (name TEXT)")
        #expect(
            Self.changes(since: released, in: [looser, second]) == ["2026-01-01-first was released and has changed"])
        #expect(Self.changes(since: released, in: [first]) == ["2026-01-02-second was released and is gone"])
        #expect(Self.changes(since: "nonsense", in: [first]) == ["“nonsense” is not a name and a hash"])
        let third = Migration("2026-01-03-third", "CREATE TABLE bed (name TEXT)")
        let laidOut = Migration("2026-01-01-first", "CREATE TABLE pet\n    (name TEXT  NOT NULL)")
        #expect(Self.changes(since: released, in: [laidOut, second, third]).isEmpty)
    }

    /// What is not as it was released.
    private static func changes(since released: String, in migrations: [Migration]) -> [String] {
        let ours = Dictionary(migrations.map { ($0.id, $0.hash) }) { first, _ in first }
        return released.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            let parts = line.split(separator: " ").map(String.init)
            guard parts.count == 2 else { return "“\(line)” is not a name and a hash" }
            guard let hash = ours[parts[0]] else { return "\(parts[0]) was released and is gone" }
            return hash == parts[1] ? nil : "\(parts[0]) was released and has changed"
        }
    }
}
