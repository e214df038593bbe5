import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("A card for the wallet")
struct WalletCardTests {
    /// What stands on the card itself, without the page around it.
    private func card(_ page: String) throws -> String {
        let begin = try #require(page.firstRange(of: "<div class=\"wallet"))
        let end = try #require(page[begin.lowerBound...].firstRange(of: "<div class=\"unprinted"))
        return String(page[begin.lowerBound..<end.lowerBound])
    }

    @Test(
        "It has the numbers of the house, says nothing of whoever carries it, and less of the house if they like",
        arguments: TestEngine.available)
    func discreet(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.write(as: village.ada) { db in
                try UrgentHelp(
                    usesNational: false, emergency: "112", lines: [.init(name: "Riverside at night", call: "555-0199")]
                ).keep(in: db)
            }
            let house = try await village.read(as: village.cleo) { try Organization.current(in: $0).name }
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                let named = try card(try await cleo.get("/wallet-card/mine").text)
                for text in [house, "Riverside at night", "555-0199", "112"] {
                    #expect(named.contains(text), "\(text)")
                }
                #expect(!named.contains("988"), "the house has numbers of another country")
                let discreet = try card(try await cleo.get("/wallet-card/mine?names=no&next=yes").text)
                #expect(discreet.contains("555-0199") && discreet.contains("112"))
                for text in ["iverside", "localhost", village.cleo.name, "upport"] {
                    #expect(!discreet.contains(text), "\(text)")
                }
                #expect(!named.contains(village.cleo.name))
                let stranger = try card(try await browser(nil).get("/wallet-card?names=no").text)
                #expect(!stranger.contains("iverside") && !stranger.contains("localhost"))
            }
        }
    }

    @Test(
        "What is planned next stands on it if they like, and never with whom or what", arguments: TestEngine.available)
    func next(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                #expect(try await cleo.get("/wallet-card/mine?next=yes").text.contains("Nothing is planned"))
                try await village.plan(pair)
                let without = try card(try await cleo.get("/wallet-card/mine").text)
                #expect(!without.contains("Next:"), "nobody asked for it")
                let card = try card(try await cleo.get("/wallet-card/mine?next=yes").text)
                #expect(card.contains("Next:") && !card.contains("Tomorrow") && !card.contains("Today"))
                #expect(!card.contains(village.ben.name))
                let nextDoor = try await browser(village.cyrus).get("/wallet-card/mine?next=yes").text
                #expect(!nextDoor.contains("Next:"), "it is the day of whoever asks")
                #expect(try await browser(nil).get("/wallet-card?next=yes").text.contains("Next:") == false)
            }
        }
    }
}
