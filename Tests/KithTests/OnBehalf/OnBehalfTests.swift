import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("For somebody on the phone")
struct OnBehalfTests {
    @Test(
        "A coordinator writes down a pause, an end of it, a wish to be deleted and what was said at the end",
        arguments: TestEngine.available)
    func all(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let planned = try await village.plan(pair, in: 3 * 24)
            let base = "/referrals/\(pair.referral)/on-behalf"
            try await village.browsing { browser in
                let ana = browser(village.ana)
                #expect(try await ana.get("\(base)").text.contains("Begin a pause for them"))
                let wrong = try await ana.post("\(base)/pause", ["returns-on": "2026-01-01"])
                #expect(wrong.status == .unprocessableContent)
                _ = try await ana.post("\(base)/pause", [:])
                #expect(try await village.encounter(planned).status == .cancelled)
                #expect(try await ana.get(base).text.contains("They are back"))
                _ = try await ana.post("\(base)/pause/end", [:])
                _ = try await ana.post("\(base)/erasure", [:])
                #expect(try await ana.get(base).text.contains("They asked for it on"))
                #expect(try await ana.get("/erasures").text.contains(village.cleo.name))
                _ = try await ana.post("\(base)/erasure/withdrawal", [:])
                #expect(try await ana.get("\(base)/feedback").status == .conflict, "it goes on")
                try await village.write(as: village.ana) {
                    try Referral.find(pair.referral, in: $0).close(as: "support-completed", word: nil, in: $0)
                }
                _ = try await ana.post("\(base)/feedback", ["helped": "yes", "again": "maybe"])
                #expect(try await village.count("SELECT count(*) FROM feedback") == 1)
            }
            // Done by her, and the record says so.
            let doers = try await village.read(as: village.ana) { db in
                try db.values(
                    """
                    SELECT actor FROM event WHERE kind IN ('support-pause.began', 'support-pause.ended', 'erasure.asked',
                        'erasure.withdrawn', 'referral.feedback')
                    """, as: String.self)
            }
            #expect(doers.count == 5 && Set(doers) == ["person:\(village.ana.id)"])
        }
    }

    @Test("Somebody who never had an account can be deleted as well", arguments: TestEngine.available)
    func withoutAccount(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.readyReferral(named: "Nora North")
            try await village.browsing { browser in
                let ana = browser(village.ana)
                let base = "/referrals/\(referral.id)/on-behalf"
                _ = try await ana.post("\(base)/erasure", [:])
                #expect(try await ana.get("/erasures").text.contains("Nora North"))
            }
        }
    }

    @Test("Nothing leads to how they can be reached once they said stop", arguments: TestEngine.available)
    func stopped(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let own = "/referrals/\(try await village.pair().referral)"
            try await village.browsing { browser in
                let ana = browser(village.ana)
                #expect(try await ana.get("\(own)/on-behalf").text.contains("\(own)/reach"))
                try await village.write(as: village.cleo) { try Person.stopContact(in: $0) }
                let page = try await ana.get("\(own)/on-behalf").text
                #expect(page.contains("\(own)/person") && !page.contains("\(own)/reach"))
            }
        }
    }

    @Test("Nobody else does it, in no program", arguments: TestEngine.available)
    func reach(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let others = [village.riverside.otherCoordinator, village.hillside.coordinator]
            try await village.browsing { browser in
                for other in others {
                    let page = try await browser(other).get("/referrals/\(pair.referral)/on-behalf")
                    #expect(page.status == .notFound, "\(other.name)")
                }
            }
        }
    }
}
