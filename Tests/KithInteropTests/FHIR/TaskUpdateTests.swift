import FHIR
import Kith
import KithInterop
import KithTestSupport
import Testing

@Suite("What a sender may change")
struct TaskUpdateTests {
    private static func send(_ hospitals: Hospitals) async throws -> PartnerSystem.Reply {
        let request = try await hospitals.ours.post("/fhir/ServiceRequest", Sample.order)
        return try await hospitals.ours.get("/fhir/Task/\(request.id)")
    }

    @Test("Cancelled, or business status 5.2, asks the program to stop", arguments: TestEngine.available, [true, false])
    func cancel(engine: TestEngine, byStatus: Bool) async throws {
        try await withHospitals(engine) { hospitals in
            let (task, village) = (try await Self.send(hospitals), hospitals.village)
            let id = task.json["id"]?.text ?? ""
            let asked = task.json.with(
                byStatus
                    ? ["status": "cancelled", "statusReason": ["text": "They moved away"]]
                    : ["businessStatus": CodeableConcept(ReferralBusinessStatus.cancellationRequested.coding).json])
            let reply = try await hospitals.ours.put("/fhir/Task/\(id)", asked, ifMatch: task.etag)
            #expect(reply.status == 200)
            #expect(reply.json["status"]?.text == "in-progress")
            #expect(reply.json["businessStatus", "coding", 0, "code"]?.text == "5.2")
            #expect(try await village.referral(id).queue == .cancellation)
            // Once more changes nothing.
            #expect(try await hospitals.ours.put("/fhir/Task/\(id)", asked).status == 200)
            try await village.ana(id) { try $0.confirmCancellation(in: $1) }
            let stopped = try await hospitals.ours.get("/fhir/Task/\(id)")
            #expect(stopped.json["status"]?.text == "cancelled")
            #expect(stopped.json["businessStatus", "coding", 0, "code"]?.text == "6.0")
        }
    }

    @Test("A withdrawn request asks to stop, too", arguments: TestEngine.available)
    func revoked(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let id = try await Self.send(hospitals).json["id"]?.text ?? ""
            let reply = try await hospitals.ours.post("/fhir/ServiceRequest", Sample.order.with(["status": "revoked"]))
            #expect(reply.status == 200)
            #expect(reply.json["status"]?.text == "revoked")
            #expect(try await hospitals.village.referral(id).state == .cancellationRequested)
        }
    }

    @Test("Everything else is the program's to say", arguments: TestEngine.available)
    func others(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let task = try await Self.send(hospitals)
            let id = task.json["id"]?.text ?? ""
            for status in ["accepted", "rejected", "in-progress", "completed", "failed", "on-hold", "draft"] {
                let reply = try await hospitals.ours.put(
                    "/fhir/Task/\(id)", task.json.with(["status": .string(status), "businessStatus": nil]))
                #expect(reply.status == 422, "\(status)")
            }
            #expect(try await hospitals.village.referral(id).state == .received)
            // Saying what is true already changes nothing.
            #expect(try await hospitals.ours.put("/fhir/Task/\(id)", task.json).status == 200)
            try await hospitals.village.ana(id) { try $0.decline(for: "not-eligible", in: $1) }
            let late = try await hospitals.ours.put("/fhir/Task/\(id)", task.json.with(["status": "cancelled"]))
            #expect(late.status == 422)
        }
    }

    @Test("A version that has passed is refused, and so are other ids", arguments: TestEngine.available)
    func versions(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let task = try await Self.send(hospitals)
            let id = task.json["id"]?.text ?? ""
            let stop = task.json.with(["status": "cancelled"])
            try await hospitals.village.ana(id) { try $0.accept(in: $1) }
            let stale = try await hospitals.ours.put("/fhir/Task/\(id)", stop, ifMatch: task.etag)
            #expect(stale.status == 412)
            #expect(try await hospitals.village.referral(id).state == .accepted)
            let current = try await hospitals.ours.get("/fhir/Task/\(id)").etag
            #expect(try await hospitals.ours.put("/fhir/Task/\(id)", stop.with(["id": "x"])).status == 400)
            #expect(try await hospitals.ours.put("/fhir/Task/\(id)", stop, ifMatch: current).status == 200)
        }
    }

    @Test("In a transaction, a Task of ours is changed and read", arguments: TestEngine.available)
    func inTransaction(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let task = try await Self.send(hospitals)
            let id = task.json["id"]?.text ?? ""
            let bundle: JSON = [
                "resourceType": "Bundle", "type": "transaction",
                "entry": [
                    ["request": ["method": "GET", "url": "Task?status=in-progress"]],
                    [
                        "resource": task.json.with(["status": "cancelled"]),
                        "request": ["method": "PUT", "url": .string("Task/\(id)"), "ifMatch": .text(task.etag)]
                    ]
                ]
            ]
            let reply = try await hospitals.ours.post("/fhir", bundle)
            #expect(reply.status == 200)
            #expect(reply.json["entry", 1, "response", "status"]?.text == "200 OK")
            // Reading comes last: it sees what was changed.
            #expect(reply.json["entry", 0, "resource", "entry", 0, "resource", "id"]?.text == id)
            #expect(try await hospitals.village.counts()["referral"] == 1)
        }
    }
}
