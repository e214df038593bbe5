import FHIR
import Kith
import KithInterop
import KithTestSupport
import Storage
import Testing

@Suite("Published files from disk", .enabled(if: SharedData.isPresent, "\(SharedData.whySkipped)"))
struct PublishedFilesTests {
    private static let sets = [
        "synthetic-patients", "fhir-bser", "fhir-gravity-sdohcc", "fhir-us-behavioral-health"
    ]

    private static func run(_ set: String, _ village: Village) async throws -> ImportReport {
        try await Importer().run(
            files: SharedData.files(set), into: village.platform, organization: village.riverside.organization,
            program: village.riverside.program)
    }

    private static func withInterop(_ engine: TestEngine, _ body: (Village) async throws -> Void) async throws {
        try await withVillage(engine, features: Features.all + [Interop.feature], body)
    }

    @Test("Each file has a verdict; the second run takes nothing in", arguments: TestEngine.available)
    func twice(engine: TestEngine) async throws {
        try await Self.withInterop(engine) { village in
            for set in Self.sets {
                let first = try await Self.run(set, village)
                #expect(try first.files.count == SharedData.files(set).count)
                #expect(first.count(.taken) > 0, "\(set)")
                let before = try await village.counts()
                let second = try await Self.run(set, village)
                #expect(second.count(.taken) == 0)
                #expect(second.count(.refused) == first.count(.refused))
                #expect(second.files.filter { !$0.kept.isEmpty }.map(\.name) == [], "\(set)")
                #expect(try await village.counts() == before)
            }
            // Four guides, and nobody is asked to do anything: no published request is for peer support and open.
            let open = try await village.read(as: village.ana) { db in
                try db.value("SELECT count(*) FROM referral WHERE queue IS NOT NULL", as: Int.self)
            }
            #expect(open == 0)
        }
    }

    @Test("Every file that is not valid R4 is refused with the place, and no other", arguments: TestEngine.available)
    func invalid(engine: TestEngine) async throws {
        try await Self.withInterop(engine) { village in
            let reports = try await Self.sets.asyncMap { try await Self.run($0, village) }
            let refused = reports.flatMap(\.files).filter { $0.verdict == .refused }
            let documents = ["consult-note", "discharge-summary", "procedure", "progress"].map {
                "DocumentReference-mental-health-\($0)-example-1.json"
            }
            #expect(
                refused.map(\.name) == documents + ["MedicationRequest-paroxetine-discharge-med-example-1.json"])
            #expect(
                refused.compactMap(\.reasons.first?.path)
                    == Array(repeating: "DocumentReference.date", count: 4)
                    + ["MedicationRequest.dispenseRequest.quantity"])
        }
    }

    @Test("Three people with one number in three guides stay three people", arguments: TestEngine.available)
    func sharedNumber(engine: TestEngine) async throws {
        try await Self.withInterop(engine) { village in
            for set in Self.sets.dropFirst() { _ = try await Self.run(set, village) }
            let names = try await village.read(as: village.ana) { db in
                try db.values(
                    """
                    SELECT p.name FROM received_resource r JOIN person p ON p.id = r.person_id
                    WHERE r.type = 'Patient' ORDER BY p.name
                    """, as: String.self)
            }
            #expect(names == ["COLIN V. BAXTER", "Eve L Everywoman", "James Wolff"])
        }
    }

    @Test("The published peer-support referral is kept as history, in no queue", arguments: TestEngine.available)
    func history(engine: TestEngine) async throws {
        try await Self.withInterop(engine) { village in
            let report = try await Self.run("fhir-us-behavioral-health", village)
            let file = try #require(report.files.first { $0.name.hasPrefix("ServiceRequest") })
            #expect(file.verdict == .taken)
            #expect(file.reasons.map(\.words) == ["ended before it came here; kept as history"])
            let kept = try await village.read(as: village.ana) { db in
                try db.first("SELECT * FROM referral", Referral.init(row:))
            }
            #expect(kept?.origin == .history)
            #expect(kept?.state == .completed)
            #expect(kept?.queue == nil)
        }
    }

    @Test("The same request as active, with a Task, comes into the intake and can be closed", arguments: TestEngine.available)
    func active(engine: TestEngine) async throws {
        try await Self.withInterop(engine) { village in
            let set = "fhir-us-behavioral-health"
            _ = try await Self.run(set, village)
            let name = "ServiceRequest-ServiceRequest-peer-mentoring-example-1.json"
            let order = try JSON(parsing: SharedData.file(set, name).bytes).with(["status": "active"])
            let task = Sample.task.with([
                "focus": ["reference": "ServiceRequest/ServiceRequest-peer-mentoring-example-1"],
                "for": ["reference": "Patient/bh-patient-example"]
            ])
            // The Task first: the order of files does not matter.
            let files = [("task.json", task.bytes()), (name, order.bytes())]
            let report = try await Importer().run(
                files: files, into: village.platform, organization: village.riverside.organization,
                program: village.riverside.program)
            #expect(report.files.map(\.verdict) == [.taken, .taken])
            let open = try await village.read(as: village.ana) { db in
                try db.all("SELECT * FROM referral WHERE queue IS NOT NULL", Referral.init(row:))
            }
            let referral = try #require(open.first)
            #expect(open.count == 1)
            #expect(referral.queue == .intake && referral.owner == village.ana.id)
            try await village.ana(referral.id.text) { try $0.accept(in: $1) }
            try await village.ana(referral.id.text) { try $0.close(as: "goals-met", word: nil, in: $1) }
            let orphans = try await village.read(as: village.ana) { db in
                try Features.all.flatMap(\.orphans).flatMap { try db.values($0.query(db.now), as: String.self) }
            }
            #expect(orphans == [])
        }
    }
}

extension Sequence where Element: Sendable {
    fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
        var results: [T] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
