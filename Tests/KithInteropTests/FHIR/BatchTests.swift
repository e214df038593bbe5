import FHIR
import Kith
import KithInterop
import KithTestSupport
import Testing

@Suite("A batch")
struct BatchTests {
    @Test("Each entry stands by itself, and a bad one costs no other", arguments: TestEngine.available)
    func each(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let reply = try await hospitals.ours.post(
                "/fhir",
                Sample.batch(
                    Sample.patient, Sample.order, Sample.observation, Sample.order.with(["status": "wrong"]),
                    Sample.task.with(["id": "t9", "identifier": nil, "focus": ["reference": "ServiceRequest/sr9"]]),
                    Sample.task))
            #expect(reply.status == 200)
            #expect(reply.json["type"]?.text == "batch-response")
            let statuses = reply.json["entry"]?.items.map { $0["response", "status"]?.text?.prefix(3) } ?? []
            #expect(statuses == ["201", "201", "202", "400", "422", "201"])
            #expect(try await hospitals.village.counts()["referral"] == 1)
        }
    }

    @Test("Entries that read are answered as if they came alone", arguments: TestEngine.available)
    func reading(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let id = try await hospitals.ours.post("/fhir/ServiceRequest", Sample.order).id
            func read(_ url: String) -> JSON { ["request": ["method": "GET", "url": .string(url)]] }
            let batch: JSON = [
                "resourceType": "Bundle", "type": "batch",
                "entry": [read("Task/\(id)"), read("Task?status=requested"), read("Patient/1"), read("Observation?code=1")]
            ]
            let entries = try await hospitals.ours.post("/fhir", batch).json["entry"]?.items ?? []
            #expect(entries.map { $0["response", "status"]?.text?.prefix(3) } == ["200", "200", "404", "404"])
            #expect(entries[0]["resource", "id"]?.text == id)
            #expect(entries[1]["resource", "total"]?.integer == 1)
            let next = try await hospitals.nextDoor.post("/fhir", batch).json["entry"]?.items ?? []
            #expect(next[0]["response", "status"]?.text?.prefix(3) == "404")
        }
    }
}
