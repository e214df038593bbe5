import FHIR
import Testing

@Suite("JSON values")
struct JSONTests {
    @Test("Compact writing adds nothing, and reading it back gives the same value")
    func compact() throws {
        let text = #"{"b":[1,{"a":null}],"a":"é\"\\\n\u0001","c":[],"d":{},"e":1.50,"f":true}"#
        let json = try JSON(parsing: text)
        #expect(json.serialized() == text)
        #expect(try JSON(parsing: json.bytes(.pretty)) == json)
    }

    @Test("Pretty writing is for people")
    func pretty() {
        let json: JSON = ["resourceType": "Task", "note": [["text": "x"]], "empty": []]
        #expect(
            json.serialized(.pretty) == """
                {
                  "resourceType": "Task",
                  "note": [
                    {
                      "text": "x"
                    }
                  ],
                  "empty": []
                }
                """)
    }

    @Test("Literals leave out what is nil, and keep the order of the rest")
    func literals() {
        let owner: Reference? = nil
        let names: [HumanName] = []
        let json: JSON = [
            "resourceType": "Task",
            "owner": owner?.json,
            "name": .list(names),
            "description": .text(""),
            "count": 3,
            "done": false,
            "for": Reference("Patient/1").json
        ]
        #expect(json.serialized() == #"{"resourceType":"Task","count":3,"done":false,"for":{"reference":"Patient/1"}}"#)
    }

    @Test("Paths lead into objects and lists, and to nil where nothing is")
    func paths() {
        let json: JSON = ["code": ["coding": [["code": "fulfill"], ["code": "change"]]]]
        #expect(json["code", "coding", 1, "code"]?.text == "change")
        #expect(json["code", "coding", 2, "code"] == nil)
        #expect(json["code", 0] == nil)
        #expect(json["coding"] == nil)
        #expect(json["code", "coding"]?.items.count == 2)
    }

    @Test("Setting a property replaces in place, appends or removes")
    func setting() {
        var object: JSON.Object = ["a": 1, "b": 2, "c": 3]
        object["b"] = "x"
        object["d"] = true
        object["a"] = nil
        #expect(JSON.object(object) == ["b": "x", "c": 3, "d": true])
    }

    @Test(
        "Whole numbers are told from others",
        arguments: [
            ("12", 12), ("-3", -3), ("1.0", nil), ("1e2", nil), ("99999999999999999999", nil)
        ])
    func integers(_ text: String, _ value: Int?) throws {
        #expect(try #require(JSON.Number(text)).integer == value)
    }

    @Test(
        "Published files are written back as they were read",
        .enabled(if: SharedData.isPresent, "\(SharedData.whySkipped)"))
    func roundTrip() throws {
        for set in SharedData.validSets {
            for file in try SharedData.files(set) {
                let json = try JSON(parsing: file.bytes)
                #expect(try JSON(parsing: json.bytes()) == json, "\(file)")
                #expect(try JSON(parsing: json.bytes(.pretty)) == json, "\(file)")
            }
        }
    }
}
