import Storage
import Web

/// A message that somebody wants to report, or whose writer they want to block.
struct ReportScreen: Screen {
    static let template = "moderation/report"

    let conversation: Conversation.ID
    let message: Message
    let writer: String
    /// How the writer can be blocked; nil where that is not possible.
    let block: String?
    let form: Form
    let errors: FieldErrors

    init(
        _ sequence: Int, in id: Conversation.ID, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(),
        db: Reading
    ) throws {
        let found = try Conversation.find(id, in: db)
        message = try found.message(sequence, with: 0, in: db).message
        guard try message.sender != db.me, try !found.apart(in: db).contains(message.sender) else {
            throw Problem.notFound
        }
        writer = message.name
        let leads = [found.me.role, message.role].contains(.facilitator)
        block = found.match != nil ? "block.text" : leads || !found.isMember ? nil : "block.group-text"
        (conversation, self.form, self.errors) = (id, form, errors)
        found.disclose(in: db)
    }

    func title(_ words: Words) -> String { words("report.title") }

    func shown(_ words: Words) -> Value {
        let reasons = MessageReport.Reason.allCases.map {
            Field.Option($0.rawValue, words("report.reason.\($0.rawValue)"))
        }
        let path = "/conversations/\(conversation)/messages/\(message.sequence)"
        return [
            "writer": .text(writer), "when": .text(words.dayAndTime(message.sentAt)),
            "body": message.body == "" ? .nothing : .text(message.body ?? words(message.goneKey)),
            "attached": Value(message.attachment?.said(words)),
            "reportPath": .text("\(path)/report"),
            "backPath": .text("/conversations/\(conversation)#m\(message.sequence)"),
            "block": block.map {
                [
                    "path": .text("\(path)/block"), "text": .text(words($0, ["name": writer])),
                    "button": .text(words("block.button", ["name": writer]))
                ]
            } ?? .nothing,
            "form": shownForm([
                Field("reason", .choice(reasons), "report.reason", required: true, in: form, errors, words),
                Field("words", .lines(3), "report.words", hinted: true, in: form, errors, words)
            ]), "invalid": .flag(!errors.isEmpty)
        ]
    }
}

/// What whoever was told something reads: what came of their reports, and what was decided about what they wrote.
struct DecisionsScreen: Screen {
    static let template = "moderation/decisions"

    let reports: [(report: MessageReport, state: ModerationItem.State, acted: Bool, due: Instant?)]
    let decided: [ModerationItem]
    /// Whether a report has just been made.
    let isNew: Bool

    init(isNew: Bool = false, in db: Reading) throws {
        self.isNew = isNew
        reports = try MessageReport.mine(in: db)
        decided = try ModerationItem.decidedAboutMe(in: db)
    }

    func title(_ words: Words) -> String { words("decisions.title") }

    func shown(_ words: Words) -> Value {
        [
            "new": .flag(isNew),
            "reports": .list(
                reports.map { line in
                    let key = line.state == .open ? "open" : line.acted ? "acted" : "nothing"
                    return [
                        "reason": .text(words("report.reason.\(line.report.reason.rawValue)")),
                        "when": .text(words.dayAndTime(line.report.at)), "good": .flag(line.state != .open),
                        "text": .text(
                            words("report.state.\(key)", ["when": line.due.map(words.dayAndTime) ?? ""]))
                    ]
                }), "hasReports": .flag(!reports.isEmpty),
            "decided": .list(
                decided.map { item in
                    [
                        "path": .text("/decisions/\(item.id)"),
                        "text": .text(words("decision.action.\(item.action?.rawValue ?? "")")),
                        "when": .text(item.decidedAt.map(words.dayAndTime) ?? "")
                    ]
                }), "hasDecided": .flag(!decided.isEmpty), "none": .flag(reports.isEmpty && decided.isEmpty)
        ]
    }
}

/// What was decided about something that the person asking wrote, which rule it cites, and what they can do.
struct DecisionScreen: Screen {
    static let template = "moderation/decision"

    let item: ModerationItem
    let rule: HouseRules.Rule?
    let until: Instant?
    let texts: (decision: String?, appeal: String?, outcome: String?)
    let form: Form
    let errors: FieldErrors

    init(
        _ id: ModerationItem.ID, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        item = try ModerationItem.own(id, in: db)
        guard item.action?.isTold == true else { throw Problem.notFound }
        rule = try item.citedRule(in: db)
        until =
            try db.value(
                """
                SELECT until_at FROM moderation_restriction WHERE organization_id = \(item.organization)
                AND item_id = \(id) AND ended_at IS NULL
                """, as: Instant?.self) ?? nil
        texts = try item.texts(in: db)
        (self.form, self.errors) = (form, errors)
    }

    func title(_ words: Words) -> String { words("decisions.single") }

    func shown(_ words: Words) -> Value {
        let appealEnds = item.appealEnds.flatMap { $0 > words.now ? $0 : nil }
        return [
            "heading": .text(words("decision.action.\(item.action?.rawValue ?? "")")),
            "when": .text(item.decidedAt.map(words.dayAndTime) ?? ""),
            "until": until.map { .text(words("decision.until", ["when": words.dayAndTime($0)])) } ?? .nothing,
            "rule": rule.map { ["number": .number($0.number), "title": .text($0.title), "body": .text($0.body)] }
                ?? .nothing,
            "words": Value(texts.decision), "appealWords": Value(texts.appeal), "outcomeWords": Value(texts.outcome),
            "state": item.state == .appealed
                ? .text(words("decision.appealed", ["when": item.due.map(words.dayAndTime) ?? ""]))
                : item.outcome.map { .text(words("decision.outcome.\($0.rawValue)")) } ?? .nothing,
            "appeal": appealEnds.map {
                [
                    "path": .text("/decisions/\(item.id)/appeal"),
                    "by": .text(words("decision.appeal-by", ["when": words.day($0)])),
                    "form": shownForm([
                        Field(
                            "words", .lines(4), "decision.appeal-words", hinted: true, required: true, in: form, errors,
                            words)
                    ])
                ]
            } ?? .nothing, "over": .flag(item.state == .decided && appealEnds == nil),
            "invalid": .flag(!errors.isEmpty)
        ]
    }
}

extension ModerationItem {
    /// The rule that the decision cites, as it stood.
    func citedRule(in db: Reading) throws -> HouseRules.Rule? {
        guard let rule else { return nil }
        return try HouseRules.find(rule.version, of: program, in: db)?.rules.first { $0.number == rule.number }
    }
}
