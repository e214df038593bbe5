import Foundation
import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Messages that are answered, changed and taken back")
struct MessageChangeTests {
    private func edit(_ circle: Circle, _ number: Int, _ text: String, _ note: String? = nil, as one: Village.Neighbor)
        async throws
    {
        _ = try await circle.village.write(as: one) { [id = circle.id] db in
            try Message.edit(number, of: id, to: Message.Draft(text, noting: note), in: db)
        }
    }

    private func delete(_ circle: Circle, _ number: Int, as one: Village.Neighbor) async throws {
        try await circle.village.write(as: one) { [id = circle.id] in try Message.delete(number, of: id, in: $0) }
    }

    private func page(_ circle: Circle, as one: Village.Neighbor) async throws -> String {
        try await circle.village.browsing { try await $0(one).get(circle.path).text }
    }

    @Test("An answer shows in short what it answers, to those who may read that", arguments: TestEngine.available)
    func answers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let nora = try await circle.joining("Nora North")
            try await circle.send("Is anybody awake?", as: nora)
            let mona = try await circle.joining("Mona May")
            try await village.browsing { browser in
                let ben = browser(village.ben)
                let asking = try await ben.get("\(circle.path)?answers=1")
                #expect(asking.text.contains("Your answer to Nora North: Is anybody awake?"))
                #expect(asking.text.contains(#"name="answers" value="1""#))
                let form = ["message": village.platform.world.newIdentifier(), "body": "I am", "answers": "1"]
                #expect(try await ben.post("\(circle.path)/messages", form).status == .seeOther)
            }
            #expect(try await page(circle, as: nora).contains("Nora North</a>: <span>Is anybody awake?"))
            // Mona came later: what was written before she did is not hers, not even in short.
            let hers = try await page(circle, as: mona)
            #expect(hers.contains("I am") && !hers.contains("anybody awake"))
            // Nobody answers what they cannot read, and nothing of another conversation.
            try await village.write(as: mona) { [id = circle.id] db in
                _ = try Message.send("To nothing", as: db.newID(), to: id, answering: 1, in: db)
            }
            #expect(try await village.count("SELECT count(*) FROM message WHERE answers IS NOT NULL") == 1)
        }
    }

    @Test("Changed by its writer alone, it says so, and what it said is kept sealed", arguments: TestEngine.available)
    func edits(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let nora = try await circle.joining("Nora North")
            try await circle.send("My adress", as: nora)
            try await edit(circle, 1, "My address", as: nora)
            try await edit(circle, 1, "My address", as: nora)  // nothing is changed twice
            #expect(try await circle.bodies(as: village.ben) == ["My address"])
            #expect(try await page(circle, as: village.ben).contains("<span data-edited>changed</span>"))
            #expect(try await village.count("SELECT count(*) FROM message_before WHERE body NOT LIKE '%adress%'") == 1)
            await #expect(throws: Problem.notFound) { try await edit(circle, 1, "Theirs", as: village.ben) }
            await #expect(throws: Problem.notFound) { try await edit(circle, 9, "None", as: nora) }
            try await circle.remove(nora)
            await #expect(throws: Problem.conflict("conversation.left")) { try await edit(circle, 1, "Late", as: nora) }
        }
    }

    @Test("Taken back, its words are gone, and also those it had before", arguments: TestEngine.available)
    func deletes(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let nora = try await circle.joining("Nora North")
            try await circle.send("Too much", as: nora)
            try await edit(circle, 1, "Far too much", as: nora)
            await #expect(throws: Problem.notFound) { try await delete(circle, 1, as: village.ben) }
            #expect(try await village.read(as: village.ben) { try Conversation.unread(in: $0) } == 1)
            try await delete(circle, 1, as: nora)
            try await delete(circle, 1, as: nora)
            #expect(try await circle.bodies(as: village.ben) == [nil])
            #expect(try await page(circle, as: village.ben).contains("This message was taken back."))
            #expect(try await village.count("SELECT count(*) FROM message_before") == 0)
            #expect(try await village.count("SELECT count(*) FROM message WHERE body IS NOT NULL") == 0)
            #expect(try await village.count("SELECT count(*) FROM event WHERE kind = 'message.deleted'") == 1)
            #expect(try await village.read(as: village.ben) { try Conversation.unread(in: $0) } == 0)
            await #expect(throws: Problem.notFound) { try await edit(circle, 1, "Again", as: nora) }
        }
    }

    @Test("Open streams are told, and so is who was away", arguments: TestEngine.available)
    func live(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let nora = try await circle.joining("Nora North")
            try await village.serving { port in
                let path = "\(circle.path)/events?after=0.0"
                var reader = try await EventReader(path, on: port, as: village.ben)
                try await circle.send("First", as: nora)
                #expect(await reader.next(1).first?.id == "1")
                try await edit(circle, 1, "Better", "loss", as: nora)
                let changed = await reader.next(1, "change").first
                #expect(changed?.id == "1.1" && changed?.text("body") == "Better")
                #expect(changed?.text("note")?.contains("loss") == true)
                reader.close()
                // Cut off before the first change of all, one misses none.
                var early = try await EventReader(
                    "\(circle.path)/events", on: port, as: village.ben, lastEventID: "1")
                #expect(await early.next(1, "change").first?.text("body") == "Better")
                early.close()
                try await circle.send("Second", as: nora)
                try await delete(circle, 1, as: nora)
                var again = try await EventReader(path, on: port, as: village.ben, lastEventID: "1.1")
                #expect(await again.next(1).first?.text("body") == "Second")
                let deleted = await again.next(1, "change").first
                #expect(deleted?.id == "2.2" && deleted?.text("body") == "This message was taken back.")
                try await circle.send("Third", as: nora)
                #expect(await again.next(1).first?.id == "3.2")
                again.close()
            }
        }
    }

    @Test("Whoever is spoken to by name sees that, and nobody else does", arguments: TestEngine.available)
    func called(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let nora = try await circle.joining("Nora North", called: "Skylark")
            try await circle.send("Thank you, @skylark!", as: village.ben)
            #expect(try await page(circle, as: nora).contains("<strong data-called>To you</strong>"))
            #expect(try await page(circle, as: village.ben).components(separatedBy: "data-called").count == 2)
        }
    }

    @Test("What a message speaks of stands before it, and is sealed like it", arguments: TestEngine.available)
    func notes(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let nora = try await circle.joining("Nora North")
            try await village.browsing { browser in
                let path = "\(circle.path)/messages"
                let form = ["message": village.platform.world.newIdentifier(), "body": "He died", "note": "a death"]
                #expect(try await browser(nora).post(path, form).status == .seeOther)
                let long = form.merging(["note": String(repeating: "x", count: 81)]) { $1 }
                let refused = try await browser(nora).post(path, long)
                #expect(refused.status == .unprocessableContent && refused.text.contains("He died</textarea>"))
            }
            let page = try await page(circle, as: village.ben)
            #expect(page.contains("This speaks of a death. Open it to read it.</summary>"))
            #expect(try await village.count("SELECT count(*) FROM message WHERE content_note LIKE '%death%'") == 0)
        }
    }

    @Test("What is not sent is kept for its writer alone, and gone when it is sent", arguments: TestEngine.available)
    func drafts(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let nora = try await circle.joining("Nora North")
            try await village.browsing { browser in
                let hers = browser(nora)
                // What cannot be a message is no answer to one.
                for number in ["0", "-1", "\(Int.min)", "99"] {
                    #expect(try await hers.get("\(circle.path)?answers=\(number)").status == .ok, "\(number)")
                }
                let unsent = ["body": "I wanted", "note": "a death", "answers": "1"]
                let kept = try await hers.post("\(circle.path)/draft", unsent)
                #expect(kept.location == "\(circle.path)?answers=1#body")
                #expect(try await hers.get(circle.path).text.contains("value=\"a death\""))
                let page = try await hers.get(circle.path)
                #expect(page.text.contains(">I wanted</textarea>") && page.text.contains(#"name="drafted""#))
                #expect(try await !browser(village.ben).get(circle.path).text.contains("I wanted"))
                #expect(
                    try await village.count("SELECT count(*) FROM conversation_draft WHERE body LIKE '%I%want%'") == 0)
                let form = ["message": village.platform.world.newIdentifier(), "body": "I wanted to", "drafted": "yes"]
                #expect(try await hers.post("\(circle.path)/messages", form).status == .seeOther)
                #expect(try await village.count("SELECT count(*) FROM conversation_draft") == 0)
            }
        }
    }

    @Test("The same words kept by several pages at once are kept", arguments: TestEngine.available)
    func draftsAtOnce(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            // Whose key it is matters only where there are several.
            for neighbor in [village.ben, village.cleo] { try await pair.send("Hello", as: neighbor) }
            for number in 1...10 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 1...4 {
                        group.addTask {
                            try await village.write(as: village.cleo) {
                                try Conversation.find(pair.id, in: $0).keepDraft("I wanted \(number)", in: $0)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let draft = try await village.read(as: village.cleo) {
                    try Conversation.find(pair.id, in: $0).draft(in: $0)
                }
                #expect(draft == Conversation.Unfinished(body: "I wanted \(number)"))
            }
        }
    }

    @Test("Words are found in what one may read, a stretch at a time", arguments: TestEngine.available)
    func search(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.fill(1_200)
            try await village.browsing { browser in
                let (cleo, path) = (browser(village.cleo), "\(pair.path)/search")
                #expect(try await cleo.get(path).text.contains("stored encrypted"))
                let found = try await cleo.post(path, ["words": "word 1100"])
                #expect(found.status == .ok && found.text.contains("?after=1099#m1100"))
                // The first 200 are beyond the newest thousand.
                let none = try await cleo.post(path, ["words": "Word 77"])
                #expect(!none.text.contains("#m77\"") && none.text.contains(#"name="before" value="201""#))
                let further = try await cleo.post(path, ["words": "Word 77", "before": "201"])
                #expect(further.text.contains("#m77\"") && !further.text.contains(#"name="before""#))
                #expect(try await browser(village.bao).post(path, ["words": "word"]).status == .notFound)
            }
        }
    }
}
