import Foundation
import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Urgent help")
struct UrgentHelpTests {
    private static let own = [
        "national": "yes", "name-1": "Riverside night line", "about-1": "A nurse answers.", "call-1": "(410) 555-0100"
    ]

    @Test("An organization's own numbers stand before the country's, at once", arguments: TestEngine.available)
    func own(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser async throws -> Void in
                let (ada, stranger) = (browser(village.ada), browser(nil))
                #expect(try await ada.post("/urgent-help/numbers", Self.own).location == "/urgent-help/numbers")
                let page = try await stranger.get("/urgent-help").text
                let (own, lifeline) = (page.range(of: "Riverside night line"), page.range(of: "tel:988"))
                let isFirst = try #require(own).lowerBound < #require(lifeline).lowerBound
                #expect(isFirst && page.contains(#"href="tel:(410) 555-0100""#) && page.contains("2026-03-02"))
                #expect(try await ada.get("/urgent-help/numbers").text.contains("Riverside night line"))
            }
        }
    }

    @Test(
        "In another country the others are not shown, and the number for danger must be given",
        arguments: TestEngine.available)
    func elsewhere(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser async throws -> Void in
                let ada = browser(village.ada)
                let refused = try await ada.post(
                    "/urgent-help/numbers", ["name-1": "Telefonseelsorge", "call-1": "call"])
                #expect(refused.status == .unprocessableContent && refused.text.contains("Telefonseelsorge"))
                #expect(refused.text.contains("#emergency") && refused.text.contains("#call-1"))
                for digits in ["９１１", "९११", "¹¹²"] {
                    let undialed = try await ada.post("/urgent-help/numbers", ["emergency": digits])
                    #expect(undialed.text.contains("#emergency"), "no telephone dials \(digits)")
                }
                // As an Arabic keyboard writes it.
                _ = try await ada.post(
                    "/urgent-help/numbers",
                    ["emergency": "١١٢", "name-1": "Telefonseelsorge", "call-1": "0800 1110111"])
                let page = try await browser(nil).get("/urgent-help").text
                #expect(page.contains("tel:112") && !page.contains("tel:911") && !page.contains("988"))
            }
        }
    }

    @Test(
        "Nobody looks at the numbers for half a year: it stands on the administrator's first page until somebody does",
        arguments: TestEngine.available)
    func review(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser async throws -> Void in
                let ada = browser(village.ada)
                let sentence = "Somebody should look at the numbers for urgent help again."
                let days = UrgentHelp.unitedStates.checkedOn.daysSince1970 - 20_514 + UrgentHelp.daysBetweenReviews
                #expect(try await !ada.get("/people").text.contains(sentence))
                village.clock.advance(days: days + 1)
                #expect(try await ada.get("/people").text.contains(sentence))
                #expect(try await ada.post("/urgent-help/review").location == "/urgent-help/numbers")
                #expect(try await !ada.get("/people").text.contains(sentence))
                village.clock.advance(days: UrgentHelp.daysBetweenReviews)
                #expect(try await ada.get("/people").text.contains(sentence))
            }
        }
    }

    @Test("The page stands when the database is gone", arguments: TestEngine.available)
    func withoutDatabase(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser async throws -> Void in
                _ = try await browser(village.ada).post("/urgent-help/numbers", Self.own)
                await village.platform.store.close()
                let page = try await browser(nil).get("/urgent-help")
                #expect(
                    page.status == .ok && page.text.contains("tel:988") && page.text.contains("Riverside night line"))
                #expect(try await browser(nil).get("/").status == .serviceUnavailable, "the database is gone")
            }
        }
    }

    @Test(
        "Whoever receives support or asks for it reads beside each box that nobody watches it day and night",
        arguments: TestEngine.available)
    func boxes(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let story = try await village.pair()
            let visit = try await village.meet(story)
            try await village.browsing { browser async throws -> Void in
                let pages: [(Village.Neighbor?, String)] = [
                    (nil, "/get-support/riverside"), (village.cleo, "/wishes/\(story.referral)"),
                    (village.cleo, "/conversations/\(story.conversation)"), (village.cleo, "/encounters/\(visit)"),
                    (village.ben, "/conversations/\(story.conversation)")
                ]
                var boxes = 0
                for (neighbor, path) in pages {
                    let page = try await browser(neighbor).get(path).text
                    guard let main = page.firstRange(of: "<main"), let end = page.firstRange(of: "</main>") else {
                        Issue.record("\(path) has no main part")
                        continue
                    }
                    let text = page[main.lowerBound..<end.lowerBound]
                    let found = text.matches(of: /<textarea/).count
                    boxes += found
                    let said = text.matches(of: /not watched around the clock/).count
                    #expect(
                        said >= min(found, 1) && said <= max(found, 1), "\(path): \(found) boxes, said \(said) times")
                }
                #expect(boxes >= 2, "the test sees boxes")
            }
        }
    }
}
