import FHIR
import Foundation
import HTTPTypes
import Kith
import KithInterop
import KithTestSupport
import Storage
import Testing

@Suite("A referral by FHIR")
struct FHIRReferralTests {
    @Test("A transaction becomes a person and a referral in the coordinator's intake", arguments: TestEngine.available)
    func transaction(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let village = hospitals.village
            let reply = try await hospitals.ours.post(
                "/fhir", Sample.transaction(Sample.task, Sample.observation, Sample.order, Sample.patient))
            #expect(reply.status == 200)
            #expect(reply.json["type"]?.text == "transaction-response")
            let responses = reply.json["entry"]?.items.map { $0["response"] } ?? []
            #expect(
                responses.map { $0?["status"]?.text } == ["201 Created", "202 Accepted", "201 Created", "201 Created"])
            let id = try #require(responses[0]?["location"]?.text?.split(separator: "/").last.map(String.init))
            #expect(responses[2]?["location"]?.text == "ServiceRequest/\(id)")
            #expect(responses[0]?["etag"]?.text?.hasPrefix("W/\"") == true)

            let referral = try await village.referral(id)
            #expect(referral.origin == .partner)
            #expect(referral.partner == village.riverside.partner)
            #expect(referral.queue == .intake)
            #expect(referral.owner == village.ana.id)
            let key = try await village.read(as: village.ana) {
                try $0.textKey(of: referral.person, in: referral.organization)
            }
            #expect(referral.reason(with: key) == "Caring for her mother")
            #expect(referral.priority == .routine)
            let (person, channels, wishes) = try await village.read(as: village.ana) { db in
                let person = try db.first(
                    "SELECT * FROM person WHERE id = \(referral.person)"
                ) {
                    [try $0["name"] as String, try $0["language"], "\(try $0["birth_year"] as Int)", try $0["area"]]
                }
                return (person, try Person.channels(of: referral.person, in: db), try referral.wishes(in: db))
            }
            #expect(person == ["Nora B. North", "es", "1961", "Riverside"])
            #expect(channels.map(\.address) == ["555-0100", "nora@example.com"])
            #expect(channels.allSatisfy { !$0.mayLeaveMessage })
            #expect(wishes.languages == ["es", "en"])
            let board = try await hospitals.ana.get("/board?queue=intake")
            #expect(board.text.contains(referral.reference))
        }
    }

    @Test("A name is what it looks like, whatever unseen marks came with it", arguments: TestEngine.available)
    func hiddenMarks(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let name: JSON = ["given": ["No\u{200B}ra"], "family": "\u{202E}North\u{202C}\u{2069}"]
            let patient = Sample.patient.with(["name": [name]])
            let reply = try await hospitals.ours.post("/fhir", Sample.transaction(patient, Sample.order))
            let location = reply.json["entry", 1, "response", "location"]?.text
            let id = try #require(location?.split(separator: "/").last.map(String.init))
            let person = try await hospitals.village.referral(id).person
            let kept = try await hospitals.village.read(as: hospitals.village.ana) {
                try $0.value("SELECT name FROM person WHERE id = \(person)", as: String.self)
            }
            #expect(kept == "Nora North")
        }
    }

    @Test("A clinical record leaves a type, an id and a fingerprint, and nothing else", arguments: TestEngine.available)
    func clinical(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            _ = try await hospitals.ours.post(
                "/fhir", Sample.transaction(Sample.patient, Sample.order, Sample.task, Sample.observation))
            let rows = try await hospitals.village.read(as: hospitals.village.ana) { db in
                try db.all("SELECT * FROM received_resource WHERE type = 'Observation'") { row in
                    [try row["sent_id"] as String, try row["outcome"], try row["fingerprint"]]
                }
            }
            #expect(rows.map { Array($0.prefix(2)) } == [["o1", "kept"]])
            #expect(rows.first?.last?.count == 64)
            let texts = try await hospitals.village.read(as: hospitals.village.ana) { db in
                try db.values("SELECT service_request FROM referral_exchange", as: String.self)
                    + db.values("SELECT task FROM referral_exchange", as: String.self)
                    + db.values("SELECT reason FROM referral", as: String.self)
                    + db.values("SELECT details FROM event", as: String.self)
            }
            #expect(texts.count > 3)
            #expect(!texts.contains { $0.contains("nobody here should read") || $0.contains("Depression") })
            #expect(!texts.contains { $0.contains("Nora") })
        }
    }

    @Test("A request posted alone begins a referral; the Task that follows joins it", arguments: TestEngine.available)
    func alone(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let other = Sample.order.with(["code": ["text": "Somebody to talk to"], "priority": "asap"])
            let request = try await hospitals.ours.post("/fhir/ServiceRequest", other)
            #expect(request.status == 201)
            #expect(request.headers[.location] == "http://localhost/fhir/ServiceRequest/\(request.id)")
            let referral = try await hospitals.village.referral(request.id)
            #expect(referral.priority == .urgent)
            let task = try await hospitals.ours.post("/fhir/Task", Sample.task)
            #expect(task.status == 201)
            #expect(task.id == request.id)
            #expect(task.json["identifier", 0, "value"]?.text == "66")
            let byOurID = Sample.task.with([
                "id": "t2", "identifier": nil, "focus": ["reference": .string("ServiceRequest/\(request.id)")]
            ])
            #expect(try await hospitals.ours.post("/fhir/Task", byOurID).id == request.id)
            #expect(try await hospitals.village.counts()["referral"] == 1)
        }
    }

    @Test("A Task for a request that is not here is refused, and says where", arguments: TestEngine.available)
    func dangling(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let before = try await hospitals.village.counts()
            let alone = try await hospitals.ours.post("/fhir/Task", Sample.task)
            #expect(alone.status == 422)
            #expect(alone.issuePath == "Task.focus")
            let together = try await hospitals.ours.post("/fhir", Sample.transaction(Sample.patient, Sample.task))
            #expect(together.status == 422)
            #expect(together.issuePath == "Bundle.entry[1].resource.focus")
            #expect(try await hospitals.village.counts() == before)
        }
    }

    @Test("A request for something else, without a Task for us, is kept in mind only", arguments: TestEngine.available)
    func others(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let food = Sample.order.with([
                "code": ["coding": [["system": "http://snomed.info/sct", "code": "467771000124109"]]]
            ])
            let reply = try await hospitals.ours.post("/fhir", Sample.transaction(Sample.patient, food))
            #expect(reply.json["entry", 1, "response", "status"]?.text == "202 Accepted")
            #expect(try await hospitals.village.counts()["referral"] == 0)
            // With a requested Task the same request is meant for us.
            _ = try await hospitals.ours.post("/fhir", Sample.transaction(food, Sample.task))
            #expect(try await hospitals.village.counts()["referral"] == 1)
            let draft = food.with(["id": "d", "identifier": nil, "status": "draft"])
            let refused = try await hospitals.ours.post("/fhir/ServiceRequest", draft)
            #expect(refused.status == 422)
        }
    }

    @Test("Nobody contacts a person who must not be contacted", arguments: TestEngine.available)
    func prohibited(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let village = hospitals.village
            let prohibition = Coding(system: CodeSystem.gravity, code: "contacting-subject-prohibited")
            let order = Sample.order.with(["orderDetail": [CodeableConcept(prohibition).json]])
            let reply = try await hospitals.ours.post("/fhir/ServiceRequest", order)
            let person = try await village.referral(reply.id).person
            let prohibited = try await village.read(as: village.ana) {
                try $0.value("SELECT do_not_contact FROM person WHERE id = \(person)", as: Bool.self)
            }
            #expect(prohibited == true)
            // A later delivery without the detail lifts nothing.
            _ = try await hospitals.ours.post("/fhir/ServiceRequest", Sample.order)
            let still = try await village.read(as: village.ana) {
                try $0.value("SELECT do_not_contact FROM person WHERE id = \(person)", as: Bool.self)
            }
            #expect(still == true)
        }
    }

    @Test("A request for somebody who has died is refused", arguments: TestEngine.available)
    func died(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let patient = Sample.patient.with(["deceasedDateTime": "2025-01-01"])
            let reply = try await hospitals.ours.post(
                "/fhir", Sample.transaction(patient, Sample.order, Sample.task))
            #expect(reply.status == 422)
            #expect(reply.issuePath == "Bundle.entry[1].resource.subject")
            #expect(try await hospitals.village.counts()["referral"] == 0)
        }
    }

    @Test("A Task for a caregiver makes a referral for the caregiver", arguments: TestEngine.available)
    func caregiver(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let daughter: JSON = [
                "resourceType": "RelatedPerson", "id": "rp1", "patient": ["reference": "Patient/p1"],
                "relationship": [
                    [
                        "coding": [
                            ["system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "DAUC"]
                        ]
                    ]
                ],
                "name": [["given": ["Dora"], "family": "North"]]
            ]
            let task = Sample.task.with(["for": ["reference": "RelatedPerson/rp1"]])
            let reply = try await hospitals.ours.post(
                "/fhir", Sample.transaction(Sample.patient, daughter, Sample.order, task))
            let id = try #require(reply.json["entry", 3, "response", "location"]?.text?.split(separator: "/").last)
            let person = try await hospitals.village.referral(String(id)).person
            let name = try await hospitals.village.read(as: hospitals.village.ana) {
                try $0.value("SELECT name FROM person WHERE id = \(person)", as: String.self)
            }
            #expect(name == "Dora North")
            // And she is known to care for the patient, who is not the one supported.
            let organization = hospitals.village.riverside.organization
            let care = try await hospitals.village.read(as: hospitals.village.ana) {
                try CareRelation.all(of: person, in: organization, db: $0)
            }
            #expect(care.map(\.caregiver) == [person])
            #expect(care.map(\.caredForName) == ["Nora B. North"])
            #expect(care.map(\.relation) == ["parent"])
        }
    }

    @Test("Policy words lead a request to the program they name", arguments: TestEngine.available)
    func routing(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let (village, program) = (hospitals.village, hospitals.village.riverside.otherProgram)
            try await village.write(asSystemOf: village.riverside) { db in
                _ = try Program.publish(Policy(topics: ["newborn"]), for: program, in: db)
            }
            let order = Sample.order.with(["reasonCode": [["text": "Sleep with a newborn"]]])
            let reply = try await hospitals.ours.post("/fhir/ServiceRequest", order)
            let found = try await village.read(as: village.riverside.otherCoordinator) {
                try Referral.find(Referral.ID(reply.id), in: $0)
            }
            #expect(found.program == program)
        }
    }
}
