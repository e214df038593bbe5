import FHIR
import Testing

@Suite("Validating resources")
struct ValidatorTests {
    /// The issues of a resource, as "code path".
    private func issues(_ json: JSON) -> [String] {
        Validator().issues(in: json).map { "\($0.code.rawValue) \($0.path)" }
    }

    /// The issues of a patient with these properties.
    private func issues(patient members: JSON.Object) -> [String] {
        issues(Resource("Patient", members).json)
    }

    private func message(_ json: JSON) throws -> String {
        try #require(Validator().issues(in: json).first).message
    }

    @Test("A resource with nothing wrong has no issues")
    func valid() {
        #expect(
            issues(patient: [
                "id": "a", "active": true, "birthDate": "1988-03", "name": [["family": "Ruiz", "given": ["Ana"]]],
                "deceasedBoolean": false, "multipleBirthInteger": 2,
                "text": ["status": "generated", "div": "<div>Ana</div>"],
                "contained": [["resourceType": "Organization", "id": "o", "name": "North"]],
                "managingOrganization": ["reference": "#o"]
            ]) == [])
        #expect(issues(patient: [:]) == [])
    }

    @Test(
        "What is no resource is said to be none",
        arguments: [
            (JSON.null, "structure "), ([], "structure "), ([:], "required "), (["id": "1"], "required "),
            (["resourceType": 3], "structure resourceType"), (["resourceType": "Patent"], "structure resourceType"),
            (["resourceType": "DomainResource"], "structure resourceType"),
            (["resourceType": "Period"], "structure resourceType")
        ] as [(JSON, String)])
    func noResource(_ json: JSON, _ issue: String) {
        #expect(issues(json) == [issue])
    }

    @Test("A wrong name is answered with the one that was probably meant")
    func suggestions() throws {
        #expect(try message(["resourceType": "Patent"]).hasSuffix("did you mean \"Patient\"?"))
        let patient: JSON = ["resourceType": "Patient", "brithDate": "1988"]
        #expect(try message(patient) == "\"brithDate\" is not a property of Patient; did you mean \"birthDate\"?")
        #expect(issues(patient) == ["structure Patient.brithDate"])
        #expect(try message(["resourceType": "Patient", "Gender": "male"]).hasSuffix("did you mean \"gender\"?"))
        #expect(
            try message(["resourceType": "Patient", "_brithDate": ["id": "a"]]).hasSuffix(
                "did you mean \"_birthDate\"?"))
        #expect(try message(["resourceType": "Patient", "deceased": true]).hasSuffix("such as \"deceasedBoolean\""))
        #expect(try message(["resourceType": "Patient", "shoeSize": 42]) == "\"shoeSize\" is not a property of Patient")
    }

    @Test("The message for a wrong date says what is wanted and what was found")
    func dateMessage() throws {
        let document: JSON = [
            "resourceType": "DocumentReference", "status": "current", "date": "2024-02-01",
            "content": [["attachment": ["url": "http://example.org/1"]]]
        ]
        let issue = try #require(Validator().issues(in: document).first)
        #expect(issue.path == "DocumentReference.date" && issue.code == .value && issue.severity == .error)
        #expect(
            issue.message == "must be a full date and time with a time zone, such as 2026-11-21T09:30:00Z; "
                + "found \"2024-02-01\"")
    }

    @Test(
        "Each kind of structural fault is found where it is",
        arguments: [
            (["name": ["family": "x"]], "structure Patient.name"),
            (["name": ["x"]], "structure Patient.name[0]"),
            (["name": []], "structure Patient.name"),
            (["name": [[:]]], "invariant Patient.name[0]"),
            (["name": [["id": "x"]]], "invariant Patient.name[0]"),
            (["name": [.null]], "structure Patient.name[0]"),
            (["name": .null], "structure Patient.name"),
            (["name": [["given": [["Ana"]]]]], "structure Patient.name[0].given[0]"),
            (["name": [["given": "Ana"]]], "structure Patient.name[0].given"),
            (["name": [["given": ["Ana", .null]]]], "structure Patient.name[0].given[1]"),
            (["gender": ["female"]], "structure Patient.gender"),
            (["gender": "woman"], "code-invalid Patient.gender"),
            (["gender": .null], "structure Patient.gender"),
            (["active": "true"], "structure Patient.active"),
            (["birthDate": "12/03/1988"], "value Patient.birthDate"),
            (["birthDate": 1988], "structure Patient.birthDate"),
            (["multipleBirthInteger": "2"], "structure Patient.multipleBirthInteger"),
            (["deceasedBoolean": true, "deceasedDateTime": "2020"], "structure Patient.deceasedDateTime"),
            (["deceasedString": "yes"], "structure Patient.deceasedString"),
            (["maritalStatus": "single"], "structure Patient.maritalStatus"),
            (["maritalStatus": [["text": "x"]]], "structure Patient.maritalStatus"),
            (["communication": [["preferred": true]]], "required Patient.communication[0].language"),
            (["link": [["other": ["reference": "Patient/2"]]]], "required Patient.link[0].type"),
            (["photo": [["size": -1]]], "value Patient.photo[0].size"),
            (["id": "a b"], "value Patient.id"),
            (["_id": ["id": "x"]], "structure Patient._id"),
            (["_name": [["id": "x"]]], "structure Patient._name"),
            (["resourcetype": "x"], "structure Patient.resourcetype"),
            (["extension": [["url": "http://example.org/e"]]], "invariant Patient.extension[0]"),
            (["extension": [["valueCode": "x"]]], "required Patient.extension[0].url"),
            (
                ["extension": [["url": "u", "valueCode": "x", "valueString": "y"]]],
                "structure Patient.extension[0].valueString"
            ),
            (
                ["extension": [["url": "u", "valueCode": "x", "extension": [["url": "v", "valueCode": "y"]]]]],
                "invariant Patient.extension[0]"
            ),
            (["extension": [["url": "u", "valueThing": "x"]]], "structure Patient.extension[0].valueThing"),
            (["contained": ["x"]], "structure Patient.contained[0]"),
            (["contained": [["resourceType": "Patient", "active": 1]]], "structure Patient.contained[0].active"),
            (
                ["contained": [["resourceType": "Patient", "contained": [["resourceType": "Patient"]]]]],
                "invariant Patient.contained[0].contained[0]"
            )
        ] as [(JSON.Object, String)])
    func faults(_ members: JSON.Object, _ issue: String) {
        #expect(issues(patient: members).first == issue)
    }

    @Test("What belongs to a primitive value stands beside it")
    func companions() {
        let absent: JSON = ["extension": [["url": "http://example.org/absent", "valueCode": "unknown"]]]
        #expect(issues(patient: ["_birthDate": absent]) == [])
        #expect(issues(patient: ["birthDate": "1988", "_birthDate": absent]) == [])
        #expect(issues(patient: ["birthDate": "1988", "_birthDate": ["id": "b"]]) == [])
        #expect(issues(patient: ["_birthDate": ["id": "b"]]) == ["invariant Patient.birthDate"])
        #expect(issues(patient: ["birthDate": "1988", "_birthDate": [:]]) == ["invariant Patient.birthDate"])
        #expect(issues(patient: ["_birthDate": "x"]) == ["structure Patient.birthDate"])
        #expect(issues(patient: ["_birthDate": [absent]]) == ["structure Patient.birthDate"])
        #expect(issues(patient: ["name": [["given": ["Ana", .null], "_given": [.null, absent]]]]) == [])
        #expect(issues(patient: ["name": [["_given": [absent]]]]) == [])
        #expect(
            issues(patient: ["name": [["given": [.null], "_given": [.null]]]]) == ["structure Patient.name[0].given[0]"]
        )
        #expect(issues(patient: ["_deceasedBoolean": absent]) == [])
    }

    @Test("A required primitive may be absent where an extension says why")
    func absentButExplained() {
        let task = Resource(
            "Task",
            [
                "intent": "order",
                "_status": ["extension": [["url": "http://example.org/absent", "valueCode": "unknown"]]]
            ])
        #expect(issues(task.json) == [])
        #expect(issues(Resource("Task", ["intent": "order"]).json) == ["required Task.status"])
    }

    @Test("A required choice is satisfied by any of its types and missed under its common name")
    func requiredChoice() {
        func task(_ input: JSON) -> JSON {
            Resource("Task", ["status": "draft", "intent": "order", "input": [input]]).json
        }
        #expect(issues(task(["type": ["text": "x"], "valueCode": "y"])) == [])
        #expect(issues(task(["type": ["text": "x"]])) == ["required Task.input[0].value[x]"])
    }

    @Test("Resources inside Bundles and Parameters are checked, with their place in the path")
    func nested() {
        let bundle: JSON = [
            "resourceType": "Bundle", "type": "collection",
            "entry": [
                ["resource": ["resourceType": "Patient"]],
                ["resource": ["resourceType": "Task", "status": "done", "intent": "order"]]
            ]
        ]
        #expect(issues(bundle) == ["code-invalid Bundle.entry[1].resource.status"])
        let parameters: JSON = [
            "resourceType": "Parameters",
            "parameter": [["name": "r", "resource": ["resourceType": "Patient", "active": "no"]]]
        ]
        #expect(issues(parameters) == ["structure Parameters.parameter[0].resource.active"])
    }

    @Test("Messages never repeat names, words or numbers of a record")
    func discretion() {
        let secret = "Ruiz"
        let json = Resource(
            "Patient",
            [
                "Ana Ruiz": 1,
                "name": "Ruiz", "birthDate": "Ruiz 1988", "gender": "Ana Ruiz", "active": "Ruiz",
                "id": "Ana Ruiz", "telecom": [["system": "Ruiz!", "value": 5_550_100]],
                "photo": [["contentType": " Ruiz", "url": "http://x/ Ruiz", "data": "Ruiz*"]],
                "text": ["status": "generated", "div": "Ruiz"], "multipleBirthInteger": "Ruiz",
                "address": [["line": [["Ruiz"]], "period": ["start": "Ruiz"]]]
            ]
        ).json
        let issues = Validator().issues(in: json)
        #expect(issues.count >= 13)
        for issue in issues {
            #expect(!issue.message.contains(secret) && !issue.path.contains(secret) && !issue.message.contains("555"))
        }
    }

    @Test("Text may be long, but not longer than FHIR allows; white space alone earns a warning")
    func text() {
        let longest = String(repeating: "é", count: Primitive.textLimit)
        #expect(issues(patient: ["name": [["text": .string(longest)]]]) == [])
        #expect(issues(patient: ["name": [["text": .string(longest + "x")]]]) == ["too-long Patient.name[0].text"])
        let blank = Validator().issues(in: Resource("Patient", ["name": [["text": " "]]]).json)
        #expect(blank.map(\.severity) == [.warning])
        #expect(blank.allSatisfy { !$0.isError })
    }

    @Test("A file full of faults costs a limited number of issues")
    func limit() {
        let names = JSON.array(Array(repeating: ["wrong": 1], count: 10_000))
        let issues = Validator().issues(in: ["resourceType": "Patient", "name": names])
        #expect(issues.count == Validator.issueLimit + 1)
        #expect(issues.last?.code == .incomplete)
    }
}
