import FHIR
import Foundation
import HTTPTypes
import Kith
import KithInterop
import KithTestSupport
import Storage
import Testing

@Suite("What the Task tells")
struct TaskAnswerTests {
    /// Status, business status and version of a Task as its sender reads it.
    private struct Told: Equatable {
        let status: String?
        let business: String?

        init(_ status: String?, _ business: String?) {
            self.status = status
            self.business = business
        }
    }

    private static func told(_ task: JSON) -> Told {
        Told(task["status"]?.text, task["businessStatus", "coding", 0, "code"]?.text)
    }

    private static func send(_ hospitals: Hospitals, _ task: JSON = Sample.task) async throws -> String {
        let reply = try await hospitals.ours.post("/fhir", Sample.transaction(Sample.patient, Sample.order, task))
        let location = reply.json["entry", 2, "response", "location"]?.text
        return try #require(location?.split(separator: "/").last.map(String.init))
    }

    private static func read(_ id: String, _ hospitals: Hospitals) async throws -> PartnerSystem.Reply {
        try await hospitals.ours.get("/fhir/Task/\(id)")
    }

    @Test("Without a yes of the person: accepted, and nothing after it", arguments: TestEngine.available)
    func unreleased(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let (id, village) = (try await Self.send(hospitals), hospitals.village)
            let sent = try await Self.read(id, hospitals)
            #expect(Self.told(sent.json) == Told("requested", "2.0"))
            try await village.ana(id) { try $0.accept(in: $1) }
            let accepted = try await Self.read(id, hospitals)
            #expect(Self.told(accepted.json) == Told("accepted", "3.0"))
            #expect(accepted.etag != sent.etag)
            for move in [ReferralMove.schedule, .noShow, .schedule, .interimNote] {
                try await village.ana(id) { try $0.move(move, in: $1) }
            }
            try await village.ana(id) { try $0.tell(.firstContact, in: $1) }
            let underWay = try await Self.read(id, hospitals)
            #expect(try await village.referral(id).state == .attended)
            // Not even that something happened: the same bytes, the same version, the same moment.
            #expect(underWay.json == accepted.json)
            #expect(underWay.etag == accepted.etag)
            try await village.ana(id) { try $0.close(as: "goals-met", word: "She is well", in: $1) }
            let closed = try await Self.read(id, hospitals)
            #expect(try await village.referral(id).state == .completed)
            #expect(closed.json == accepted.json && closed.etag == accepted.etag)
            let open = try await hospitals.ours.get("/fhir/Task?status=accepted").json
            #expect(open["entry", 0, "resource", "id"]?.text == id)
            #expect(try await hospitals.ours.get("/fhir/Task?status=completed").json["entry", 0] == nil)
            // With a yes it shows at last.
            try await village.shareStatus(true, of: village.referral(id))
            let shown = try await Self.read(id, hospitals)
            #expect(Self.told(shown.json) == Told("completed", "7.0") && shown.etag != closed.etag)
        }
    }

    @Test("With their yes: first contact, the outcome and a word, until taken back", arguments: TestEngine.available)
    func released(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let (id, village) = (try await Self.send(hospitals), hospitals.village)
            try await village.ana(id) { try $0.accept(in: $1) }
            try await village.shareStatus(true, of: village.referral(id))
            try await village.ana(id) { try $0.move(.schedule, in: $1) }
            #expect(Self.told(try await Self.read(id, hospitals).json) == Told("accepted", "3.0"))
            try await village.ana(id) { try $0.move(.interimNote, in: $1).tell(.firstContact, in: $1) }
            #expect(Self.told(try await Self.read(id, hospitals).json) == Told("in-progress", "5.1.4"))
            // A meeting nobody came to is theirs to tell.
            try await village.ana(id) { try $0.move(.schedule, in: $1) }
            try await village.ana(id) { try $0.move(.noShow, in: $1) }
            #expect(Self.told(try await Self.read(id, hospitals).json) == Told("in-progress", "5.1.4"))
            try await village.ana(id) { try $0.move(.schedule, in: $1) }
            try await village.ana(id) { try $0.close(as: "goals-met", word: "She is well", in: $1) }
            let closed = try await Self.read(id, hospitals).json
            #expect(Self.told(closed) == Told("completed", "7.0"))
            #expect(closed["output", 0, "type", "coding", 0, "code"]?.text == "resulting-activity")
            #expect(closed["output", 0, "valueCodeableConcept", "coding", 0, "code"]?.text == "H0038")
            #expect(closed["output", 0, "valueCodeableConcept", "text"]?.text == "They reached what they wanted")
            #expect(closed["note", 0, "text"]?.text == "She is well")
            try await village.shareStatus(false, of: village.referral(id))
            let after = try await Self.read(id, hospitals).json
            #expect(Self.told(after) == Told("accepted", "3.0"))
            #expect(after["output", 1] == nil && after["note"] == nil)
            #expect(after["meta", "lastUpdated"]?.text ?? "" > closed["meta", "lastUpdated"]?.text ?? "")
        }
    }

    @Test("It says back the sender's numbers and names, and ours beside them", arguments: TestEngine.available)
    func echo(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let id = try await Self.send(hospitals)
            let (task, referral) = (try await Self.read(id, hospitals).json, try await hospitals.village.referral(id))
            #expect(task["identifier", 0, "value"]?.text == "66")
            #expect(task["identifier", 1, "type", "coding", 0, "code"]?.text == "FILL")
            #expect(task["identifier", 1, "value"]?.text == referral.reference)
            #expect(task["focus", "reference"]?.text == "ServiceRequest/\(id)")
            #expect(task["for"] == ["reference": "Patient/p1"])
            #expect(task["requester", "display"]?.text == "Dr. Green")
            #expect(task["authoredOn"]?.text == "2026-03-01T10:00:00Z")
            let request = try await hospitals.ours.get("/fhir/ServiceRequest/\(id)").json
            #expect(request["identifier", 0, "value"]?.text == "88")
            #expect(request["code", "coding", 0, "code"]?.text == "461481000124109")
            #expect(request["subject"] == ["reference": "Patient/p1"])
            #expect(request["reasonCode", 0, "text"]?.text == "Caring for her mother")
        }
    }

    @Test("The status page in it opens without an account", arguments: TestEngine.available)
    func statusPage(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let id = try await Self.send(hospitals)
            let url = try #require(try await Self.read(id, hospitals).json["output", 0, "valueUrl"]?.text)
            let path = try #require(url.split(separator: "localhost", maxSplits: 1).last)
            let page = try await hospitals.stranger.browser.get(String(path))
            #expect(page.status == .ok)
            #expect(page.text.contains(try await hospitals.village.referral(id).reference))
        }
    }

    @Test("A refusal gives its reason in words, but not a no of the person's own", arguments: TestEngine.available)
    func rejected(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let village = hospitals.village
            let first = try await Self.send(hospitals)
            try await village.ana(first) { try $0.decline(for: "outside-area", in: $1) }
            let task = try await Self.read(first, hospitals).json
            #expect(Self.told(task) == Told("rejected", "4.0"))
            #expect(task["statusReason", "text"]?.text == "They live outside our area.")
            let order = Sample.order.with(["id": "sr2", "identifier": nil])
            let second = try await hospitals.ours.post("/fhir/ServiceRequest", order).id
            try await village.ana(second) { try $0.decline(for: "person-declined", in: $1) }
            let other = try await Self.read(second, hospitals).json
            #expect(other["statusReason", "text"]?.text == "For another reason.")
        }
    }

    @Test("A Task that was joined with another follows it", arguments: TestEngine.available)
    func joined(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let village = hospitals.village
            let first = try await Self.send(hospitals)
            let order = Sample.order.with(["id": "sr2", "identifier": nil])
            let second = try await hospitals.ours.post("/fhir/ServiceRequest", order).id
            try await village.ana(first) { try $0.accept(in: $1) }
            try await village.ana(second) {
                try $0.merge(into: Referral.find(Referral.ID(first), in: $1), because: "twice", in: $1)
            }
            let joined = try await Self.read(second, hospitals).json
            #expect(Self.told(joined) == Told("accepted", "3.0"))
            #expect(joined["statusReason", "text"]?.text == "Joined with an earlier request")
            try await village.shareStatus(true, of: village.referral(first))
            try await village.ana(first) { try $0.move(.interimNote, in: $1).tell(.firstContact, in: $1) }
            #expect(Self.told(try await Self.read(second, hospitals).json) == Told("in-progress", "5.1.4"))
            try await village.ana(first) { try $0.close(as: "goals-met", word: nil, in: $1) }
            let closed = try await Self.read(second, hospitals).json
            #expect(Self.told(closed) == Told("completed", "7.0"))
            #expect(closed["output", 0, "valueCodeableConcept", "coding", 0, "code"]?.text == "H0038")
        }
    }

    @Test("Asking to stop what has ended unseen is answered like any other asking", arguments: TestEngine.available)
    func lateStop(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let (id, village) = (try await Self.send(hospitals), hospitals.village)
            try await village.ana(id) { try $0.accept(in: $1) }
            try await village.ana(id) { try $0.close(as: "moved-on", word: nil, in: $1) }
            let task = try await Self.read(id, hospitals).json
            let reply = try await hospitals.ours.put(
                "/fhir/Task/\(id)", task.with(["status": "cancelled", "businessStatus": nil]))
            #expect(reply.status == 200 && Self.told(reply.json) == Told("cancelled", "6.0"))
        }
    }

    @Test("BSeR hears received where Gravity hears requested", arguments: TestEngine.available)
    func bser(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let task = Sample.task.with([
                "meta": ["profile": ["http://hl7.org/fhir/us/bser/StructureDefinition/BSeR-ReferralTask"]],
                "status": "received"
            ])
            let id = try await Self.send(hospitals, task)
            #expect(Self.told(try await Self.read(id, hospitals).json) == Told("received", "2.0"))
        }
    }

    @Test("Every answer about somebody is noted as a disclosure", arguments: TestEngine.available)
    func disclosure(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let village = hospitals.village
            let id = try await Self.send(hospitals)
            let person = try await village.referral(id).person
            func noted() async throws -> Int {
                try await village.read(as: village.ana) { db in
                    try db.value(
                        """
                        SELECT count(*) FROM disclosure WHERE subject_id = \(person) AND what = 'status'
                        AND actor = \("partner:\(village.riverside.partner)")
                        """) ?? 0
                }
            }
            let before = try await noted()
            _ = try await Self.read(id, hospitals)
            _ = try await hospitals.ours.get("/fhir/ServiceRequest/\(id)")
            _ = try await hospitals.ours.get("/fhir/Task?status=requested")
            _ = try await hospitals.ours.get("/fhir/Task?status=completed")
            #expect(try await noted() == before + 3)
        }
    }

    @Test(
        "The published peer-support referral, sent as active, is carried to closure",
        .enabled(if: SharedData.isPresent, "\(SharedData.whySkipped)"), arguments: TestEngine.available)
    func published(engine: TestEngine) async throws {
        let set = "fhir-us-behavioral-health"
        let order = try JSON(
            parsing: SharedData.file(set, "ServiceRequest-ServiceRequest-peer-mentoring-example-1.json").bytes)
        let patient = try JSON(parsing: SharedData.file(set, "Patient-bh-patient-example.json").bytes)
        try #require(order["status"]?.text == "completed")
        let task = Sample.task.with([
            "focus": ["reference": "ServiceRequest/ServiceRequest-peer-mentoring-example-1"],
            "for": ["reference": "Patient/bh-patient-example"]
        ])
        try await withHospitals(engine) { hospitals in
            let village = hospitals.village
            // First as published: history, in no queue.
            let history = try await hospitals.ours.post("/fhir", Sample.transaction(patient, order))
            #expect(history.json["entry", 1, "response", "status"]?.text == "201 Created")
            #expect(try await village.counts()["referral"] == 1)
            // Then the same resource as a request.
            let reply = try await hospitals.ours.post(
                "/fhir", Sample.transaction(patient, order.with(["status": "active"]), task))
            #expect(reply.status == 200)
            let id = try #require(
                reply.json["entry", 2, "response", "location"]?.text?.split(separator: "/").last.map(String.init))
            let referral = try await village.referral(id)
            #expect(referral.queue == .intake && referral.owner == village.ana.id && referral.reopens != nil)
            #expect(try await hospitals.ana.get("/board?queue=intake").text.contains(referral.reference))
            #expect(Self.told(try await Self.read(id, hospitals).json) == Told("requested", "2.0"))
            try await village.ana(id) { try $0.accept(in: $1) }
            #expect(Self.told(try await Self.read(id, hospitals).json) == Told("accepted", "3.0"))
            try await village.ana(id) { try $0.move(.interimNote, in: $1).tell(.firstContact, in: $1) }
            #expect(Self.told(try await Self.read(id, hospitals).json) == Told("accepted", "3.0"))
            try await village.shareStatus(true, of: referral)
            #expect(Self.told(try await Self.read(id, hospitals).json) == Told("in-progress", "5.1.4"))
            try await village.ana(id) { try $0.close(as: "support-completed", word: nil, in: $1) }
            let closed = try await Self.read(id, hospitals).json
            #expect(Self.told(closed) == Told("completed", "7.0"))
            #expect(closed["output", 0, "valueCodeableConcept", "text"]?.text == "Support came to a good end")
            #expect(!closed.serialized().contains("Wolff"))
        }
    }
}
