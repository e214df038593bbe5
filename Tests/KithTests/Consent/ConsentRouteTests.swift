import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("The pages of consent")
struct ConsentRouteTests {
    private func refer(_ village: Village) async throws -> Referral.ID {
        let (program, dana, cleo) = (village.riverside.program, village.dana.id, village.cleo.id)
        return try await village.write(as: village.dana) { db in
            let draft = ReferralDraft(
                program: program, who: .known(cleo), origin: .referrer, referrer: dana, reason: "Caring for her mother")
            return try Referral.open(draft, of: db.organization, in: db).id
        }
    }

    @Test("A person reads the words, answers some and takes one back", arguments: TestEngine.available)
    func own(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.publishWords()
            let program = village.riverside.program
            let (take, share) = (try await village.text(.takePart), try await village.text(.shareStatus))
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                let path = "/consent/\(program)"
                let first = try await cleo.get(path)
                #expect(first.status == .ok)
                #expect(village.ledger.last <= 4)
                #expect(first.text.contains("A peer is not a doctor or a nurse."))
                #expect(!first.text.contains("checked"), "nothing is ticked beforehand")
                #expect(!first.text.contains("\(path)/withdrawal"), "nothing to take back yet")

                let answered = try await cleo.post(
                    path,
                    [
                        "answer-take-part": "yes", "text-take-part": take.text, "answer-share-status": "no",
                        "text-share-status": share.text, "name": "Cleo Castro"
                    ])
                #expect(answered.status == .seeOther)
                #expect(answered.location == path)
                let second = try await cleo.get(path)
                #expect(second.text.contains("Yes, since Monday, March 2"))
                #expect(second.text.contains("No, since Monday, March 2"))
                #expect(second.text.contains("Words: version 1 (en)"))
                #expect(!second.text.contains("checked"))

                let back = try await cleo.post("\(path)/withdrawal", ["purpose": "take-part"])
                #expect(back.status == .seeOther)
                let third = try await cleo.get(path)
                #expect(!third.text.contains("Yes, since"))
                #expect(third.text.contains("Ended:"), "what ended stays in the history")
            }
        }
    }

    @Test("A form without a name comes back with the answers still in it", arguments: TestEngine.available)
    func again(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.publishWords()
            let program = village.riverside.program
            let take = try await village.text(.takePart)
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                let again = try await cleo.post(
                    "/consent/\(program)", ["answer-take-part": "yes", "text-take-part": take.text, "name": " "])
                #expect(again.status == .unprocessableContent)
                #expect(again.text.contains("checked"))
                let nothing = try await cleo.post("/consent/\(program)", ["name": "Cleo"])
                #expect(nothing.status == .unprocessableContent)
                #expect(nothing.text.contains("Please answer at least one question."))
                #expect(nothing.text.contains("value=\"Cleo\""))
            }
            try await village.write(as: village.ada) { db in
                _ = try ConsentText.publish(body: "Other words.", purpose: .takePart, program: program, in: db)
            }
            try await village.browsing { browser in
                let late = try await browser(village.cleo).post(
                    "/consent/\(program)", ["answer-take-part": "yes", "text-take-part": take.text, "name": "Cleo"])
                #expect(late.status == .unprocessableContent)
                #expect(late.text.contains("The words have changed."))
                #expect(late.text.contains("Other words."))
                #expect(!late.text.contains("checked"), "a yes to other words is not carried over")
            }
        }
    }

    @Test("Words come in the person's language, else in English and saying so", arguments: TestEngine.available)
    func languages(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.publishWords()
            let (program, cleo) = (village.riverside.program, village.cleo.id)
            try await village.write(as: village.ada) { db in
                try db.run("UPDATE person SET language = 'fr' WHERE id = \(cleo)")
                _ = try ConsentText.publish(
                    body: "Une personne vous écoute.", purpose: .takePart, language: "fr", program: program, in: db)
            }
            try await village.browsing { browser in
                let page = try await browser(village.cleo).get("/consent/\(program)")
                #expect(page.text.contains("Une personne vous écoute."))
                #expect(!page.text.contains("A peer is not a doctor or a nurse."))
                #expect(page.text.contains("We have these words in English only."))
            }
        }
    }

    @Test("Somebody who speaks Spanish reads and signs Spanish words", arguments: TestEngine.available)
    func spanish(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (program, cleo) = (village.riverside.program, village.cleo.id)
            try await village.write(as: village.ada) { db in
                try db.run("UPDATE person SET language = 'es-MX' WHERE id = \(cleo)")
                db.record(Event(.personCompleted, about: cleo))
            }
            try await village.browsing { browser in
                let page = try await browser(village.cleo).get("/consent/\(program)")
                #expect(page.text.contains("Le ofrecemos una persona de apoyo."))
                #expect(page.text.contains("lang=\"es\""))
                #expect(!page.text.contains("We have these words in English only."))
                #expect(!page.text.contains("A peer is not"))
            }
        }
    }

    @Test("A coordinator reads aloud and writes down, with a witness", arguments: TestEngine.available)
    func recording(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.publishWords()
            let (house, cleo) = (village.riverside, village.cleo.id)
            let referral = try await refer(village)
            let take = try await village.text(.takePart)
            let path = "/referrals/\(referral)/consent"
            try await village.browsing { browser in
                let ana = browser(village.ana)
                let page = try await ana.get(path)
                #expect(page.status == .ok)
                #expect(village.ledger.last <= 4)
                #expect(page.text.contains("Read each part aloud"))
                #expect(page.text.contains("A peer is not a doctor or a nurse."))
                var form = ["answer-take-part": "yes", "text-take-part": take.text]
                form.merge(["name": "Cleo Castro", "how": "voice"]) { $1 }
                let without = try await ana.post(path, form)
                #expect(without.status == .unprocessableContent)
                form["witness"] = "Nurse Nia"
                let saved = try await ana.post(path, form)
                #expect(saved.location == "/referrals/\(referral)")
                let own = try await browser(village.cleo).get("/consent/\(house.program)")
                #expect(own.text.contains("Nurse Nia"))
                #expect(own.text.contains("Said aloud as Cleo Castro"))
                let back = try await ana.post("\(path)/withdrawal", ["purpose": "take-part"])
                #expect(back.location == path)
            }
            let stands = try await village.read(as: village.ana) { db in
                try Consent.stands(.takePart, for: cleo, in: house.program, of: house.organization, db: db)
            }
            #expect(!stands)
        }
    }

    @Test("Nobody else sees or answers, least of all next door", arguments: TestEngine.available)
    func others(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.publishWords()
            let program = village.riverside.program
            let referral = try await refer(village)
            try await village.browsing { browser in
                let record = "/referrals/\(referral)/consent"
                #expect(try await browser(village.cleo).get("/consent/\(program)").status == .ok)
                #expect(try await browser(village.ana).get(record).status == .ok)
                for neighbor in [village.hillside.participant, village.ana, village.ben] {
                    #expect(try await browser(neighbor).get("/consent/\(program)").status == .notFound)
                }
                for neighbor in [village.hillside.coordinator, village.riverside.otherCoordinator] {
                    #expect(try await browser(neighbor).get(record).status == .notFound)
                    #expect(try await browser(neighbor).post(record, ["name": "X"]).status != .seeOther)
                    let back = try await browser(neighbor).post("\(record)/withdrawal", ["purpose": "take-part"])
                    #expect(back.status == .notFound)
                }
                for neighbor in [village.dana, village.ben, village.cleo] {
                    #expect(try await browser(neighbor).get(record).status == .forbidden)
                }
                #expect(try await browser(nil).get("/consent/\(program)").status == .seeOther)
            }
        }
    }

    @Test("Looking somebody's answers up is noted as a disclosure", arguments: TestEngine.available)
    func disclosures(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.publishWords()
            let referral = try await refer(village)
            let cleo = village.cleo.id
            @Sendable func noted() async throws -> Int {
                try await village.read(as: village.ana) { db in
                    try db.value("SELECT count(*) FROM disclosure WHERE subject_id = \(cleo)", as: Int.self) ?? 0
                }
            }
            let before = try await noted()
            try await village.browsing { browser in
                _ = try await browser(village.ana).get("/referrals/\(referral)/consent")
            }
            #expect(try await noted() == before + 1)
        }
    }
}
