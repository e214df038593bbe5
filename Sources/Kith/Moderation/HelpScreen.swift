import Storage
import Web

/// Help offered at once to whoever wrote something hard: their message has gone out, and what they do now is theirs.
struct HelpScreen: Screen {
    static let template = "moderation/help"

    let item: ModerationItem

    init(_ id: ModerationItem.ID, in db: Reading) throws {
        item = try ModerationItem.own(id, in: db)
        guard item.kind == .worry else { throw Problem.notFound }
    }

    /// Neutral: others may see the browser's title.
    func title(_ words: Words) -> String { words("conversation.title") }

    func shown(_ words: Words) -> Value {
        [
            "answerPath": .text("/help/\(item.id)/answer"),
            "sent": .text(words(item.conversation == nil ? "help.kept" : "help.sent")),
            "honest": .text(words(item.conversation == nil ? "help.honest-kept" : "help.honest")),
            "back": .text(words(item.conversation == nil ? "help.back-kept" : "help.back")),
            "backPath": .text(item.conversation.map { "/conversations/\($0)#latest" } ?? "/stories")
        ]
    }
}

extension ModerationItem {
    /// What whoever was offered help says. Asking for a person raises a concern, which calls people until one has it in
    /// hand; being all right is noted, and somebody still looks.
    /// - Returns: the concern.
    package func answer(_ answer: Answer, in db: Writing) throws -> Concern.ID? {
        guard try kind == .worry && about == db.me else { throw Problem.notFound }
        let changed = try db.run(
            """
            UPDATE moderation_item SET answer = \(answer) WHERE organization_id = \(organization) AND id = \(id)
            AND (answer IS NULL OR answer <> \(answer))
            """)
        if changed > 0 { db.record(event(.helpAnswered, ["answer": answer.rawValue])) }
        guard answer == .person else { return nil }
        let draft = Concern.Draft(in: program, about: about, kind: .danger, once: db.world.newIdentifier())
        return try Concern.raise(draft, in: db)
    }
}
