import FHIR
import Kith
import KithInterop
import KithTestSupport
import Testing

@Suite("The same thing twice")
struct DoubleDeliveryTests {
    private let bundle = Sample.transaction(Sample.patient, Sample.order, Sample.task, Sample.observation)

    @Test("The second delivery is answered like the first and changes nothing", arguments: TestEngine.available)
    func twice(engine: TestEngine) async throws {
        let bundle = bundle
        try await withHospitals(engine) { hospitals in
            let first = try await hospitals.ours.post("/fhir", bundle)
            let before = try await hospitals.village.counts()
            let second = try await hospitals.ours.post("/fhir", bundle)
            #expect(before["referral"] == 1)
            #expect(try await hospitals.village.counts() == before)
            let locations = [first, second].map { reply in
                reply.json["entry"]?.items.map { $0["response", "location"]?.text } ?? []
            }
            #expect(locations[0] == locations[1])
            #expect(second.json["entry", 2, "response", "status"]?.text == "200 OK")
        }
    }

    @Test("Two deliveries at once make one referral", arguments: TestEngine.available)
    func atOnce(engine: TestEngine) async throws {
        let bundle = bundle
        try await withHospitals(engine) { hospitals in
            let replies = try await withThrowingTaskGroup(of: PartnerSystem.Reply.self) { group in
                for _ in 1...8 { group.addTask { try await hospitals.ours.post("/fhir", bundle) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(replies.map(\.status) == Array(repeating: 200, count: 8))
            #expect(Set(replies.map { $0.json["entry", 2, "response", "location"]?.text }).count == 1)
            let counts = try await hospitals.village.counts()
            #expect(counts["referral"] == 1)
            #expect(counts["received_resource"] == 4)
        }
    }

    @Test("The sender's own number is enough to know a request again", arguments: TestEngine.available)
    func number(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let first = try await hospitals.ours.post("/fhir/ServiceRequest", Sample.order)
            let again = try await hospitals.ours.post("/fhir/ServiceRequest", Sample.order.with(["id": "other"]))
            #expect((first.status, again.status) == (201, 200))
            #expect(again.id == first.id)
            let unnamed = Sample.order.with(["id": nil, "identifier": nil])
            let third = try await hospitals.ours.post("/fhir/ServiceRequest", unnamed)
            #expect(third.status == 201)
            #expect(try await hospitals.ours.post("/fhir/ServiceRequest", unnamed).id == third.id)
        }
    }

    @Test("An id that was somebody else's before is refused", arguments: TestEngine.available)
    func reused(engine: TestEngine) async throws {
        let bundle = bundle
        try await withHospitals(engine) { hospitals in
            _ = try await hospitals.ours.post("/fhir", bundle)
            let before = try await hospitals.village.counts()
            let somebodyElse = Sample.patient.with([
                "identifier": nil, "name": [["given": ["Sidney"], "family": "South"]], "birthDate": "1990-01-01"
            ])
            let person = try await hospitals.ours.post("/fhir", Sample.transaction(somebodyElse))
            #expect(person.status == 409)
            let request = try await hospitals.ours.post(
                "/fhir",
                Sample.transaction(
                    somebodyElse.with(["id": "p2"]), Sample.order.with(["subject": ["reference": "Patient/p2"]])))
            #expect(request.status == 409)
            #expect(try await hospitals.village.counts() == before)
        }
    }

    @Test("One number given to two people keeps them apart", arguments: TestEngine.available)
    func sharedNumber(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let people = try await hospitals.village.counts()["person"] ?? 0
            let sibling = Sample.patient.with(["id": "p2", "birthDate": "1987-02-20"])
            let namesake = Sample.patient.with(["id": "p3"])
            _ = try await hospitals.ours.post("/fhir", Sample.transaction(Sample.patient, sibling))
            #expect(try await hospitals.village.counts()["person"] == people + 2)
            _ = try await hospitals.ours.post("/fhir", Sample.transaction(namesake))
            #expect(try await hospitals.village.counts()["person"] == people + 2)
        }
    }

    @Test("Who is here already is not for another sender to find out", arguments: TestEngine.available)
    func probing(engine: TestEngine) async throws {
        let bundle = bundle
        try await withHospitals(engine) { hospitals in
            let (house, token) = (hospitals.village.riverside, hospitals.village.platform.world.newSecret())
            try await hospitals.village.write(asSystemOf: house) { db in
                _ = try Organization.addPartner(named: "Clinic", sendingTo: house.program, token: token, in: db)
            }
            let clinic = PartnerSystem(browser: hospitals.stranger.browser, token: token)
            let known: JSON = ["system": "urn:example:mrn", "value": "4711"]
            let byNumber = Sample.order.with(["subject": ["identifier": known], "identifier": nil])
            let before = try await clinic.post("/fhir/ServiceRequest", byNumber)
            _ = try await hospitals.ours.post("/fhir", bundle)
            // The number belongs to somebody now; the clinic hears the same as before.
            let after = try await clinic.post("/fhir/ServiceRequest", byNumber)
            #expect((before.status, after.status) == (422, 422))
            #expect(before.json == after.json)
            // Its own sender may use it.
            let own = byNumber.with(["id": "sr2"])
            #expect(try await hospitals.ours.post("/fhir/ServiceRequest", own).status == 201)
            // The clinic's record of the same person looks like anybody new, and makes no second person.
            let people = try await hospitals.village.counts()["person"]
            let reply = try await clinic.post("/fhir", Sample.transaction(Sample.patient))
            #expect(reply.json["entry", 0, "response", "status"]?.text == "201 Created")
            #expect(try await hospitals.village.counts()["person"] == people)
        }
    }

    @Test("Somebody only named in a request is filled in when their record comes", arguments: TestEngine.available)
    func named(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let village = hospitals.village
            let reply = try await hospitals.ours.post("/fhir/ServiceRequest", Sample.order)
            let person = try await village.referral(reply.id).person
            #expect(try await village.read(as: village.ana) { try Person.channels(of: person, in: $0) } == [])
            let before = try await village.counts()
            _ = try await hospitals.ours.post("/fhir", Sample.transaction(Sample.patient))
            #expect(try await village.read(as: village.ana) { try Person.channels(of: person, in: $0).count } == 2)
            #expect(try await village.counts()["person"] == before["person"])
        }
    }

    @Test("The same ids from two hospitals are two people", arguments: TestEngine.available)
    func nextDoor(engine: TestEngine) async throws {
        let bundle = bundle
        try await withHospitals(engine) { hospitals in
            let people = try await hospitals.village.counts()["person"] ?? 0
            _ = try await hospitals.ours.post("/fhir", bundle)
            _ = try await hospitals.nextDoor.post("/fhir", bundle)
            let counts = try await hospitals.village.counts()
            #expect(counts["referral"] == 2)
            #expect(counts["person"] == people + 2)
        }
    }

    @Test("A transaction that fails in its last entry leaves nothing", arguments: TestEngine.available)
    func failing(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let before = try await hospitals.village.counts()
            let nobody = Sample.order.with([
                "id": "sr2", "identifier": nil, "subject": ["reference": "Patient/nobody"]
            ])
            let reply = try await hospitals.ours.post(
                "/fhir", Sample.transaction(Sample.patient, Sample.order, Sample.task, Sample.observation, nobody))
            #expect(reply.status == 422)
            #expect(reply.issuePath == "Bundle.entry[4].resource.subject")
            #expect(try await hospitals.village.counts() == before)
            // Without that entry the same delivery is taken.
            let good = try await hospitals.ours.post(
                "/fhir", Sample.transaction(Sample.patient, Sample.order, Sample.task, Sample.observation))
            #expect(good.status == 200)
        }
    }
}
