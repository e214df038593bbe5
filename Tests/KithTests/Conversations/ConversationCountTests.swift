import Kith
import KithTestSupport
import Storage
import Testing

@Suite("How many messages are new")
struct ConversationCountTests {
    @Test("Everywhere the same number, and one's own messages are not new", arguments: TestEngine.available)
    func everywhere(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            for number in 1...3 { try await pair.send("From Cleo \(number)", as: village.cleo) }
            for number in 1...2 { try await pair.send("From Ben \(number)", as: village.ben) }
            try await village.browsing { browser in
                func new(_ neighbor: Village.Neighbor, _ path: String) async throws -> [String] {
                    try await browser(neighbor).get(path).text.matches(of: /(\d+) new message/)
                        .map { String($0.output.1) }
                }
                for expected in [(["3"], ["2"]), ([], [])] {
                    for path in ["/today", "/conversations"] {
                        let found = try await new(village.ben, path)
                        #expect(found == expected.0, "\(path)")
                    }
                    for path in ["/home", "/conversations"] {
                        let found = try await new(village.cleo, path)
                        #expect(found == expected.1, "\(path)")
                    }
                    for neighbor in [village.ben, village.cleo] { _ = try await browser(neighbor).get(pair.path) }
                }
            }
        }
    }

    @Test("Counting stops at a hundred", arguments: TestEngine.available)
    func many(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.fill(250)
            try await village.browsing { browser in
                for (neighbor, path) in [(village.ben, "/today"), (village.cleo, "/home")] {
                    let page = try await browser(neighbor).get(path)
                    let saysMany = page.text.contains("More than 99 new messages")
                    #expect(saysMany, "\(path)")
                }
            }
        }
    }
}
