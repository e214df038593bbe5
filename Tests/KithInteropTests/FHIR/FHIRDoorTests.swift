import FHIR
import HTTPTypes
import Kith
import KithInterop
import KithTestSupport
import Testing

@Suite("The FHIR door")
struct FHIRDoorTests {
    @Test("Without a token, or with a wrong one, nobody comes in", arguments: TestEngine.available)
    func token(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let wrong = PartnerSystem(browser: hospitals.stranger.browser, token: Secret(presented: "wrong"))
            try #require(try await hospitals.ours.get("/fhir/Task").status == 200)
            for system in [hospitals.stranger, wrong] {
                let replies = [
                    try await system.get("/fhir/Task"), try await system.get("/fhir/Observation/1"),
                    try await system.post("/fhir", Sample.transaction(Sample.patient)),
                    try await system.put("/fhir/Task/1", Sample.task)
                ]
                for reply in replies {
                    #expect(reply.status == 401)
                    #expect(reply.json["issue", 0, "code"]?.text == "login")
                    #expect(reply.headers[.wwwAuthenticate] == "Bearer")
                }
            }
        }
    }

    @Test("Next door, a referral of ours does not exist", arguments: TestEngine.available)
    func nextDoor(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let id = try await hospitals.ours.post("/fhir/ServiceRequest", Sample.order).id
            let task = try await hospitals.ours.get("/fhir/Task/\(id)")
            try #require(task.status == 200)
            let next = hospitals.nextDoor
            #expect(try await next.get("/fhir/Task/\(id)").status == 404)
            #expect(try await next.get("/fhir/ServiceRequest/\(id)").status == 404)
            #expect(try await next.put("/fhir/Task/\(id)", task.json.with(["status": "cancelled"])).status == 404)
            #expect(try await next.get("/fhir/Task?_id=\(id)").json["total"]?.integer == 0)
            let focus: JSON = ["reference": .string("ServiceRequest/\(id)")]
            #expect(try await next.post("/fhir/Task", Sample.task.with(["focus": focus])).status == 422)
            #expect(try await hospitals.village.referral(id).state == .received)
            // The same from another partner of the same organization.
            let token = hospitals.village.platform.world.newSecret()
            let house = hospitals.village.riverside
            try await hospitals.village.write(asSystemOf: house) { db in
                _ = try Organization.addPartner(named: "Clinic", sendingTo: house.program, token: token, in: db)
            }
            let clinic = PartnerSystem(browser: hospitals.stranger.browser, token: token)
            #expect(try await clinic.get("/fhir/Task").json["total"]?.integer == 0)
            #expect(try await clinic.get("/fhir/Task/\(id)").status == 404)
        }
    }

    @Test("JSON comes in and goes out; anything else is told so", arguments: TestEngine.available)
    func negotiation(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let ours = hospitals.ours
            for accept in ["application/fhir+json", "application/json", "*/*", "text/html, application/json;q=0.9"] {
                #expect(try await ours.get("/fhir/Task", accept: accept).status == 200, "\(accept)")
            }
            #expect(try await ours.get("/fhir/Task", accept: "application/fhir+xml").status == 406)
            #expect(try await ours.get("/fhir/metadata?_format=xml").status == 406)
            #expect(try await ours.get("/fhir/metadata?_format=json", accept: "application/fhir+xml").status == 200)
            let order = Sample.order.serialized()
            let xml = try await ours.send("/fhir/ServiceRequest", .post, "<a/>", [.contentType: "application/fhir+xml"])
            #expect(xml.status == 415)
            #expect(xml.issue?.contains("XML") == true)
            let form = [HTTPField.Name.contentType: "application/x-www-form-urlencoded"]
            #expect(
                try await ours.send("/fhir/ServiceRequest", .post, order, [.contentType: form[.contentType] ?? ""])
                    .status == 415)
            let json = try await ours.send(
                "/fhir/ServiceRequest", .post, order, [.contentType: "application/json; charset=utf-8"])
            #expect(json.status == 201)
        }
    }

    @Test("What is not FHIR is refused with its place", arguments: TestEngine.available)
    func malformed(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let before = try await hospitals.village.counts()
            let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
            let cases: [(String, Int, String)] = [
                ("", 400, "there is nothing here"), ("{\"resourceType\": \"ServiceRequest\",", 400, "line 1"),
                ("{\"resourceType\": \"ServiceRequest\", \"id\": \"1\", \"id\": \"2\"}", 400, "comes twice"),
                ("{\"resourceType\": \"ServiceRequest\", \"x\": \(deep)}", 400, "nested"),
                (Sample.order.with(["status": nil]).serialized(), 400, "is required"),
                (Sample.order.with(["statuss": "x"]).serialized(), 400, "did you mean"),
                (Sample.task.serialized(), 400, "ServiceRequest was expected")
            ]
            for (body, status, words) in cases {
                let reply = try await hospitals.ours.send("/fhir/ServiceRequest", .post, body)
                #expect(reply.status == status)
                #expect(reply.issue?.contains(words) == true, "\(reply.issue ?? "")")
            }
            let bundle = try await hospitals.ours.post(
                "/fhir", Sample.transaction(Sample.patient, Sample.order.with(["intent": "wish"])))
            #expect(bundle.status == 400)
            #expect(bundle.issuePath == "Bundle.entry[1].resource.intent")
            #expect(try await hospitals.ours.post("/fhir", Sample.patient).status == 400)
            #expect(
                try await hospitals.ours.post("/fhir", ["resourceType": "Bundle", "type": "collection"]).status == 400)
            #expect(try await hospitals.village.counts() == before)
        }
    }

    @Test("A body that is too large is not read to its end", arguments: TestEngine.available)
    func tooLarge(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let order = Sample.order.with(["patientInstruction": .string(String(repeating: "a", count: 9 << 20))])
            let reply = try await hospitals.ours.post("/fhir/ServiceRequest", order)
            #expect(reply.status == 413)
        }
    }

    @Test("Addresses that are not served say so", arguments: TestEngine.available)
    func unknown(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            for path in ["/fhir/Observation", "/fhir/Patient/1", "/fhir/Task/1/_history/1", "/fhir/Nonsense"] {
                let reply = try await hospitals.ours.get(path)
                #expect(reply.status == 404, "\(path)")
            }
            #expect(try await hospitals.ours.get("/fhir/Task/not-an-id").status == 404)
            #expect(try await hospitals.ours.post("/fhir/Patient", Sample.patient).status == 404)
            let deleted = try await hospitals.ours.send("/fhir/Task/1", .delete, nil)
            #expect(deleted.status == 405)
            #expect(deleted.headers[.allow] == "GET, PUT")
            #expect(try await hospitals.ours.get("/fhir").status == 405)
        }
    }

    @Test("The CapabilityStatement is public, valid, and true", arguments: TestEngine.available)
    func capabilities(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let reply = try await hospitals.stranger.get("/fhir/metadata")
            #expect(reply.status == 200)
            #expect(reply.json["resourceType"]?.text == "CapabilityStatement")
            #expect(reply.json["fhirVersion"]?.text == "4.0.1")
            let rest = reply.json["rest", 0]
            for resource in rest?["resource"]?.items ?? [] {
                let type = try #require(resource["type"]?.text)
                let interactions = resource["interaction"]?.items.compactMap { $0["code"]?.text } ?? []
                let id = try await hospitals.ours.post("/fhir/ServiceRequest", Sample.order).id
                #expect(interactions.contains("read"))
                #expect(try await hospitals.ours.get("/fhir/\(type)/\(id)").status == 200)
                let search = try await hospitals.ours.get("/fhir/\(type)")
                #expect(search.status == (interactions.contains("search-type") ? 200 : 405))
                for parameter in resource["searchParam"]?.items ?? [] {
                    let name = try #require(parameter["name"]?.text)
                    let found = try await hospitals.ours.get("/fhir/\(type)?\(name)=2026")
                    #expect(found.json["entry"]?.items.contains { $0["search", "mode"]?.text == "outcome" } != true)
                }
            }
        }
    }
}
