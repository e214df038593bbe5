import Foundation
import Kith
import MailSink
import Storage
import StorageTestSupport
import Testing

@testable import KithCommand

/// A database with people who are to be told something, and the program that tells them.
private struct Post {
    let kith: BuiltProgram
    let database: TestDatabase

    static func with(_ engine: TestEngine, messages: Int, _ body: (Post) async throws -> Void) async throws {
        try await withDatabase(engine) { database in
            try await BuiltProgram.with { kith in
                let post = Post(kith: kith, database: database)
                try await post.fill(messages)
                try await body(post)
            }
        }
    }

    private var address: String {
        switch database.url {
        case .sqlite(let path): "sqlite://\(path)"
        case .postgres(let address): address
        }
    }

    /// So many people, each with a notice that is due.
    private func fill(_ messages: Int) async throws {
        let keys = MasterKeys.file(kith.folder + "/kith.key")
        let platform = try await Platform.open(database.url, keys: keys, quiet: true).carrying([.email])
        let organization = Organization.ID(platform.world.newIdentifier())
        let program = try await platform.write(as: .system(organization), access: .anyone) { db in
            _ = try Organization.open(named: "Riverside", slug: "riverside", timeZone: "UTC", in: db)
            return try Program.open(named: "Caregivers", summary: "", policy: Policy(), topics: [], in: db)
        }
        for start in stride(from: 0, to: messages, by: 500) {
            try await platform.write(as: .system(organization), access: .anyone) { db in
                for number in start..<min(start + 500, messages) {
                    let channel = ContactChannel(
                        kind: .email, address: "person\(number)@home.example", mayLeaveMessage: true)
                    let person = try Person.add(
                        PersonDraft(name: "Marked\(number) Name\(number)", channels: [channel]), to: organization,
                        in: db)
                    try Person.give(.referrer, in: program, to: person, of: organization, in: db)
                    try ContactPreference(timeZone: "UTC", hours: .always).set(for: person, of: organization, in: db)
                    try OutgoingMessage.put(.referral, to: person, in: program, of: organization, db: db)
                }
            }
        }
        await platform.store.close()
    }

    /// Starts the program with a mail server, and waits until it serves.
    func serve(_ sink: MailSink, timeout: Int = 2) throws -> (process: Process, port: Int, log: Pipe) {
        let settings = """
            {"mail-server": "smtp://127.0.0.1:\(sink.port)", "mail-from": "notes@support.example",
            "carrier-timeout": "\(timeout)", "master-key": "\(kith.folder)/kith.key"}
            """
        let (file, port) = ("\(kith.folder)/settings.json", Int.random(in: 20_000...30_000))
        try Data(settings.utf8).write(to: URL(fileURLWithPath: file))
        let log = Pipe()
        let process = try kith.start(
            ["serve", "--database", address, "--port", "\(port)", "--config", file], error: log)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        return (process, port, log)
    }

    func states() async throws -> [String: Int] {
        let store = try database.open()
        let states = try await store.read { try $0.values("SELECT state FROM outgoing_message", as: String.self) }
        await store.close()
        return states.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}

@Suite("The outbox of a running server", .serialized, .timeLimit(.minutes(35)))
struct OutboxServerTests {
    @Test(
        "Killed again and again, it loses nothing, and what comes twice has the same identifier",
        arguments: TestEngine.available)
    func killed(engine: TestEngine) async throws {
        let messages = 2_000
        try await Post.with(engine, messages: messages) { post in
            let sink = try MailSink(.flaky)
            var kills = 0
            let deadline = ContinuousClock.now + .seconds(90)
            var (server, _, _) = try post.serve(sink)
            while kills < 6 {
                let before = sink.identifiers.count
                while sink.identifiers.count < min(before + 100, messages), ContinuousClock.now < deadline {
                    try await Task.sleep(for: .milliseconds(50))
                }
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...150)))
                kill(server.processIdentifier, SIGKILL)
                server.waitUntilExit()
                kills += 1
                (server, _, _) = try post.serve(sink)
            }
            // What was refused once comes after its pause; on PostgreSQL, what was claimed by the dead after theirs.
            while Set(sink.identifiers).count < messages, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(500))
            }
            let asked = ContinuousClock.now
            server.terminate()
            server.waitUntilExit()
            let stopping = ContinuousClock.now - asked
            let all = sink.identifiers
            let distinct = Set(all).count
            print(
                "outbox on \(engine.rawValue): \(messages) messages, \(kills) kills, \(distinct) arrived,",
                "\(all.count - distinct) came twice; stopped in \(stopping)")
            #expect(distinct == messages, "lost \(messages - distinct)")
            // At each kill at most what was under way; and what the server took without an answer, one in a hundred.
            #expect(all.count - distinct <= kills * 4 + messages / 40)
            #expect(server.terminationStatus == 0 && stopping < .seconds(8))
            let states = try await post.states()
            #expect(states["stuck"] == nil && states["sent", default: 0] + states["waiting", default: 0] == messages)
        }
    }

    @Test("Nothing of a person is in the log, whatever becomes of the mail", arguments: [MailSink.Mode.refuse, .busy])
    func log(mode: MailSink.Mode) async throws {
        try await Post.with(.sqlite, messages: 20) { post in
            let sink = try MailSink(mode)
            let (server, port, log) = try post.serve(sink)
            try await Self.waitUntilServing(port)
            try await Task.sleep(for: .seconds(3))
            server.terminate()
            server.waitUntilExit()
            let said = String(decoding: try log.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            #expect(said.contains("a message was not taken"), "the test sees the log")
            for word in ["Marked", "home.example", "person1", "Caregivers"] { #expect(!said.contains(word), "\(word)") }
            let states = try await post.states()
            #expect(states == (mode == .refuse ? ["stuck": 20] : ["waiting": 20]))
        }
    }

    @Test("A mail server that hangs slows no page, and does not keep the program from stopping")
    func hanging() async throws {
        try await Post.with(.sqlite, messages: 200) { post in
            let (quiet, hanging) = (try MailSink(.take), try MailSink(.hang))
            // First everything is sent; then the same pages while as many mails hang as may be under way.
            var slowest: [Duration] = []
            for sink in [quiet, hanging] {
                let (server, port, _) = try post.serve(sink, timeout: 60)
                try await Self.waitUntilServing(port)
                if sink === quiet {
                    while sink.taken.count < 200 { try await Task.sleep(for: .milliseconds(50)) }
                    try await Task.sleep(for: .seconds(1))
                } else {
                    try await Task.sleep(for: .seconds(2))
                }
                slowest.append(try await Self.slowPage(port))
                let asked = ContinuousClock.now
                server.terminate()
                server.waitUntilExit()
                #expect(server.terminationStatus == 0 && ContinuousClock.now - asked < .seconds(9))
                if sink === quiet { try await Self.putAgain(post) }
            }
            print("page p99: \(slowest[0]) with a quick mail server, \(slowest[1]) with one that hangs")
            #expect(slowest[1] < slowest[0] * 2 + .milliseconds(20))
            // What was under way has been given back.
            let store = try post.database.open()
            let claimed: Int? = try await store.read {
                try $0.value("SELECT count(*) FROM outgoing_message WHERE claimed_by IS NOT NULL")
            }
            #expect(claimed == 0)
        }
    }

    private static func putAgain(_ post: Post) async throws {
        let store = try post.database.open()
        _ = try await store.write {
            try $0.run(
                """
                UPDATE outgoing_message SET state = 'waiting', due_at = created_at, ended_at = NULL, released_at = NULL
                """)
        }
        await store.close()
    }

    private static func waitUntilServing(_ port: Int) async throws {
        for _ in 0..<100 where (try? await get(port)) == nil { try await Task.sleep(for: .milliseconds(100)) }
    }

    /// The 99th of a hundred answers, by their time.
    private static func slowPage(_ port: Int) async throws -> Duration {
        var times: [Duration] = []
        for _ in 0..<200 {
            let start = ContinuousClock.now
            try await get(port)
            times.append(ContinuousClock.now - start)
        }
        return times.sorted()[197]
    }

    /// One page on a connection of its own, on a thread of its own.
    private static func get(_ port: Int) async throws {
        let answer: String = try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                defer { close(descriptor) }
                var address = sockaddr_in()
                address.sin_family = sa_family_t(AF_INET)
                address.sin_port = in_port_t(port).bigEndian
                address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
                let connected = withUnsafePointer(to: &address) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                    }
                }
                guard connected == 0 else { return continuation.resume(throwing: CocoaError(.fileReadUnknown)) }
                let request = "GET / HTTP/1.1\r\nHost: localhost:\(port)\r\nConnection: close\r\n\r\n"
                _ = request.withCString { send(descriptor, $0, strlen($0), 0) }
                var (text, buffer) = ("", [UInt8](repeating: 0, count: 65_536))
                while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
                    text += String(decoding: buffer[..<count], as: UTF8.self)
                }
                continuation.resume(returning: text)
            }
        }
        guard answer.hasPrefix("HTTP/1.1 200") else { throw CocoaError(.fileReadUnknown) }
    }
}
