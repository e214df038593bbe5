import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Concerns on the site")
struct ConcernRouteTests {
    /// A form as its page has it, hidden fields as well.
    private func hidden(_ page: String) -> [String: String] {
        page.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/).reduce(into: [:]) {
            $0[String($1.1)] = String($1.2)
        }.filter { $0.key != "form-token" }
    }

    @Test("Three taps: from a conversation, a match, and everybody's first page", arguments: TestEngine.available)
    func taps(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            try await village.browsing { browser async throws -> Void in
                for (neighbor, from) in [
                    (village.ben, "/conversations/\(pair.conversation)"), (village.cleo, "/matches/\(pair.match)"),
                    (village.ben, "/today"), (village.cleo, "/home"), (village.dana, "/referrals/sent"),
                    (village.ana, "/referrals/\(pair.referral)"), (village.ana, "/supporters/\(village.ben.id)"),
                    (village.sam, "/team/\(village.ben.id)")
                ] {
                    let me = browser(neighbor)
                    let links = try await me.get(from).text.matches(of: /href="(\/concerns\/new[^"]*)"/).map {
                        String($0.1)
                    }
                    let path = try #require(links.first { $0.contains("?") } ?? links.first, "\(from)")
                    let page = try await me.get(path)
                    #expect(page.status == .ok && page.text.contains("/urgent-help"), "\(path)")
                    var form = hidden(page.text)
                    let named = form["who"] != nil
                    #expect(named == path.contains("?"), "whom it is about is known there: \(path)")
                    if !named {
                        let choices = page.text.matches(of: /name="who" type="radio" value="([^"]*)"/)
                        form["who"] = choices.first.map { String($0.1) }
                    }
                    form["kind"] = "worry"
                    let sent = try await me.post("/concerns", form)
                    let raised = try #require(sent.location, "\(from): \(sent.status) \(sent.text.prefix(200))")
                    let confirmation = try await me.get(raised)
                    #expect(confirmation.text.contains("It arrived. We are calling people now."), "\(from)")
                    #expect(confirmation.text.contains("we call the next people"))
                    #expect(confirmation.text.contains("/urgent-help"))
                }
            }
        }
    }

    @Test("Whoever raised it reads who has it in hand", arguments: TestEngine.available)
    func named(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await village.pair()
            let id = try await village.raise(about: village.ben, .boundary, "Money", as: village.cleo)
            try await village.browsing { browser async throws -> Void in
                let (ana, cleo) = (browser(village.ana), browser(village.cleo))
                let page = try await ana.get("/concerns/\(id)")
                #expect(page.text.contains("Money") && page.text.contains("I have this in hand"))
                #expect(page.text.contains("Rung 1 was called"))
                #expect(try await ana.post("/concerns/\(id)/acknowledgment").location == "/concerns/\(id)")
                #expect(try await ana.post("/concerns/\(id)/acknowledgment").location == "/concerns/\(id)", "twice")
                #expect(try await browser(village.sam).post("/concerns/\(id)/acknowledgment").status == .conflict)
                #expect(try await cleo.get("/concerns/raised/\(id)").text.contains("Ana Alvarez is looking after it"))
                #expect(try await cleo.get("/concerns/new").text.contains("/concerns/raised/\(id)"))
                let more = try await cleo.get("/concerns/new?concern=\(id)")
                var form = hidden(more.text)
                #expect(more.text.contains("About Ben"))
                form.merge(["kind": "harm", "words": "And more"]) { $1 }
                #expect(try await cleo.post("/concerns", form).location == "/concerns/raised/\(id)", "joins it")
                #expect(try await ana.get("/concerns/\(id)").text.contains("And more"))
                let short = try await ana.post("/concerns/\(id)/closing", ["outcome": "settled"])
                #expect(short.status == .unprocessableContent)
                let closed = try await ana.post(
                    "/concerns/\(id)/closing",
                    ["outcome": "support-changed", "follow-up": "2026-03-20", "debrief": "nobody", "words": "Talked"])
                #expect(closed.location == "/concerns/\(id)")
                let after = try await ana.get("/concerns/\(id)").text
                #expect(after.contains("The support was changed or ended") && after.contains("Talked"))
                #expect(try await cleo.get("/concerns/raised/\(id)").text.contains("Ana Alvarez has closed it"))
            }
        }
    }

    @Test(
        "Whoever has no account raises one by reference and PIN, and reads who has it in hand",
        arguments: TestEngine.available)
    func byLink(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let house = village.riverside.organization
            let link = SignedLink(
                .progress, of: house, to: pair.referral.text, until: village.clock.now.adding(hours: 1))
            let path = "/progress/\(link.token(in: village.platform.world))"
            try await village.browsing { browser async throws -> Void in
                let stranger = browser(nil)
                #expect(try await stranger.get(path).text.contains("\(path)/concern"))
                let page = try await stranger.get("\(path)/concern")
                #expect(page.text.contains("Ben") && page.text.contains("/urgent-help"))
                let program = village.riverside.program
                let form = ["who": "\(program)_\(village.ben.id)", "kind": "boundary", "words": "Money"]
                let sent = try await stranger.post("\(path)/concern", form)
                let raised = try #require(sent.location, "\(sent.status)")
                #expect(try await stranger.get(raised).text.contains("It arrived."))
                let id = Concern.ID(raised.split(separator: "/").last.map(String.init) ?? "")
                let read = try await browser(village.ana).get("/concerns/\(id)")
                #expect(read.text.contains("Money") && read.text.contains("Cleo"))
                try await village.acknowledge(id, as: village.ana)
                #expect(try await stranger.get(raised).text.contains("Ana Alvarez is looking after it"))
                for who in ["\(program)_\(village.ana.id)", "\(village.hillside.program)"] {
                    let wrong = try await stranger.post("\(path)/concern", ["who": who, "kind": "worry"])
                    #expect(wrong.status == .notFound, "\(who)")
                }
                let other = try await village.raise(as: village.ben)
                #expect(try await stranger.get("\(path)/concerns/\(other)").status == .notFound)
                #expect(try await stranger.get("/progress/forged/concern").status == .notFound)
            }
        }
    }

    @Test("Nobody names somebody they have nothing to do with", arguments: TestEngine.available)
    func strangers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser async throws -> Void in
                let ben = browser(village.ben)
                let program = village.riverside.program
                for who in [
                    "\(program)_\(village.cleo.id)", "\(village.hillside.program)",
                    "\(program)_\(village.hillside.participant.id)"
                ] {
                    let answer = try await ben.post("/concerns", ["who": who, "kind": "worry"])
                    #expect(answer.status == .notFound, "\(who): \(answer.status)")
                }
                for form in [["who": "\(program)", "kind": "drill"], ["who": "\(program)"], ["kind": "worry"]] {
                    #expect(try await ben.post("/concerns", form).status == .unprocessableContent, "\(form)")
                }
            }
        }
    }

    @Test(
        "A ladder is set by an administrator, and its faults stand on their first page before it is needed",
        arguments: TestEngine.available)
    func ladder(engine: TestEngine) async throws {
        try await withVillage(engine) { plain in
            let village = plain.carrying()
            try await village.reachStaff()
            let path = "/programs/\(village.riverside.program)/ladder"
            try await village.browsing { browser async throws -> Void in
                let ada = browser(village.ada)
                // The next program has Abel without an address, and no supervisor.
                #expect(try await ada.get("/people").text.contains("2 faults in who is called"))
                let form = [
                    "who-1": village.sam.id.text, "minutes-1": "5", "channel-1": "text", "who-2": "coordinator",
                    "minutes-2": "10", "channel-2": "email", "drills": "12"
                ]
                #expect(try await ada.post(path, form).location == path)
                let page = try await ada.get(path)
                #expect(page.text.contains("One person: Sam Sato. 5 minutes"), "\(page.text)")
                let wrong = try await ada.post(path, form.merging(["minutes-1": "0"]) { $1 })
                #expect(wrong.status == .unprocessableContent)
                let empty = try await ada.post(path, ["drills": "0"])
                #expect(empty.status == .unprocessableContent, "a ladder has a rung")
                let stranger = try await ada.post(path, form.merging(["who-1": village.ben.id.text]) { $1 })
                #expect(stranger.status == .unprocessableContent)
                #expect(try await browser(village.ana).get(path).status == .forbidden)
            }
            try await village.end(.supervisor, of: village.sam)
            try await village.browsing { browser async throws -> Void in
                let ada = browser(village.ada)
                #expect(try await ada.get("/people").text.contains("3 faults in who is called"))
                #expect(try await ada.get("/ladders").text.contains("There is nobody on rung 1."))
            }
            // A concern does not wait for the rung without anybody.
            let id = try await village.raise(as: village.ben)
            #expect(try await village.called(id) == ["0.2 Ana"])
        }
    }
}
