import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("How we may reach you")
struct ContactRouteTests {
    private static let answers = [
        "way": "email", "notices": "message", "from": "10:00", "until": "18:00", "zone": "America/Chicago",
        "language": "es", "email": "cleo@example.org", "leave-email": "yes", "phone": "555-0142"
    ]

    private func reach(_ neighbor: Village.Neighbor, _ village: Village) async throws -> Reachability {
        let house = village.riverside
        return try await village.platform.read(as: .system(house.organization), access: .anyone) {
            try Reachability.of(neighbor.id, in: house.program, of: house.organization, db: $0)
        }
    }

    @Test(
        "What somebody answers on their page counts at once, and stands there when they come back",
        arguments: TestEngine.available)
    func own(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser async throws -> Void in
                let cleo = browser(village.cleo)
                let empty = try await cleo.get("/reach")
                #expect(empty.status == .ok && empty.text.contains("When there is something new"))
                #expect(!empty.text.contains("checked=\"\">\n<label for=\"way\""), "no way is chosen for anybody")
                let saved = try await cleo.post("/reach", Self.answers)
                #expect(saved.location == "/reach")
                let again = try await cleo.get("/reach")
                for value in ["cleo@example.org", "555-0142", "10:00", "18:00"] {
                    #expect(again.text.contains("value=\"\(value)\""), "\(value)")
                }
                #expect(!again.text.contains("One of our staff"))
            }
            let reach = try await reach(village.cleo, village)
            #expect(reach.preference.way == .email && reach.preference.hours == ContactHours(from: 600, until: 1_080))
            #expect(reach.preference.timeZone == "America/Chicago" && reach.language == "es")
            #expect(reach.preference.unwanted == [.visit, .support, .seat, .reminder, .referral, .opening])
            #expect(reach.lines.map(\.channel.mayLeaveMessage) == [false, true])
        }
    }

    @Test("What is wrong comes back with all that was typed, and nothing is changed", arguments: TestEngine.available)
    func wrong(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser async throws -> Void in
                let cleo = browser(village.cleo)
                var form = Self.answers
                form["email"] = "cleo at example"
                form["until"] = "10:00"
                form["zone"] = "Mars/Base"
                let answer = try await cleo.post("/reach", form)
                #expect(answer.status == .unprocessableContent && answer.text.contains("cleo at example"))
                #expect(
                    answer.text.contains("#email") && answer.text.contains("#until") && answer.text.contains("#zone"))
                form = Self.answers
                form["email"] = ""
                let needed = try await cleo.post("/reach", form)
                #expect(needed.text.contains("We need this to tell you there"))
            }
            #expect(try await reach(village.cleo, village).lines.isEmpty)
        }
    }

    @Test(
        "“Do not contact me” counts at once, on every channel, and only they take it back",
        arguments: TestEngine.available)
    func stop(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let story = try await village.play(in: village.riverside)
            try await village.agree(village.cleo, to: [.contactByEmail], in: village.riverside.program)
            try await village.browsing { browser async throws -> Void in
                let (cleo, ana) = (browser(village.cleo), browser(village.ana))
                _ = try await cleo.post("/reach", Self.answers)
                #expect(try await cleo.post("/reach/stop").location == "/reach")
                let stopped = try await cleo.get("/reach")
                #expect(stopped.text.contains("We do not contact you") && !stopped.text.contains("name=\"way\""))
                // Nor can anything be set for them meanwhile, by anybody.
                #expect(try await cleo.post("/reach", Self.answers).status == .conflict)
                #expect(try await ana.get("/referrals/\(story.referral)/reach").status == .conflict)
                let form = try await ana.get("/referrals/\(story.referral)/person")
                #expect(form.text.contains("They asked us not to contact them"))
            }
            #expect(try await reach(village.cleo, village).isProhibited)
            // Staff cannot lift it, and what they set for somebody's safety outlives it.
            let cleo = village.cleo.id
            try await village.write(as: village.ana) { try Person.setDoNotContact(false, for: cleo, in: $0) }
            #expect(try await reach(village.cleo, village).isProhibited)
            try await village.write(as: village.ana) { try Person.setDoNotContact(true, for: cleo, in: $0) }
            try await village.browsing { browser async throws -> Void in
                let cleo = browser(village.cleo)
                #expect(try await cleo.post("/reach/again").location == "/reach")
                #expect(try await cleo.get("/reach").text.contains("A note with us says"))
            }
            #expect(try await reach(village.cleo, village).isProhibited)
            try await village.write(as: village.ana) { try Person.setDoNotContact(false, for: cleo, in: $0) }
            #expect(try await !reach(village.cleo, village).isProhibited)
        }
    }

    @Test("What a coordinator writes down with somebody is marked and recorded", arguments: TestEngine.available)
    func byStaff(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let story = try await village.play(in: village.riverside)
            try await village.browsing { browser async throws -> Void in
                let (ana, cleo) = (browser(village.ana), browser(village.cleo))
                #expect(try await ana.get("/referrals/\(story.referral)/reach").text.contains("Ask, and write down"))
                let saved = try await ana.post("/referrals/\(story.referral)/reach", Self.answers)
                #expect(saved.location == "/referrals/\(story.referral)")
                #expect(try await cleo.get("/reach").text.contains("One of our staff wrote this down"))
            }
            let by = try await village.platform.store.read {
                try $0.values(
                    "SELECT details ->> 'by' FROM event WHERE kind = 'contact.preference-set'", as: String.self)
            }
            #expect(by == ["staff"])
        }
    }

    @Test("Consent counts by program; whoever works there needs none", arguments: TestEngine.available)
    func consent(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await village.play(in: village.riverside)
            try await village.browsing { browser async throws -> Void in
                for neighbor in [village.cleo, village.ben] {
                    _ = try await browser(neighbor).post("/reach", Self.answers)
                }
            }
            let noon = TestWorld.start.adding(hours: 4)
            #expect(
                try await reach(village.cleo, village).decision(on: .notice(.message), by: .email, at: noon)
                    == .refuse(.notAgreed))
            #expect(
                try await reach(village.ben, village).decision(on: .notice(.message), by: .email, at: noon)
                    == .go(to: "cleo@example.org"))
            try await village.agree(village.cleo, to: [.contactByEmail], in: village.riverside.program)
            #expect(
                try await reach(village.cleo, village).decision(on: .notice(.message), by: .email, at: noon)
                    == .go(to: "cleo@example.org"))
        }
    }

    @Test("Neutral names may not name what a program is about", arguments: TestEngine.available)
    func names(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser async throws -> Void in
                let ada = browser(village.ada)
                var form = ["sender": "Riverside", "subject": "A note", "caller": "May I speak with them?"]
                #expect(try await ada.post("/neutral-names", form).location == "/neutral-names")
                #expect(try await ada.get("/neutral-names").text.contains("value=\"Riverside\""))
                form["subject"] = "From your new parents group"
                form["sender"] = "Grief line"
                let refused = try await ada.post("/neutral-names", form)
                #expect(
                    refused.status == .unprocessableContent && refused.text.contains("Please choose words that tell"))
            }
        }
    }
}
