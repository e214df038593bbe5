import FHIR
import HTTPTypes
import Kith
import KithInterop
import KithTestSupport
import Testing

@Suite("Searching for Tasks")
struct TaskSearchTests {
    /// Sends so many requests for as many people, an hour apart.
    private static func send(_ count: Int, _ hospitals: Hospitals) async throws -> [String] {
        var ids: [String] = []
        for number in 1...count {
            hospitals.village.clock.advance(hours: 1)
            let order = Sample.order.with([
                "id": .string("sr\(number)"), "identifier": nil,
                "subject": ["reference": .string("Patient/p\(number)"), "display": .string("Person \(number)")]
            ])
            ids.append(try await hospitals.ours.post("/fhir/ServiceRequest", order).id)
        }
        return ids
    }

    private static func ids(_ json: JSON) -> [String] {
        (json["entry"]?.items ?? []).filter { $0["search", "mode"]?.text == "match" }
            .compactMap { $0["resource", "id"]?.text }
    }

    @Test("By id, status, patient and last change", arguments: TestEngine.available)
    func parameters(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let ids = try await Self.send(3, hospitals)
            let village = hospitals.village
            try await village.ana(ids[1]) { try $0.accept(in: $1) }
            func found(_ query: String) async throws -> [String] {
                let reply = try await hospitals.ours.get("/fhir/Task\(query)")
                #expect(reply.status == 200, "\(query)")
                return Self.ids(reply.json)
            }
            #expect(try await found("") == ids)
            #expect(try await found("?_id=\(ids[2])") == [ids[2]])
            #expect(try await found("?status=accepted") == [ids[1]])
            #expect(try await found("?status=requested,accepted") == ids)
            #expect(try await found("?status:not=accepted") == [ids[0], ids[2]])
            #expect(try await found("?patient=Patient/p1") == [ids[0]])
            #expect(try await found("?patient=p3&status=requested") == [ids[2]])
            #expect(try await found("?patient=nobody") == [])
            let sent = try await hospitals.ours.get("/fhir/Task/\(ids[2])").json["meta", "lastUpdated"]?.text ?? ""
            #expect(try await found("?_lastUpdated=gt\(sent)") == [ids[1]])
            #expect(try await found("?_lastUpdated=ge\(sent)") == [ids[1], ids[2]])
            #expect(try await found("?_lastUpdated=lt\(sent)") == [ids[0]])
        }
    }

    @Test("Whoever polls hears of what was released later, and not of what was not", arguments: TestEngine.available)
    func polling(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let (id, village) = (try await Self.send(1, hospitals)[0], hospitals.village)
            try await village.ana(id) { try $0.accept(in: $1) }
            func changed(since moment: Instant) async throws -> [String] {
                Self.ids(try await hospitals.ours.get("/fhir/Task?_lastUpdated=gt\(moment)").json)
            }
            let accepted = village.clock.now
            try await village.ana(id) { try $0.move(.interimNote, in: $1).tell(.firstContact, in: $1) }
            #expect(try await changed(since: accepted) == [])
            let afterwards = village.clock.now
            try await village.shareStatus(true, of: village.referral(id))
            #expect(try await changed(since: afterwards) == [id])
            let released = village.clock.now
            try await village.shareStatus(false, of: village.referral(id))
            #expect(try await changed(since: released) == [id])
            #expect(try await changed(since: village.clock.now) == [])
        }
    }

    @Test("Pages follow each other without a gap, in a fixed number of statements", arguments: TestEngine.available)
    func pages(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            let ids = try await Self.send(7, hospitals)
            var (next, seen, statements): (String?, [String], Set<Int>) = ("/fhir/Task?_count=3", [], [])
            while let path = next {
                let reply = try await hospitals.ours.get(path)
                seen += Self.ids(reply.json)
                statements.insert(hospitals.village.ledger.last)
                let link = reply.json["link"]?.items.first { $0["relation"]?.text == "next" }
                next = link?["url"]?.text.map { String($0.dropFirst("http://localhost".count)) }
                #expect(reply.json["total"] == nil)
            }
            #expect(seen == ids)
            #expect(statements.count <= 2, "the read, and the note that it was shown")
            #expect(statements.allSatisfy { $0 <= 6 })
        }
    }

    @Test("What is not understood is ignored with a word, or refused where that is asked for", arguments: TestEngine.available)
    func unknown(engine: TestEngine) async throws {
        try await withHospitals(engine) { hospitals in
            _ = try await Self.send(1, hospitals)
            let lenient = try await hospitals.ours.get("/fhir/Task?color=blue")
            #expect(lenient.status == 200)
            #expect(Self.ids(lenient.json).count == 1)
            #expect(lenient.json["entry"]?.items.last?["search", "mode"]?.text == "outcome")
            let name = try #require(HTTPField.Name("Prefer"))
            let strict = try await hospitals.ours.send("/fhir/Task?color=blue", .get, nil, [name: "handling=strict"])
            #expect(strict.status == 400)
            #expect(try await hospitals.ours.get("/fhir/Task?_lastUpdated=yesterday").status == 400)
        }
    }
}
