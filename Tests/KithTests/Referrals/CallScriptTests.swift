import HTTPTypes
import Kith
import KithTestSupport
import Testing

@Suite("What to say on the first call")
struct CallScriptTests {
    /// A referral on whose page the first call is to be made.
    private func toCall(
        _ village: Village, language: String = "en", _ channels: [ContactChannel]
    ) async throws -> Referral {
        let person = PersonDraft(name: "Nora North", called: "Nora", language: language, channels: channels)
        let referral = try await village.refer(.new(person))
        return try await village.ana(referral) { referral, db in
            try referral.accept(in: db)
            return try Referral.find(referral.id, in: db)
        }
    }

    private func phone(_ leave: Bool, _ address: String = "+12125550142", hours: String? = nil) -> ContactChannel {
        ContactChannel(kind: .phone, address: address, mayLeaveMessage: leave, hours: hours)
    }

    @Test("It speaks the person's language, and says so where Kith cannot", arguments: TestEngine.available)
    func languages(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let spoken = [
                ("en", "Can you speak freely where you are?"), ("es", "¿Puede hablar con libertad donde está?"),
                ("ar", "هل يمكنك الكلام بحرية حيث أنت؟"), ("so", "Can you speak freely where you are?")
            ]
            for (language, line) in spoken {
                let referral = try await toCall(village, language: language, [phone(true)])
                let page = try await village.browsing {
                    try await $0(village.ana).get("/referrals/\(referral.id)").text
                }
                #expect(page.contains(line), "\(language)")
                #expect(page.contains("Kith has no words in it") == (language == "so"), "\(language)")
                let spokenIn = language == "so" ? "en" : language
                #expect(page.contains("<blockquote lang=\"\(spokenIn)\""), "\(language)")
                #expect(page.contains("href=\"/referrals/\(referral.id)/call\""))
                #expect(page.contains("Ask first whether they have a moment"), "what to do is in the reader's")
            }
        }
    }

    @Test("What may be left on a machine depends on what they allowed", arguments: TestEngine.available)
    func machines(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let said = [
                ([phone(true)], "they allow a message"), ([phone(false)], "leave nothing. End the call"),
                ([phone(true), phone(false, "+12125550143", hours: "mornings")], "only where it says above")
            ]
            for (channels, line) in said {
                let referral = try await toCall(village, channels)
                let page = try await village.browsing {
                    try await $0(village.ana).get("/referrals/\(referral.id)/call").text
                }
                #expect(page.contains(line), "\(line)")
                #expect(page.contains("212") && page.contains("What to say on the first call"))
                let before = try #require(page.firstRange(of: "Now, and not before"))
                #expect(
                    !page[page.startIndex..<before.lowerBound].contains("Caregivers"), "nothing of a program before")
                for (_, other) in said where other != line { #expect(!page.contains(other)) }
            }
        }
    }

    @Test(
        "The house's own words for a call stand in it; where nobody may call, there is none",
        arguments: TestEngine.available)
    func callers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await toCall(village, [phone(false)])
            try await village.write(as: village.ada) { db in
                try NeutralNames(sender: "Oak Street", subject: "A note", caller: "It is Oak Street, I call again.")
                    .choose(in: db)
            }
            let email = ContactChannel(kind: .email, address: "n@mail.example", mayLeaveMessage: true)
            let silent = try await toCall(village, [email])
            try await village.browsing { browser async throws -> Void in
                let ana = browser(village.ana)
                #expect(try await ana.get("/referrals/\(referral.id)/call").text.contains("It is Oak Street"))
                #expect(try await ana.get("/referrals/\(silent.id)/call").status == .conflict)
                #expect(try await !ana.get("/referrals/\(silent.id)").text.contains("first call"))
                for stranger in [village.riverside.otherCoordinator, village.hillside.coordinator] {
                    #expect(try await browser(stranger).get("/referrals/\(referral.id)/call").status == .notFound)
                }
                let sam = try await browser(village.sam).get("/referrals/\(referral.id)").text
                #expect(!sam.contains("first call") && !sam.contains("555"))
            }
        }
    }
}
