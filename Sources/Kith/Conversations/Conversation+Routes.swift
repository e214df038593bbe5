import HTTPTypes
import Hummingbird
import Web

extension Conversation {
    /// Anybody signed in may ask; only members find something.
    static let routes: [Route] = [
        .get("/conversations", .signedIn) { visit in
            let after = try visit.query["after"].flatMap(place)
            return try await visit.show { try ConversationListScreen(after: after, in: $0) }
        }.asking("after"),
        .get("/conversations/{id}", .signedIn, showPage).asking("after", "answers", "before", "newest"),
        .get("/conversations/{id}/events", .signedIn, stream).asking("after").answering(.events).unattended(),
        .post("/conversations/{id}/messages", .signedIn, send)
            .taking("answers", "body", "description", "drafted", "message", "note", "through")
            .takingFile("attachment", upTo: Message.NewAttachment.largestUpload),
        .get("/conversations/{id}/messages/{sequence}/attachment", .signedIn) { visit in
            let (id, number) = (try visit.id() as ID, try visit.sequence)
            return visit.file(try await visit.read { try find(id, in: $0).attachment(of: number, in: $0) })
        }.answering(.file).unattended(),
        .get("/conversations/{id}/messages/{sequence}", .signedIn) { visit in
            let (id, number) = (try visit.id() as ID, try visit.sequence)
            return try await visit.show { try ChangeScreen(number, of: id, in: $0) }
        },
        .post("/conversations/{id}/messages/{sequence}", .signedIn, change).taking("body", "note"),
        .post("/conversations/{id}/messages/{sequence}/deletion", .signedIn) { visit in
            let (id, number) = (try visit.id() as ID, try visit.sequence)
            _ = try await visit.form()
            try await visit.write { try Message.delete(number, of: id, in: $0) }
            return .seeOther("/conversations/\(id)#m\(number)")
        }.taking(),
        .post("/conversations/{id}/draft", .signedIn, keepDraft).taking("answers", "body", "note"),
        .get("/conversations/{id}/search", .signedIn) { visit in
            let id: ID = try visit.id()
            return try await visit.show { try MessageSearchScreen(id, in: $0) }
        },
        .post("/conversations/{id}/search", .signedIn) { visit in
            let id: ID = try visit.id()
            let (words, before) = try await visit.form().read { fields in
                (
                    fields.text("words", max: MessageSearchScreen.longest),
                    fields.optionalInteger("before", in: 1...Int.max)
                )
            }
            return try await visit.show { try MessageSearchScreen(id, for: words, before: before, in: $0) }
        }.taking("before", "words"),
        .post("/conversations/{id}/reading", .signedIn, noteReading).taking("from", "seen", "through").unattended()
    ]

    /// A place in the list: `2026-11-21T21:40:05.123Z_…`.
    private static func place(_ text: String) -> (at: Instant, id: ID)? {
        let parts = text.split(separator: "_").map(String.init)
        guard parts.count == 2, let at = Instant(parts[0]), let id = ID(untrusted: parts[1]) else { return nil }
        return (at, id)
    }

    private static func showPage(_ visit: Visit) async throws -> Response {
        let id: ID = try visit.id()
        let part = part(try visit.query)
        let answered = try visit.query["answers"].flatMap { Int($0) }
        let (screen, actor) = try await visit.read {
            (try ConversationScreen(id, answered == nil ? part : .newest, answering: answered, in: $0), $0.actor)
        }
        var response = try visit.render(screen, for: actor, status: .ok)
        screen.allowRecording(in: &response)
        // A browser that fetches a page in case somebody wants it has nobody in front of it.
        if let range = screen.range, !visit.isPrefetch {
            // What can be read is shown even where nothing can be written; the marks then stay behind, never ahead.
            try? await visit.note(range, of: screen.conversation)
        }
        return response
    }

    /// A number that is none leads to the last messages.
    private static func part(_ query: Form) -> ConversationScreen.Part {
        if query["newest"] != nil { return .newest }
        if let before = query["before"] { return .before(Int(before) ?? 0) }
        return query["after"].map { .after(Int($0) ?? -1) } ?? .unread
    }

    private static func send(_ visit: Visit) async throws -> Response {
        let id: ID = try visit.id()
        let (form, file) = try await visit.formWithFile()
        do {
            let attachment = try Message.NewAttachment(file, description: form["description"])
            let (body, messageID, seen, answered, note) = try form.read { fields in
                (
                    fields.text("body", required: attachment == nil, max: Message.longest, multiline: true),
                    fields.value("message", code: "required", standIn: Message.ID(""), Message.ID.init(untrusted:)),
                    fields.optionalInteger("through", in: 0...Int.max),
                    fields.optionalInteger("answers", in: 1...Int.max), fields.text("note", max: Message.longestNote)
                )
            }
            let draft = try Message.Draft(body, answering: answered, noting: note, with: attachment)
            let wasKept = form["drafted"] != nil
            let (sent, zone) = try await visit.write { db in
                let sent = try Message.send(draft, as: messageID, to: id, seen: seen ?? 0, in: db)
                if wasKept { try find(id, in: db).dropDraft(in: db) }
                return (sent, db.actor.timeZone)
            }
            guard visit.wantsJSON else {
                let help = sent.helpPath.flatMap { SitePath(untrusted: $0) }
                return .seeOther(help ?? "/conversations/\(id)#latest")
            }
            let words = Words(visit.words.strings, zone: zone, now: sent.at)
            return try .json(Receipt(sent, words))
        } catch {
            // A refusal of its own for each request would lose what was typed: the page comes back with the words.
            guard let reason = reason(error) else { throw error }
            if visit.wantsJSON {
                let text = visit.words(reason.key, ["max": "\(Message.longest)"])
                let code = (error as? Problem)?.code ?? "invalid"
                return try .json(["code": code, "text": text], status: reason.status)
            }
            var unsent = ConversationScreen.Unsent(text: form["body"] ?? "", note: form["note"], reason: reason.key)
            if case .none = file {} else { unsent.description = form["description"] ?? "" }
            let (kept, answered) = (unsent, form["answers"].flatMap { Int($0) })
            let (screen, actor) = try await visit.read {
                (try ConversationScreen(id, .newest, unsent: kept, answering: answered, in: $0), $0.actor)
            }
            var response = try visit.render(screen, for: actor, status: reason.status)
            screen.allowRecording(in: &response)
            return response
        }
    }

    private static func change(_ visit: Visit) async throws -> Response {
        let (id, number) = (try visit.id() as ID, try visit.sequence)
        let form = try await visit.form()
        do {
            let (body, note) = try form.read { fields in
                (
                    fields.text("body", max: Message.longest, multiline: true),
                    fields.text("note", max: Message.longestNote)
                )
            }
            let draft = try Message.Draft(body, noting: note, mayBeEmpty: true)
            let help = try await visit.write { try Message.edit(number, of: id, to: draft, in: $0) }
            return .seeOther(help.flatMap { SitePath(untrusted: $0) } ?? "/conversations/\(id)#m\(number)")
        } catch {
            guard let reason = reason(error) else { throw error }
            let typed = ChangeScreen.Typed(text: form["body"] ?? "", note: form["note"] ?? "", reason: reason.key)
            return try await visit.show(status: reason.status) {
                try ChangeScreen(number, of: id, typed: typed, in: $0)
            }
        }
    }

    private static func keepDraft(_ visit: Visit) async throws -> Response {
        let id: ID = try visit.id()
        let form = try await visit.form()
        let (body, note) = (form["body"] ?? "", form["note"])
        try await visit.write { try find(id, in: $0).keepDraft(body, noting: note, in: $0) }
        if visit.wantsJSON { return Response(status: .noContent) }
        let answered = form["answers"].flatMap { Int($0) }
        return .seeOther(answered.map { "/conversations/\(id)?answers=\($0)#body" } ?? "/conversations/\(id)#body")
    }

    /// Why a message was not sent, where the page can say it and show the words once more.
    private static func reason(_ error: any Error) -> (key: String, status: HTTPResponse.Status)? {
        switch error {
        case let errors as FieldErrors: ("errors.\(errors.all.first?.code ?? "required")", .unprocessableContent)
        case Problem.invalid(let errors): ("errors.\(errors.all.first?.code ?? "required")", .unprocessableContent)
        case let problem as Problem where [.conflict, .forbidden].contains(problem.status):
            ("problems.\(problem.code)", problem.status)
        default: nil
        }
    }

    /// The script says that messages have arrived, and with `seen=yes` that they are in front of somebody.
    private static func noteReading(_ visit: Visit) async throws -> Response {
        let id: ID = try visit.id()
        let (range, isSeen) = try await visit.form().read { fields in
            let from = fields.integer("from", in: 1...Int.max)
            return (from...max(from, fields.integer("through", in: 1...Int.max)), fields.flag("seen"))
        }
        try await visit.write { try find(id, in: $0).see(range, reading: isSeen, in: $0) }
        return Response(status: .noContent)
    }

    private static func stream(_ visit: Visit) async throws -> Response {
        let id: ID = try visit.id()
        let start = try ConversationFeed.Start(visit.request.lastEventID ?? visit.query["after"])
        let feed = try await ConversationFeed.open(
            id, after: start, for: visit.credential, in: visit.locale, on: visit.platform)
        return EventStream(from: feed).response(from: visit.request, context: visit.context)
    }
}

extension Visit {
    /// The number of a message, in the path.
    var sequence: Int {
        get throws {
            guard let number = Int(try parameter("sequence")), number > 0 else { throw Problem.notFound }
            return number
        }
    }
}

/// The answer to a message sent by script.
private struct Receipt: Encodable {
    /// Missing while somebody reads it first.
    let sequence: Int?
    let sentAt: String
    let day: String
    let time: String
    /// Where help is offered, when the words give cause to.
    let help: String?

    init(_ sent: SentMessage, _ words: Words) {
        sequence = sent.sequence
        sentAt = sent.at.description
        day = words.day(sent.at)
        time = words.time(sent.at)
        help = sent.helpPath
    }
}

extension Visit {
    fileprivate var isPrefetch: Bool {
        HTTPField.Name("Sec-Purpose").map { request.headers[$0]?.contains("prefetch") == true } ?? false
    }

    /// Notes that a page shows these messages, if that is new.
    fileprivate func note(_ range: ClosedRange<Int>, of conversation: Conversation) async throws {
        let (id, marks) = (conversation.id, conversation.me.marks)
        guard marks.after(range, reading: true) != marks else { return }
        try await write { try Conversation.find(id, in: $0).see(range, reading: true, in: $0) }
    }
}
