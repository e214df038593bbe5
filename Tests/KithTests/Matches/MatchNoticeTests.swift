import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Both sides hear that there is something to answer")
struct MatchNoticeTests {
    @Test(
        "A suggestion, the second yes, and an end are told, with no word of what it is",
        arguments: TestEngine.available)
    func told(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let village = village.carrying()
            try await village.enroll(village.ben, .usual())
            let referral = try await village.readyReferral(of: village.cleo)
            for (neighbor, address) in [(village.ben, "ben@home.example"), (village.cleo, "cleo@home.example")] {
                try await village.reachByMail(neighbor, at: address)
            }
            let postbox = Postbox()
            func letters() async throws -> [String] {
                let before = postbox.letters.count
                village.clock.advance(minutes: 5)
                await village.workOff(into: postbox)
                let new = postbox.letters.dropFirst(before)
                #expect(new.allSatisfy { !$0.text.contains("Cleo") && !$0.text.contains("Ben") })
                return new.map(\.address).sorted()
            }
            _ = try await letters()
            let match = try await village.write(as: village.ana) { [ben = village.ben.id] db in
                try Match.propose(ben, for: Referral.find(referral.id, in: db), in: db).id
            }
            #expect(try await letters() == ["ben@home.example", "cleo@home.example"])
            for (neighbor, side) in [(village.ben, Match.Side.supporter), (village.cleo, .participant)] {
                try await village.write(as: neighbor) { try Match.find(match, in: $0).answer(.yes, for: side, in: $0) }
            }
            #expect(try await letters() == ["ben@home.example"], "the other knows")
            try await village.write(as: village.cleo) { try Match.find(match, in: $0).end(in: $0) }
            #expect(try await letters() == ["ben@home.example"])
        }
    }
}
