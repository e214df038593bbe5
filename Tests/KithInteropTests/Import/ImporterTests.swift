import FHIR
import Kith
import KithTestSupport
import Storage
import Synchronization
import Testing

@testable import KithInterop

@Suite("Files from disk")
struct ImporterTests {
    private static func withInterop(_ engine: TestEngine, _ body: (Village) async throws -> Void) async throws {
        try await withVillage(engine, features: Features.all + [Interop.feature], body)
    }

    private static func run(_ files: [(String, String)], _ village: Village) async throws -> ImportReport {
        try await Importer().run(
            files: files.map { ($0.0, Array($0.1.utf8)) }, into: village.platform,
            organization: village.riverside.organization, program: village.riverside.program)
    }

    @Test("Files are looked at together, in whatever order they come", arguments: TestEngine.available)
    func order(engine: TestEngine) async throws {
        try await Self.withInterop(engine) { village in
            let report = try await Self.run(
                [
                    ("task.json", Sample.task.serialized()), ("order.json", Sample.order.serialized(.pretty)),
                    ("observation.json", Sample.observation.serialized()), ("patient.json", Sample.patient.serialized())
                ], village)
            #expect(report.files.map(\.verdict) == [.taken, .taken, .kept, .taken])
            let name = try await village.read(as: village.ana) { db in
                try db.value(
                    "SELECT p.name FROM referral r JOIN person p ON p.id = r.person_id", as: String.self)
            }
            #expect(name == "Nora B. North")
        }
    }

    @Test("How many files are done is told after each, refused or not", arguments: TestEngine.available)
    func progress(engine: TestEngine) async throws {
        try await Self.withInterop(engine) { village in
            let done = Mutex<[Int]>([])
            _ = try await Importer().run(
                files: [("broken.json", Array("{".utf8)), ("patient.json", Array(Sample.patient.serialized().utf8))],
                into: village.platform, organization: village.riverside.organization,
                program: village.riverside.program, progress: { count in done.withLock { $0.append(count) } })
            #expect(done.withLock { $0 } == [1, 2])
        }
    }

    @Test("One resource that is wrong refuses its file, and no other", arguments: TestEngine.available)
    func wrong(engine: TestEngine) async throws {
        try await Self.withInterop(engine) { village in
            let bad = Sample.transaction(Sample.patient, Sample.observation.with(["status": nil]))
            let report = try await Self.run(
                [
                    ("bad.json", bad.serialized()),
                    ("order.json", Sample.order.with(["subject": ["reference": "Patient/p1"]]).serialized()),
                    ("broken.json", "{"), ("empty.json", ""), ("note.xml", "\u{FEFF}<Patient/>"),
                    ("good.json", Sample.observation.serialized())
                ], village)
            #expect(report.files.map(\.verdict) == [.refused, .refused, .refused, .refused, .refused, .kept])
            #expect(report.files[0].reasons.first?.path == "Bundle.entry[1].resource.status")
            // The Patient it needs stands in a file that was refused.
            let missing = ImportReport.Reason(
                path: "ServiceRequest.subject", words: "the person it is for is not here")
            #expect(report.files[1].reasons == [missing])
            #expect(report.files[4].reasons.first?.words.contains("XML") == true)
            #expect(report.text.contains("refused   bad.json"))
            #expect(!report.refusedEverything)
        }
    }

    @Test("NDJSON is a resource a line; a bad line is named by its number", arguments: TestEngine.available)
    func ndjson(engine: TestEngine) async throws {
        try await Self.withInterop(engine) { village in
            let lines = [Sample.patient, Sample.order].map { $0.serialized() }
            let bad = Sample.observation.with(["code": nil]).serialized()
            let report = try await Self.run(
                [
                    ("good.ndjson", lines.joined(separator: "\n") + "\n\n"),
                    ("bad.ndjson", "\(lines[0])\n\(bad)\n{\n"), ("none.ndjson", "")
                ], village)
            #expect(report.files.map(\.verdict) == [.taken, .refused, .kept])
            #expect(report.files[1].reasons.map(\.path) == ["line 2: Observation.code", ""])
            #expect(report.files[1].reasons.last?.words.hasPrefix("line 3") == true)
            #expect(try await village.counts()["referral"] == 1)
        }
    }

    @Test("Requests for others stay with the others", arguments: TestEngine.available)
    func others(engine: TestEngine) async throws {
        try await Self.withInterop(engine) { village in
            let food = Sample.order.with(["code": ["text": "Food pantry"], "category": nil])
            let report = try await Self.run(
                [("all.json", Sample.transaction(Sample.patient, food, Sample.task).serialized())], village)
            #expect(
                report.files[0].reasons.map(\.words) == [
                    "asks for something other than peer support", "the ServiceRequest it is about was not taken"
                ])
            #expect(report.files[0].taken == ["Patient": 1])
            #expect(try await village.counts()["referral"] == 0)
        }
    }

    @Test("Somebody who has died is not made a participant", arguments: TestEngine.available)
    func died(engine: TestEngine) async throws {
        try await Self.withInterop(engine) { village in
            let people = try await village.counts()["person"]
            let patient = Sample.patient.with(["deceasedBoolean": true])
            let report = try await Self.run(
                [("a.json", patient.serialized()), ("b.json", Sample.order.serialized())], village)
            #expect(report.files.map(\.verdict) == [.kept, .kept])
            // Nor when the request comes another day.
            let later = Sample.order.with(["id": "sr2", "identifier": nil])
            #expect(try await Self.run([("c.json", later.serialized())], village).files.map(\.verdict) == [.kept])
            #expect(try await village.counts()["person"] == people)
        }
    }

    @Test("The report names nobody", arguments: TestEngine.available)
    func names(engine: TestEngine) async throws {
        try await Self.withInterop(engine) { village in
            let report = try await Self.run(
                [
                    ("a.json", Sample.transaction(Sample.patient, Sample.order, Sample.observation).serialized()),
                    ("b.json", Sample.patient.with(["id": "p2", "birthDate": "1950"]).serialized()),
                    ("c.json", Sample.patient.with(["birthDate": "North"]).serialized())
                ], village)
            let text = report.text + report.json
            #expect(text.contains("one of its identifiers is somebody else's here"))
            for word in ["North", "Nora", "4711", "555", "mother"] { #expect(!text.contains(word), "\(word)") }
            #expect(try JSON(parsing: report.json)["files", 0, "taken", "Patient"]?.integer == 1)
        }
    }
}
