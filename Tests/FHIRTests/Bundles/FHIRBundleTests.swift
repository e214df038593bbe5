import FHIR
import Testing

@Suite("Bundles")
struct FHIRBundleTests {
    private func bundle(_ kind: String, _ entries: [JSON]) throws -> FHIRBundle {
        try FHIRBundle(Resource("Bundle", ["type": .string(kind), "entry": .list(entries)]))
    }

    private func entry(
        _ method: String, _ url: String, _ resource: JSON? = nil, fullURL: String? = nil, ifNoneExist: String? = nil
    ) -> JSON {
        [
            "fullUrl": .text(fullURL),
            "resource": resource,
            "request": ["method": .string(method), "url": .string(url), "ifNoneExist": .text(ifNoneExist)]
        ]
    }

    private let patient: JSON = ["resourceType": "Patient", "id": "1"]

    @Test("Entries are read with what they ask for")
    func reading() throws {
        let bundle = try bundle(
            "transaction",
            [
                entry("POST", "Patient", patient, fullURL: "urn:uuid:a", ifNoneExist: "identifier=s|v"),
                [
                    "resource": patient,
                    "request": ["method": "PUT", "url": "Patient/1", "ifMatch": "W/\"3\""]
                ],
                entry("DELETE", "Task?identifier=x"),
                entry("POST", "Patient/$match")
            ])
        #expect(bundle.kind == .transaction)
        let requests = try bundle.entries.map { try #require($0.request) }
        #expect(requests[0].target == .type("Patient", query: "") && requests[0].ifNoneExist == "identifier=s|v")
        #expect(requests[1].target == .instance(ResourceKey("Patient", "1")) && requests[1].expectedVersion == "3")
        #expect(requests[2].target == .type("Task", query: "identifier=x"))
        #expect(requests[3].target == .other)
        #expect(bundle.resources.count == 2)
    }

    @Test("A transaction is carried out in the order of its methods, not of its entries")
    func order() throws {
        let bundle = try bundle(
            "transaction",
            [
                entry("GET", "Patient/9"),
                entry("PUT", "Patient/1", patient),
                entry("POST", "Patient", patient),
                entry("PATCH", "Patient/2"),
                entry("DELETE", "Patient/3"),
                entry("HEAD", "Patient/4"),
                entry("POST", "Patient", patient)
            ])
        #expect(bundle.entriesInProcessingOrder.map(\.position) == [4, 2, 6, 1, 3, 0, 5])
    }

    @Test(
        "What is unclear is refused, and said where",
        arguments: [
            (entries: [["resource": ["resourceType": "Patient"]]], path: "Bundle.entry[0].request"),
            ([["request": ["url": "Patient"]]], "Bundle.entry[0].request.method"),
            ([["request": ["method": "post", "url": "Patient"]]], "Bundle.entry[0].request.method"),
            ([["request": ["method": "GET"]]], "Bundle.entry[0].request.url"),
            ([["request": ["method": "POST", "url": "Patient"]]], "Bundle.entry[0].request"),
            (
                [["resource": ["resourceType": "Task"], "request": ["method": "POST", "url": "Patient"]]],
                "Bundle.entry[0].request.url"
            ),
            (
                [["resource": ["resourceType": "Task", "id": "2"], "request": ["method": "PUT", "url": "Task/1"]]],
                "Bundle.entry[0].request.url"
            ),
            (
                [["resource": ["resourceType": "Task", "id": "1"], "request": ["method": "POST", "url": "Task/1"]]],
                "Bundle.entry[0].request.url"
            ),
            ([["resource": ["id": "1"], "request": ["method": "GET", "url": "Task"]]], "Bundle.entry[0].resource"),
            (
                [["request": ["method": "DELETE", "url": "Task/1"]], ["request": ["method": "PATCH", "url": "Task/1"]]],
                "Bundle.entry[1].request.url"
            )
        ] as [(entries: [JSON], path: String)])
    func unclear(_ entries: [JSON], _ path: String) {
        let outcome = #expect(throws: OperationOutcome.self) { try bundle("transaction", entries) }
        #expect(outcome?.issues.map(\.path) == [path])
        #expect(outcome?.status == 400)
    }

    @Test("The same full URL at two entries is refused, except for versions of one resource")
    func duplicates() throws {
        let twice = [
            entry("POST", "Patient", patient, fullURL: "urn:uuid:a"),
            entry("POST", "Patient", patient, fullURL: "urn:uuid:a")
        ]
        let outcome = #expect(throws: OperationOutcome.self) { try bundle("transaction", twice) }
        #expect(outcome?.issues.map(\.code) == [.duplicate])
        #expect(throws: OperationOutcome.self) { try bundle("collection", twice) }
        #expect(throws: Never.self) { try bundle("history", twice) }
        func version(_ id: String) -> JSON {
            [
                "fullUrl": "http://x.org/Patient/1",
                "resource": ["resourceType": "Patient", "id": "1", "meta": ["versionId": .string(id)]]
            ]
        }
        #expect(throws: Never.self) { try bundle("collection", [version("1"), version("2")]) }
        #expect(throws: OperationOutcome.self) { try bundle("collection", [version("1"), version("1")]) }
    }

    @Test(
        "Other resources and unknown types are no Bundles",
        arguments: [
            Resource("Patient", [:]), Resource("Bundle", [:]), Resource("Bundle", ["type": "parcel"])
        ])
    func noBundle(_ resource: Resource) {
        #expect(throws: OperationOutcome.self) { try FHIRBundle(resource) }
    }

    @Test("References are resolved by full URL, by base address, and by type and id where there is no address")
    func resolution() throws {
        func entry(_ url: String?, _ type: String, _ id: String, version: String? = nil) -> JSON {
            [
                "fullUrl": .text(url),
                "resource": [
                    "resourceType": .string(type), "id": .string(id), "meta": version.map { ["versionId": .string($0)] }
                ]
            ]
        }
        let bundle = try bundle(
            "collection",
            [
                entry("https://a.org/fhir/Patient/1", "Patient", "1", version: "1"),
                entry("https://a.org/fhir/Task/1", "Task", "1"),
                entry("https://b.org/fhir/Patient/1", "Patient", "1"),
                entry("urn:uuid:c757873d-ec9a-4326-a141-556f43239520", "Organization", "7"),
                entry(nil, "Task", "9"),
                entry("https://a.org/fhir/Patient/1", "Patient", "1", version: "2")
            ])
        func found(_ reference: String, from position: Int) -> Int? {
            bundle.resolve(Reference.Target(reference), from: bundle.entries[position])?.position
        }
        #expect(found("Patient/1", from: 1) == 0)
        #expect(found("Patient/1/_history/2", from: 1) == 5)
        #expect(found("Patient/1", from: 2) == 2)
        #expect(found("Patient/1", from: 4) == nil, "three patients have this type and id")
        #expect(found("Organization/7", from: 4) == 3)
        #expect(found("Organization/7", from: 1) == nil, "https://a.org/fhir/Organization/7 is not in the Bundle")
        #expect(found("https://b.org/fhir/Patient/1", from: 1) == 2)
        #expect(found("urn:uuid:c757873d-ec9a-4326-a141-556f43239520", from: 1) == 3)
        #expect(found("urn:uuid:00000000-0000-0000-0000-000000000000", from: 1) == nil)
        #expect(found("#x", from: 1) == nil)
    }

    @Test("Links change where links stand, and nowhere else")
    func replacing() {
        let json: JSON = [
            "resourceType": "Task", "description": "see urn:uuid:a", "for": ["reference": "urn:uuid:a", "display": "x"],
            "input": [["valueUri": "urn:uuid:a"], ["valueReference": ["reference": "Patient/9"]]]
        ]
        let changed = json.replacingLinks { $0 == "urn:uuid:a" ? "Patient/1" : nil }
        #expect(
            changed == [
                "resourceType": "Task", "description": "see urn:uuid:a",
                "for": ["reference": "Patient/1", "display": "x"],
                "input": [["valueUri": "Patient/1"], ["valueReference": ["reference": "Patient/9"]]]
            ])
        #expect(changed.references.map(\.reference) == ["Patient/1", "Patient/9"])
    }

    @Test("A built search result is a valid resource and reads back the same")
    func searchset() throws {
        let resource = FHIRBundle.searchset(
            [
                .init(try Resource(patient), at: "https://a.org/fhir/Patient/1"),
                .init(OperationOutcome(FHIR.Issue(.warning, .notSupported, "ignored")).resource, at: nil, as: .outcome)
            ], total: 1, links: [("self", "https://a.org/fhir/Patient?_id=1")], at: FHIRDate("2026-11-21T09:30:00Z"))
        #expect(Validator().issues(in: resource.json) == [])
        let bundle = try FHIRBundle(resource)
        #expect(bundle.total == 1 && bundle.links["self"] == "https://a.org/fhir/Patient?_id=1")
        #expect(bundle.entries.map(\.searchMode) == ["match", "outcome"])
        #expect(Validator().issues(in: FHIRBundle.searchset([], total: 0).json) == [])
    }

    @Test("A built answer to a transaction tells each entry's end, in order")
    func response() throws {
        let answers: [FHIRBundle.Answer] = [
            .init(
                status: "201 Created", location: "Patient/1/_history/1", versionID: "1",
                lastModified: FHIRDate("2026-11-21T09:30:00Z")),
            .init(
                status: "404 Not Found",
                outcome: OperationOutcome(FHIR.Issue(.error, .notFound, "There is no such Task.")))
        ]
        let resource = FHIRBundle.response(to: .batch, answers)
        #expect(Validator().issues(in: resource.json) == [])
        #expect(resource["type"] == "batch-response")
        #expect(resource.json["entry", 0, "response", "etag"]?.text == "W/\"1\"")
        #expect(resource.json["entry", 1, "response", "outcome", "resourceType"]?.text == "OperationOutcome")
        #expect(FHIRBundle.response(to: .transaction, []).json["type"] == "transaction-response")
    }

    @Test("A built collection is a valid resource")
    func collection() throws {
        let resource = FHIRBundle.collection([("urn:uuid:c757873d-ec9a-4326-a141-556f43239520", try Resource(patient))])
        #expect(Validator().issues(in: resource.json) == [])
    }

    @Test(
        "Published transactions are read, and their links lead to their entries",
        .enabled(if: SharedData.isPresent, "\(SharedData.whySkipped)"))
    func published() throws {
        let files = try SharedData.files("synthetic-patients").filter { $0.name.contains("transaction") }
        #expect(files.count == 4)
        for file in files {
            let bundle = try FHIRBundle(Resource(parsing: file.bytes))
            #expect(bundle.kind == .transaction && bundle.entries.allSatisfy { $0.request?.method == .post })
            var links = 0
            for entry in bundle.entries {
                for case .urn(let urn)? in (entry.resource?.json.references ?? []).map(\.target) {
                    #expect(bundle.resolve(.urn(urn), from: entry)?.fullURL == urn, "\(file)")
                    links += 1
                }
            }
            #expect(links > 100, "\(file)")
        }
    }

    @Test("Ten thousand references among ten thousand entries are found at once", .timeLimit(.minutes(35)))
    func many() throws {
        let count = 10_000
        let entries: [JSON] = (0..<count).map { number in
            let id = "\(number)"
            let version: JSON = ["resourceType": "Task", "id": .string(id), "meta": ["versionId": .string(id)]]
            // Half of them stand under one address, as the versions of one resource do.
            return ["fullUrl": number % 2 == 0 ? nil : "https://ehr.example.org/Task/1", "resource": version]
        }
        let bundle = try bundle("history", entries)
        let start = ContinuousClock.now
        for number in stride(from: 0, to: count, by: 2) {
            let here = bundle.resolve(.relative(ResourceKey("Task", "\(number)")), from: bundle.entries[0])
            #expect(here?.position == number)
            let version = ResourceKey("Task", "1", version: "\(number + 1)")
            let there = bundle.resolve(.absolute(base: "https://ehr.example.org", version), from: bundle.entries[0])
            #expect(there?.position == number + 1)
        }
        // One after the other, that would be a hundred million comparisons.
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
