import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Saying who one is and what one wishes for")
struct WishesRouteTests {
    private func wishes(_ village: Village, _ referral: Referral) async throws -> Wishes {
        try await village.read(as: village.ana) { try Referral.find(referral.id, in: $0).wishes(in: $0) }
    }

    private func details(_ village: Village, of person: Person.ID) async throws -> PersonDraft {
        let organization = village.riverside.organization
        return try await village.read(as: village.ana) { try Person.details(of: person, in: organization, db: $0) }
    }

    @Test("Somebody says what they wish for, and suggestions follow", arguments: TestEngine.available)
    func own(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let woman = try await village.addSupporter("Woman", gender: "Woman", birthYear: 1950)
            let man = try await village.addSupporter(
                "Man", .usual(statements: [.init("grief", .lived, shownTo: .anyone)]), gender: "man", birthYear: 1988)
            let referral = try await village.readyReferral(of: village.cleo, wishes: Wishes())
            #expect(try await village.suggestions(for: referral).best.count == 2)
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                #expect(try await cleo.get("/home").text.contains("/wishes/\(referral.id)"))
                #expect(try await cleo.get("/wishes/\(referral.id)").text.contains("Nobody needs to say this."))
                let sent = try await cleo.post(
                    "/wishes/\(referral.id)",
                    fields: [
                        ("gender", "woman"), ("birth-year", "1979"), ("topics", "sleep"), ("topics", "grief"),
                        ("topic-first", "grief"), ("wish-gender", "different"), ("wish-age", "only-same"),
                        ("formats", "phone"), ("hours-0", "9-11"), ("languages", "en"), ("wish-words", "Somebody calm")
                    ])
                #expect(sent.status == .seeOther)
                #expect(sent.location == "/home")
                let again = try await cleo.get("/wishes/\(referral.id)").text
                for text in ["Somebody calm", #"value="1979""#, #"value="9-11""#] { #expect(again.contains(text)) }
            }
            let said = try await wishes(village, referral)
            #expect(said.topics == ["grief", "sleep"])
            #expect(said.gender == .init(.different))
            #expect(said.age == .init(.same, must: true))
            #expect(said.formats == [.phone])
            #expect(said.hours == [WeekHours(weekday: 0, from: 9, to: 11)])
            #expect(try await details(village, of: village.cleo.id).about == .init(birthYear: 1979, gender: "woman"))
            let suggestions = try await village.suggestions(for: referral)
            #expect(suggestions.best.map(\.supporter.person) == [man])
            #expect(suggestions.best.first?.reasons.contains { $0.codes.contains("gender.different") } == true)
            #expect(suggestions.excluded.map(\.supporter.person) == [woman])
        }
    }

    @Test("Every wish may be skipped", arguments: TestEngine.available)
    func nothing(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.readyReferral(of: village.cleo)
            try await village.browsing { browser in
                let sent = try await browser(village.cleo).post("/wishes/\(referral.id)")
                #expect(sent.status == .seeOther)
            }
            #expect(try await wishes(village, referral) == Wishes())
        }
    }

    @Test("What cannot be read comes back with everything typed, and nothing is kept", arguments: TestEngine.available)
    func errors(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.readyReferral(of: village.cleo)
            let before = try await wishes(village, referral)
            try await village.browsing { browser in
                let answer = try await browser(village.cleo).post(
                    "/wishes/\(referral.id)",
                    fields: [
                        ("birth-year", "84"), ("hours-2", "evenings"), ("wish-culture", "same"), ("topics", "sailing"),
                        ("wish-words", "Somebody <calm>")
                    ])
                #expect(answer.status == .unprocessableContent)
                for text in [
                    "Somebody &lt;calm&gt;", #"value="84""#, "The smallest number is 1900.", "Please write whole hours",
                    "To compare, we need to know this about you too.", "Please choose one of the answers."
                ] { #expect(answer.text.contains(text), "\(text)") }
            }
            #expect(try await wishes(village, referral) == before)
        }
    }

    @Test("Nobody else's wishes can be seen or said, and none of what has ended", arguments: TestEngine.available)
    func strangers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.readyReferral(of: village.cleo)
            try await village.browsing { browser in
                #expect(try await browser(village.cleo).get("/wishes/\(referral.id)").status == .ok)
                for stranger in [village.cyrus, village.hillside.participant] {
                    #expect(try await browser(stranger).get("/wishes/\(referral.id)").status == .notFound)
                    #expect(try await browser(stranger).post("/wishes/\(referral.id)").status == .notFound)
                }
                let path = "/referrals/\(referral.id)/person"
                #expect(try await browser(village.ana).get(path).status == .ok)
                for stranger in [village.riverside.otherCoordinator, village.hillside.coordinator] {
                    #expect(try await browser(stranger).get(path).status == .notFound)
                    #expect(try await browser(stranger).post(path, ["name": "X"]).status == .notFound)
                }
                #expect(try await browser(village.sam).get(path).status == .forbidden)
                try await village.write(as: village.ana) { db in
                    try Referral.find(referral.id, in: db).close(as: "moved-on", word: nil, in: db)
                }
                #expect(try await browser(village.cleo).get("/wishes/\(referral.id)").status == .notFound)
                #expect(try await browser(village.ana).get(path).status == .conflict)
            }
        }
    }

    @Test(
        "A coordinator names somebody who asked without a name, and writes down the rest",
        arguments: TestEngine.available)
    func naming(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let person = PersonDraft(
                name: "Somebody who asked",
                channels: [ContactChannel(kind: .phone, address: "1", mayLeaveMessage: false)])
            let referral = try await village.readyReferral(of: person, wishes: Wishes())
            _ = try await village.addSupporter("Man", gender: "man")
            try await village.browsing { browser in
                let ana = browser(village.ana)
                let path = "/referrals/\(referral.id)/person"
                #expect(try await ana.get("/referrals/\(referral.id)").text.contains(path))
                #expect(try await ana.get(path).text.contains("Somebody who asked"))
                let wrong = try await ana.post(
                    path, ["name": "", "called": "Ro <3", "language": "es", "kind-1": "", "address-1": "555-0199"])
                #expect(wrong.status == .unprocessableContent)
                #expect(wrong.text.contains("Ro &lt;3"))
                #expect(wrong.text.contains("555-0199"))
                let sent = try await ana.post(
                    path,
                    [
                        "name": "Rosa Rivera", "called": "Ro", "language": "es", "area": "North", "kind-1": "text",
                        "address-1": "555-0199", "leave-message-1": "yes", "when-1": "evenings", "gender": "woman",
                        "wish-gender": "only-same", "languages": "es", "language-first": "es",
                        "cares-for": "Old Rivera", "care-kind": "parent"
                    ])
                #expect(sent.status == .seeOther)
                let page = try await ana.get("/referrals/\(referral.id)").text
                for text in ["Rosa Rivera", "555-0199", "Cares for Old Rivera (a parent)", "evenings"] {
                    #expect(page.contains(text), "\(text)")
                }
            }
            let details = try await details(village, of: referral.person)
            #expect(details.name == "Rosa Rivera")
            #expect(details.language == "es")
            #expect(
                details.channels
                    == [ContactChannel(kind: .text, address: "555-0199", mayLeaveMessage: true, hours: "evenings")])
            #expect(try await wishes(village, referral).gender == .init(.same, must: true))
            #expect(try await village.suggestions(for: referral).best.isEmpty)
        }
    }

    @Test("Stopping all contact hides how to reach somebody, and keeps it", arguments: TestEngine.available)
    func doNotContact(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let channel = ContactChannel(kind: .phone, address: "555-0142", mayLeaveMessage: false)
            let referral = try await village.readyReferral(
                of: PersonDraft(name: "Nora North", channels: [channel]), wishes: Wishes())
            try await village.browsing { browser in
                let (ana, path) = (browser(village.ana), "/referrals/\(referral.id)/person")
                let fields = ["name": "Nora North", "language": "en", "kind-1": "phone", "address-1": "555-0142"]
                #expect(try await ana.get(path).text.contains("555-0142"))
                _ = try await ana.post(path, fields.merging(["do-not-contact": "yes"]) { $1 })
                #expect(try await details(village, of: referral.person).doNotContact)
                #expect(try await !ana.get(path).text.contains("555-0142"))
                #expect(try await ana.get("/referrals/\(referral.id)").text.contains("Nobody may contact this person"))
                _ = try await ana.post(path, ["name": "Nora North", "language": "en"])
                let details = try await details(village, of: referral.person)
                #expect(!details.doNotContact)
                #expect(details.channels == [channel])
            }
        }
    }

    @Test(
        "A caregiver can be linked to somebody here by reference, once, and the link ended",
        arguments: TestEngine.available)
    func care(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let mother = try await village.readyReferral(named: "Mother")
            let daughter = try await village.readyReferral(named: "Daughter")
            let path = "/referrals/\(daughter.id)/person"
            let fields = ["name": "Daughter", "language": "en"]
            try await village.browsing { browser in
                let ana = browser(village.ana)
                for _ in 0..<2 {
                    _ = try await ana.post(
                        path,
                        fields.merging(["cares-for": mother.reference.lowercased(), "care-kind": "parent"]) { $1 })
                }
                #expect(
                    try await ana.get("/referrals/\(mother.id)").text.contains("Daughter cares for them (a parent)"))
            }
            func links() async throws -> [CareRelation] {
                let organization = village.riverside.organization
                return try await village.read(as: village.ana) {
                    try CareRelation.all(of: daughter.person, in: organization, db: $0)
                }
            }
            let found = try await links()
            #expect(found.map(\.caredFor) == [mother.person])
            let over = fields.merging(["care-over": try #require(found.first).id.text]) { $1 }
            try await village.browsing { _ = try await $0(village.ana).post(path, over) }
            #expect(try await links() == [])
        }
    }

    @Test("A supporter may tell about themselves, and need not", arguments: TestEngine.available)
    func profile(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let fields = [("limit", "2"), ("languages", "en"), ("formats", "phone"), ("hours-0", "9-12")]
            try await village.browsing { browser in
                let ben = browser(village.ben)
                let empty = try await ben.get("/profile").text
                #expect(empty.contains("Nobody needs to say this"))
                #expect(try await ben.post("/profile", fields: fields).status == .seeOther)
                let told = [("gender", "man"), ("birth-year", "1961"), ("culture", "Ghanaian")]
                #expect(try await ben.post("/profile", fields: fields + told).status == .seeOther)
                #expect(try await ben.get("/profile").text.contains("Ghanaian"))
            }
            let mine = try await village.read(as: village.ben) { try Supporter.mine(in: $0) }
            #expect(mine?.about == .init(birthYear: 1961, gender: "man", culture: "Ghanaian"))
            var wishes = Wishes.about("sleep")
            wishes.gender = .init(.different)
            let referral = try await village.readyReferral(wishes: wishes, gender: "woman")
            let reasons = try await village.suggestions(for: referral).best.first?.reasons
            #expect(reasons?.contains { $0.codes == ["gender.different"] } == true)
        }
    }
}

@Suite("A caregiver, and whom they care for")
struct CareTests {
    @Test(
        "A referral for a caregiver is in the caregiver's name and linked to the person cared for",
        arguments: TestEngine.available)
    func referred(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let path = try await village.browsing { browser in
                let sent = try await browser(village.dana).post(
                    "/referrals",
                    [
                        "program": village.riverside.program.text, "name": "Carla Caregiver", "whom": "other",
                        "cared-for": "Paul Patient", "reason": "Nights awake", "agreed": "yes", "language": "en"
                    ])
                #expect(sent.status == .seeOther)
                return (sent.location ?? "").replacing("/sent", with: "")
            }
            let page = try await village.browsing { try await $0(village.ana).get(path).text }
            #expect(page.contains("<h1>Carla Caregiver</h1>"))
            #expect(page.contains("Cares for Paul Patient"))
            #expect(page.contains("Somebody who cares for another person"))
        }
    }

    @Test(
        "Whoever asks for somebody they care for is linked to them, and support is for the other",
        arguments: TestEngine.available)
    func asked(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                let sent = try await browser(nil).post(
                    "/get-support/\(village.riverside.slug)",
                    [
                        "whom": "other", "program": village.riverside.program.text, "reach": "555-0117",
                        "name": "Mother North", "asker": "Dora North", "language": "en"
                    ])
                #expect(sent.status == .seeOther)
            }
            let referral = try await village.read(as: village.ana) { db in
                try db.value("SELECT id FROM referral", as: Referral.ID.self)
            }
            let page = try await village.browsing {
                try await $0(village.ana).get("/referrals/\(try #require(referral))").text
            }
            #expect(page.contains("<h1>Mother North</h1>"))
            #expect(page.contains("Dora North cares for them"))
        }
    }
}
