import Foundation
import Kith
import Storage
import StorageTestSupport
import Testing

@testable import KithCommand

@Suite("What kith doctor finds", .timeLimit(.minutes(35)))
struct DoctorTests {
    private func instant(_ date: Date = Date()) -> Instant {
        Instant(milliseconds: Int64(date.timeIntervalSince1970 * 1_000))
    }

    @Test(
        "A fresh installation: nothing that must be done but what nobody can have done yet",
        arguments: TestEngine.available)
    func fresh(engine: TestEngine) async throws {
        try await Patient.with(engine) { patient, _ in
            let report = await Doctor(settings: patient.settings).examine()
            #expect(report.isWell, "\(report.text)")
            #expect(Set(report.checks.map(\.check)).isSuperset(of: [.version, .migrations, .durability, .clock]))
            #expect(report.checks.first?.found.contains(engine == .sqlite ? "SQLite 3." : "PostgreSQL 1") == true)
        }
    }

    @Test("A step that waits, and a database of a newer Kith", arguments: TestEngine.available)
    func migrations(engine: TestEngine) async throws {
        try await Patient.with(engine) { patient, _ in
            #expect(await patient.look(.migrations)?.state == .ok)
            let last = try #require(everyFeature.flatMap(\.migrations).last)
            try await patient.write { try $0.run("DELETE FROM migration WHERE id = \(last.id)") }
            let waits = await patient.look(.migrations)
            #expect(waits?.state == .act && waits?.found.contains(last.id) == true)
            let store = try Store.open(patient.settings.database)
            try await store.write {
                try $0.run("INSERT INTO migration (id, hash, applied_at) VALUES ('2999-01-01-x', 'x', 'x')")
            }
            await store.close()
            let newer = await patient.look(.database)
            #expect(newer?.state == .act && newer?.found.contains("newer Kith") == true)
        }
    }

    @Test("A clock that is behind what was written, or apart from the server's", arguments: TestEngine.available)
    func clock(engine: TestEngine) async throws {
        try await Patient.with(engine) { patient, _ in
            try await patient.write { writer in
                try writer.run(
                    """
                    INSERT INTO organization (id, name, slug, time_zone, locale, created_at)
                    VALUES ('0195cf1e-0000-7000-8000-000000000001', 'R', 'r', 'UTC', 'en', '2026-01-01T00:00:00.000Z')
                    """)
                try writer.run(
                    """
                    INSERT INTO event (organization_id, id, kind, actor, details, at)
                    VALUES ('0195cf1e-0000-7000-8000-000000000001', '0195cf1e-0000-7000-8000-000000000002',
                        'organization.opened', 'system', '{}', \(instant()))
                    """)
            }
            #expect(await patient.look(.clock)?.state == .ok)
            let behind = await patient.look(.clock, at: instant().adding(hours: -3))
            #expect(behind?.state == .act && behind?.found.contains("behind") == true)
            guard engine == .postgres else { return }
            let ahead = await patient.look(.clock, at: instant().adding(hours: 3))
            #expect(ahead?.state == .act && ahead?.found.contains("ahead of") == true)
        }
    }

    @Test("What a power cut could take", arguments: TestEngine.available)
    func durability(engine: TestEngine) async throws {
        try await Patient.with(engine) { patient, database in
            #expect(await patient.look(.durability)?.state == .ok)
            switch patient.settings.database {
            case .sqlite:
                let store = try Store.open(patient.settings.database, synchronous: .normal)
                let facts = try await store.facts()
                await store.close()
                #expect(facts.durability == [.init("synchronous", "normal")])
                #expect(Doctor.durability(facts).state == .act)
            case .postgres(let address):
                let name = PostgresServer.database(of: address)
                try PostgresServer.forTests().run("ALTER DATABASE \(name) SET synchronous_commit = off")
                let refused = await patient.look(.database)
                #expect(refused?.state == .act && refused?.found.contains("synchronous_commit") == true)
            }
            for name in ["fsync", "synchronous_commit", "full_page_writes"] {
                let facts = EngineFacts(
                    engine: .postgres, version: "15.1", clock: nil, durability: [.init(name, "off")])
                #expect(Doctor.durability(facts).state == .act && Doctor.durability(facts).todo?.contains(name) == true)
            }
        }
    }

    @Test("Versions that are too old")
    func versions() {
        for (engine, version, state) in [
            (.sqlite, "3.39.4", .act), (.sqlite, "3.40.0", .ok), (.sqlite, "3.100.1", .ok),
            (.postgres, "14.9", .act), (.postgres, "15.14 (Debian 15.14-0)", .ok), (.postgres, "18beta1", .ok)
        ] as [(Engine, String, Finding.State)] {
            let facts = EngineFacts(engine: engine, version: version, clock: nil, durability: [])
            #expect(Doctor.version(facts).state == state, "\(version)")
        }
    }

    @Test("Files that others may get at, and a key that is gone or another's")
    func files() async throws {
        try await Patient.with(.sqlite) { patient, database in
            #expect(await patient.look(.files)?.state == .ok)
            #expect(await patient.look(.masterKey)?.state == .ok)
            for (path, mode, check) in [
                (database.file, 0o640, .files), (database.file, 0o604, .files), (patient.folder, 0o770, .files),
                (patient.key, 0o640, .masterKey), (patient.key, 0o604, .masterKey), (patient.key, 0o700, .masterKey)
            ] as [(String, mode_t, Finding.Check)] {
                let before = try #require(FileFacts(path)).mode
                chmod(path, mode)
                let found = await patient.look(check)
                #expect(found?.state == .act && found?.todo?.hasPrefix("chmod") == true, "\(path) \(mode)")
                chmod(path, before)
            }
            try Data("# another\n\(Data(repeating: 7, count: 32).base64EncodedString())\n".utf8)
                .write(to: URL(fileURLWithPath: patient.folder + "/other"))
            chmod(patient.folder + "/other", 0o600)
            var other = patient
            other.settings = Settings(
                database: patient.settings.database, port: 8080, host: "127.0.0.1", address: "http://localhost:8080",
                masterKeys: .file(patient.folder + "/other"))
            #expect(await other.look(.masterKey)?.found.contains("not the one") == true)
            unlink(patient.key)
            #expect(await patient.look(.masterKey)?.found.contains("is missing") == true)
        }
    }

    @Test("A demonstration is no place for real people")
    func sampleData() async throws {
        try await Patient.with(.sqlite) { patient, _ in
            #expect(await patient.look(.sampleData)?.state == .ok)
            try Data("{}".utf8).write(to: URL(fileURLWithPath: patient.folder + "/complete.json"))
            #expect(await patient.look(.sampleData)?.state == .act)
        }
    }

    @Test("Disks without room")
    func disks() {
        for (free, all, needed, state) in [
            (900_000_000, 10_000_000_000, 0, .act), (5_000_000_000, 10_000_000_000, 3_000_000_000, .act),
            (5_000_000_000, 10_000_000_000, 1_000_000_000, .ok), (1_900_000_000, 10_000_000_000, 0, .note)
        ] as [(Int64, Int64, Int64, Finding.State)] {
            #expect(Doctor.disk("of the data", Room(free: free, all: all), needed: needed).state == state, "\(free)")
        }
        #expect(Doctor.disk("of the data", nil, needed: 0).state == .act)
    }
}
