import Foundation
import Storage
import Testing

@testable import KithCommand

@Suite("The log on the command line", .timeLimit(.minutes(35)))
struct AuditCommandTests {
    /// Runs the verifier that needs nothing of Kith.
    private func check(_ export: String, _ arguments: [String] = []) throws -> (code: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("scripts/verify-audit").path
        process.arguments = ["python3", script] + arguments
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(export.utf8))
        try input.fileHandleForWriting.close()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    }

    @Test("Verified here and by a program of somebody else's; a changed record is named by both")
    func verify() async throws {
        try await BuiltProgram.with { kith in
            try kith.openRiverside()
            #expect(try kith.run("user", "add", "--name", "Zoë “Zo” Ålund", "--role", "coordinator").code == 0)
            let checkpoint = try kith.run("audit", "checkpoint")
            #expect(checkpoint.code == 0 && checkpoint.output.contains("\"signature\""))
            #expect(try kith.run("user", "add", "--name", "Ben", "--role", "supporter").code == 0)
            let file = "\(kith.folder)/checkpoints.json"
            try Data(checkpoint.output.utf8).write(to: URL(fileURLWithPath: file))
            let whole = try kith.run("audit", "verify", "--checkpoint", file)
            #expect(whole.code == 0 && whole.output.hasPrefix("whole  Riverside"))
            let export = try kith.run("audit", "export").output
            #expect(export.split(separator: "\n").count >= 2)
            let independent = try check(export, [file])
            #expect(independent.code == 0 && independent.output.hasPrefix("whole"))

            let store = try Store.open(.sqlite(path: kith.file), creating: false)
            try await store.write {
                try $0.run("UPDATE event SET actor = 'visitor' WHERE kind = 'role.given' AND page = 1")
            }
            await store.close()
            let broken = try kith.run("audit", "verify")
            #expect(broken.code == 1 && broken.output.contains("page 1"))
            let forged = try kith.run("audit", "export").output
            #expect(forged != export)
            let named = try check(forged)
            #expect(named.code == 1 && named.output.contains("page 1"))
            // The end cut off, which only the checkpoint tells.
            let cut = export.split(separator: "\n").dropFirst(1).isEmpty ? "" : String(export.split(separator: "\n")[0])
            #expect(try check(cut + "\n").code == 0)
            try Data(try kith.run("audit", "checkpoint").output.utf8).write(to: URL(fileURLWithPath: file))
            #expect(try check(cut + "\n", [file]).code == 1)
        }
    }

    @Test("A checkpoint file that was changed is refused")
    func refused() async throws {
        try await BuiltProgram.with { kith in
            try kith.openRiverside()
            let file = "\(kith.folder)/checkpoints.json"
            let text = try kith.run("audit", "checkpoint").output
            try Data(text.replacing("\"page\":1", with: "\"page\":2").utf8).write(to: URL(fileURLWithPath: file))
            let refused = try kith.run("audit", "verify", "--checkpoint", file)
            #expect(refused.code == 1 && refused.error.contains("no checkpoint, or was changed"))
        }
    }
}
