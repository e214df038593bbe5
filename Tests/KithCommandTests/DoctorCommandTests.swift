import Foundation
import Testing

@testable import KithCommand

@Suite("kith doctor, as an operator runs it", .timeLimit(.minutes(35)))
struct DoctorCommandTests {
    private struct Said: Decodable {
        let version: String
        let well: Bool
        let checks: [Finding]
    }

    private func state(_ check: Finding.Check, in said: Said) -> Finding.State? {
        said.checks.first { $0.check == check }?.state
    }

    @Test("It says what to do, ends with 1 while something must be done, and touches nothing")
    func whole() async throws {
        try await BuiltProgram.with { kith in
            let none = try kith.run("doctor")
            #expect(none.code == 0 && none.output.contains("There is no database yet."), "\(none)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: kith.folder).isEmpty, "nor is one made")
            try kith.openRiverside()
            let before = try await kith.contents
            let run = try kith.run("doctor")
            #expect(run.code == 1 && run.output.contains("ACT   backups        Nobody makes any."), "\(run)")
            #expect(run.output.contains("riverside has none") && !run.output.contains("Ada"))
            let said = try JSONDecoder().decode(Said.self, from: Data(kith.run("doctor", "--json").output.utf8))
            #expect(!said.well && said.version == KithProgram.version)
            #expect(state(.masterKey, in: said) == .ok && state(.migrations, in: said) == .ok)
            let isUntouched = try await kith.contents == before
            #expect(isUntouched)
        }
    }

    @Test("While Kith serves, it is asked, with the settings it serves with")
    func serving() async throws {
        try await BuiltProgram.with { kith in
            try kith.openRiverside()
            let folder = kith.folder + "/backups"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            let server = try kith.start(["serve", "--database", kith.database, "--port", "0"])
            server.environment?["KITH_BACKUP_FOLDER"] = folder
            try server.run()
            defer { server.terminate() }
            // Asked before, the doctor would open the database itself, and hold it for a moment.
            for _ in 0..<300 where !FileManager.default.fileExists(atPath: kith.file + ".socket") {
                try await Task.sleep(for: .milliseconds(100))
            }
            var said: Said?
            for _ in 0..<20 where said == nil {
                try await Task.sleep(for: .milliseconds(200))
                said = try? JSONDecoder().decode(Said.self, from: Data(kith.run("doctor", "--json").output.utf8))
            }
            let found = try #require(said)
            // Its folder, whether or not the first backup is there by now: ours has none set.
            #expect(found.checks.contains { $0.check == .backups && $0.found != "Nobody makes any." })
            #expect(state(.durability, in: found) == .ok)
            chmod("\(kith.file).key", 0o644)
            let loose = try kith.run("doctor")
            #expect(loose.code == 1 && loose.output.contains("has mode 644"))
            server.terminate()
            server.waitUntilExit()
        }
    }

    @Test("A command that there is none of: what was meant, and nothing done")
    func mistyped() throws {
        for (typed, meant) in [
            (["srve"], "kith serve"), (["doctr"], "kith doctor"), (["backup", "mak"], "kith backup make"),
            (["Serve"], "kith serve"), (["organisation", "add"], "kith organization"), (["chekc"], "kith check")
        ] {
            #expect(Mistyped.sentence(for: typed)?.contains("Did you mean “\(meant)”?") == true, "\(typed)")
        }
        #expect(Mistyped.sentence(for: ["frobnicate"])?.contains("there is serve, demo") == true)
        for right in [[], ["serve"], ["--help"], ["help", "serve"], ["backup", "make", "--to", "x"], ["import", "srve"]]
        {
            #expect(Mistyped.sentence(for: right) == nil, "\(right)")
        }
    }
}
