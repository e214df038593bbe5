import HTTPTypes
import KithTestSupport
import Storage
import Testing

@testable import Kith

@Suite("The screen of a running meeting")
struct RunningMeetingRouteTests {
    @Test("Started, arrived, closed with a mistake and without: nothing typed is lost", arguments: TestEngine.available)
    func journey(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group()
            let (nia, noor) = (try await village.participant("Nia Nash"), try await village.participant("Noor Nasr"))
            try await village.join(group, as: nia, called: "Heron")
            try await village.join(group, as: noor, called: "Robin")
            let meeting = try await village.meeting(of: group, in: 1)
            try await village.browsing { browser in
                let (ben, path) = (browser(village.ben), "/meetings/\(meeting)/running")
                let before = try await ben.get(path)
                #expect(before.text.contains("Start this meeting") && !before.text.contains("Nia"))
                #expect(before.text.contains("What is said here stays here."))
                #expect(try await ben.post(path).location == path)
                let page = try await ben.get(path).text
                for part in ["Heron", "Robin", "0 of 2", "class=\"code\"", "meeting"] { #expect(page.contains(part)) }
                let code = try #require(page.firstMatch(of: /<p class="code">([A-Z2-9]{6})</)).1
                let picture = try await ben.get("/meetings/\(meeting)/picture")
                #expect(picture.status == .ok && picture.headers[.contentType] == "image/svg+xml")
                let form = try await browser(nia).get("/here?code=\(code)").text
                #expect(form.contains("value=\"\(code)\""))
                #expect(try await browser(nia).post("/here", ["code": String(code)]).location == "/here?done=yes")
                let wrong = try await browser(noor).post("/here", ["code": "AAAAAA"])
                #expect(wrong.status == .unprocessableContent && wrong.text.contains("AAAAAA"))
                let members = page.matches(of: /name="member" value="([^"]*)"/).map { String($0.1) }
                let arrived = try await ben.post("/meetings/\(meeting)/arrivals", ["member": members[1], "here": "yes"])
                #expect(arrived.location == path)
                #expect(try await ben.get(path).text.contains("2 of 2"))
                var closing = [
                    "came-\(members[0])": "yes", "outcome-\(members[0])": "was-quiet", "minutes": "60",
                    "note": "Robin told of <b>sleep</b>"
                ]
                let asked = try await ben.post("/meetings/\(meeting)/closing", closing)
                #expect(asked.status == .unprocessableContent)
                #expect(asked.text.contains("may be the name of: Robin."), "what was typed")
                #expect(asked.text.contains("Robin told of &lt;b&gt;sleep") && asked.text.contains("name=\"keep\""))
                #expect(asked.text.contains("value=\"was-quiet\" selected"))
                #expect(asked.text.matches(of: /checked=""/).count == 1, "as it was sent, not as they arrived")
                let seen = try #require(asked.text.firstMatch(of: /name="seen" value="([0-9]+)"/)).1
                #expect(String(seen) == "\(village.clock.now.milliseconds)")
                closing["keep"] = "yes"
                #expect(try await ben.post("/meetings/\(meeting)/closing", closing).location == path)
                let held = try await ben.get(path).text
                #expect(
                    held.contains("Was quiet") && held.contains("Did not come") && !held.contains("<form class=\"card"))
                let own = try await browser(nia).get("/encounters").text
                #expect(own.contains("In a group") && own.contains("60"))
                #expect(try await !browser(noor).get("/encounters").text.contains("In a group"))
                for stranger in [village.hillside.supporter, village.hillside.coordinator] {
                    #expect(try await browser(stranger).get(path).status == .notFound)
                }
            }
        }
    }

    @Test("A code is not found by trying")
    func guessing() async throws {
        try await withVillage(.sqlite) { village in
            try await village.browsing { browser async throws -> Void in
                let cleo = browser(village.cleo)
                for _ in 1...10 {
                    #expect(try await cleo.post("/here", ["code": "AAAAAA"]).status == .unprocessableContent)
                }
                #expect(try await cleo.post("/here", ["code": "AAAAAA"]).status == .tooManyRequests)
            }
        }
    }
}
