import Media
import Storage
import Web

/// A conversation: some of its messages, and under the last ones the box to write in.
package struct ConversationScreen: Screen {
    package static let template = "conversations/show"
    /// How many messages a page has.
    package static let pageSize = 40

    /// Which messages a page has.
    package enum Part: Sendable, Equatable {
        /// From the first unread one on where there are more than a page, for else they would count as read unseen;
        /// mostly that means the last ones.
        case unread
        /// The last ones.
        case newest
        /// Those before the one with this number.
        case before(Int)
        /// Those after the one with this number.
        case after(Int)
    }

    /// Words that were not sent, and why: nobody has to write them twice.
    package struct Unsent: Sendable {
        let text: String
        var note: String?
        /// Of a file that came along and cannot be kept: it has to be chosen once more.
        var description: String?
        /// A key below `errors` or `problems` in the texts.
        let reason: String
    }

    let conversation: Conversation
    let reader: ShownMessage.Reader
    let messages: [Message]
    /// Whether these are the last messages.
    let isNewest: Bool
    /// Whether the page begins with the first unread message.
    let beginsUnread: Bool
    let unsent: Unsent?
    /// What other features have to say to the person asking.
    let posted: [ConversationGate.Posted]
    /// What the person asking had begun to write.
    let draft: Conversation.Unfinished?
    /// The message that the next one answers.
    let answered: Message?
    /// The next message's identifier: sent twice, the form is still one message.
    let nextID: Message.ID

    package init(
        _ id: Conversation.ID, _ part: Part = .unread, unsent: Unsent? = nil, answering number: Int? = nil,
        in db: Reading
    ) throws {
        let conversation = try Conversation.find(id, in: db)
        let (last, next) = (conversation.lastSequence, conversation.nextToRead)
        beginsUnread = part == .unread && next <= last - Self.pageSize
        switch part {
        case .unread where beginsUnread:
            messages = try conversation.messages(after: next - 1, limit: Self.pageSize, in: db)
        case .before(let number) where (2...max(last, 2)).contains(number):
            messages = try conversation.messages(before: number, limit: Self.pageSize, in: db)
        case .after(let number) where (0..<max(last, 1)).contains(number):
            messages = try conversation.messages(after: number, limit: Self.pageSize, in: db)
        case .unread, .newest, .before, .after:
            messages = try conversation.messages(before: nil, limit: Self.pageSize, in: db)
        }
        self.conversation = conversation
        let reader = try conversation.reader(in: db)
        self.reader = reader
        isNewest = messages.last.map { $0.sequence >= last } ?? true
        self.unsent = unsent
        posted = isNewest ? try Features.gates.flatMap { try $0.posted(conversation, db) } : []
        draft = isNewest && conversation.canWrite ? try conversation.draft(in: db) : nil
        answered = try number.flatMap { number in
            guard number >= 1 else { return nil }
            return try conversation.messages(after: number - 1, limit: 1, in: db).first {
                $0.sequence == number && !reader.apart.contains($0.sender)
            }
        }
        nextID = Message.ID(db.world.newIdentifier())
        if !messages.isEmpty { conversation.disclose(in: db) }
    }

    /// The numbers of the messages on the page.
    var range: ClosedRange<Int>? {
        guard let first = messages.first, let last = messages.last else { return nil }
        return first.sequence...last.sequence
    }

    /// Whether the person asking can write on it.
    var writes: Bool { isNewest && conversation.canWrite && !posted.contains(where: \.stopsWriting) }

    /// Neutral: others may see the browser's title.
    package func title(_ words: Words) -> String { words("conversation.title") }

    package func shown(_ words: Words) -> Value {
        return [
            "invalid": .flag(unsent != nil),
            "heading": .text(heading(words)), "agreements": Value(conversation.group?.agreements),
            "whoReads": .text(
                conversation.group == nil
                    ? words("conversation.who-reads")
                    : words("conversation.group.who-reads", ["name": conversation.me.name])),
            "concernPath": .text(conversation.match.map { "/concerns/new?match=\($0)" } ?? "/concerns/new"),
            "earlierPath": earlierPath, "days": .list(days(words)), "empty": .flag(messages.isEmpty),
            "newestPath": isNewest ? .nothing : .text("/conversations/\(conversation.id)?newest=1#latest"),
            "laterPath": laterPath, "beginsUnread": .flag(beginsUnread),
            // Why nobody can write here comes before what else is wrong with the words.
            "refused": Value(unsent.map { words(conversation.closedKey ?? $0.reason, ["max": "\(Message.longest)"]) }),
            "kept": writes ? .nothing : Value(unsent?.text),
            "closed": isNewest && unsent == nil ? Value(conversation.closedKey.map { words($0) }) : .nothing,
            "posted": .list(posted.map { shown($0, words) }),
            "live": writes ? .text("/conversations/\(conversation.id)/events") : .nothing,
            "change": .number(conversation.lastChange), "searchPath": .text("/conversations/\(conversation.id)/search"),
            "box": writes ? box(words) : .nothing
        ]
    }

    private func shown(_ posted: ConversationGate.Posted, _ words: Words) -> Value {
        [
            "text": .text(posted.text(words)), "words": Value(posted.words),
            "link": posted.link.map { ["path": .text($0.path), "text": .text(words($0.key))] } ?? .nothing
        ]
    }

    /// What a browser offers to choose from. What is sent is judged by what is in it.
    private static let accepted = CleanFile.Format.allCases.map(\.mediaType).joined(separator: ",")

    private func heading(_ words: Words) -> String {
        conversation.group?.title ?? words("conversation.heading", ["name": conversation.other?.name ?? ""])
    }

    private func box(_ words: Words) -> Value {
        [
            "name": .text(conversation.me.name), "role": .text(words("roles.\(conversation.me.role.rawValue)")),
            "path": .text("/conversations/\(conversation.id)/messages"), "longest": .number(Message.longest),
            "readingPath": .text("/conversations/\(conversation.id)/reading"),
            "text": .text(unsent?.text ?? draft?.body ?? ""), "id": .text(nextID.text),
            "note": .text(unsent?.note ?? draft?.note ?? ""), "longestNote": .number(Message.longestNote),
            "kept": .flag(draft != nil),
            "attaching": conversation.takesAttachments
                ? [
                    "longest": .number(Message.Attachment.longestDescription),
                    "accepted": .text(Self.accepted), "mostSeconds": .number(CleanFile.longest),
                    "largest": .number(CleanFile.largest),
                    "description": .text(unsent?.description ?? ""), "isOpen": .flag(unsent?.description != nil)
                ] : .nothing,
            "draftPath": .text("/conversations/\(conversation.id)/draft"),
            "answered": answered.map { answered(ShownMessage.Quote(Message.Quote($0), words)) } ?? .nothing,
            "through": .number(messages.last?.sequence ?? 0),
            "delivered": Value(conversation.other.map { "\($0.marks.delivered)" }),
            "read": Value(conversation.other.map { "\($0.marks.read)" }),
            "blank": ShownMessage.blank
        ]
    }

    private func answered(_ quote: ShownMessage.Quote) -> Value {
        [
            "sequence": .number(quote.sequence), "name": .text(quote.name), "body": .text(quote.body),
            "notPath": .text("/conversations/\(conversation.id)#body")
        ]
    }

    private var earlierPath: Value {
        guard let first = messages.first, first.sequence > conversation.firstSequence else { return .nothing }
        return .text("/conversations/\(conversation.id)?before=\(first.sequence)")
    }

    private var laterPath: Value {
        guard !isNewest, let last = messages.last else { return .nothing }
        return .text("/conversations/\(conversation.id)?after=\(last.sequence)")
    }

    private func days(_ words: Words) -> [Value] {
        let mine = isNewest ? messages.last { $0.sender == conversation.me.person }?.sequence : nil
        let path = "/conversations/\(conversation.id)"
        let called = conversation.group.map { _ in conversation.me.name }
        // Forty messages, but only a few days: each is put into words once.
        var days: [Day: String] = [:]
        let shown = messages.map { message in
            let day = words.day(of: message.sentAt)
            let text = days[day] ?? words.day(day)
            days[day] = text
            return ShownMessage(message, on: text, to: reader, words)
        }
        return shown.chunked { $0.day == $1.day }.map { day in
            [
                "day": Value(day.first?.day),
                "messages": .list(
                    day.map { message in
                        let delivery = conversation.other?.marks.delivery(of: message.sequence)
                        let state =
                            message.sequence == mine
                            ? delivery.map { words("conversation.delivery.\($0.rawValue)") } : nil
                        return message.value(in: path, isOpen: conversation.canWrite, calling: called).merging([
                            "state": Value(state)
                        ])
                    })
            ]
        }
    }
}

extension Conversation {
    /// Why nobody can write, for the person asking; the key of its sentence.
    var closedKey: String? {
        if isClosed { return "conversation.closed" }
        if isPaused { return "conversation.paused" }
        if !isMember { return "conversation.left" }
        return isAgreed ? nil : "conversation.not-agreed.\(me.role.rawValue)"
    }

    /// The person asking, as messages are shown to them. One statement for a group, none for a pair.
    func reader(in db: Reading) throws -> ShownMessage.Reader {
        ShownMessage.Reader(person: me.person, first: firstSequence, apart: try apart(in: db))
    }
}

extension Array {
    /// The elements in order, in runs whose neighbors belong together.
    fileprivate func chunked(by belong: (Element, Element) -> Bool) -> [[Element]] {
        reduce(into: []) { runs, element in
            if let last = runs.last?.last, belong(last, element) {
                runs[runs.count - 1].append(element)
            } else {
                runs.append([element])
            }
        }
    }
}
