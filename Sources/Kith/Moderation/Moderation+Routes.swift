import Hummingbird
import Web

extension Moderation {
    private static let staff = Access.roles(Set(HouseRules.publishers))

    static let routes = rules + members + queue

    private static let rules: [Route] = [
        .get("/programs/{id}/house-rules", .signedIn) { visit in
            let (id, from) = (try visit.id(of: Program.self), try visit.query["conversation"])
            let conversation = from.flatMap { Conversation.ID(untrusted: $0) }
            return try await visit.show { try HouseRulesScreen(id, from: conversation, in: $0) }
        }.asking("conversation"),
        .post("/programs/{id}/house-rules", staff) { visit in
            let (id, form) = (try visit.id(of: Program.self), try await visit.form())
            return try await visit.submit {
                let (text, changed, held) = try form.read { fields in
                    (
                        fields.text("rules", required: true, max: HouseRules.longest, multiline: true),
                        fields.text("changed", required: true, max: longest, multiline: true),
                        fields.optionalInteger("first-held", in: 0...20) ?? 0
                    )
                }
                try await visit.write { db in
                    guard HouseRules.publishers.contains(where: { db.actor.has($0, in: id) }) else {
                        throw Problem.notFound
                    }
                    let saved = ["rules": [text], "first-held": ["\(held)"]]
                    let edition = Edition(try HouseRules.current(of: id, in: db)?.fields ?? [:])
                    if edition.isKept(saved) { return }
                    try edition.check(form, saving: saved)
                    try HouseRules.publish(text, changed: changed, firstHeld: held, program: id, in: db)
                }
            } next: {
                "/programs/\(id)/house-rules"
            } again: {
                try HouseRulesScreen(id, form, $0, in: $1)
            }
        }.taking("changed", "edition", "first-held", "rules"),
        .post("/programs/{id}/house-rules/acceptance", .signedIn) { visit in
            let (id, form) = (try visit.id(of: Program.self), try await visit.form())
            let version = Int(form["version"] ?? "") ?? 0
            try await visit.write { try HouseRules.accept(version, of: id, in: $0) }
            let conversation = form["conversation"].flatMap { Conversation.ID(untrusted: $0) }
            return .seeOther(
                conversation.map { "/conversations/\($0)#latest" } ?? "/programs/\(id)/house-rules")
        }.taking("conversation", "version")
    ]

    private static let members: [Route] = [
        .get("/conversations/{id}/messages/{sequence}/report", .signedIn) { visit in
            let (id, sequence) = (try visit.id(of: Conversation.self), try visit.sequence)
            return try await visit.show { try ReportScreen(sequence, in: id, db: $0) }
        },
        .post("/conversations/{id}/messages/{sequence}/report", .signedIn) { visit in
            let (id, sequence) = (try visit.id(of: Conversation.self), try visit.sequence)
            let form = try await visit.form()
            return try await visit.submit {
                let (reason, words) = try form.read { fields in
                    (
                        fields.choice("reason", of: MessageReport.Reason.self),
                        fields.text("words", max: longest, multiline: true)
                    )
                }
                try await visit.write { _ = try MessageReport.make(of: sequence, in: id, reason, words: words, db: $0) }
            } next: {
                "/decisions?new=1"
            } again: {
                try ReportScreen(sequence, in: id, form, $0, db: $1)
            }
        }.taking("reason", "words"),
        .post("/conversations/{id}/messages/{sequence}/block", .signedIn) { visit in
            let (id, sequence) = (try visit.id(of: Conversation.self), try visit.sequence)
            _ = try await visit.form()
            try await visit.write { db in
                let conversation = try Conversation.find(id, in: db)
                let message = try conversation.message(sequence, with: 0, in: db).message
                if conversation.match == nil {
                    try MemberBlock.make(of: message, in: conversation, db: db)
                } else {
                    try Block.block(message.sender, in: conversation, db: db)
                }
            }
            return .seeOther("/blocks")
        }.taking(),
        .get("/blocks", .signedIn) { visit in try await visit.show { try BlocksScreen(in: $0) } },
        .post("/blocks/{id}/ending", .signedIn) { visit in
            let id = try visit.id(of: Person.self)
            _ = try await visit.form()
            try await visit.write { try Block.unblock(id, in: $0) }
            return .seeOther("/blocks")
        }.taking(),
        .post("/blocks/groups/{id}/ending", .signedIn) { visit in
            let id = try visit.id(of: MemberBlock.self)
            _ = try await visit.form()
            try await visit.write { try MemberBlock.end(id, in: $0) }
            return .seeOther("/blocks")
        }.taking(),
        .get("/help/{id}", .signedIn) { visit in
            let id = try visit.id(of: ModerationItem.self)
            return try await visit.show { try HelpScreen(id, in: $0) }
        },
        .post("/help/{id}/answer", .signedIn) { visit in
            let (id, form) = (try visit.id(of: ModerationItem.self), try await visit.form())
            let answer = try form.read { $0.choice("answer", of: ModerationItem.Answer.self) }
            let (concern, conversation) = try await visit.write { db in
                let item = try ModerationItem.own(id, in: db)
                return (try item.answer(answer, in: db), item.conversation)
            }
            if let concern { return .seeOther("/concerns/raised/\(concern)") }
            return .seeOther(conversation.map { "/conversations/\($0)#latest" } ?? "/stories")
        }.taking("answer"),
        .get("/decisions", .signedIn) { visit in
            let isNew = try visit.query["new"] != nil
            return try await visit.show { try DecisionsScreen(isNew: isNew, in: $0) }
        }.asking("new"),
        .get("/decisions/{id}", .signedIn) { visit in
            let id = try visit.id(of: ModerationItem.self)
            return try await visit.show { try DecisionScreen(id, in: $0) }
        },
        .post("/decisions/{id}/appeal", .signedIn) { visit in
            let (id, form) = (try visit.id(of: ModerationItem.self), try await visit.form())
            return try await visit.submit {
                let words = try form.read { $0.text("words", required: true, max: longest, multiline: true) }
                try await visit.write { try ModerationItem.own(id, in: $0).appeal(words, in: $0) }
            } next: {
                "/decisions/\(id)"
            } again: {
                try DecisionScreen(id, form, $0, in: $1)
            }
        }.taking("words")
    ]

    private static let queue: [Route] = [
        .get("/moderation", staff) { visit in try await visit.show { try ModerationScreen(in: $0) } },
        .get("/moderation/{id}", staff) { visit in
            let id = try visit.id(of: ModerationItem.self)
            return try await visit.show { try ModerationItemScreen(id, in: $0) }
        },
        .get("/moderation/{id}/messages/{message}/attachment", staff) { visit in
            let (id, message) = (try visit.id(of: ModerationItem.self), try visit.id("message", of: Message.self))
            return visit.file(
                try await visit.read { try ModerationItem.find(id, in: $0).attachment(of: message, in: $0) })
        }.answering(.file).unattended(),
        .post("/moderation/{id}/claim", staff) { visit in
            let id = try visit.id(of: ModerationItem.self)
            _ = try await visit.form()
            try await visit.write { try ModerationItem.find(id, in: $0).claim(in: $0) }
            return .seeOther("/moderation/\(id)")
        }.taking(),
        .post("/moderation/{id}/handover", staff) { visit in
            let (id, form) = (try visit.id(of: ModerationItem.self), try await visit.form())
            return try await visit.submit {
                let person = try form.read { fields in
                    fields.value("person", code: "not-a-choice", standIn: Person.ID("")) { Person.ID(untrusted: $0) }
                }
                try await visit.write { try ModerationItem.find(id, in: $0).handOver(to: person, in: $0) }
            } next: {
                "/moderation/\(id)"
            } again: {
                try ModerationItemScreen(id, form, $0, in: $1)
            }
        }.taking("person"),
        .post("/moderation/{id}/decision", staff) { visit in
            let (id, form) = (try visit.id(of: ModerationItem.self), try await visit.form())
            return try await visit.submit {
                let decision = try form.read { fields in
                    ModerationItem.Decision(
                        fields.choice("action", of: ModerationItem.Action.self),
                        rule: fields.optionalInteger("rule", in: 1...HouseRules.mostRules),
                        words: fields.text("words", max: longest, multiline: true),
                        days: fields.optionalInteger("days", in: 1...365) ?? 3)
                }
                try await visit.write { try ModerationItem.find(id, in: $0).decide(decision, in: $0) }
            } next: {
                "/moderation/\(id)"
            } again: {
                try ModerationItemScreen(id, form, $0, in: $1)
            }
        }.taking("action", "days", "rule", "words"),
        .post("/moderation/{id}/appeal", staff) { visit in
            let (id, form) = (try visit.id(of: ModerationItem.self), try await visit.form())
            return try await visit.submit {
                let (outcome, words) = try form.read { fields in
                    (
                        fields.choice("outcome", of: ModerationItem.Outcome.self),
                        fields.text("words", max: longest, multiline: true)
                    )
                }
                try await visit.write { try ModerationItem.find(id, in: $0).settle(outcome, words: words, in: $0) }
            } next: {
                "/moderation/\(id)"
            } again: {
                try ModerationItemScreen(id, form, $0, in: $1)
            }
        }.taking("outcome", "words")
    ]
}
