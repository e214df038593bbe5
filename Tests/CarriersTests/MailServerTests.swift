import Carriers
import Foundation
import MailSink
import Testing

private func mail(_ change: (inout MailMessage) -> Void = { _ in }) -> MailMessage {
    var message = MailMessage(
        id: "0195cf1e@support.example", date: Date(timeIntervalSince1970: 1_795_786_000), senderName: "Riverside",
        senderAddress: "notes@support.example", recipient: "cleo@home.example", subject: "A note for you",
        text: "There is something new for you.\n.\n..dots\n", stopAddress: "https://support.example/stop/abc")
    change(&message)
    return message
}

private func server(
    at sink: MailSink, _ encryption: MailServer.Encryption = .none, login: (name: String, password: String)? = nil,
    seconds: Int = 5
) -> MailServer {
    MailServer(
        host: "127.0.0.1", port: sink.port, encryption: encryption, login: login, timeout: .seconds(seconds))
}

@Suite("Mail by SMTP, to a real server", .timeLimit(.minutes(35)))
struct MailServerTests {
    @Test("A calendar goes along as a part of its own, and nothing in it ends that part")
    func calendars() async throws {
        let sink = try MailSink(.take)
        let calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:--=_part--\r\nX=1\r\nEND:VCALENDAR\r\n"
        try await server(at: sink).send(mail { $0.calendars = [.init(method: "REQUEST", text: calendar)] })
        let text = try #require(sink.taken.first)
        let parts = text.components(separatedBy: "\r\n--=_part")
        #expect(parts.count == 4 && parts[3].hasPrefix("--\r\n"))
        #expect(parts[0].contains("\r\nContent-Type: multipart/mixed; boundary=\"=_part\"\r\n"))
        #expect(parts[1].hasPrefix("\r\nContent-Type: text/plain; charset=utf-8\r\n"))
        #expect(parts[1].contains("There is something new for you."))
        #expect(parts[2].hasPrefix("\r\nContent-Type: text/calendar; charset=utf-8; method=REQUEST\r\n"))
        #expect(parts[2].contains("\r\nSUMMARY:--=3D_part--\r\nX=3D1\r\nEND:VCALENDAR\r\n"))
        #expect(throws: CarrierFailure.unsafeText(field: "method")) {
            _ = try mail { $0.calendars = [.init(method: "A\r\nB", text: "")] }.bytes()
        }
    }

    @Test("What is taken has come whole, dots and all")
    func taken() async throws {
        let sink = try MailSink(.take)
        try await server(at: sink).send(mail())
        let text = try #require(sink.taken.first)
        #expect(text.hasPrefix("X-To: cleo@home.example\r\n"))
        for line in [
            "From: Riverside <notes@support.example>", "To: <cleo@home.example>", "Subject: A note for you",
            "Message-ID: <0195cf1e@support.example>", "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
            "Date: Fri, 27 Nov 2026 13:26:40 +0000", "Content-Type: text/plain; charset=utf-8",
            "List-Unsubscribe: <https://support.example/stop/abc>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
        ] { #expect(text.contains("\r\n\(line)\r\n"), "\(line)") }
        #expect(text.contains("\r\n\r\nThere is something new for you.\r\n.\r\n..dots\r\n"))
    }

    @Test("Each way to fail has its name")
    func failures() async throws {
        let expected: [(MailSink.Mode, CarrierFailure)] = [
            (.busy, .notNow(.answer, code: 451)), (.refuse, .refused(code: 550)), (.hang, .notNow(.timeout)),
            (.stall, .notNow(.timeout)), (.drop, .notNow(.unreachable))
        ]
        for (mode, failure) in expected {
            let sink = try MailSink(mode)
            await #expect(throws: failure, "\(mode)") { try await server(at: sink, seconds: 1).send(mail()) }
            #expect(sink.taken.count == (mode == .drop || mode == .stall ? 1 : 0))
        }
        let nobody = MailServer(host: "127.0.0.1", port: 1, encryption: .none, timeout: .seconds(1))
        await #expect(throws: CarrierFailure.notNow(.unreachable)) { try await nobody.send(mail()) }
    }

    @Test("Whoever must sign in does; in clear nothing is said where encryption was asked for")
    func signIn() async throws {
        let sink = try MailSink(.take, login: "kith:open sesame")
        try await server(at: sink, login: ("kith", "open sesame")).send(mail())
        #expect(sink.taken.count == 1)
        await #expect(throws: CarrierFailure.notNow(.signIn, code: 535)) {
            try await server(at: sink, login: ("kith", "wrong")).send(mail())
        }
        await #expect(throws: CarrierFailure.notNow(.encryption)) {
            try await server(at: sink, .startTLS, login: ("kith", "open sesame")).send(mail())
        }
        #expect(sink.taken.count == 1)
    }

    @Test("With STARTTLS, only to a server that can prove who it is")
    func startTLS() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/kith_tls_\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (certificate, key) = ("\(folder)/cert.pem", "\(folder)/key.pem")
        let openssl = Process()
        openssl.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        openssl.arguments = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        let sink = try MailSink(.take, login: "kith:open sesame", tls: (certificate, key))
        var server = server(at: sink, .startTLS, login: ("kith", "open sesame"))
        await #expect(throws: CarrierFailure.notNow(.encryption), "nobody vouches for it") {
            try await server.send(mail())
        }
        server.authorities = certificate
        try await server.send(mail())
        #expect(sink.taken.count == 1)
    }

    @Test("A canceled task is let go within a second or two, though the server says nothing")
    func canceled() async throws {
        let sink = try MailSink(.hang)
        let sending = Task { try await server(at: sink, seconds: 60).send(mail()) }
        try await Task.sleep(for: .milliseconds(300))
        let start = ContinuousClock.now
        sending.cancel()
        await #expect(throws: CarrierFailure.interrupted) { try await sending.value }
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test("Twenty servers that hang keep no task waiting")
    func pool() async throws {
        let sink = try MailSink(.hang)
        let sending = (0..<20).map { _ in Task { try await server(at: sink, seconds: 3).send(mail()) } }
        let start = ContinuousClock.now
        for _ in 0..<50 { await Task { await Task.yield() }.value }
        #expect(ContinuousClock.now - start < .seconds(1))
        for task in sending { await #expect(throws: CarrierFailure.self) { try await task.value } }
    }
}

@Suite("Mail as it stands on the wire")
struct MailMessageTests {
    @Test("A line break in any field is refused, wherever it stands")
    func injection() throws {
        let breaks = ["\r\n", "\n", "\r", "\u{0}", "\r\nBcc: x@y.example\r\n"]
        for text in breaks {
            let changes: [(String, (inout MailMessage) -> Void)] = [
                ("Message-ID", { $0.id += text }), ("From", { $0.senderName += text }),
                ("From", { $0.senderAddress += text }), ("To", { $0.recipient = "a@b.example" + text }),
                ("Subject", { $0.subject = "A" + text + "B" }),
                ("List-Unsubscribe", { $0.stopAddress = "https://x" + text })
            ]
            for (field, change) in changes {
                #expect(throws: CarrierFailure.unsafeText(field: field)) { try mail(change).bytes() }
            }
        }
        for address in [
            "a@b.example, c@d.example", "<a@b.example>", "a b@c.example", "a@b@c.example", "@b.example", "a@"
        ] {
            #expect(throws: CarrierFailure.unsafeText(field: "To")) { try mail { $0.recipient = address }.bytes() }
        }
        #expect(throws: Never.self) { try mail().bytes() }
    }

    @Test("Words of any language come back as they were, in lines that are short enough")
    func languages() throws {
        let subject = "Ein Gruß 你好 مرحبا " + String(repeating: "👩‍👩‍👧 ", count: 12)
        let text = "Größe = 5 \nمرحبا\n" + String(repeating: "long line ", count: 40) + "\n"
        let bytes = try mail {
            $0.senderName = "Señora \"Ñ\""
            $0.subject = subject
            $0.text = text
        }.bytes()
        let wire = String(decoding: bytes, as: UTF8.self)
        #expect(bytes.allSatisfy { $0 < 0x80 } && !wire.replacing("\r\n", with: "").contains("\n"))
        #expect(wire.split(separator: "\r\n").allSatisfy { $0.count <= 78 })
        // Read by somebody else's code.
        let python = Process()
        let (input, output) = (Pipe(), Pipe())
        python.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        python.arguments = [
            "-c",
            """
            import sys, email, email.policy, json
            m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
            print(json.dumps([m["Subject"], m["From"].addresses[0].display_name, m.get_content()]))
            """
        ]
        python.standardInput = input
        python.standardOutput = output
        try python.run()
        try input.fileHandleForWriting.write(contentsOf: bytes)
        try input.fileHandleForWriting.close()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        let read = try JSONDecoder().decode([String].self, from: said).map { $0.replacing("\r\n", with: "\n") }
        #expect(read == [subject, "Señora \"Ñ\"", text])
    }
}
