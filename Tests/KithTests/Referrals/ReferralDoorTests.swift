import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("The doors a referral comes in by")
struct ReferralDoorTests {
    private static let path = "/get-support/riverside"

    private func once(_ page: String) throws -> String {
        String(try #require(page.firstMatch(of: /name="once" value="([^"]+)"/)?.1))
    }

    private func asking(_ village: Village, _ changes: [String: String] = [:]) -> [String: String] {
        [
            "whom": "self", "program": village.riverside.program.text, "reach": "555-0100", "name": "Noor",
            "language": "es"
        ].merging(changes) { $1 }
    }

    private func count(_ village: Village) async throws -> Int {
        try await village.platform.store.read { try $0.value("SELECT count(*) FROM referral") ?? 0 }
    }

    @Test("A stranger asks, gets a reference and a PIN, and sees how it goes", arguments: TestEngine.available)
    func stranger(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                let answer = try await browser(nil).post(Self.path, asking(village))
                let asked = try await browser(nil).get(try #require(answer.location)).text
                let reference = String(try #require(asked.firstMatch(of: /<dd class="code">([B-Z2-9-]{9})</)?.1))
                let pin = String(try #require(asked.firstMatch(of: /<dd class="code">(\d{6})</)?.1))
                let door = try await browser(nil).post("/progress", ["reference": reference.lowercased(), "pin": pin])
                let path = try #require(door.location)
                let page = try await browser(nil).get(path).text
                #expect(page.contains("We have your request") && page.contains(reference))
                let board = try await browser(village.ana).get("/board").text
                #expect(board.contains(reference) && board.contains("Noor"))
                // They stop it themselves.
                let stop = try await browser(nil).post("\(path)/cancellation")
                #expect(stop.status == .seeOther)
                #expect(try await browser(nil).get(path).text.contains("You asked to stop"))
            }
        }
    }

    @Test("Who is signed in asks like anybody else, and another site's page cannot", arguments: TestEngine.available)
    func signedIn(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let form = "whom=self&program=\(village.riverside.program)&reach=555-0100"
            try await village.browsing { browser in
                // Without the session's token, which these pages do not carry.
                func post(from site: String) async throws -> Answer {
                    let fetchSite = try #require(HTTPField.Name("Sec-Fetch-Site"))
                    return try await browser(village.cleo).send(
                        Self.path, .post, form,
                        [.contentType: "application/x-www-form-urlencoded", fetchSite: site])
                }
                #expect(try await post(from: "cross-site").status == .forbidden)
                #expect(try await count(village) == 0)
                let answer = try await post(from: "same-origin")
                #expect(answer.status == .seeOther && answer.location?.hasPrefix("/asked/") == true)
                let wrong = try await browser(village.cleo).send(
                    "/progress", .post, "reference=BBBB-BBBB&pin=1", [.contentType: "application/x-www-form-urlencoded"]
                )
                #expect(wrong.status == .unprocessableContent)
            }
            #expect(try await count(village) == 1)
        }
    }

    @Test("Sending a page twice is one request; sending other words is another", arguments: TestEngine.available)
    func twice(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                let form = asking(village, ["once": try once(try await browser(nil).get(Self.path).text)])
                let first = try await browser(nil).post(Self.path, form)
                let again = try await browser(nil).post(Self.path, form)
                #expect(first.location == again.location && first.status == .seeOther)
                #expect(try await count(village) == 1)
                // Somebody else at the same computer, who found the page open: theirs, not the first one's PIN.
                let other = try await browser(nil).post(Self.path, form.merging(["name": "Nils"]) { $1 })
                #expect(other.location != first.location)
                #expect(try await count(village) == 2)
                // Later the same page shows no PIN any more.
                village.clock.advance(minutes: 20)
                #expect(try await browser(nil).post(Self.path, form).location == "/progress")
                #expect(try await count(village) == 2)
            }
        }
    }

    @Test("The referrer's form is sent once, and comes back with what was typed", arguments: TestEngine.available)
    func referrer(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                let dana = browser(village.dana)
                let form = [
                    "program": village.riverside.program.text, "name": "Nora North", "whom": "self",
                    "reason": "First weeks with twins", "language": "en", "agreed": "yes",
                    "once": try once(try await dana.get("/referrals/new").text)
                ]
                for (name, wrong) in [("language", "klingon"), ("whom", "nobody"), ("reason", ""), ("program", "x")] {
                    let back = try await dana.post("/referrals", form.merging([name: wrong]) { $1 })
                    #expect(back.status == .unprocessableContent && back.text.contains("Nora North"), "\(name)")
                }
                let elsewhere = ["program": village.riverside.otherProgram.text]
                #expect(
                    try await dana.post("/referrals", form.merging(elsewhere) { $1 }).status == .unprocessableContent)
                #expect(try await count(village) == 0)
                let first = try await dana.post("/referrals", form)
                let again = try await dana.post("/referrals", form)
                #expect(first.location == again.location && first.location?.hasPrefix("/referrals/sent/") == true)
                #expect(try await count(village) == 1)
                // The same words from somebody else are somebody else's.
                let ana = try await browser(village.ana).post("/referrals", form)
                #expect(ana.location != first.location)
            }
        }
    }

    @Test("The public page takes only languages it offers", arguments: TestEngine.available)
    func language(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                let wrong = try await browser(nil).post(Self.path, asking(village, ["language": "<script>"]))
                #expect(wrong.status == .unprocessableContent)
                #expect(try await browser(nil).post(Self.path, asking(village)).status == .seeOther)
            }
        }
    }

    @Test(
        "Nobody learns by trying which references there are; a right PIN works again later",
        arguments: TestEngine.available)
    func lock(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.ask("Noor", at: "555-0100")
            let pin = referral.pin(in: village.platform.world)
            let wrong = pin == "000000" ? "000001" : "000000"
            try await village.browsing { browser in
                func attempt(_ reference: String, _ pin: String) async throws -> String {
                    let answer = try await browser(nil).post("/progress", ["reference": reference, "pin": pin])
                    return "\(answer.status.code) \(answer.text.replacing(reference, with: ""))"
                }
                let unknown = referral.reference == "BBBB-BBBB" ? "CCCC-CCCC" : "BBBB-BBBB"
                for _ in 0..<7 {
                    let (real, made) = (try await attempt(referral.reference, wrong), try await attempt(unknown, wrong))
                    #expect(real == made && real.hasPrefix("422"))
                }
                // Locked: also the right one looks wrong, until some time has passed.
                #expect(try await attempt(referral.reference, pin).hasPrefix("422"))
                village.clock.advance(minutes: 16)
                #expect(try await attempt(referral.reference, pin).hasPrefix("303"))
            }
        }
    }

    @Test("Progress follows a request that was joined, but opens nobody else's page", arguments: TestEngine.available)
    func joined(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let first = try await village.refer(
                "Nora North", channels: [ContactChannel(kind: .phone, address: "555-0100", mayLeaveMessage: false)])
            let asked = try await village.ask("Nora", at: "555-0100")
            let (reference, pin) = (asked.reference, asked.pin(in: village.platform.world))
            try await village.browsing { browser in
                let door = try await browser(nil).post("/progress", ["reference": reference, "pin": pin])
                let path = try #require(door.location)
                // The premise: as long as it stands alone there is a way to a page of one's own.
                #expect(try await browser(nil).get(path).text.contains("\(path)/account"))
                try await village.ana(asked) {
                    try $0.merge(into: Referral.find(first.id, in: $1), because: "phone", in: $1)
                }
                try await village.ana(first) { try $0.accept(in: $1) }
                let page = try await browser(nil).get(path).text
                #expect(page.contains("We said yes") && page.contains(reference) && !page.contains(first.reference))
                #expect(!page.contains("\(path)/account"))
                #expect(try await browser(nil).post("\(path)/account").status == .conflict)
                #expect(try await browser(nil).post("\(path)/cancellation").status == .seeOther)
            }
            let stopped = try await village.now(first)
            #expect(stopped.state == .cancellationRequested && stopped.stopAskedBy == .person)
        }
    }

    @Test("A link to the status page is good for one referral, and only unchanged", arguments: TestEngine.available)
    func statusLink(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.refer()
            try await village.browsing { browser in
                let page = try await browser(village.dana).get("/referrals/sent/\(referral.id)").text
                let link = String(try #require(page.firstMatch(of: /href="(\/status\/[^"]+)"/)?.1))
                let status = try await browser(nil).get(link)
                #expect(status.status == .ok && status.text.contains(referral.reference))
                #expect(!status.text.contains("Nora North") && !status.text.contains("cancellation-request"))
                #expect(try await browser(nil).get(link + "x").status == .notFound)
                #expect(try await browser(nil).get(link.replacing("/status/", with: "/progress/")).status == .notFound)
                village.clock.advance(days: 366)
                #expect(try await browser(nil).get(link).status == .notFound)
            }
        }
    }

    @Test("A decline needs one of the program's reasons", arguments: TestEngine.available)
    func declineReason(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.refer()
            try await village.browsing { (browser) async throws in
                let path = "/referrals/\(referral.id)/declination"
                for wrong in ["", "because", "duplicate: x"] {
                    let answer = try await browser(village.ana).post(path, ["reason": wrong])
                    #expect(answer.status == .unprocessableContent)
                }
                #expect(try await village.now(referral).state == .received)
                #expect(try await browser(village.ana).post(path, ["reason": "outside-area"]).status == .seeOther)
            }
        }
    }
}
