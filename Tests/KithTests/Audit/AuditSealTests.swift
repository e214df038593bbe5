import Foundation
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("The log is sealed")
struct AuditSealTests {
    /// A house with some days of life in it, a page for each, and a checkpoint of the last.
    private func sealed(_ village: Village) async throws -> Checkpoint {
        let pair = try await village.pair()
        try await village.platform.seal()
        for day in 1...6 {
            village.clock.advance(days: 1)
            let id = Message.ID(village.platform.world.newIdentifier())
            _ = try await village.write(as: day % 2 == 0 ? village.ben : village.cleo) {
                try Message.send("Day \(day)", as: id, to: pair.conversation, in: $0)
            }
            _ = try await village.read(as: village.ana) { try Referral.find(pair.referral, in: $0) }
            try await village.platform.seal()
        }
        return try #require(try await village.platform.checkpoint(of: village.riverside.organization))
    }

    @Test("What was recorded is on pages, whole, and nothing is loose", arguments: TestEngine.available)
    func whole(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let checkpoint = try await sealed(village)
            let house = village.riverside.organization
            let found = try await village.platform.verifyAudit(of: house, against: [checkpoint])
            let recorded = try await village.count(
                """
                SELECT (SELECT count(*) FROM event WHERE organization_id = \(house))
                    + (SELECT count(*) FROM disclosure WHERE organization_id = \(house))
                """)
            #expect(found.isWhole && found.loose == 0 && found.records == recorded && recorded > 30)
            #expect(found.pages == checkpoint.page && found.pages == 7)
            #expect(checkpoint.isGenuine)
            // Sealing again changes nothing, and the neighbors have a log of their own.
            try await village.platform.seal(everything: true)
            #expect(try await village.platform.checkpoint(of: house) == checkpoint)
            #expect(try await village.platform.verifyAudit(of: village.hillside.organization).isWhole)
        }
    }

    @Test("More records than a page takes fill several", arguments: TestEngine.available)
    func many(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.write(asSystemOf: village.riverside) { db in
                for number in 0..<2_500 { db.record(Event(.personCompleted, of: "\(number)")) }
            }
            let found = try await village.platform.verifyAudit(of: village.riverside.organization)
            #expect(found.isWhole && found.pages == 3 && found.records >= 2_500)
        }
    }

    /// Ways to falsify a log by SQL, each as somebody with the database in hands would. `n` chooses the victim.
    private static let forgeries: [(name: String, run: @Sendable (Writer, Organization.ID, Int) throws -> Int)] = [
        (
            "an actor",
            { try $0.run("UPDATE event SET actor = 'person:nobody' WHERE id = \(pick("event", $1, $2, $0))") }
        ),
        (
            "a moment",
            { try $0.run("UPDATE event SET at = '2020-01-01T00:00:00.000Z' WHERE id = \(pick("event", $1, $2, $0))") }
        ),
        (
            "a detail",
            { try $0.run("UPDATE event SET details = '{\"to\":\"9\"}' WHERE id = \(pick("event", $1, $2, $0))") }
        ),
        (
            "whom it is about",
            { try $0.run("UPDATE event SET subject_id = 'x' WHERE id = \(pick("event", $1, $2, $0))") }
        ),
        ("a record gone", { try $0.run("DELETE FROM event WHERE id = \(pick("event", $1, $2, $0))") }),
        ("a look gone", { try $0.run("DELETE FROM disclosure WHERE id = \(pick("disclosure", $1, $2, $0))") }),
        (
            "a look at somebody else",
            { try $0.run("UPDATE disclosure SET subject_id = 'x' WHERE id = \(pick("disclosure", $1, $2, $0))") }
        ),
        (
            "another page",
            { try $0.run("UPDATE event SET page = page % 7 + 1 WHERE id = \(pick("event", $1, $2, $0))") }
        ),
        ("off the pages", { try $0.run("UPDATE event SET page = NULL WHERE id = \(pick("event", $1, $2, $0))") }),
        (
            "a record put in",
            { writer, house, n in
                try writer.run(
                    """
                    INSERT INTO event (organization_id, id, kind, actor, details, at, page)
                    VALUES (\(house), \("forged-\(n)"), 'person.completed', 'system', '{}', '2026-03-02T14:00:00.000Z', \(n % 7 + 1))
                    """)
            }
        ),
        (
            "a page gone",
            { try $0.run("DELETE FROM audit_page WHERE organization_id = \($1) AND number = \($2 % 7 + 1)") }
        ),
        (
            "the end cut off",
            { writer, house, n in
                let from = n % 7 + 1
                try writer.run("DELETE FROM event WHERE organization_id = \(house) AND page >= \(from)")
                try writer.run("DELETE FROM disclosure WHERE organization_id = \(house) AND page >= \(from)")
                return try writer.run("DELETE FROM audit_page WHERE organization_id = \(house) AND number >= \(from)")
            }
        ),
        (
            "a seal",
            {
                try $0.run(
                    "UPDATE audit_page SET hash = records WHERE organization_id = \($1) AND number = \($2 % 7 + 1)")
            }
        ),
        (
            "when it was sealed",
            {
                try $0.run(
                    "UPDATE audit_page SET sealed_at = '2020-01-01T00:00:00.000Z' WHERE organization_id = \($1) AND number = \($2 % 7 + 1)"
                )
            }
        )
    ]

    private static func pick(_ table: SQL, _ house: Organization.ID, _ n: Int, _ writer: Writer) -> String {
        let ids: [String]? = try? writer.values("SELECT id FROM \(table) WHERE organization_id = \(house) ORDER BY id")
        return ids.map { $0[n % $0.count] } ?? ""
    }

    private struct Undone: Error {}

    @Test("Every forgery is found", arguments: TestEngine.available)
    func forged(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let checkpoint = try await sealed(village)
            let house = village.riverside.organization
            for (name, forge) in Self.forgeries {
                for n in 0..<40 {
                    let known = [checkpoint.page: checkpoint.hash]
                    let seen = Seen()
                    await #expect(throws: Undone.self) {
                        try await village.platform.store.write { writer in
                            let changed = try forge(writer, house, n)
                            seen.note(changed, try Audit.verify(house, against: known, in: writer))
                            throw Undone()
                        }
                    }
                    #expect(seen.changed > 0, "\(name) \(n) forged nothing")
                    #expect(seen.findings?.isWhole == false, "\(name) \(n) was not found")
                }
            }
            #expect(try await village.platform.verifyAudit(of: house, against: [checkpoint]).isWhole, "all was undone")
        }
    }

    @Test(
        "A log written anew from some page on is whole by itself, and only a checkpoint tells",
        arguments: TestEngine.available)
    func rewritten(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let checkpoint = try await sealed(village)
            let house = village.riverside.organization
            try await village.platform.store.write { writer in
                try writer.run("DELETE FROM audit_page WHERE organization_id = \(house) AND number > 3")
                try writer.run("UPDATE event SET actor = 'person:x' WHERE organization_id = \(house) AND page = 5")
                for table in ["event", "disclosure"] as [SQL] {
                    try writer.run("UPDATE \(table) SET page = NULL WHERE organization_id = \(house) AND page > 3")
                }
            }
            #expect(try await village.platform.verifyAudit(of: house).isWhole)
            let found = try await village.platform.verifyAudit(of: house, against: [checkpoint])
            #expect(found.broken?.what == .missing || found.broken?.what == .rewritten)
        }
    }

    @Test("A checkpoint that was changed is not genuine")
    func genuine() async throws {
        try await withVillage(.sqlite) { village in
            let checkpoint = try await sealed(village)
            let text = String(decoding: try JSONEncoder().encode(checkpoint), as: UTF8.self)
            let changed = text.replacing("\"page\":\(checkpoint.page)", with: "\"page\":\(checkpoint.page + 1)")
            #expect(changed != text)
            #expect(!(try JSONDecoder().decode(Checkpoint.self, from: Data(changed.utf8))).isGenuine)
        }
    }
}

/// What a closure saw that was then undone.
private final class Seen: @unchecked Sendable {  // used by one write at a time
    private(set) var changed = 0
    private(set) var findings: Audit.Findings?

    func note(_ changed: Int, _ findings: Audit.Findings) { (self.changed, self.findings) = (changed, findings) }
}
