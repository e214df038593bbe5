import Screening
import Storage
import Web

/// One thing to decide on. What was written is shown to whoever has it in hand, and to nobody else.
struct ModerationItemScreen: Screen {
    static let template = "moderation/show"

    let line: ModerationItem.Line
    let reports: [(report: MessageReport, words: String?)]
    let evidence: [Evidence]
    /// The words that gave cause, or the message that is held back.
    let kept: Message.Draft?
    /// What came with it.
    let keptFile: Message.Attachment?
    let texts: (decision: String?, appeal: String?, outcome: String?)
    let turns: [ModerationItem.Turn]
    let colleagues: [(id: Person.ID, name: String)]
    let rules: HouseRules?
    let rule: HouseRules.Rule?
    let me: Person.ID
    let form: Form
    let errors: FieldErrors

    var item: ModerationItem { line.item }
    var isMine: Bool { item.claimedBy == me }

    init(
        _ id: ModerationItem.ID, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        let me = try db.me
        guard let line = try ModerationItem.lines("i.id = \(id)", order: "i.id", in: db).first else {
            throw Problem.notFound
        }
        (self.line, self.me, self.form, self.errors) = (line, me, form, errors)
        let item = line.item
        let reads = item.isOpen && item.claimedBy == me
        reports = reads ? try item.reports(in: db) : []
        evidence = reads ? try item.evidence(in: db) : []
        kept = reads ? try item.kept(in: db) : nil
        keptFile = reads ? try item.heldAttachment(in: db) : nil
        texts = reads || !item.isOpen ? try item.texts(in: db) : (nil, nil, nil)
        // Those who wrote beside it as well: every look is noted.
        for person in Set(evidence.map(\.person) + (kept == nil ? [] : [item.about])) {
            db.disclose(.conversation, of: person)
        }
        if texts.appeal != nil { db.disclose(.conversation, of: item.about) }
        turns = try item.turns(in: db)
        colleagues = item.isOpen ? try item.colleagues(in: db).filter { $0.id != item.claimedBy } : []
        rules = reads && item.state == .open ? try HouseRules.current(of: item.program, in: db) : nil
        rule = try item.citedRule(in: db)
    }

    func title(_ words: Words) -> String { words("moderation.single") }

    func shown(_ words: Words) -> Value {
        let mayClaim = item.isOpen && item.claimedBy == nil && colleagues.contains { $0.id == me }
        return [
            "heading": .text(line.heading(words)), "path": .text("/moderation/\(item.id)"),
            "clock": item.due.map {
                .text(words("moderation.due", ["time": words.dayAndTime($0), "due": words.due($0)]))
            } ?? .nothing,
            "late": .flag(item.due.map { $0 < words.now } ?? false),
            "tag": .text(words("moderation.state.\(item.state.rawValue)")),
            "about": .text(
                words("moderation.about.\(item.isPiece && item.kind == .held ? "piece" : item.kind.rawValue)")),
            "claim": .flag(mayClaim), "facts": .list(facts(words)),
            "reports": .list(reports.map { shown($0, words) }), "hasReports": .flag(!reports.isEmpty),
            "evidence": .list(evidence.map { shown($0, words) }), "hasEvidence": .flag(!evidence.isEmpty),
            "kept": kept.map { kept in
                .object(Fields(shown(keptFile, of: item.message, words))).merging([
                    "body": kept.body.isEmpty ? .nothing : .text(kept.body),
                    "note": Value(
                        kept.note.map {
                            item.isPiece
                                ? words("moderation.shown-as", ["name": $0])
                                : words("conversation.speaks-of", ["what": $0])
                        })
                ])
            } ?? .nothing,
            "hidden": .flag(item.isOpen && !isMine && item.kind != .match),
            "decision": isMine && item.state == .open ? deciding(words) : .nothing,
            "settling": isMine && item.state == .appealed ? settling(words) : .nothing,
            "decisionWords": Value(texts.decision), "appealWords": Value(texts.appeal),
            "outcomeWords": Value(texts.outcome),
            "handover": colleagues.isEmpty || mayClaim && colleagues.count == 1 ? .nothing : handover(words),
            "history": .list(history(words)), "matchPath": item.match.map { .text("/matches/\($0)") } ?? .nothing,
            "invalid": .flag(!errors.isEmpty)
        ]
    }

    private func facts(_ words: Words) -> [Value] {
        func fact(_ key: String, _ value: String?) -> Value? {
            value.map { ["label": .text(words("moderation.fact.\(key)")), "value": .text($0)] }
        }
        return [
            fact(item.kind == .match ? "match" : "about", line.whom(words)), fact("program", line.program),
            fact("opened", words.dayAndTime(item.openedAt)), fact("owner", item.isOpen ? line.owner : nil),
            fact("answer", item.answer.map { words("moderation.answer.\($0.rawValue)") }),
            fact("action", item.action.map { words("moderation.action.\($0.rawValue)") }),
            fact("rule", rule.map { "\($0.number). \($0.title)" }),
            fact("found", found(words)),
            fact("outcome", item.outcome.map { words("moderation.outcome.\($0.rawValue)") })
        ].compactMap { $0 }
    }

    /// What leads out of Kith, in what is to be shown to everybody of a program. The rest is for whoever reads it.
    private func found(_ words: Words) -> String? {
        guard item.isPiece, let kept else { return nil }
        let kinds = ContactDetails(in: [kept.body, kept.note ?? ""].joined(separator: "\n")).kinds
        let found = ContactDetails.Kind.allCases.filter(kinds.contains)
        return found.isEmpty
            ? words("moderation.found.nothing")
            : words.list(found.map { words("moderation.found.\($0.rawValue)") })
    }

    private func shown(_ told: (report: MessageReport, words: String?), _ words: Words) -> Value {
        [
            "reason": .text(words("report.reason.\(told.report.reason.rawValue)")),
            "when": .text(words.dayAndTime(told.report.at)), "words": Value(told.words)
        ]
    }

    /// What came with a message, or that there is nothing.
    private func shown(
        _ attachment: Message.Attachment?, of message: Message.ID?, _ words: Words
    ) -> [String: Value] {
        guard let attachment, let message else { return ShownMessage.File.none }
        return ShownMessage.File(attachment, words).value(at: "/moderation/\(item.id)/messages/\(message)/attachment")
    }

    private func shown(_ evidence: Evidence, _ words: Words) -> Value {
        .object(Fields(shown(evidence.attachment, of: evidence.message, words))).merging([
            "writer": .text(evidence.writer), "when": .text(words.dayAndTime(evidence.sentAt)),
            "reported": .flag(evidence.isReported), "mark": evidence.isReported ? "notice" : "stack",
            "body": evidence.words == ""
                ? evidence.attachment == nil ? .text(words("moderation.no-words")) : .nothing
                : .text(evidence.words ?? words("text.unreadable"))
        ])
    }

    private func deciding(_ words: Words) -> Value {
        let actions = item.actions.map {
            Field.Option($0.rawValue, words("moderation.action.\($0.rawValue)"))
        }
        var fields = [Field("action", .choice(actions), "moderation.action", required: true, in: form, errors, words)]
        if item.actions.contains(where: \.isTold) {
            if let rules {
                let options = rules.rules.map { Field.Option("\($0.number)", "\($0.number). \($0.title)") }
                fields.append(
                    Field("rule", .select(options), "moderation.rule", hinted: true, in: form, errors, words))
            }
            if item.actions.contains(where: \.hasLength) {
                let days = Moderation.waits.map { Field.Option("\($0)", words("dates.days", count: $0)) }
                fields.append(Field("days", .select(days), "moderation.days", hinted: true, in: form, errors, words))
            }
            fields.append(
                Field("words", .lines(4), "moderation.words", hinted: true, in: form, errors, words))
        }
        return shownForm(fields)
    }

    private func settling(_ words: Words) -> Value {
        let outcomes = ModerationItem.Outcome.allCases.map {
            Field.Option($0.rawValue, words("moderation.outcome.\($0.rawValue)"))
        }
        return shownForm([
            Field("outcome", .choice(outcomes), "moderation.outcome", required: true, in: form, errors, words),
            Field("words", .lines(4), "moderation.outcome-words", hinted: true, in: form, errors, words)
        ])
    }

    private func handover(_ words: Words) -> Value {
        let options = colleagues.map {
            Field.Option($0.id.text, $0.id == me ? words("moderation.handover.me") : $0.name)
        }
        return shownForm([
            Field("person", .select(options), "moderation.handover.person", required: true, in: form, errors, words)
        ])
    }

    private func history(_ words: Words) -> [Value] {
        var lines = [(at: item.openedAt, text: words("moderation.history.opened"))]
        lines += turns.map { turn in
            (
                turn.at,
                words(
                    "moderation.history.\(turn.what.rawValue)", ["name": turn.person ?? "", "other": turn.other ?? ""])
            )
        }
        return lines.reversed().map { ["at": .text(words.dayAndTime($0.at)), "text": .text($0.text)] }
    }
}
