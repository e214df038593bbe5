import Foundation
import Storage
import Testing
import Web

@testable import KithCommand

@Suite("What Kith refuses to serve with", .timeLimit(.minutes(35)))
struct SafetyTests {
    private func settings(
        _ address: String, on host: String = "127.0.0.1", database: String = "sqlite:///nowhere/kith.sqlite",
        proxy: String = "", certificate: Bool = false, plain: Bool = false
    ) throws -> Settings {
        Settings(
            database: try StoreURL(database), port: 8080, host: host, address: address,
            trustedProxies: try Settings.proxies(proxy), masterKeys: .file("/nowhere/kith.key"),
            certificate: certificate ? ("/site.pem", "/site.key") : nil,
            allowsPlainHTTP: plain)
    }

    private func expect(
        _ settings: Settings, _ reason: String?, _ environment: [String: String] = [:],
        location: SourceLocation = #_sourceLocation
    ) {
        do {
            try settings.checkSafety(environment)
            #expect(reason == nil, "was let through", sourceLocation: location)
        } catch {
            let said = error.description
            #expect(reason.map(said.contains) == true, "\(said)", sourceLocation: location)
            #expect(!said.contains("\n") && !said.contains("hunter2"), "\(said)", sourceLocation: location)
        }
    }

    @Test("Records that would cross a network unencrypted")
    func transport() throws {
        let (site, open) = ("https://support.example.org", "http://support.example.org")
        for (settings, reason) in [
            (try settings("http://localhost:8080"), nil), (try settings("http://127.0.0.1:8080"), nil),
            (try settings("http://[::1]:8080", on: "::1"), nil),
            (try settings("http://localhost:8080", on: "0.0.0.0"), "unencrypted"),
            (try settings("http://localhost:8080", on: "::"), "unencrypted"),
            (try settings(open), "unencrypted"), (try settings(open, on: "10.0.0.7"), "unencrypted"),
            (try settings(open, on: "10.0.0.7", proxy: "10.0.0.1"), "unencrypted"),
            (try settings("http://localhost.example.org"), "unencrypted"),
            (try settings(open, on: "0.0.0.0", plain: true), nil),
            (try settings(site), nil), (try settings(site, on: "localhost"), nil),
            (try settings(site, on: "0.0.0.0"), "is not encrypted"), (try settings(site, on: "::"), "is not encrypted"),
            (try settings(site, on: "10.0.0.7"), "is not encrypted"),
            (try settings(site, on: "0.0.0.0", plain: true), "is not encrypted"),
            (try settings(site, on: "0.0.0.0", proxy: "10.0.0.1"), nil),
            (try settings(site, on: "0.0.0.0", certificate: true), nil),
            (try settings(open, on: "0.0.0.0", certificate: true), "must begin with https"),
            (try settings("http://localhost", certificate: true, plain: true), "must begin with https")
        ] as [(Settings, String?)] {
            expect(settings, reason)
        }
    }

    @Test("A PostgreSQL on another machine that lets everybody in")
    func password() throws {
        for (database, environment, reason) in [
            ("postgres:///kith", [:], nil), ("postgres:///kith?host=/run/postgresql", [:], nil),
            ("postgres://kith@localhost/kith", [:], nil), ("postgres://kith@127.0.0.1:5433/kith", [:], nil),
            ("postgres://kith@[::1]/kith", [:], nil),
            ("postgres://kith@db.example.org/kith", [:], "has no password"),
            ("postgres://kith:@db.example.org/kith", [:], "has no password"),
            ("postgres://kith@10.0.0.3/kith", [:], "has no password"),
            ("postgres:///kith?host=db.example.org", [:], "has no password"),
            ("postgres:///kith?hostaddr=10.0.0.3", [:], "has no password"),
            ("postgres://kith@localhost,db.example.org/kith", [:], "has no password"),
            ("postgres:///kith", ["PGHOST": "db.example.org"], "has no password"),
            ("postgres://kith@db.example.org/kith", ["PGPASSWORD": ""], "has no password"),
            ("postgres://kith@db.example.org/kith", ["PGPASSWORD": "hunter2"], nil),
            ("postgres://kith@db.example.org/kith", ["PGPASSFILE": "/run/secrets/pgpass"], nil),
            ("postgres://kith:hunter2@db.example.org/kith", [:], nil),
            ("postgres://kith@db.example.org/kith?sslcert=/etc/kith/client.pem", [:], nil)
        ] as [(String, [String: String], String?)] {
            expect(try settings("http://localhost:8080", database: database), reason, environment)
        }
    }

    @Test("A database that others on the machine may read or change")
    func files() async throws {
        try await BuiltProgram.with { kith in
            try kith.openRiverside()
            #expect(FileFacts(kith.file)?.mode == 0o600, "as Kith makes it")
            for (mode, isRefused) in [(0o600, false), (0o640, false), (0o604, true), (0o602, true)] as [(mode_t, Bool)]
            {
                chmod(kith.file, mode)
                let settings = try settings("http://localhost:8080", database: kith.database)
                expect(settings, isRefused ? "chmod o= \(kith.file)" : nil)
            }
            try await kith.expectRefusal("may read or change", "serve")
            chmod(kith.file, 0o600)
            chmod(kith.folder, 0o777)
            try await kith.expectRefusal("may put files into", "serve")
            chmod(kith.folder, 0o755)
            expect(try settings("http://localhost:8080", database: kith.database), nil)
        }
    }

    @Test("A certificate that cannot be used, before the database is touched")
    func certificate() async throws {
        try await BuiltProgram.with { kith in
            let (pem, key) = (kith.folder + "/site.pem", kith.folder + "/site.key")
            let site = ["--address", "https://localhost", "--certificate", pem]
            try await kith.expectRefusal("go together", "serve", site[0], site[1], site[2], site[3])
            try await kith.expectRefusal(
                "There is no file \(pem)", "serve", site[0], site[1], site[2], site[3], "--certificate-key", key)
            #expect(try await kith.contents.isEmpty)
        }
    }

    @Test("A setting that nobody knows, or that makes no sense")
    func names() async throws {
        try await BuiltProgram.with { kith in
            let file = kith.folder + "/settings.json"
            for (text, reason) in [
                (#"{"databse": "sqlite:///x"}"#, "“databse”, which Kith does not know"),
                (#"{"trusted_proxy": "127.0.0.1"}"#, "“trusted_proxy”, which Kith does not know"),
                (#"{"port": 8080, "debug": true}"#, "“debug”"), (#"{"port": [1]}"#, "cannot be read as JSON"),
                (#"["port"]"#, "cannot be read as JSON"), ("port: 8080", "cannot be read as JSON"),
                (#"{"plain-http": "perhaps"}"#, "is yes or no"), (#"{"port": 70000}"#, "must be a number")
            ] {
                try Data(text.utf8).write(to: URL(fileURLWithPath: file))
                try await kith.expectRefusal(reason, "serve", "--config", file)
                try await kith.expectRefusal(reason, "check", "--config", file)
            }
            try Data(#"{"port": 9000, "plain-http": true, "host": "0.0.0.0"}"#.utf8).write(
                to: URL(fileURLWithPath: file))
            let settings = try await Settings.read(["host": "127.0.0.1"], config: file)
            #expect(settings.port == 9000 && settings.allowsPlainHTTP && settings.host == "127.0.0.1")
        }
    }
}
