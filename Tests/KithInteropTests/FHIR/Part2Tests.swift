import FHIR
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Records under 42 CFR Part 2, told to a partner")
struct Part2Tests {
    private static func send(_ hospitals: Hospitals) async throws -> String {
        let reply = try await hospitals.ours.post(
            "/fhir", Sample.transaction(Sample.patient, Sample.order, Sample.task))
        let location = reply.json["entry", 2, "response", "location"]?.text
        return try #require(location?.split(separator: "/").last.map(String.init))
    }

    private static func labels(_ resource: JSON?) -> [String] {
        resource?["meta", "security"]?.items.compactMap { $0["code"]?.text } ?? []
    }

    private static func notes(_ resource: JSON?) -> [String] {
        resource?["note"]?.items.compactMap { $0["text"]?.text } ?? []
    }

    @Test(
        "Each answer carries the notice, how far the consent goes, and the labels",
        arguments: TestEngine.available)
    func notice(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let (id, village) = (try await Self.send(hospitals), hospitals.village)
            let plain = try await hospitals.ours.get("/fhir/Task/\(id)").json
            #expect(Self.labels(plain).isEmpty && Self.notes(plain).isEmpty, "only where the program says so")
            let program = village.riverside.program
            try await village.write(asSystemOf: village.riverside) { db in
                var policy = Policy()
                policy.isPart2 = true
                _ = try Program.publish(policy, for: program, in: db)
            }
            let required = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
            try await village.ana(id) { try $0.accept(in: $1) }
            let unreleased = try await hospitals.ours.get("/fhir/Task/\(id)").json
            #expect(Self.labels(unreleased) == ["R", "42CFRPart2", "NORDSCLCD"])
            #expect(Self.notes(unreleased).contains { $0.hasPrefix(required) })
            #expect(Self.notes(unreleased).contains { $0.contains("has not agreed to share") })
            try await village.shareStatus(true, of: village.referral(id))
            for path in ["/fhir/Task/\(id)", "/fhir/ServiceRequest/\(id)"] {
                #expect(Self.labels(try await hospitals.ours.get(path).json).contains("NORDSCLCD"), "\(path)")
            }
            let released = try await hospitals.ours.get("/fhir/Task?status=accepted").json["entry", 0, "resource"]
            #expect(Self.labels(released).contains("42CFRPart2"))
            #expect(Self.notes(released).contains { $0.hasPrefix(required) })
            #expect(Self.notes(released).contains { $0.contains("They can take this back at any time.") })
        }
    }
}
