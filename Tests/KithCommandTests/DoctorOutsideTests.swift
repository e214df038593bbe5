import Carriers
import Foundation
import Kith
import MailSink
import Storage
import StorageTestSupport
import Testing

@testable import KithCommand

@Suite("What kith doctor finds outside the database", .timeLimit(.minutes(35)))
struct DoctorOutsideTests {
    @Test("Backups that are old, without keys, or not there, and trials that failed", arguments: TestEngine.available)
    func backups(engine: TestEngine) async throws {
        try await Patient.with(engine) { healthy, _ in
            var patient = healthy
            let folder = patient.folder + "/backups"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            patient.settings.backups = try BackupKeeper.Plan(folder: folder, hours: "24", keep: "14")
            let now = World.real().now()
            func write(_ drill: String?, madeAt: Instant) async throws {
                try await patient.write { writer in
                    try writer.run(
                        """
                        INSERT INTO backup_drill (id, at, file, made_at, row_count, key_count, problem)
                        VALUES (\(World.real().newIdentifier()), \(madeAt), 'kith-1.backup', \(madeAt), 1, 1, \(drill))
                        """)
                }
            }
            #expect(await patient.look(.backups)?.state == .note, "nothing to copy yet")
            try await patient.write { writer in
                try writer.run(
                    """
                    INSERT INTO organization (id, name, slug, time_zone, locale, created_at)
                    VALUES ('0195cf1e-0000-7000-8000-000000000001', 'R', 'r', 'UTC', 'en', '2026-01-01T00:00:00.000Z')
                    """)
            }
            #expect(await patient.look(.backups)?.found.contains("none in") == true)
            #expect(await patient.look(.trial)?.found.contains("ever tried") == true)
            #expect(await healthy.look(.backups)?.found == "Nobody makes any.")
            let file = URL(fileURLWithPath: folder + "/kith-20260101T000000Z.backup")
            try Data().write(to: file)
            #expect(await patient.look(.backups)?.found.contains("kith.keys") == true)
            try Data().write(to: URL(fileURLWithPath: folder + "/kith.keys"))
            #expect(await patient.look(.backups)?.state == .ok)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -49 * 3_600)], ofItemAtPath: file.path)
            #expect(await patient.look(.backups)?.state == .act)

            try await write(nil, madeAt: now.adding(hours: -49))
            #expect(await patient.look(.trial)?.state == .act, "too long ago")
            try await write(nil, madeAt: now.adding(hours: -1))
            #expect(await patient.look(.trial)?.state == .ok)
            #expect(await healthy.look(.backups)?.state == .note, "somebody makes them, by hand or by a timer")
            try await write("It is damaged.", madeAt: now)
            #expect(await patient.look(.trial)?.found.contains("It is damaged.") == true)
        }
    }

    @Test("Organizations that one person alone looks after", arguments: TestEngine.available)
    func administrators(engine: TestEngine) async throws {
        try await Patient.with(engine) { patient, _ in
            #expect(await patient.look(.administrators)?.state == .note)
            var facts = DatabaseFacts(engine: EngineFacts(engine: .sqlite, version: "", clock: nil, durability: []))
            facts.houses = [.init(slug: "riverside", administrators: 2), .init(slug: "hillside", administrators: 1)]
            let few = Doctor.administrators(facts)
            #expect(few.state == .act && few.found.contains("hillside") && !few.found.contains("riverside"))
            facts.houses = [.init(slug: "riverside", administrators: 2)]
            #expect(Doctor.administrators(facts).state == .ok)
        }
    }

    @Test("A mail server that answers gets no mail; one that does not is told of, and no password is")
    func mail() async throws {
        try await Patient.with(.sqlite) { healthy, _ in
            #expect(await healthy.look(.mail)?.state == .note)
            var patient = healthy
            func ask(_ port: Int, _ login: (name: String, password: String)? = nil) async -> Finding? {
                let server = MailServer(
                    host: "127.0.0.1", port: port, encryption: .none, login: login, timeout: .seconds(2))
                patient.settings.carriers.mail = MailCarrier(server: server, from: "notes@support.example")
                return await patient.look(.mail)
            }
            let sink = try MailSink(.take, login: "kith:open sesame")
            #expect(await ask(sink.port, ("kith", "open sesame"))?.state == .ok)
            let wrong = await ask(sink.port, ("kith", "hunter2"))
            #expect(wrong?.state == .act && wrong?.found.contains("user and the password") == true)
            #expect(wrong.map { $0.line.contains("hunter2") } == false)
            #expect(sink.taken.isEmpty)
            #expect(await ask(1)?.found.contains("cannot be reached") == true)
            let silent = try MailSink(.hang)
            #expect(await ask(silent.port)?.found.contains("in time") == true)
        }
    }

    @Test("A certificate that ends soon, and one that does not")
    func certificate() async throws {
        try await Patient.with(.sqlite) { healthy, _ in
            let (chain, key) = (healthy.folder + "/site.pem", healthy.folder + "/site.key")
            var patient = healthy
            patient.settings = Settings(
                database: healthy.settings.database, port: 8080, host: "127.0.0.1",
                address: "https://support.example.org", masterKeys: healthy.settings.masterKeys,
                certificate: (chain, key))
            #expect(await patient.look(.certificate)?.state == .act, "there is no file")
            for (days, state) in [(10, .act), (30, .ok)] as [(Int, Finding.State)] {
                let openssl = Process()
                openssl.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
                openssl.arguments = [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "\(days)", "-subj",
                    "/CN=support.example.org", "-keyout", key, "-out", chain
                ]
                openssl.standardError = FileHandle.nullDevice
                try openssl.run()
                openssl.waitUntilExit()
                chmod(key, 0o600)
                #expect(await patient.look(.certificate)?.state == state, "\(days) days")
            }
        }
    }
}
