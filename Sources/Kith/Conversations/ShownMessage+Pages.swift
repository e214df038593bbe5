import Foundation
import Web

/// A message as its readers see it: in the page's markup and, word for word, in the live stream.
struct ShownMessage: Encodable {
    /// What it answers, in short.
    struct Quote: Encodable {
        let sequence: Int
        let name: String
        let body: String
    }

    /// Who reads, from which message on they may, and whose words they do not.
    struct Reader: Hashable {
        let person: Person.ID
        let first: Int
        var apart: Set<Person.ID> = []
    }

    /// So many characters of a message stand where another answers it.
    static let quoted = 120

    /// Its sender's browser knows it by this; the other side has no use for it.
    let id: String?
    let sequence: Int
    let mine: Bool
    let name: String
    let role: String
    let body: String
    /// What it speaks of, where it is opened before it is read.
    let note: String?
    let quote: Quote?
    /// What came with it.
    let file: File?
    let deleted: Bool
    let edited: Bool
    let day: String
    let time: String
    let sentAt: String

    /// - Parameter day: the day it was sent, in words.
    init(_ message: Message, on day: String, to reader: Reader, _ words: Words) {
        mine = message.sender == reader.person
        id = mine ? message.id.text : nil
        sequence = message.sequence
        // It keeps its place among the others, so that how far somebody has read means the same for all.
        let isApart = reader.apart.contains(message.sender)
        name = isApart ? words("conversation.apart.name") : message.name
        role = words("roles.\(message.role.rawValue)")
        let deleted = message.deletedAt != nil || message.isRemoved || isApart
        self.deleted = deleted
        edited = message.editedAt != nil && !deleted
        body = isApart ? words("conversation.apart") : message.body ?? words(message.goneKey)
        note = isApart ? nil : message.note.map { words("conversation.speaks-of", ["what": $0]) }
        // What was written before somebody came is not theirs, not even in short.
        quote = message.quote.flatMap { quote in
            let isTheirs = quote.sequence >= reader.first && !reader.apart.contains(quote.sender)
            return isTheirs && !deleted ? Quote(quote, words) : nil
        }
        file = deleted ? nil : message.attachment.map { File($0, words) }
        self.day = day
        time = words.time(message.sentAt)
        sentAt = message.sentAt.description
    }

    /// - Parameters:
    ///   - path: of the conversation.
    ///   - isOpen: whether the reader can write.
    ///   - me: the name of the reader in a group, where `@` before it means them.
    func value(in path: String, isOpen: Bool, calling me: String?) -> Value {
        let file = file?.value(at: "\(path)/messages/\(sequence)/attachment") ?? File.none
        let content: [String: Value] = ["body": body.isEmpty ? .nothing : .text(body)].merging(file) { $1 }
        return [
            "sequence": .number(sequence), "side": mine ? "mine" : "theirs", "name": .text(name), "role": .text(role),
            "noted": note.map { .object(Fields(content.merging(["note": .text($0)]) { $1 })) } ?? .nothing,
            "content": note == nil ? .object(Fields(content)) : .nothing,
            "quote": quote.map { ["path": .text("#m\($0.sequence)"), "name": .text($0.name), "body": .text($0.body)] }
                ?? .nothing,
            "edited": .flag(edited),
            "called": .flag(!mine && me.map { body.localizedCaseInsensitiveContains("@\($0)") } ?? false),
            "time": .text(time), "sentAt": .text(sentAt),
            "answerPath": isOpen && !deleted ? .text("\(path)?answers=\(sequence)#body") : .nothing,
            "changePath": mine && !deleted ? .text("\(path)/messages/\(sequence)") : .nothing,
            "reportPath": mine || deleted ? .nothing : .text("\(path)/messages/\(sequence)/report")
        ]
    }

    private static let picture: Value = ["path": "/", "text": "", "width": "", "height": ""]
    private static let voice: Value = ["path": "/", "text": ""]

    /// What the script fills in.
    static let blank: Value = [
        "sequence": "", "side": "", "name": "", "role": "",
        "content": ["body": " ", "picture": picture, "voice": voice],
        "noted": ["note": "", "body": " ", "picture": picture, "voice": voice],
        "quote": ["path": "#", "name": "", "body": ""], "edited": true, "called": true, "time": "", "sentAt": "",
        "state": .nothing,
        "answerPath": "/", "changePath": "/", "reportPath": "/"
    ]
}

extension ShownMessage.Quote {
    init(_ quote: Message.Quote, _ words: Words) {
        sequence = quote.sequence
        name = quote.name
        let text =
            quote.isDeleted || quote.isRemoved
            ? words(Message.goneKey(quote.isRemoved, isDeleted: quote.isDeleted))
            : quote.note.map { words("conversation.speaks-of", ["what": $0]) }
                ?? (quote.body == "" ? quote.attachment?.said(words) : quote.body) ?? words("text.unreadable")
        body = text.count > ShownMessage.quoted ? text.prefix(ShownMessage.quoted) + "…" : text
    }
}
