import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Pages about matches")
struct MatchRouteTests {
    @Test("From suggestions to support, through the front door", arguments: TestEngine.available)
    func wholeWay(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(
                village.ben, .usual(statements: [.init("sleep", .lived, shownTo: .anyone)]))
            _ = try await village.addSupporter("Only Somali", .usual(languages: ["so"]))
            let referral = try await village.readyReferral(of: village.cleo)
            let path = "/referrals/\(referral.id)/matching"
            try await village.browsing { browser in
                let (ana, cleo, ben) = (browser(village.ana), browser(village.cleo), browser(village.ben))
                let page = try await ana.get(path)
                #expect(page.status == .ok)
                for text in [
                    "Ben Boateng", "Has lived through: Sleep", "Speaks English", "3 hours a week in common",
                    "0 of 3 people", "Only Somali", "No language in common (speaks Somali)",
                    "1 of 3 supporters can be asked"
                ] {
                    #expect(page.text.contains(text), "\(text)")
                }
                let proposed = try await ana.post(
                    "/referrals/\(referral.id)/proposal", ["supporter": village.ben.id.text])
                #expect(proposed.status == .seeOther)
                let match = try #require(proposed.location)
                let participants = try await cleo.get(match).text
                #expect(participants.contains("Meet Ben Boateng"))
                #expect(participants.contains("I like walks."))
                #expect(participants.contains("Has lived through: Sleep"))
                #expect(!participants.contains("Caring for her mother"))
                let supporters = try await ben.get(match).text
                #expect(supporters.contains("Would you like to support Cleo Castro?"))
                #expect(supporters.contains("Sleep"))
                #expect(!supporters.contains("Caring for her mother"))
                #expect(try await cleo.post("\(match)/answer", ["answer": "yes"]).status == .seeOther)
                #expect(try await cleo.get(match).text.contains("Change my answer to no"))
                #expect(try await ana.get(match).text.contains("Said yes"))
                #expect(try await ben.post("\(match)/answer", ["answer": "yes"]).status == .seeOther)
                #expect(try await cleo.get(match).text.contains("Ben Boateng supports you"))
                #expect(try await ben.get(match).text.contains("You support Cleo Castro"))
                #expect(try await ana.get(path).text.contains(match))
            }
        }
    }

    @Test("Yes and no weigh the same", arguments: TestEngine.available)
    func equalButtons(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let match = try await village.propose(
                village.ben.id, for: try await village.readyReferral(of: village.cleo))
            try await village.browsing { browser in
                for neighbor in [village.cleo, village.ben] {
                    let page = try await browser(neighbor).get("/matches/\(match.id)").text
                    #expect(page.contains(#"<button class="button" name="answer" value="yes">Yes, please</button>"#))
                    #expect(page.contains(#"<button class="button" name="answer" value="no">No, thank you</button>"#))
                    #expect(!page.contains("<textarea"))
                }
            }
        }
    }

    @Test("Nobody learns whose no it was", arguments: TestEngine.available, Match.Side.allCases)
    func discreetNo(engine: TestEngine, side: Match.Side) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let referral = try await village.readyReferral(of: village.cleo)
            let match = try await village.propose(village.ben.id, for: referral)
            try await village.answer(.no, to: match, for: side)
            try await village.browsing { browser in
                let participant = try await browser(village.cleo).get("/matches/\(match.id)").text
                #expect(participant.contains("This did not come about."))
                #expect(!participant.contains("Ben"))
                let supporter = try await browser(village.ben).get("/matches/\(match.id)").text
                #expect(supporter.contains("This did not come about."))
                #expect(!supporter.contains("Cleo"))
                let staff = try await browser(village.ana).get("/matches/\(match.id)").text
                #expect(staff.contains("This did not come about."))
                #expect(!staff.contains("Said no"))
                let next = try await browser(village.ana).get("/referrals/\(referral.id)/matching").text
                #expect(next.contains("Not available for this person"))
            }
        }
    }

    @Test("A hidden experience decides the order and is named on no page", arguments: TestEngine.available)
    func hiddenExperience(engine: TestEngine) async throws {
        func pages(_ audience: Supporter.Statement.Audience) async throws -> (
            first: Person.ID?, text: String, stored: String
        ) {
            try await withVillage(engine) { village in
                let plain = try await village.addSupporter("Plain Person")
                try await village.enroll(village.ben, .usual(statements: [.init("grief", .lived, shownTo: audience)]))
                _ = plain
                let referral = try await village.readyReferral(of: village.cleo, wishes: .about("grief"))
                let first = try await village.suggestions(for: referral).best.first?.supporter.person
                let text = try await village.browsing { browser in
                    let (ana, cleo) = (browser(village.ana), browser(village.cleo))
                    var text = try await ana.get("/referrals/\(referral.id)/matching").text
                    let match = try await ana.post(
                        "/referrals/\(referral.id)/proposal", ["supporter": village.ben.id.text])
                    for page in ["/supporters", "/supporters/\(village.ben.id)", match.location ?? ""] {
                        text += try await ana.get(page).text
                    }
                    text += try await cleo.get(match.location ?? "").text
                    for browser in [cleo, browser(village.ben)] {
                        _ = try await browser.post("\(match.location ?? "")/answer", ["answer": "yes"])
                    }
                    text += try await ana.get(match.location ?? "").text
                    return text + (try await cleo.get(match.location ?? "").text)
                }
                let stored = try await village.write(asSystemOf: village.riverside) { db in
                    try db.values("SELECT reasons FROM match", as: String.self).joined()
                }
                #expect(first == village.ben.id)
                return (first, text, stored)
            }
        }
        let shown = try await pages(.anyone)
        try #require(shown.text.contains("Grief"), "premise: what may be shown is shown")
        try #require(shown.stored.contains("grief"))
        let hidden = try await pages(.nobody)
        #expect(!hidden.text.lowercased().contains("grief"))
        #expect(!hidden.stored.lowercased().contains("grief"))
        #expect(hidden.text.contains("Has a shared experience"))
        // For the people they support only: not for staff, and not before both said yes.
        let matched = try await pages(.matched)
        #expect(matched.text.ranges(of: "Grief").count == 1)
    }

    @Test("Finding a supporter takes few statements, whoever is there", arguments: TestEngine.available)
    func statements(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.readyReferral(of: village.cleo)
            for number in 0..<15 { _ = try await village.addSupporter("Supporter \(number)") }
            try await village.enroll(village.ben)
            try await village.browsing { browser in
                _ = try await browser(village.ana).get("/referrals/\(referral.id)/matching")
                #expect(village.ledger.last <= 8)
                let match = try await browser(village.ana).post(
                    "/referrals/\(referral.id)/proposal", ["supporter": village.ben.id.text])
                for neighbor in [village.ana, village.cleo, village.ben] {
                    #expect(try await browser(neighbor).get(match.location ?? "").status == .ok)
                    #expect(village.ledger.last <= 6)
                }
            }
        }
    }

    @Test("Nobody free: on the list, with a place and an honest word", arguments: TestEngine.available)
    func waiting(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.readyReferral(of: village.cleo)
            try await village.browsing { browser in
                let ana = browser(village.ana)
                let path = "/referrals/\(referral.id)/matching"
                #expect(try await ana.get(path).text.contains("Nobody can be asked right now"))
                #expect(try await ana.post("/referrals/\(referral.id)/waiting").status == .seeOther)
                let page = try await ana.get(path).text
                #expect(page.contains("Next in line"))
                #expect(page.contains("We cannot say yet how long this takes."))
                #expect(village.ledger.last <= 10)
            }
        }
    }

    @Test("A coordinator answers only for somebody without an account, and may end it", arguments: TestEngine.available)
    func staffPage(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let match = try await village.propose(village.ben.id, for: try await village.readyReferral())
            try await village.browsing { browser in
                let (ana, path) = (browser(village.ana), "/matches/\(match.id)")
                #expect(try await ana.get(path).text.contains("What did they tell you?"))
                #expect(try await ana.post("\(path)/answer", ["answer": "yes"]).status == .seeOther)
                #expect(try await !ana.get(path).text.contains("What did they tell you?"))
                // Supervisors look, and change nothing.
                let supervised = try await browser(village.sam).get(path)
                #expect(supervised.status == .ok)
                #expect(!supervised.text.contains("/ending"))
                #expect(try await browser(village.sam).post("\(path)/ending", ["reason": "asked"]).status == .forbidden)
                #expect(try await ana.post("\(path)/ending", ["reason": "closed"]).status == .unprocessableContent)
                #expect(try await ana.post("\(path)/ending", ["reason": "asked"]).status == .seeOther)
                #expect(try await village.now(match).status == .withdrawn)
            }
        }
    }

    @Test("Next door and other programs find nothing and change nothing", arguments: TestEngine.available)
    func strangers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben)
            let referral = try await village.readyReferral(of: village.cleo)
            let match = try await village.propose(village.ben.id, for: referral)
            try await village.browsing { browser in
                #expect(try await browser(village.ana).get("/matches/\(match.id)").status == .ok)
                for stranger in [
                    village.hillside.coordinator, village.riverside.otherCoordinator, village.cyrus, village.bao,
                    village.dana
                ] {
                    #expect(try await browser(stranger).get("/matches/\(match.id)").status == .notFound)
                    for path in ["answer", "ending"] {
                        let answer = try await browser(stranger).post(
                            "/matches/\(match.id)/\(path)", ["answer": "no", "reason": "asked"])
                        #expect(answer.status == .notFound)
                    }
                }
                for stranger in [village.hillside.coordinator, village.riverside.otherCoordinator] {
                    let path = "/referrals/\(referral.id)"
                    #expect(try await browser(stranger).get("\(path)/matching").status == .notFound)
                    #expect(try await browser(stranger).post("\(path)/waiting").status == .notFound)
                    let proposal = try await browser(stranger).post(
                        "\(path)/proposal", ["supporter": village.ben.id.text])
                    #expect(proposal.status == .notFound)
                }
                #expect(try await browser(nil).get("/matches/\(match.id)").status == .seeOther)
                #expect(try await village.now(match).status == .proposed)
            }
        }
    }
}
