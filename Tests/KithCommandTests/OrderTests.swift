import Foundation
import Testing

@testable import KithCommand

@Suite("Orders of the command line", .timeLimit(.minutes(35)))
struct OrderTests {
    private func write(_ text: String, _ name: String, in kith: BuiltProgram) throws -> String {
        let path = "\(kith.folder)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test("From nothing to a running program: every order says what came of it")
    func whole() async throws {
        try await BuiltProgram.with { kith in
            let opened = try kith.openRiverside()
            #expect(opened.output.contains("http://localhost:8080/invitations/"), "the whole address")
            #expect(try kith.run("site", "add", "--name", "Harbor House").output == "Added the site Harbor House.\n")
            let added = try kith.run(
                "program", "add", "--name", "Heart", "--site", "harbor house", "--eligibility", "It is for adults.",
                "--topic", "After a stroke")
            #expect(added.code == 0 && added.error.contains("Nobody coordinates it yet"))
            let user = try kith.run(
                "user", "add", "--name", "Ana Alvarez", "--role", "coordinator", "--program", "heart")
            #expect(user.output.contains("http://localhost:8080/invitations/"))
            let role = ["user", "role"]
            #expect(
                try kith.run(role[0], role[1], "add", "Ana Alvarez", "--role", "supervisor", "--program", "Heart")
                    .output
                    == "Ana Alvarez is now supervisor.\n")
            try await kith.expectRefusal(
                "has this role already", "user", "role", "add", "Ana Alvarez", "--role", "supervisor", "--program",
                "Heart")
            #expect(
                try kith.run(role[0], role[1], "end", "Ana Alvarez", "--role", "supervisor", "--program", "Heart").code
                    == 0)
            try await kith.expectRefusal(
                "does not have this role", "user", "role", "end", "Ana Alvarez", "--role", "supervisor", "--program",
                "Heart")
            #expect(try kith.run("user", "password", "Ana Alvarez").output.contains("/invitations/"))
            #expect(try kith.run("user", "end", "Ana Alvarez").output.hasPrefix("Ended the access of Ana Alvarez"))
            try await kith.expectRefusal("has no role any more", "user", "password", "Ana Alvarez")
            // Whoever administers the organization administers what was added to it.
            try await kith.expectRefusal(
                "needs an administrator", "user", "role", "end", "Ada Adler", "--role", "administrator", "--program",
                "Heart")
            #expect(try kith.run("check").code == 0)
        }
    }

    @Test("Who may see something of somebody, who has, and why everybody else may not")
    func explainAccess() async throws {
        try await BuiltProgram.with { kith in
            try kith.openRiverside()
            for (name, role) in [
                ("Cleo Castro", "participant"), ("Ana Alvarez", "coordinator"), ("Bao Binh", "supporter")
            ] {
                #expect(try kith.run("user", "add", "--name", name, "--role", role).code == 0)
            }
            let consent = try kith.run("explain-access", "Cleo Castro", "looks")
            #expect(consent.code == 0 && consent.output.contains("Cleo Castro: It is about them. Since"))
            #expect(consent.output.contains("  Ada Adler: Their part in the program does not include it."))
            #expect(consent.output.contains("  Bao Binh: They support others, not this person."))
            let one = try kith.run("explain-access", "Cleo Castro", "looks", "--viewer", "Ana Alvarez")
            #expect(one.output.contains("Ana Alvarez") && !one.output.contains("Bao Binh"))
            try await kith.expectRefusal("An item is one of identity", "explain-access", "Cleo Castro", "everything")
            try await kith.expectRefusal("There is nobody called", "explain-access", "Nobody", "looks")
        }
    }

    @Test("A policy is shown, edited and published; what cannot work is refused")
    func policy() async throws {
        try await BuiltProgram.with { kith in
            try kith.openRiverside()
            let shown = try kith.run("policy", "show")
            #expect(shown.error == "This is version 1.\n")
            let edited = shown.output.replacing("\"eligibility\" : \"\"", with: "\"eligibility\" : \"For adults.\"")
                .replacing(
                    "\"urgentWhen\" : [\n\n  ]",
                    with: "\"urgentWhen\" : [{\"kind\": \"word\", \"value\": \"newborn\"}]")
            #expect(edited.contains("newborn") && edited.contains("For adults."), "the premise")
            let file = try write(edited, "policy.json", in: kith)
            #expect(try kith.run("policy", "publish", file).output.hasPrefix("Published version 2."))
            let now = try kith.run("policy", "show")
            #expect(now.output.contains("newborn") && now.error == "This is version 2.\n")
            for (text, reason) in [
                ("nonsense", "cannot be read"), ("{}", "lacks “clockHours”"),
                (edited.replacing("\"topics\"", with: "\"topic\""), "has no “topic”"),
                (edited.replacing("\"word\"", with: "\"feeling\""), "cannot be used as it stands at “urgentWhen"),
                (edited.replacing("\"urgent\" : 4", with: "\"urgent\" : 400"), "more time than the others")
            ] {
                try await kith.expectRefusal(reason, "policy", "publish", try write(text, "wrong.json", in: kith))
            }
        }
    }

    @Test("Words of consent are published by purpose and language")
    func consent() async throws {
        try await BuiltProgram.with { kith in
            try kith.openRiverside()
            let file = try write("Une personne qui a vécu la même chose vous soutient.", "fr.txt", in: kith)
            let done = try kith.run("consent", "publish", file, "--purpose", "take-part", "--language", "fr")
            #expect(done.output.hasPrefix("Published version 1."))
            try await kith.expectRefusal("A purpose is one of", "consent", "publish", file, "--purpose", "everything")
            let empty = try write(" \n", "empty.txt", in: kith)
            try await kith.expectRefusal("no words", "consent", "publish", empty, "--purpose", "take-part")
        }
    }

    @Test("Empty and unknown names are refused in one sentence")
    func names() async throws {
        try await BuiltProgram.with { kith in
            try kith.openRiverside()
            try await kith.expectRefusal(
                "name must not be empty", "user", "add", "--name", " ", "--role", "coordinator")
            try await kith.expectRefusal("name must not be empty", "site", "add", "--name", "")
            try await kith.expectRefusal("A role is one of", "user", "add", "--name", "Ana", "--role", "king")
            try await kith.expectRefusal("nobody called “Nemo”", "user", "end", "Nemo")
            try await kith.expectRefusal("Which program?", "partner", "add", "--name", "Clinic", "--program", "Dance")
            try await kith.expectRefusal(
                "already", "organization", "add", "--name", "R", "--slug", "riverside", "--time-zone", "UTC",
                "--program", "P", "--administrator", "A")
        }
    }

    @Test("An import fails only when nothing in it was of use")
    func mixture() async throws {
        try await BuiltProgram.with { kith in
            try kith.openRiverside()
            let good = try write(
                #"{"resourceType":"Patient","id":"p1","name":[{"family":"North","given":["Nora"]}]}"#, "good.json",
                in: kith)
            let bad = try write(#"{"resourceType":"Patient","birthDate":"yesterday"}"#, "bad.json", in: kith)
            #expect(try kith.run("import", bad).code == 1)
            let both = try kith.run("import", bad, good)
            #expect(both.code == 0 && both.output.contains("1 refused"), "\(both.output)")
        }
    }

    @Test(
        "A running server carries orders out, and refusals come back on standard error; nobody else may read its files")
    func throughServer() async throws {
        try await BuiltProgram.with { kith in
            let server = try kith.start([
                "serve", "--database", kith.database, "--port", "0", "--address", "https://k.example"
            ])
            server.standardOutput = FileHandle.nullDevice
            try server.run()
            defer {
                server.terminate()
                server.waitUntilExit()
            }
            let socket = kith.file + ".socket"
            for _ in 0..<200 where !FileManager.default.fileExists(atPath: socket) {
                try await Task.sleep(for: .milliseconds(100))
            }
            for name in [kith.file, kith.file + "-wal", kith.file + ".lock", socket] {
                let rights = try FileManager.default.attributesOfItem(atPath: name)[.posixPermissions] as? Int
                #expect((rights ?? 0o777) & 0o077 == 0, "\(name)")
            }
            #expect(try kith.openRiverside().output.contains("https://k.example/invitations/"), "the server's address")
            let wrong = try kith.run("user", "add", "--name", "Ana", "--role", "king")
            #expect(wrong.code == 1 && wrong.output.isEmpty && wrong.error.hasPrefix("kith: A role is one of"))
            let added = try kith.run("user", "add", "--name", "Ana", "--role", "coordinator")
            #expect(added.code == 0 && added.error.isEmpty)
            #expect(try kith.run("user", "role", "add", "Ana", "--role", "supervisor").code == 0)
            #expect(try kith.run("check").code == 0)
        }
    }

    @Test("A port that is taken is called so, and nothing else is")
    func takenPort() async throws {
        try await BuiltProgram.with { kith in
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let bound = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    bind(descriptor, pointer, length) == 0 && listen(descriptor, 1) == 0
                        && getsockname(descriptor, pointer, &length) == 0
                }
            }
            try #require(bound)
            let port = "\(UInt16(bigEndian: address.sin_port))"
            #expect(try kith.run("migrate").code == 0)
            let run = try kith.run("serve", "--port", port)
            #expect(run.code == 1)
            #expect(run.error.contains("cannot listen on 127.0.0.1 port \(port): another program does already."))
        }
    }
}
