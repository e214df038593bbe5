import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("A no to a way of being reached")
struct ChannelConsentTests {
    @Test("A yes taken back is a no, and only a way never asked about is open")
    func rule() {
        #expect(Consent.Standing(granted: nil, isEnded: false) == .unanswered)
        #expect(Consent.Standing(granted: true, isEnded: false) == .yes)
        #expect(Consent.Standing(granted: true, isEnded: true) == .no)
        #expect(Consent.Standing(granted: false, isEnded: false) == .no)
        #expect(Consent.Standing(granted: false, isEnded: true) == .no)
    }

    @Test("Every contact purpose knows its channel, and only a call is on one")
    func channels() {
        #expect(Consent.Purpose.contactByPhone.channel == .phone)
        #expect(Consent.Purpose.contactByLetter.channel == .letter)
        #expect(Consent.Purpose.takePart.channel == nil)
        #expect(Format.allCases.filter { $0.channel != nil } == [.phone])
    }

    private func refer(_ village: Village) async throws -> Referral.ID {
        let (program, dana, cleo) = (village.riverside.program, village.dana.id, village.cleo.id)
        let referral = try await village.write(as: village.dana) { db in
            let draft = ReferralDraft(
                program: program, who: .known(cleo), origin: .referrer, referrer: dana, reason: "Caring for her mother")
            return try Referral.open(draft, of: db.organization, in: db)
        }
        try await village.write(as: village.ana) { db in
            let phone = ContactChannel(kind: .phone, address: "555-0142", mayLeaveMessage: false)
            let draft = PersonDraft(name: village.cleo.name, channels: [phone])
            try Person.complete(cleo, with: draft, of: referral.organization, in: db)
            try Referral.find(referral.id, in: db).accept(in: db)
        }
        return referral.id
    }

    private func tryContact(
        _ referral: Referral.ID, by channel: ContactChannel.Kind = .phone, _ village: Village
    ) async throws {
        try await village.write(as: village.ana) { db in
            try Referral.find(referral, in: db).tryContact(by: channel, outcome: "no-answer", in: db)
        }
    }

    @Test("Nobody tries it any more: refused, or taken back", arguments: TestEngine.available)
    func tries(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await refer(village)
            let program = village.riverside.program
            try await tryContact(referral, village)
            try await village.answer(.contactByPhone, yes: true, as: village.cleo)
            try await tryContact(referral, village)
            try await village.takeBack(.contactByPhone, as: village.cleo)
            await #expect(throws: Problem.conflict("referral.channel-refused")) {
                try await tryContact(referral, village)
            }
            try await tryContact(referral, by: .letter, village)
            try await village.answer(.contactByPhone, yes: true, as: village.cleo)
            try await tryContact(referral, village)
            try await village.answer(.contactByPhone, yes: false, as: village.cleo)
            await #expect(throws: Problem.conflict("referral.channel-refused")) {
                try await tryContact(referral, village)
            }

            // A yes that ended because they left says nothing of when they come back.
            try await village.answer(.contactByText, yes: true, as: village.cleo)
            village.clock.advance(days: 1)
            try await village.write(as: village.ada) { [cleo = village.cleo.id] db in
                try Person.end(.participant, in: program, of: cleo, in: db)
            }
            await #expect(throws: Problem.conflict("referral.channel-refused")) {
                try await tryContact(referral, by: .text, village)
            }
            village.clock.advance(days: 1)
            try await village.write(as: village.ada) { [cleo = village.cleo.id] db in
                try Person.give(.participant, in: program, to: cleo, of: db.organization, in: db)
            }
            try await tryContact(referral, by: .text, village)
        }
    }

    @Test("The referral says so, shows no number and does not offer it", arguments: TestEngine.available)
    func page(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await refer(village)
            let option = "<option value=\"phone\">"
            try await village.browsing { browser in
                let before = try await browser(village.ana).get("/referrals/\(referral)")
                #expect(before.text.contains("555-0142"))
                #expect(before.text.contains(option))
            }
            try await village.answer(.contactByPhone, yes: false, as: village.cleo)
            try await village.browsing { browser in
                let page = try await browser(village.ana).get("/referrals/\(referral)")
                #expect(page.text.contains("Phone: they said no to this"))
                #expect(!page.text.contains("555-0142"))
                #expect(!page.text.contains(option))
                #expect(page.text.contains("<option value=\"letter\">"))
                let tried = try await browser(village.ana).post(
                    "/referrals/\(referral)/contact-attempts", ["channel": "phone", "outcome": "reached"])
                #expect(tried.status == .conflict)
            }
        }
    }

    @Test("A planned call is called off, a visit is not, and no other call is planned", arguments: TestEngine.available)
    func plans(engine: TestEngine) async throws {
        for refuses in [true, false] {
            try await withVillage(engine) { village in
                let pair = try await village.pair()
                let past = try await village.plan(pair, in: 1)
                village.clock.advance(hours: 2)
                let call = try await village.plan(pair)
                let visit = try await village.plan(pair, .inPerson, place: "Library")
                if refuses {
                    try await village.answer(.contactByPhone, yes: false, as: village.cleo)
                } else {
                    try await village.takeBack(.contactByPhone, as: village.cleo)
                }
                #expect(try await village.encounter(call).status == .cancelled)
                #expect(try await village.encounter(visit).status == .planned)
                #expect(try await village.encounter(past).status == .planned, "it may have taken place")
                #expect(try await village.details(of: .encounterCancelled).first?.contains("channel-refused") == true)
                await #expect(throws: Problem.consentNeeded("contact-phone")) { try await village.plan(pair) }
                await #expect(throws: Problem.consentNeeded("contact-phone")) {
                    try await village.write(as: village.ben) { db in
                        try Encounter.find(visit, in: db).reschedule(
                            to: .init(mode: .phone, startsAt: db.now.adding(hours: 60)), in: db)
                    }
                }
                #expect(try await village.orphans(of: Encounter.feature).isEmpty)
            }
        }
    }

    @Test("Where nobody may contact somebody, no call stays planned", arguments: TestEngine.available)
    func prohibited(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let call = try await village.plan(pair)
            try await village.write(as: village.ana) { [cleo = village.cleo.id] db in
                try Person.setDoNotContact(true, for: cleo, in: db)
            }
            #expect(try await village.encounter(call).status == .cancelled)
        }
    }
}
