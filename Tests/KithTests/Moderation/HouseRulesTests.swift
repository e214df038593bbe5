import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("House rules")
struct HouseRulesTests {
    @Test("A paragraph is a rule with its number; what is read is what was written")
    func parsing() throws {
        let rules = try HouseRules.rules(in: Village.rules)
        #expect(rules.map(\.number) == [1, 2] && rules.map(\.title) == ["Be kind", "Stay in Kith"])
        #expect(rules[0].body == "Nobody is put down here.")
        #expect(try HouseRules.rules(in: HouseRules.text(of: rules)) == rules)
        #expect(try HouseRules.rules(in: "\n\nOne\n \n\nTwo\nand more\n").map(\.title) == ["One", "Two"])
        for text in ["", " \n ", String(repeating: "a", count: 81), String(repeating: "a\n\n", count: 31)] {
            #expect(throws: Problem.self) { try HouseRules.rules(in: text) }
        }
    }

    @Test(
        "Who writes says yes to each version first; a program without rules asks nothing",
        arguments: TestEngine.available)
    func asked(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("Before there were any", as: village.ben)
            try await village.publishRules(accepting: [village.cleo])
            try await pair.send("I said yes", as: village.cleo)
            await #expect(throws: Problem.conflict("house-rules.not-accepted")) {
                try await pair.send("I did not", as: village.ben)
            }
            try await village.publishRules("Be kind", changed: "Shorter", accepting: [village.ben])
            try await pair.send("Now I did", as: village.ben)
            await #expect(throws: Problem.conflict("house-rules.not-accepted")) {
                try await pair.send("Only to the old ones", as: village.cleo)
            }
            let program = village.riverside.program
            await #expect(throws: Problem.conflict("house-rules.changed")) {
                try await village.write(as: village.cleo) { try HouseRules.accept(1, of: program, in: $0) }
            }
            for stranger in [village.hillside.supporter, village.riverside.otherCoordinator] {
                await #expect(throws: Problem.notFound) {
                    try await village.write(as: stranger) { try HouseRules.accept(2, of: program, in: $0) }
                }
                await #expect(throws: Problem.notFound) {
                    try await village.write(as: stranger) {
                        try HouseRules.publish("Mine", changed: "All", program: program, in: $0)
                    }
                }
            }
        }
    }

    @Test(
        "The page of the conversation asks, and leads back; what changed and why is read first",
        arguments: TestEngine.available)
    func pages(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            let path = "/programs/\(village.riverside.program)/house-rules"
            try await village.browsing { browser async throws -> Void in
                let (ana, cleo) = (browser(village.ana), browser(village.cleo))
                #expect(try await cleo.get(pair.path).text.contains("class=\"composer\""), "no rules, nothing asked")
                let wrong = try await ana.post(path, ["rules": "", "changed": "", "first-held": "0"])
                #expect(wrong.status == .unprocessableContent)
                for version in 1...2 {
                    let rules = "Be kind\nVersion \(version)"
                    let published = try await ana.post(path, ["rules": rules, "changed": "Why \(version)"])
                    #expect(published.location == path, "\(published.status)")
                    let page = try await cleo.get(pair.path).text
                    let link = "\(path)?conversation=\(pair.id)"
                    #expect(!page.contains("class=\"composer\"") && page.contains(link), "version \(version)")
                    let read = try await cleo.get(link).text
                    #expect(read.contains("Version \(version)") && read.contains("I keep to these rules"))
                    #expect(read.contains("Why 2") == (version == 2), "what changed")
                    let form = ["version": "\(version)", "conversation": pair.id.text]
                    let accepted = try await cleo.post("\(path)/acceptance", form)
                    #expect(accepted.location == "\(pair.path)#latest")
                    #expect(try await cleo.get(pair.path).text.contains("class=\"composer\""))
                }
                // A page that was open before: the words come back.
                _ = try await ana.post(path, ["rules": "Other", "changed": "Why"])
                let late = try await cleo.post(
                    "\(pair.path)/messages",
                    ["body": "Typed already", "message": "0195cf1e-0000-7000-8000-000000000001"])
                #expect(late.status == .conflict && late.text.contains("Typed already"))
                #expect(late.text.contains("Please load this page again and say yes"))
                #expect(try await browser(village.hillside.coordinator).get(path).status == .notFound)
                #expect(try await browser(village.ben).post(path, ["rules": "Mine"]).status == .forbidden)
            }
        }
    }
}
