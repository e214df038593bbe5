import Foundation
import Kith
import Storage
import Testing

@Suite("Migrations")
struct MigrationsTests {
    @Test("Each has a name of its own")
    func names() {
        let ids = Features.migrations.map(\.id)
        #expect(Set(ids).count == ids.count)
    }

    /// Released steps by name and hash, one a line. A step is added here with the release that ships it, and never
    /// changed afterwards.
    @Test("Released ones are untouched")
    func released() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("released-migrations.txt")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
        let ours = Dictionary(uniqueKeysWithValues: Features.migrations.map { ($0.id, $0.hash) })
        for line in lines {
            let parts = line.split(separator: " ").map(String.init)
            #expect(ours[parts[0]] == parts[1], "\(parts[0]) was released and has changed")
        }
    }
}
