import FHIR
import Testing

@Suite("Data types")
struct DataTypeTests {
    @Test("A concept has the codes it has, by system and code together")
    func concepts() {
        let concept = CodeableConcept(.referralToPeerSupport, .patientReferral, text: "peer support")
        #expect(concept.has(CodeSystem.snomed, "461481000124109"))
        #expect(concept.has(.patientReferral))
        #expect(!concept.has(CodeSystem.loinc, "461481000124109"))
        #expect(concept.code(in: CodeSystem.snomed) == "461481000124109")
        #expect(concept.label == "peer support")
        #expect(CodeableConcept(.peerServices).label == "Self-help/peer services, per 15 minutes")
        #expect(CodeableConcept(.peerNavigation).label == "G0140")
    }

    @Test("A coding without a code means nothing, not even the same as another without")
    func emptyCoding() {
        let empty = Coding(["system": .string(CodeSystem.snomed)])
        #expect(!empty.means(empty))
    }

    @Test(
        "Every form of a reference is told from the others",
        arguments: [
            ("Patient/1", Reference.Target.relative(ResourceKey("Patient", "1"))),
            ("Patient/1/_history/2", .relative(ResourceKey("Patient", "1", version: "2"))),
            (
                "https://ehr.example.org/fhir/Patient/1",
                .absolute(base: "https://ehr.example.org/fhir", ResourceKey("Patient", "1"))
            ),
            (
                "https://ehr.example.org/fhir/Patient/1/_history/2",
                .absolute(base: "https://ehr.example.org/fhir", ResourceKey("Patient", "1", version: "2"))
            ),
            ("https://example.org/about", .url("https://example.org/about")),
            ("urn:uuid:c757873d-ec9a-4326-a141-556f43239520", .urn("urn:uuid:c757873d-ec9a-4326-a141-556f43239520")),
            ("#med", .contained(id: "med")),
            ("#", .contained(id: "")),
            (
                "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999",
                .conditional(type: "Practitioner", query: "identifier=http://hl7.org/fhir/sid/us-npi|9999")
            ),
            ("patient/1", .unknown("patient/1")),
            ("Patient/", .unknown("Patient/")),
            ("x/Patient/1", .unknown("x/Patient/1")),
            ("Patient/a b", .unknown("Patient/a b")),
            ("/Patient/1", .unknown("/Patient/1")),
            ("", .unknown(""))
        ])
    func references(_ text: String, _ target: Reference.Target) {
        #expect(Reference(text).target == target)
    }

    @Test("A logical reference has an identifier and no target")
    func logicalReference() {
        let reference = Reference(identifier: Identifier(system: "urn:oid:1.2", value: "7"), type: "Patient")
        #expect(reference.target == nil)
        #expect(reference.identifier?.value == "7")
        #expect(reference.type == "Patient")
    }

    @Test("The preferred name is the usual one, then the official one, and an old one only without any other")
    func names() throws {
        let old = HumanName(given: ["Ana"], family: "Before", use: "old")
        let official = HumanName(given: ["Ana", "María"], family: "Ruiz", use: "official")
        let usual = HumanName(text: "Ani", use: "usual")
        #expect(HumanName.preferred(of: [old, official, usual])?.display == "Ani")
        #expect(HumanName.preferred(of: [old, official])?.display == "Ana María Ruiz")
        #expect(HumanName.preferred(of: [old])?.display == "Ana Before")
        #expect(HumanName.preferred(of: [HumanName()]) == nil)
        let ended = HumanName(["use": "usual", "text": "Annie", "period": ["end": "2020"]])
        let moment = try #require(FHIRDate("2026-11-21T00:00:00Z"))
        #expect(HumanName.preferred(of: [ended, official], at: moment)?.display == "Ana María Ruiz")
    }

    @Test("A name in parts is put together in order")
    func nameParts() {
        let name = HumanName(["prefix": ["Dr."], "given": ["Ana"], "family": "Ruiz", "suffix": ["MD"]])
        #expect(name.display == "Dr. Ana Ruiz MD")
    }

    @Test(
        "Views of JSON that is something else give nil, not a crash",
        arguments: [JSON.null, "x", 3, [], ["x"], ["coding": "x"]])
    func wrongKinds(_ json: JSON) {
        #expect(CodeableConcept(json).codings.isEmpty)
        #expect(Reference(json).target == nil)
        #expect(HumanName(json).display == nil)
        #expect(Period(json).start == nil)
        #expect(Address(json).lines.isEmpty)
        #expect(ContactPoint(json).rank == nil)
        #expect(Identifier(json).type == nil)
    }

    @Test("A resource knows its type, id, version and labels, and keeps everything else")
    func resources() throws {
        var task = try Resource([
            "resourceType": "Task", "id": "7",
            "meta": ["profile": ["http://example.org/p"], "security": [["code": "R"]]],
            "status": "requested"
        ])
        #expect(task.type == "Task")
        #expect(task.key == ResourceKey("Task", "7"))
        #expect(task.securityLabels.first?.code == "R")
        task.versionID = "2"
        task.lastUpdated = FHIRDate("2026-11-21T09:30:00.000Z", as: .instant)
        task["status"] = "accepted"
        task["resourceType"] = "Patient"
        #expect(
            task.json == [
                "resourceType": "Task", "id": "7",
                "meta": [
                    "profile": ["http://example.org/p"], "security": [["code": "R"]], "versionId": "2",
                    "lastUpdated": "2026-11-21T09:30:00.000Z"
                ],
                "status": "accepted"
            ])
    }

    @Test("Removing the last of the metadata removes it", arguments: ["versionId"])
    func emptyMeta(_ name: String) throws {
        var task = try Resource(["resourceType": "Task", "meta": [:]])
        task.versionID = "1"
        #expect(task.json["meta", .key(name)]?.text == "1")
        task.versionID = nil
        #expect(task["meta"] == nil)
    }

    @Test(
        "JSON that says no type is no resource",
        arguments: [JSON.null, [], ["id": "1"], ["resourceType": 3], ["resourceType": "a b"]])
    func noResource(_ json: JSON) {
        #expect(throws: FHIR.Issue.self) { try Resource(json) }
    }
}
