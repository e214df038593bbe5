import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing
import Web

@Suite("Asked how they are")
struct NeedsCheckTests {
    /// Somebody asks for support on the public page, and comes to their progress page.
    private func ask(_ browser: TestBrowser, _ village: Village) async throws -> String {
        let form = [
            "whom": "self", "program": village.riverside.program.text, "reach": "555 0100", "name": "Nora North"
        ]
        let asked = try await browser.post("/get-support/riverside", form)
        let page = try await browser.get(try #require(asked.location)).text
        let path = try #require(page.firstMatch(of: /href="(\/progress\/[^"]+\/needs)"/)?.1, "offered at once")
        return String(path)
    }

    private func referral(_ village: Village) async throws -> Referral {
        let id = try await village.platform.store.read {
            try $0.value("SELECT id FROM referral ORDER BY received_at DESC, id DESC LIMIT 1", as: Referral.ID.self)
        }
        return try await village.read(as: village.ana) { try Referral.find(#require(id), in: $0) }
    }

    @Test(
        "Without an account they answer what they like, and read what follows and why", arguments: TestEngine.available)
    func byLink(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                let stranger = browser(nil)
                let path = try await ask(stranger, village)
                let before = try await referral(village)
                #expect(try await stranger.get("\(path)/said").status == .notFound, "nothing was said yet")
                let page = try await stranger.get(path)
                #expect(page.text.contains("Do you feel safe right now?") && page.text.contains("/urgent-help"))
                #expect(!page.text.contains("checked"), "nothing is answered for them")
                #expect(try await stranger.post(path, [:]).status == .unprocessableContent)
                #expect(try await stranger.post(path, ["soon": "never"]).status == .unprocessableContent)
                let sent = try await stranger.post(path, ["days": "hard", "lean-on": "nobody"])
                #expect(sent.location == "\(path)/said")
                let said = try await stranger.get("\(path)/said").text
                #expect(said.contains("Your request comes sooner now."))
                #expect(said.contains("Is there somebody you can lean on? Nobody."), "with its reason")
                #expect(!said.contains("calling people") && !said.contains("We are no clinic"))
                let now = try await referral(village)
                #expect(before.priority == .routine && now.priority == .urgent)
                #expect(now.due == village.clock.now.adding(hours: 4))
                #expect(try await stranger.get(path).text.contains("\(path)/said"), "they find it again")
                let board = try await browser(village.ana).get("/board").text
                #expect(board.contains("Nora North") && board.contains("Urgent"))
                let read = try await browser(village.ana).get("/referrals/\(now.id)/needs-check").text
                #expect(read.contains("Because they said:") && read.contains("Answered by themselves"))
            }
        }
    }

    @Test("Whoever is not safe is shown help, and people are called at once", arguments: TestEngine.available)
    func notSafe(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.reachStaff()
            try await village.browsing { browser in
                let stranger = browser(nil)
                let path = try await ask(stranger, village)
                let form = ["safe": "no", "once": "0195cf1e-0000-7000-8000-000000000021"]
                for _ in 1...2 { #expect(try await stranger.post(path, form).status == .seeOther) }
                #expect(try await village.count("SELECT count(*) FROM needs_check") == 1, "twice is once")
                let said = try await stranger.get("\(path)/said").text
                #expect(said.contains("Please do not wait for us.") && said.contains("/urgent-help"))
                let raised = try #require(said.firstMatch(of: /href="(\/progress\/[^"]+\/concerns\/([^"]+))"/))
                let concern = Concern.ID(String(raised.2))
                #expect(try await village.called(concern).contains { $0.hasSuffix("Ana") })
                let read = try await browser(village.ana).get("/concerns/\(concern)").text
                #expect(read.contains("do not feel safe") && read.contains("Nora North"))
                try await village.acknowledge(concern, as: village.ana)
                let looked = try await stranger.get(String(raised.1)).text
                #expect(looked.contains("Ana Alvarez is looking after it"))
                #expect(try await stranger.get("\(path)/said").text.contains("Ana Alvarez is looking after it"))
                // Said again it joins what is open, and calls nobody anew.
                _ = try await stranger.post(path, ["safe": "no"])
                #expect(try await village.count("SELECT count(*) FROM concern") == 1)
                #expect(try await village.count("SELECT count(*) FROM needs_check") == 2)
            }
        }
    }

    @Test("A coordinator owes a talk about a clinic, once, and only while it goes on", arguments: TestEngine.available)
    func clinic(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let own = "/needs-check/\(pair.referral)"
            try await village.browsing { browser in
                let (cleo, ana) = (browser(village.cleo), browser(village.ana))
                #expect(try await cleo.post(own, ["health": "yes"]).location == "\(own)/said")
                #expect(try await cleo.get("\(own)/said").text.contains("We are no clinic"))
                #expect(try await ana.get("/board").text.contains("1 person may need a clinic"))
                #expect(try await ana.get("/needs-checks").text.contains(village.cleo.name))
                #expect(try await village.orphans(of: NeedsCheck.feature).isEmpty)
                village.clock.advance(days: 10)
                #expect(try await ana.get("/board").text.contains("has waited more than two days"))
                #expect(try await village.orphans(of: NeedsCheck.feature).count == 1)
                let page = try await ana.get("/referrals/\(pair.referral)/needs-check").text
                let talk = try #require(page.firstMatch(of: /action="(\/needs-checks\/[^"]+\/talk)"/)?.1)
                #expect(try await browser(village.sam).post(String(talk), [:]).status == .forbidden)
                let others = village.riverside.otherCoordinator
                #expect(try await browser(others).post(String(talk), [:]).status == .notFound)
                for _ in 1...2 { #expect(try await ana.post(String(talk), [:]).status == .seeOther) }
                #expect(!(try await ana.get("/needs-checks").text.contains(village.cleo.name)))
                #expect(try await village.details(of: .needsTalked).count == 1)
                #expect(try await village.orphans(of: NeedsCheck.feature).isEmpty)
                _ = try await cleo.post(own, ["days": "not-at-all"])
                #expect(try await ana.get("/needs-checks").text.contains(village.cleo.name), "anew")
                try await village.write(as: village.ana) {
                    try Referral.find(pair.referral, in: $0).close(as: "moved-on", word: nil, in: $0)
                }
                #expect(!(try await ana.get("/needs-checks").text.contains(village.cleo.name)), "it is over")
                #expect(try await cleo.get(own).status == .conflict)
                #expect(try await cleo.get("\(own)/said").status == .ok, "what they said stays theirs to read")
            }
        }
    }

    @Test("On the phone a coordinator reads the questions in the person's language", arguments: TestEngine.available)
    func onThePhone(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            try await village.write(asSystemOf: village.riverside) { [cleo = village.cleo.id] db in
                var details = try Person.details(of: cleo, in: db.organization, db: db)
                details.language = "es"
                try Person.change(cleo, to: details, of: db.organization, in: db)
            }
            let base = "/referrals/\(pair.referral)/needs-check"
            try await village.browsing { browser in
                let ana = browser(village.ana)
                #expect(try await ana.get("/referrals/\(pair.referral)").text.contains(base))
                #expect(try await ana.get("/referrals/\(pair.referral)/on-behalf").text.contains(base))
                #expect(try await ana.get(base).text.contains("They have answered no questions yet"))
                let page = try await ana.get("\(base)/new").text
                #expect(page.contains("lang=\"es\"") && page.contains("¿Se siente a salvo en este momento?"))
                #expect(try await ana.post(base, ["safe": "unsure"]).location == base)
                let read = try await ana.get(base).text
                #expect(read.contains("Written down by Ana Alvarez") && read.contains("Talk with them soon"))
                #expect(try await browser(village.cleo).get("/privacy/looks").text.contains("how you are"))
            }
        }
    }

    @Test("Only the person and those who take care of the request read it", arguments: TestEngine.available)
    func readers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair(sharing: true)
            let (own, base) = ("/needs-check/\(pair.referral)", "/referrals/\(pair.referral)/needs-check")
            try await village.browsing { browser in
                _ = try await browser(village.cleo).post(own, ["soon": "today"])
                for reader in [village.ana, village.sam] {
                    #expect(try await browser(reader).get(base).text.contains("Today"), "\(reader.name)")
                }
                let others = [
                    village.ben, village.bao, village.dana, village.ada, village.cyrus,
                    village.riverside.otherCoordinator, village.hillside.coordinator, village.hillside.supervisor
                ]
                for other in others {
                    for path in [own, "\(own)/said", base, "\(base)/new"] {
                        let status = try await browser(other).get(path).status
                        #expect(status == .notFound || status == .forbidden, "\(other.name) \(path)")
                    }
                    let sent = try await browser(other).post(own, ["soon": "today"]).status
                    #expect(sent == .notFound || sent == .forbidden, "\(other.name)")
                }
                #expect(try await browser(village.sam).get("\(base)/new").status == .forbidden, "to read, not to ask")
                #expect(try await browser(nil).get("/progress/forged/needs").status == .notFound)
            }
            // Sealed, and nowhere in the log.
            let kept = try await village.platform.store.read { db in
                try db.values(
                    "SELECT answers FROM needs_check UNION ALL SELECT CAST(details AS TEXT) FROM event", as: String.self
                )
            }
            #expect(kept.count > 1 && !kept.contains { $0.contains("today") })
        }
    }

    @Test("Whoever sent them does not hear that it became urgent", arguments: TestEngine.available)
    func sender(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let referral = try await village.referral(of: pair)
            try await village.write(as: village.ana) { _ = try Referral.find(referral.id, in: $0).comeSooner(in: $0) }
            let now = try await village.referral(of: pair)
            #expect(now.priority == .urgent && now.prioritySent == .routine)
            try await village.write(as: village.ana) { _ = try Referral.find(referral.id, in: $0).comeSooner(in: $0) }
            #expect(try await village.details(of: .referralSooner).count == 1)
            // Nor when the story is taken up again.
            try await village.write(as: village.ana) { db in
                try Referral.find(referral.id, in: db).close(as: "moved-on", word: nil, in: db)
                let again = try Referral.find(referral.id, in: db).reopen(because: "Back", in: db)
                #expect(again.priority == .routine)
            }
        }
    }

    @Test("A program may ask less, or nothing", arguments: TestEngine.available)
    func chosen(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let own = "/needs-check/\(pair.referral)"
            @Sendable func publish(_ questions: [NeedsRules.Question]) async throws {
                try await village.write(as: village.ada) { [program = village.riverside.program] db in
                    var policy = Policy()
                    policy.needsCheck = NeedsRules(questions: questions)
                    _ = try Program.publish(policy, for: program, in: db)
                }
            }
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                try await publish([.safe, .soon])
                let page = try await cleo.get(own).text
                #expect(page.contains("How soon") && !page.contains("lean on"))
                #expect(try await cleo.post(own, ["lean-on": "nobody"]).status == .unprocessableContent, "not asked")
                _ = try await cleo.post(own, ["soon": "today"])
                try await publish([])
                #expect(try await cleo.get(own).status == .notFound)
                #expect(!(try await cleo.get("/home").text.contains(own)))
                #expect(try await cleo.get("\(own)/said").text.contains("Today"), "judged as it was said")
            }
        }
    }

    @Test("It is in their copy, and goes when they are erased", arguments: TestEngine.available)
    func kept(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.readyReferral(named: "Nora North")
            let person = referral.person
            try await village.write(as: village.ana) { db in
                try NeedsCheck.keep(
                    [.soon: "today"], of: referral, by: .coordinator, as: db.newID(), in: db)
            }
            let copy = try await village.write(asSystemOf: village.riverside) { try PersonCopy(of: person, in: $0) }
            let words = Words(village.platform.shelf.translations["en"], zone: "UTC", now: village.clock.now)
            let text = copy.text(words)
            #expect(text.contains("How soon do you need somebody? Today."))
            try await village.write(asSystemOf: village.riverside) { db in
                try Referral.load(referral.id, of: db.organization, in: db).close(as: "moved-on", word: nil, in: db)
            }
            _ = try await village.platform.erase(person, of: village.riverside.organization)
            #expect(try await village.count("SELECT count(*) FROM needs_check") == 0)
        }
    }

    @Test("A request that became urgent stays so in the one it goes on as", arguments: TestEngine.available)
    func merged(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (first, second) = (
                try await village.readyReferral(of: village.cleo), try await village.readyReferral(of: village.cleo)
            )
            try await village.write(as: village.cleo) { db in
                try NeedsCheck.keep(
                    [.health: "yes"], of: first, by: .themselves, as: db.newID(), in: db)
            }
            try await village.write(as: village.ana) { db in
                let one = try Referral.find(first.id, in: db)
                try one.merge(into: Referral.find(second.id, in: db), because: "The same", in: db)
            }
            let now = try await village.read(as: village.ana) { try Referral.find(second.id, in: $0) }
            #expect(now.priority == .urgent)
            try await village.browsing { browser in
                let read = try await browser(village.ana).get("/referrals/\(second.id)/needs-check").text
                #expect(read.contains("Has your health got worse"))
                #expect(try await browser(village.ana).get("/needs-checks").text.contains("/referrals/\(second.id)/"))
                let said = try await browser(village.cleo).get("/needs-check/\(second.id)/said")
                #expect(said.text.contains("Has your health got worse"))
            }
        }
    }
}
