import Foundation
import Testing

@testable import KithCommand

@Suite("kith serve in an empty folder", .timeLimit(.minutes(35)))
struct FirstRunCommandTests {
    /// Starts it as somebody does who has read nothing, and gives what it says until `mark` is said.
    private func serve(
        _ kith: BuiltProgram, until mark: String, _ body: (_ said: String) throws -> Void
    ) async throws {
        let log = "\(kith.folder)/said"
        try Data().write(to: URL(fileURLWithPath: log))
        let server = try kith.start(["serve", "--port", "0"], error: FileHandle(forWritingAtPath: log))
        try server.run()
        var said = ""
        for _ in 0..<300 where !said.contains(mark) && server.isRunning {
            try await Task.sleep(for: .milliseconds(100))
            said = try String(contentsOfFile: log, encoding: .utf8)
        }
        // What follows the mark stands in the same breath.
        try await Task.sleep(for: .milliseconds(500))
        let result = Result { try body(try String(contentsOfFile: log, encoding: .utf8)) }
        server.terminate()
        server.waitUntilExit()
        try result.get()
        try FileManager.default.removeItem(atPath: log)
    }

    @Test("It makes a folder of its own, and a link anew at each start until there is an organization")
    func whole() async throws {
        try await BuiltProgram.with { kith in
            var links: [String] = []
            for _ in 0..<2 {
                try await serve(kith, until: "Kith is serving") { said in
                    let found = said.matches(of: /http:\/\/localhost:\d+\/setup\/([\w-]{43})\s/).map { String($0.1) }
                    #expect(found.count == 1, "\(said)")
                    links += found
                }
            }
            #expect(Set(links).count == 2, "the first is none any more")
            let folder = try #require(FileFacts("\(kith.folder)/kith-data"))
            #expect(folder.mode == 0o700)
            #expect(FileFacts("\(kith.folder)/kith-data/kith.sqlite.key")?.mode == 0o600)
            let database = "sqlite://\(kith.folder)/kith-data/kith.sqlite"
            let opened = try kith.run(
                "organization", "add", "--name", "Riverside", "--slug", "riverside", "--time-zone", "UTC", "--program",
                "Caregivers", "--administrator", "Ada Adler", database: database)
            #expect(opened.code == 0, "\(opened.error)")
            try await serve(kith, until: "Kith is serving") { said in #expect(!said.contains("/setup/"), "\(said)") }
        }
    }

    @Test("A folder that somebody named is theirs to make")
    func named() async throws {
        try await BuiltProgram.with { kith in
            let database = "sqlite://\(kith.folder)/mistyped/kith.sqlite"
            let refused = try kith.run("serve", "--port", "0", database: database)
            #expect(refused.code == 1 && refused.error.contains("does not exist"), "\(refused.error)")
        }
    }
}
