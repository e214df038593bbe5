import HTTPTypes
import Hummingbird
import Testing
import Web

@Suite("A server with TLS, on real sockets", .timeLimit(.minutes(35)))
struct SecureServerTests {
    private var router: Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: Deadline(after: .milliseconds(400)))
        router.add(middleware: SecurityHeaders(https: true))
        router.get("/") { request, _ in request.head.authority ?? "nobody" }
        router.post("/form") { request, _ in
            Response.text("\(try await request.body(upTo: 1_000).readableBytes)")
        }
        return router
    }

    private var quick: ServerLimits {
        var limits = ServerLimits()
        limits.idle = .milliseconds(500)
        limits.request = .milliseconds(800)
        limits.stall = .milliseconds(800)
        return limits
    }

    /// Runs `curl` on the server and returns what it says.
    private func curl(_ arguments: String, _ path: String = "/", on server: LiveServer) async throws -> String {
        try await Certificates.run("curl -sSk --noproxy '*' \(arguments) https://localhost:\(server.port)\(path)")
            .output
    }

    private func secure(_ body: @Sendable (LiveServer, Certificates, ServerCertificate) async throws -> Void)
        async throws
    {
        try await Certificates.with { certificates in
            let certificate = try ServerCertificate(certificate: certificates.certificate, key: certificates.key)
            try await withServer(router, limits: quick, certificate: certificate) { server in
                try await body(server, certificates, certificate)
            }
        }
    }

    @Test("It speaks HTTP/2 and HTTP/1.1, with the same answers and the same fields")
    func versions() async throws {
        try await secure { server, _, _ in
            for (flag, version) in [("--http2", "2"), ("--http1.1", "1.1")] {
                let answer = try await curl("-i -w '\\n%{http_version}' \(flag)", on: server)
                #expect(answer.hasSuffix("localhost:\(server.port)\n\(version)"), "\(answer)")
                #expect(answer.lowercased().contains("strict-transport-security: max-age=31536000"))
                #expect(answer.lowercased().contains("content-security-policy: default-src 'none'"))
            }
        }
    }

    @Test("Nothing older than TLS 1.2, and no cipher that is broken with a stolen key")
    func old() async throws {
        try await secure { server, _, _ in
            for (flags, works) in [
                ("--tls-max 1.1 --tlsv1.0", false), ("--tls-max 1.2", true), ("--tlsv1.3", true),
                ("--tls-max 1.2 --ciphers AES128-SHA", false), ("--tls-max 1.2 --ciphers AES128-GCM-SHA256", false),
                ("--tls-max 1.2 --ciphers ECDHE-ECDSA-AES128-GCM-SHA256", true)
            ] {
                let answer = try await curl(flags, on: server)
                #expect(answer.hasPrefix("localhost") == works, "\(flags): \(answer)")
            }
        }
    }

    @Test("A renewed certificate is shown to the next connection, without a restart")
    func renewal() async throws {
        try await secure { server, certificates, certificate in
            func shown() async throws -> String {
                try await Certificates.run(
                    "openssl s_client -connect localhost:\(server.port) </dev/null 2>/dev/null | "
                        + "openssl x509 -noout -subject"
                ).output
            }
            #expect(try await shown().contains("first"))
            try await certificates.make("site", name: "second")
            #expect(try await shown().contains("first"), "read only when asked to")
            try certificate.reload()
            #expect(try await shown().contains("second"))
            #expect(try await curl("--http2", on: server).hasPrefix("localhost"))
        }
    }

    @Test("A body that is too large is turned down in words on HTTP/2 too, and no other stream is harmed")
    func tooLarge() async throws {
        try await secure { server, _, _ in
            let answer = try await curl(
                "--http2 -w ' %{http_code}' -d \"$(head -c 5000 /dev/zero | tr '\\0' a)\"", "/form", on: server)
            #expect(answer.contains("more than can be sent at once") && answer.contains("413"), "\(answer)")
        }
    }

    @Test("A body that drips is answered with 408 on HTTP/2 too")
    func slowBody() async throws {
        try await secure { server, _, _ in
            let start = ContinuousClock.now
            let answer = try await Certificates.run(
                "(for i in $(seq 60); do printf a; sleep 0.05; done) | curl -sk --noproxy '*' --http2 -T - -X POST "
                    + "-H 'Content-Length: 900' -w ' %{http_code}' https://localhost:\(server.port)/form"
            ).output
            #expect(answer.contains("408"), "\(answer)")
            #expect(ContinuousClock.now - start < .seconds(5))
        }
    }

    @Test("A connection that never finishes the handshake is closed")
    func noHandshake() async throws {
        try await secure { server, _, _ in
            for beginning in ["", "\u{16}\u{3}\u{1}"] {
                let start = ContinuousClock.now
                try await server.connect { connection in
                    if !beginning.isEmpty { try await connection.send(beginning) }
                    _ = try await connection.readToEnd()
                }
                #expect(ContinuousClock.now - start < .seconds(3), "\(beginning.count)")
            }
        }
    }

    @Test("A connection without TLS is closed without an answer")
    func plain() async throws {
        try await secure { server, _, _ in
            let answer = try await server.exchange("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(answer.status == 0)
        }
    }
}
