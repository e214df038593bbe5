import HTTPTypes
import Kith
import KithTestSupport
import Media
import Storage
import Testing

@Suite("Pictures and voice notes")
struct AttachmentTests {
    static let mark = "MARK-40.4461N"

    @Test(
        "What is sent is shown to both, as it was found to be, and nothing marked is left",
        arguments: TestEngine.available)
    func sent(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            let book = LogBook()
            try await village.browsing(log: book.logger) { browser in
                let (cleo, ben) = (browser(village.cleo), browser(village.ben))
                for (file, key, fields) in [
                    (SentFile.picture(marked: Self.mark), 1, ["description": "  Our garden "]),
                    (SentFile.voice(seconds: 65, marked: Self.mark), 2, ["body": "Listen"])
                ] {
                    let answer = try await cleo.post(
                        "\(pair.path)/messages",
                        fields.merging(["message": "0195cf1e-0000-7000-8000-00000000000\(key)"]) { $1 }, file: file)
                    #expect(answer.status == .seeOther && answer.location == "\(pair.path)#latest", "\(answer.text)")
                }
                for page in [try await cleo.get(pair.path).text, try await ben.get(pair.path).text] {
                    let path = "\(pair.path)/messages"
                    #expect(page.contains(#"<img src="\#(path)/1/attachment" alt="Our garden" width="40""#))
                    #expect(page.contains(#"preload="none" src="\#(path)/2/attachment""#))
                    #expect(page.contains("Voice note, 1:05") && page.contains("Listen"))
                }
                for (number, type, name) in [(1, "image/jpeg", "picture.jpg"), (2, "audio/webm", "voice.webm")] {
                    let answer = try await ben.get("\(pair.path)/messages/\(number)/attachment")
                    #expect(answer.status == .ok && answer.headers[.contentType] == type)
                    #expect(answer.headers[.contentSecurityPolicy] == "sandbox; default-src 'none'")
                    #expect(answer.headers[.contentDisposition] == #"inline; filename="\#(name)""#)
                    #expect(answer.headers[.xContentTypeOptions] == "nosniff")
                    #expect(answer.headers[.cacheControl] == "no-store")
                    let isMarked = answer.text.contains(Self.mark)
                    #expect(!isMarked && !answer.bytes.isEmpty)
                    #expect(try CleanFile(answer.bytes).bytes == answer.bytes)
                }
                let part = try await ben.get("\(pair.path)/messages/2/attachment", headers: [.range: "bytes=0-3"])
                #expect(part.status == .partialContent && part.bytes == [0x1A, 0x45, 0xDF, 0xA3])
            }
            let isLogged = book.text.contains(Self.mark) || book.text.contains("garden")
            #expect(!isLogged && !book.text.isEmpty)
            #expect(try await village.orphans() == [])
        }
    }

    @Test("It stands in the database encrypted, and is not read with a page", arguments: TestEngine.available)
    func encrypted(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send("Hello", as: village.cleo)
            _ = try await village.read(as: village.ben) { [id = pair.id] in try ConversationScreen(id, in: $0) }
            let before = village.ledger.last
            let file = try CleanFile(SentFile.picture())
            try await pair.send(file, describing: "A canary", as: village.cleo)
            _ = try await village.read(as: village.ben) { [id = pair.id] in try ConversationScreen(id, in: $0) }
            #expect(village.ledger.last == before, "no statement more")
            let stored = try await village.platform.store.read { reader in
                try reader.first("SELECT content, description FROM message_attachment") {
                    (content: try $0["content"] as [UInt8], description: try $0["description"] as String)
                }
            }
            let (content, description) = try #require(stored)
            #expect(content.count == file.bytes.count + 28, "a nonce and a tag beside it")
            #expect(content != file.bytes && !description.contains("canary"))
            // Put in another row's place it does not open.
            try await pair.send(try CleanFile(SentFile.voice()), as: village.cleo)
            try await village.platform.store.write { writer in
                let first: SQL = "(SELECT content FROM message_attachment WHERE format = 'jpeg')"
                try writer.run("UPDATE message_attachment SET content = \(first) WHERE format = 'webm'")
            }
            await #expect(throws: Problem.notFound) {
                try await village.read(as: village.ben) { [id = pair.id] in
                    try Conversation.find(id, in: $0).attachment(of: 3, in: $0)
                }
            }
        }
    }

    @Test("Only whoever may read the message gets it, and only as long", arguments: TestEngine.available)
    func access(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await pair.send(try CleanFile(SentFile.picture()), as: village.cleo)
            let path = "\(pair.path)/messages/1/attachment"
            try await village.browsing { browser in
                #expect(try await browser(village.ben).get(path).status == .ok)
                for outsider in [village.bao, village.ana, village.sam, village.ada, village.hillside.supporter] {
                    #expect(try await browser(outsider).get(path).status == .notFound, "\(outsider.name)")
                }
                #expect(try await browser(nil).get(path).status == .seeOther, "asks to sign in")
                for number in ["0", "2", "-1", "x", "99999999999999999999"] {
                    let other = "\(pair.path)/messages/\(number)/attachment"
                    #expect(try await browser(village.ben).get(other).status == .notFound, "\(number)")
                }
                // A message without one has nothing there.
                try await pair.send("Hello", as: village.cleo)
                #expect(try await browser(village.ben).get("\(pair.path)/messages/2/attachment").status == .notFound)
            }
            // After the end both go on reading; taken back, it is gone for good.
            try await pair.end()
            try await village.browsing { browser in
                #expect(try await browser(village.ben).get(path).status == .ok)
                _ = try await browser(village.cleo).post("\(pair.path)/messages/1/deletion")
                #expect(try await browser(village.ben).get(path).status == .notFound)
                #expect(try await browser(village.cleo).get(path).status == .notFound)
            }
            #expect(try await village.count("SELECT count(*) FROM message_attachment") == 0)
        }
    }

    @Test("What a stranger sends is not taken in", arguments: TestEngine.available)
    func strangers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            let kind: HTTPFields = [.contentType: "multipart/form-data; boundary=b0undary"]
            try await village.browsing { browser async throws -> Void in
                // No form can be read from it; whoever asks to sign in has not tried.
                let path = "\(pair.path)/messages"
                #expect(try await browser(village.cleo).send(path, .post, "nothing", kind).status == .badRequest)
                #expect(try await browser(nil).send(path, .post, "nothing", kind).status == .seeOther)
            }
        }
    }

    @Test("In a group only where it is allowed; whoever leaves gets nothing of it", arguments: TestEngine.available)
    func groups(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let circle = try await Circle(in: village)
            let nora = try await circle.joining("Nora North", called: "Skylark")
            let (picture, id) = (try CleanFile(SentFile.picture()), circle.id)
            await #expect(throws: Problem.conflict("attachment.not-here")) {
                try await village.send(picture, in: id, as: nora)
            }
            try await village.browsing { browser in
                let isOffered = try await browser(nora).get(circle.path).text.contains(#"type="file""#)
                #expect(!isOffered)
            }
            try await village.write(asSystemOf: village.riverside) { db in
                try Conversation.describe(
                    id, as: .init(title: "Tuesdays", takesAttachments: true), of: db.organization, db: db)
            }
            try await village.send(picture, in: id, as: nora)
            let later = try await circle.joining("Noor Naim")
            try await village.browsing { browser in
                let page = try await browser(nora).get(circle.path)
                #expect(page.text.contains(#"type="file""#) && page.text.contains("multipart/form-data"))
                let powers = HTTPField.Name("Permissions-Policy").flatMap { page.headers[$0] } ?? ""
                #expect(powers.contains("microphone=(self)") && powers.contains("camera=()"))
                let path = "\(circle.path)/messages/1/attachment"
                #expect(try await browser(village.ben).get(path).status == .ok)
                #expect(try await browser(later).get(path).status == .notFound, "sent before they came")
                try await circle.remove(village.ben, keepingPast: false)
                #expect(try await browser(village.ben).get(path).status == .notFound)
            }
        }
    }

    @Test("What cannot be taken says so in plain words, and the words are still there", arguments: TestEngine.available)
    func refused(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                let path = "\(pair.path)/messages"
                let form = ["message": "0195cf1e-0000-7000-8000-000000000001", "body": "Look at this"]
                for (file, words) in [
                    (Array("GIF89a".utf8), "This kind of file cannot be sent here."),
                    (Array("<script>alert(1)</script>".utf8), "This kind of file cannot be sent here."),
                    (Array(SentFile.picture().prefix(90)), "This file is damaged"),
                    ([UInt8](repeating: 1, count: 6_050_000), "This file is too large."),
                    ([UInt8](repeating: 1, count: 7_000_000), "This file is too large.")
                ] {
                    let answer = try await cleo.post(path, form, file: file)
                    #expect(answer.status == .unprocessableContent)
                    #expect(answer.text.contains(words), "\(words)")
                    #expect(answer.text.contains(">Look at this</textarea>"), "\(words)")
                    let script = try await cleo.post(path, form, file: file, headers: [.accept: "application/json"])
                    #expect(script.status == .unprocessableContent && script.text.contains(words))
                }
                let empty = try await cleo.post(path, form.merging(["body": ""]) { $1 }, file: [])
                #expect(empty.status == .unprocessableContent, "no word and no file")
                let forged = try await cleo.post(
                    path, form.merging(["form-token": "forged"]) { $1 }, file: SentFile.picture())
                #expect(forged.status == .conflict)
                // Other addresses take no such form.
                let draft = try await cleo.post("\(pair.path)/draft", form, file: SentFile.picture())
                #expect(draft.status == .unsupportedMediaType)
            }
            #expect(try await village.count("SELECT count(*) FROM message") == 0)
            #expect(try await village.count("SELECT count(*) FROM message_attachment") == 0)
        }
    }

    @Test("Sent twice it is one; a person sends so many in a day and no more", arguments: TestEngine.available)
    func once(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            let picture = try CleanFile(SentFile.picture())
            let key = Message.ID(village.platform.world.newIdentifier())
            let first = try await village.send(picture, in: pair.id, as: village.cleo, id: key)
            for _ in 1..<Message.Attachment.mostPerDay {
                try await village.send(picture, in: pair.id, as: village.cleo)
            }
            await #expect(throws: Problem.conflict("attachment.enough")) {
                try await village.send(picture, in: pair.id, as: village.cleo)
            }
            #expect(try await village.send(picture, in: pair.id, as: village.cleo, id: key) == first)
            try await village.send(picture, in: pair.id, as: village.ben)
            village.clock.advance(minutes: 25 * 60)
            try await village.send(picture, in: pair.id, as: village.cleo)
        }
    }

    @Test(
        "Words may be taken away from under it, not both; an answer to it says what it is",
        arguments: TestEngine.available)
    func changed(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.send(try CleanFile(SentFile.picture()), "Our garden", in: pair.id, as: village.cleo)
            try await pair.send("Lovely", as: village.ben)
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                #expect(try await cleo.get("\(pair.path)/messages/1").text.contains("It stays with this message."))
                #expect(try await cleo.post("\(pair.path)/messages/1", ["body": ""]).status == .seeOther)
                let empty = try await browser(village.ben).post("\(pair.path)/messages/2", ["body": ""])
                #expect(empty.status == .unprocessableContent)
            }
            let message = try #require(try await pair.messages(as: village.ben).first)
            #expect(message.body == "" && message.attachment?.kind == .picture)
            try await village.write(as: village.ben) { [id = pair.id] db in
                _ = try Message.send("Where is it?", as: db.newID(), to: id, answering: 1, in: db)
            }
            try await village.browsing { browser in
                let page = try await browser(village.cleo).get(pair.path).text
                #expect(page.contains("<span>A picture</span>"))
                // A note hides it as well; what the script fills in has one beside it.
                _ = try await browser(village.cleo).post("\(pair.path)/messages/1", ["body": "", "note": "spring"])
                let noted = try await browser(village.ben).get(pair.path).text
                #expect(noted.matches(of: #/<details data-note>(?:(?!</details>)[\s\S])*<img /#).count == 2)
            }
        }
    }
}

extension Pair {
    @discardableResult
    func send(
        _ file: CleanFile, describing text: String? = nil, as neighbor: Village.Neighbor
    ) async throws -> SentMessage {
        try await village.send(file, describing: text, in: id, as: neighbor)
    }
}

extension Village {
    @discardableResult
    func send(
        _ file: CleanFile, _ words: String = "", describing text: String? = nil, in conversation: Conversation.ID,
        as neighbor: Neighbor, id: Message.ID? = nil
    ) async throws -> SentMessage {
        let key = id ?? Message.ID(platform.world.newIdentifier())
        return try await write(as: neighbor) { db in
            let draft = try Message.Draft(words, with: Message.NewAttachment(file, description: text))
            return try Message.send(draft, as: key, to: conversation, in: db)
        }
    }
}
