import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Forms of a referral come back with everything in them")
struct ReferralFormTests {
    /// Sends a form with something wrong and expects the page with what was typed, the summary before it and nothing
    /// saved.
    private func comesBack(
        _ village: Village, _ neighbor: Village.Neighbor, _ path: String, _ form: [String: String],
        showing texts: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let before = try await changes(village)
        try await village.browsing { browser in
            let answer = try await browser(neighbor).post(path, form)
            #expect(answer.status == .unprocessableContent, sourceLocation: sourceLocation)
            #expect(answer.text.contains("<title>Error: "), sourceLocation: sourceLocation)
            #expect(answer.text.contains(#"class="error-summary" role="alert""#), sourceLocation: sourceLocation)
            for text in texts { #expect(answer.text.contains(text), "\(text)", sourceLocation: sourceLocation) }
        }
        #expect(try await changes(village) == before, sourceLocation: sourceLocation)
    }

    private func changes(_ village: Village) async throws -> Int {
        try await village.platform.store.read { try $0.value("SELECT count(*) FROM event") ?? 0 }
    }

    @Test("A closing word that is too long, or no outcome", arguments: TestEngine.available)
    func closing(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.readyReferral()
            let path = "/referrals/\(referral.id)/closing"
            let long = String(repeating: "word ", count: 130)
            try await comesBack(
                village, village.ana, path, ["outcome": "goals-met", "word": long],
                showing: [
                    "Please use at most 600 characters.", String(long.dropLast()), ##"href="#closing-word""##,
                    #"<option value="goals-met" selected="">"#
                ])
            try await comesBack(
                village, village.ana, path, ["word": "She is well."],
                showing: ["Please answer this.", "She is well.", ##"href="#closing-outcome""##])
            try await village.browsing { browser in
                let page = try await browser(village.ana).get("/referrals/\(referral.id)").text
                #expect(page.contains("How did it end?") && !page.contains("selected"), "no end is chosen for anybody")
                let closed = try await browser(village.ana).post(path, ["outcome": "goals-met", "word": "Well."])
                #expect(closed.status == .seeOther)
            }
        }
    }

    @Test(
        "Joining without a reason, declining without one, handing to nobody, trying by no channel",
        arguments: TestEngine.available)
    func others(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.readyReferral(named: "Nora North")
            let twin = try await village.readyReferral(named: "Nora North")
            let page = "/referrals/\(referral.id)"
            try await comesBack(
                village, village.ana, "\(page)/merging", ["other": twin.id.text],
                showing: [##"href="#merging-reason""##, #"<option value="\#(twin.id)" selected="">"#])
            try await comesBack(
                village, village.ana, "\(page)/merging", ["reason": "Sent twice"],
                showing: [##"href="#merging-other""##, #"value="Sent twice""#])
            try await comesBack(
                village, village.ana, "\(page)/declination", [:], showing: [##"href="#declination-reason""##])
            try await comesBack(
                village, village.ana, "\(page)/contact-attempts", ["outcome": "reached"],
                showing: [##"href="#contact-attempts-channel""##])
        }
    }

    @Test("Opening again without saying why, or at too great length", arguments: TestEngine.available)
    func reopening(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.readyReferral()
            try await village.write(as: village.ana) {
                try Referral.find(referral.id, in: $0).close(as: "moved-on", word: nil, in: $0)
            }
            let path = "/referrals/\(referral.id)/reopening"
            try await comesBack(village, village.ana, path, [:], showing: [##"href="#reopening-reason""##])
            let long = String(repeating: "a", count: 601)
            try await comesBack(village, village.ana, path, ["reason": long], showing: [long])
        }
    }

    @Test("A referrer's reason to stop is never cut short", arguments: TestEngine.available)
    func stopping(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.readyReferral()
            let long = String(repeating: "a", count: 601)
            try await comesBack(
                village, village.dana, "/referrals/sent/\(referral.id)/cancellation-request", ["reason": long],
                showing: [long, "<details open>"])
        }
    }

    @Test("Inviting somebody to a program that is not the administrator's", arguments: TestEngine.available)
    func inviting(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.endOtherAdministration()
            try await comesBack(
                village, village.ada, "/people",
                ["name": "Nia New", "program": village.riverside.otherProgram.text, "role": "supporter"],
                showing: [#"value="Nia New""#])
        }
    }

    @Test("A referrer reads how long somebody waits, as far as they were told", arguments: TestEngine.available)
    func waiting(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let story = try await village.play(in: village.riverside, sharing: false)
            let (program, dana) = (village.riverside.program, village.dana.id)
            try await village.write(as: village.dana) { db in
                let draft = ReferralDraft(
                    program: program, who: .new(PersonDraft(name: "Nora North")), origin: .referrer, referrer: dana,
                    reason: "Sleep")
                _ = try Referral.open(draft, of: db.organization, in: db)
            }
            village.clock.advance(days: 4)
            try await village.browsing { browser in
                let list = try await browser(village.dana).get("/referrals/sent").text
                let waiting = list.matches(of: /waiting 4 days/).count
                #expect(waiting == 1, "of Cleo nothing more than accepted was released")
                try await village.write(as: village.ana) {
                    try Referral.find(story.referral, in: $0).close(as: "moved-on", word: nil, in: $0)
                }
                #expect(try await browser(village.dana).get("/referrals/sent").text.contains("Cleo Castro"))
            }
        }
    }
}
