import HTTPTypes
import Kith
import KithTestSupport
import Media
import Storage
import Testing

@Suite("Pictures and voice notes that somebody looks at")
struct AttachmentModerationTests {
    @Test(
        "Held back, it is seen by whoever has it in hand, and goes out with the message",
        arguments: TestEngine.available)
    func held(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.publishRules(firstHeld: 1, accepting: [village.cleo])
            let picture = try CleanFile(SentFile.picture())
            let key = Message.ID(village.platform.world.newIdentifier())
            let sent = try await village.send(picture, describing: "A cat", in: pair.id, as: village.cleo, id: key)
            #expect(sent.sequence == nil)
            let item = try await village.item(.held)
            let path = "/moderation/\(item)/messages/\(key)/attachment"
            try await village.browsing { browser in
                let hers = try await browser(village.cleo).get(pair.path).text
                #expect(hers.contains("looks at what came with it"))
                #expect(try await browser(village.ben).get("\(pair.path)/messages/1/attachment").status == .notFound)
                #expect(try await browser(village.ana).get(path).status == .notFound, "nobody has it in hand")
                try await village.claim(item, as: village.ana)
                let page = try await browser(village.ana).get("/moderation/\(item)").text
                #expect(page.contains(#"<img src="\#(path)" alt="A cat""#))
                let shown = try await browser(village.ana).get(path)
                #expect(shown.bytes == picture.bytes)
                #expect(shown.headers[.contentSecurityPolicy]?.contains("sandbox") == true)
                #expect(try await browser(village.sam).get(path).status == .notFound)
                #expect(try await browser(village.ben).get(path).status == .forbidden)
            }
            #expect(try await village.orphans() == [])
            try await village.decide(item, .init(.released), as: village.ana)
            try await village.browsing { browser async throws -> Void in
                #expect(try await browser(village.ben).get("\(pair.path)/messages/1/attachment").bytes == picture.bytes)
                #expect(try await browser(village.ana).get(path).status == .notFound, "it is decided")
            }
        }
    }

    @Test(
        "Reported, it is kept as it was seen, also when it is taken back or its sender erased",
        arguments: TestEngine.available)
    func reported(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("Look", as: village.cleo)
            let voice = try CleanFile(SentFile.voice())
            let key = Message.ID(village.platform.world.newIdentifier())
            try await village.send(voice, in: pair.id, as: village.cleo, id: key)
            let item = try await village.report(2, in: pair.id, as: village.ben)
            #expect(try await village.report(2, in: pair.id, as: village.ben) == item)
            let cleo = village.cleo.id
            try await village.write(as: village.cleo) { [id = pair.id] in try Message.delete(2, of: id, in: $0) }
            #expect(try await village.count("SELECT count(*) FROM message_attachment") == 0)
            _ = try await village.platform.erase(cleo, of: village.riverside.organization)
            try await village.claim(item, as: village.ana)
            let path = "/moderation/\(item)/messages/\(key)/attachment"
            try await village.browsing { browser in
                let page = try await browser(village.ana).get("/moderation/\(item)").text
                #expect(page.contains(#"<audio controls preload="none" src="\#(path)""#))
                #expect(try await browser(village.ana).get(path).bytes == voice.bytes)
            }
            try await village.decide(item, .init(.nothing), as: village.ana)
            #expect(
                try await village.count("SELECT count(*) FROM moderation_attachment") == 0, "nothing is kept of them")
        }
    }

    @Test("Taken away by a decision, nobody gets it; put back, they do", arguments: TestEngine.available)
    func removed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.publishRules(accepting: [village.cleo])
            try await pair.send(try CleanFile(SentFile.picture()), as: village.cleo)
            let item = try await village.report(1, in: pair.id, as: village.ben)
            try await village.settle(item, .init(.messageRemoved, rule: 1), as: village.ana)
            let path = "\(pair.path)/messages/1/attachment"
            try await village.browsing { browser async throws -> Void in
                for neighbor in [village.ben, village.cleo] {
                    #expect(try await browser(neighbor).get(path).status == .notFound)
                    #expect(!(try await browser(neighbor).get(pair.path).text.contains(path)))
                }
            }
            try await village.appeal(item, as: village.cleo)
            try await village.claim(item, as: village.sam)
            try await village.write(as: village.sam) {
                try ModerationItem.find(item, in: $0).settle(.takenBack, in: $0)
            }
            try await village.browsing { browser async throws -> Void in
                #expect(try await browser(village.ben).get(path).status == .ok)
            }
        }
    }

    @Test("A description is read by the same rules as words", arguments: TestEngine.available)
    func described(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            let picture = try CleanFile(SentFile.picture())
            let sent = try await village.send(
                picture, describing: "I want to die", in: pair.id, as: village.cleo)
            #expect(sent.sequence == 1 && sent.helpPath != nil)
        }
    }

    @Test(
        "A copy for the person names it and leads to it; erased, nothing of it is left",
        arguments: TestEngine.available)
    func copied(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            let picture = try CleanFile(SentFile.picture())
            try await village.send(picture, describing: "A cat", in: pair.id, as: village.ben)
            try await village.send(picture, in: pair.id, as: village.cleo)
            let copy = try await village.read(as: village.cleo) { try PersonCopy(of: $0.me, in: $0) }
            let paths = copy.letters.compactMap(\.attachmentPath)
            #expect(paths.count == 2)
            try await village.browsing { browser in
                let page = try await browser(village.cleo).get("/privacy/copy").text
                #expect(page.contains("A picture: A cat"))
                for path in paths {
                    #expect(page.contains(path))
                    #expect(try await browser(village.cleo).get(path).bytes == picture.bytes)
                }
                #expect(try await browser(village.cyrus).get(paths[0]).status == .notFound)
            }
            _ = try await village.platform.erase(village.cleo.id, of: village.riverside.organization)
            #expect(try await village.count("SELECT count(*) FROM message_attachment") == 1, "Ben's own")
        }
    }
}
