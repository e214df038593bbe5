import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Referrals that belong together")
struct ReferralChainTests {
    private static let phone = ContactChannel(kind: .phone, address: "(443) 555-0136", mayLeaveMessage: true)

    @Test(
        "The sender of one that was joined hears how the other goes, as its person releases it",
        arguments: TestEngine.available)
    func joined(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let (first, second) = (
                try await village.referral(of: pair), try await village.refer(.known(village.cleo.id))
            )
            // A third that was joined with the second goes along.
            let third = try await village.refer(.known(village.cleo.id))
            try await village.ana(third) {
                try $0.merge(into: Referral.find(second.id, in: $1), because: "twice", in: $1)
            }
            try await village.ana(second) {
                try $0.merge(into: Referral.find(first.id, in: $1), because: "twice", in: $1)
            }
            #expect(try await village.now(third).mergedInto == first.id)
            for one in [second, third] { #expect(try await Set(village.told(one)) == [.received, .accepted, .merged]) }
            _ = try await village.meet(pair)
            #expect(try await !village.told(second).contains(.firstContact))
            try await village.agree(village.cleo, to: [.shareStatus], in: village.riverside.program)
            try await village.ana(first) { try $0.close(as: "goals-met", word: "She is well", in: $1) }
            for one in [second, third] {
                #expect(try await Set(village.told(one)) == [.received, .accepted, .merged, .firstContact, .closed])
            }
            try await village.browsing { browser in
                let page = try await browser(village.dana).get("/referrals/sent/\(third.id)").text
                #expect(page.contains("They reached what they wanted") && page.contains("She is well"))
            }
        }
    }

    @Test("What somebody else's sender asks does not show", arguments: TestEngine.available)
    func stopOfAnother(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (first, second) = (try await village.refer(), try await village.refer())
            try await village.ana(second) {
                try $0.merge(into: Referral.find(first.id, in: $1), because: "twice", in: $1)
            }
            await #expect(throws: Problem.conflict("referral.already-closed")) { try await village.askToStop(second) }
            try await village.askToStop(first)
            try await village.ana(first) { try $0.confirmCancellation(in: $1) }
            #expect(try await village.told(first) == [.received, .cancelled])
            #expect(try await Set(village.told(second)) == [.received, .merged])
        }
    }

    @Test(
        "Only what looks like the same person in the same program is joined, with a reason",
        arguments: TestEngine.available)
    func plausible(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let nora = try await village.refer("Nora North", channels: [Self.phone])
            let other = try await village.refer("Nils North")
            let elsewhere = try await village.refer(.known(nora.person), to: village.riverside.otherProgram)
            let byPhone = try await village.refer("N. North", channels: [Self.phone])
            let byName = try await village.refer("Nora North")
            try await village.browsing { browser in
                func join(_ referral: Referral, _ reason: String, as neighbor: Village.Neighbor? = nil) async throws
                    -> Answer
                {
                    try await browser(neighbor ?? village.ana).post(
                        "/referrals/\(referral.id)/merging", ["other": nora.id.text, "reason": reason])
                }
                let page = try await browser(village.ana).get("/referrals/\(nora.id)").text
                #expect(page.contains(byPhone.reference) && page.contains(byName.reference))
                #expect(!page.contains(other.reference) && !page.contains(elsewhere.reference))
                #expect(try await join(byName, " ").status == .unprocessableContent)
                #expect(try await join(other, "the same").status == .conflict)
                #expect(try await join(elsewhere, "the same").status == .notFound)
                #expect(try await join(byName, "the same", as: village.sam).status == .forbidden)
                #expect(try await !browser(village.sam).get("/referrals/\(nora.id)").text.contains("/merging"))
                for twin in [byName, byPhone] { #expect(try await join(twin, "the same").status == .seeOther) }
            }
            for untouched in [other, elsewhere] { #expect(try await village.now(untouched).state == .received) }
            // Who coordinates only one of the two programs may not join them either.
            let abel = village.riverside.otherCoordinator
            await #expect(throws: Problem.notAllowed) {
                try await village.write(as: abel) { db in
                    try elsewhere.merge(into: nora, because: "the same", in: db)
                }
            }
        }
    }

    @Test("Two who gave no name are not taken for one", arguments: TestEngine.available)
    func nameless(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let first = try await village.ask("Somebody who asked", at: "555-0100")
            let second = try await village.ask("Somebody who asked", at: "555-0101")
            let again = try await village.ask("Somebody who asked", at: "555-0100")
            await #expect(throws: Problem.conflict("referral.cannot-merge")) {
                try await village.ana(second) {
                    try $0.merge(into: Referral.find(first.id, in: $1), because: "?", in: $1)
                }
            }
            try await village.ana(again) {
                try $0.merge(into: Referral.find(first.id, in: $1), because: "phone", in: $1)
            }
            #expect(try await village.now(again).mergedInto == first.id)
        }
    }

    @Test(
        "What is known of a person goes along, first of all that nobody may contact them",
        arguments: TestEngine.available)
    func carriesOver(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let first = try await village.refer("Nora North")
            let second = try await village.refer("Nora North", channels: [Self.phone])
            try await village.write(asSystemOf: village.riverside) { db in
                try Person.setDoNotContact(true, for: second.person, in: db)
            }
            try await village.ana(second) {
                try $0.merge(into: Referral.find(first.id, in: $1), because: "twice", in: $1)
            }
            let (channels, prohibited) = try await village.read(as: village.ana) { db in
                (
                    try Person.channels(of: first.person, in: db),
                    try db.value("SELECT do_not_contact FROM person WHERE id = \(first.person)", as: Bool.self)
                )
            }
            #expect(channels == [Self.phone] && prohibited == true)
        }
    }

    @Test(
        "The page leads to what it opens again, to what it was joined with, and back", arguments: TestEngine.available)
    func pages(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (old, twin) = (try await village.refer(), try await village.refer())
            try await village.ana(twin) { try $0.merge(into: Referral.find(old.id, in: $1), because: "twice", in: $1) }
            try await village.ana(old) { try $0.decline(for: "outside-area", in: $1) }
            try await village.browsing { browser in
                let ana = browser(village.ana)
                #expect(
                    try await ana.post("/referrals/\(old.id)/reopening", ["reason": " "]).status
                        == .unprocessableContent)
                let answer = try await ana.post("/referrals/\(old.id)/reopening", ["reason": "moved back"])
                let new = try #require(answer.location)
                let pages = [
                    (new, "Opens again", old.id.text),
                    ("/referrals/\(old.id)", "Opened again as", String(new.dropFirst(11))),
                    ("/referrals/\(old.id)", "Joined to this one", twin.id.text),
                    ("/referrals/\(twin.id)", "Goes on as", old.id.text)
                ]
                for (path, label, id) in pages {
                    let page = try await ana.get(path).text
                    #expect(page.contains(label) && page.contains("href=\"/referrals/\(id)\""), "\(label)")
                }
                #expect(try await !ana.get("/referrals/\(old.id)").text.contains("/reopening"))
                // Supervisors read, and coordinators of other programs find nothing.
                let path = "/referrals/\(old.id)/reopening"
                #expect(
                    try await browser(village.riverside.otherCoordinator).post(path, ["reason": "x"]).status
                        == .notFound)
            }
        }
    }

    @Test("Who supervises a program and coordinates another cannot reopen there", arguments: TestEngine.available)
    func reopenReach(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (abel, house) = (village.riverside.otherCoordinator, village.riverside)
            let old = try await village.refer()
            try await village.ana(old) { try $0.decline(for: "outside-area", in: $1) }
            try await village.write(asSystemOf: house) { db in
                try Person.give(.supervisor, in: house.program, to: abel.id, of: house.organization, in: db)
            }
            try await village.signBackIn(abel)
            try await village.browsing { browser in
                #expect(try await browser(abel).get("/referrals/\(old.id)").status == .ok)
                let answer = try await browser(abel).post("/referrals/\(old.id)/reopening", ["reason": "moved back"])
                #expect(answer.status == .forbidden)
            }
        }
    }
}
