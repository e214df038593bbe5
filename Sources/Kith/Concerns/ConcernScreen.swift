import Storage
import Web

/// One concern, for whoever may look after it: what was said, where it stands on its ladder, and the one thing to do.
struct ConcernScreen: Screen {
    static let template = "concerns/show"

    let line: Concern.Line
    let reports: [Concern.Report]
    let outcomeWords: String?
    let calls: [Concern.Call]
    let turns: [Concern.Turn]
    /// Whom it can be handed to.
    let others: [Callee]
    let debriefs: (people: [(id: Person.ID, name: String)], isOwed: Bool)
    let me: Person.ID
    let form: Form
    let errors: FieldErrors

    var concern: Concern { line.concern }
    var isMine: Bool { concern.acknowledgedBy == me }

    init(_ id: Concern.ID, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        let me = try db.me
        guard let line = try Concern.lines("c.id = \(id)", order: "c.id", in: db).first else { throw Problem.notFound }
        let concern = line.concern
        (self.line, self.me, self.form, self.errors) = (line, me, form, errors)
        reports = try concern.reports(in: db)
        outcomeWords = try concern.outcomeWords(in: db)
        calls = try concern.calls(in: db)
        turns = try concern.turns(in: db)
        let ladder =
            concern.isOpen && !concern.isDrill
            ? try StaffedLadder.of(concern.program, in: concern.organization, db: db) : nil
        let mayTakeOver = concern.state == .acknowledged && concern.acknowledgedBy != me
        others =
            ladder?.callees.filter { $0.person != concern.about && ($0.person != me || mayTakeOver) } ?? []
        debriefs = concern.state == .acknowledged ? try concern.debriefChoices(in: db) : ([], false)
    }

    func title(_ words: Words) -> String { words("concerns.single") }

    func shown(_ words: Words) -> Value {
        let isLate = concern.state == .escalating || concern.due.map { $0 < words.now } ?? false
        return [
            "kind": .text(words("concerns.kind.\(concern.kind.rawValue)")), "drill": .flag(concern.isDrill),
            "id": .text(concern.id.text), "state": .text(words("concerns.state.\(concern.state.rawValue)")),
            "late": .flag(isLate), "good": .flag(concern.state == .acknowledged),
            "clock": clock(words), "facts": .list(facts(words)),
            "reports": .list(reports.map { shown($0, words) }), "history": .list(history(words)),
            "acknowledge": .flag(concern.state == .escalating),
            "handover": others.isEmpty ? .nothing : handover(words),
            "closing": concern.state == .acknowledged && isMine ? closing(words) : .nothing,
            "followUp": followUp(words), "debrief": debrief(words),
            "outcomeWords": .list(paragraphs(outcomeWords ?? ""))
        ]
    }

    /// Where it stands, in a sentence.
    private func clock(_ words: Words) -> Value {
        switch concern.state {
        case .escalating where concern.nobodyAt != nil: .text(words("concerns.clock.nobody"))
        case .escalating:
            .text(
                words(
                    "concerns.clock.escalating",
                    ["time": concern.due.map(words.time) ?? "", "due": concern.due.map(words.due) ?? ""]))
        case .acknowledged:
            .text(
                words(
                    isMine ? "concerns.clock.yours" : "concerns.clock.acknowledged",
                    [
                        "name": line.owner ?? "", "when": concern.acknowledgedAt.map(words.dayAndTime) ?? "",
                        "by": concern.due.map(words.day) ?? ""
                    ]))
        case .closed: .nothing
        }
    }

    private func facts(_ words: Words) -> [Value] {
        func fact(_ key: String, _ value: String?) -> Value? {
            value.map { ["label": .text(words("concerns.fact.\(key)")), "value": .text($0)] }
        }
        let first = turns.last { $0.what == .acknowledged }?.at
        let minutes = first.map { max(0, $0.minutes(since: concern.raisedAt)) }
        return [
            fact("about", concern.isDrill ? nil : line.about ?? words("concerns.about-nobody")),
            fact("raised-by", concern.isDrill ? nil : line.raiser), fact("program", line.program),
            fact("raised", words.dayAndTime(concern.raisedAt)),
            fact("owner", line.owner),
            fact("took", minutes.map { words.span(max(1, $0)) }),
            fact("outcome", concern.outcome.map { words("concerns.outcome.\($0.rawValue)") }),
            fact("follow-up", concern.followUpOn.map { words.day($0) }),
            fact("followed-up", concern.followedUpAt.map(words.dayAndTime)),
            fact(
                "debrief",
                line.debriefed.map { name in
                    words("concerns.debrief.\(concern.debriefAnswer ?? "open")", ["name": name])
                })
        ].compactMap { $0 }
    }

    private func shown(_ report: Concern.Report, _ words: Words) -> Value {
        let said = report.isReadable ? report.words ?? "" : words("text.unreadable")
        let text = report.source.map { words("concerns.source.\($0.rawValue)") } ?? said
        return [
            "kind": .text(words("concerns.kind.\(report.kind.rawValue)")),
            "when": .text(words.dayAndTime(report.at)), "paragraphs": .list(paragraphs(text))
        ]
    }

    private func paragraphs(_ text: String) -> [Value] {
        text.split(separator: "\n").map { $0.trimmed }.filter { !$0.isEmpty }.map(Value.text)
    }

    // MARK: - What can be done

    private func handover(_ words: Words) -> Value {
        let options = others.map { callee in
            let roles = Ladder.callable.filter(callee.roles.contains).map { words("roles.\($0.rawValue)") }
            let name = callee.person == me ? words("concerns.handover.me") : callee.name
            return Field.Option(callee.person.text, "\(name) (\(words.list(roles)))")
        }
        return shownForm([
            Field("person", .select(options), "concerns.handover.person", required: true, in: form, errors, words)
        ])
    }

    private func closing(_ words: Words) -> Value {
        let outcomes = Concern.Outcome.choices.map {
            Field.Option($0.rawValue, words("concerns.outcome.\($0.rawValue)"))
        }
        var people = debriefs.people.map {
            Field.Option($0.id.text, words("concerns.closing.debrief.offer", ["name": $0.name]))
        }
        if !debriefs.isOwed {
            people.append(Field.Option(Concern.Closing.nobody, words("concerns.closing.debrief.nobody")))
        }
        return shownForm([
            Field("outcome", .choice(outcomes), "concerns.closing.outcome", required: true, in: form, errors, words),
            Field("words", .lines(3), "concerns.closing.words", hinted: true, in: form, errors, words),
            Field(
                "follow-up", .date, "concerns.closing.follow-up", hinted: true, required: true, in: form, errors, words),
            Field(
                "debrief", .choice(people), "concerns.closing.debrief", hinted: true, required: true, in: form, errors,
                words)
        ])
    }

    private func followUp(_ words: Words) -> Value {
        guard concern.state == .closed, concern.followedUpAt == nil, let day = concern.followUpOn else {
            return .nothing
        }
        return .text(words("concerns.again.follow-up", ["day": words.day(day)]))
    }

    private func debrief(_ words: Words) -> Value {
        guard concern.debriefAnswer == "yes", concern.debriefedAt == nil else { return .nothing }
        return .text(words("concerns.again.debrief", ["name": line.debriefed ?? ""]))
    }

    // MARK: - What happened

    /// The clock with each rung, the newest first: who was called, on which channel, and what became of it.
    private func history(_ words: Words) -> [Value] {
        var entries: [(at: Instant, place: Int, text: String, lines: [String])] = []
        for group in Dictionary(grouping: calls, by: { [$0.round, $0.rung] }).values {
            guard let first = group.first else { continue }
            let rung = first.rung == 0 ? "asked" : first.round == 0 ? "rung" : "again"
            let heading = words(
                "concerns.history.\(rung)", ["number": "\(first.rung)", "round": "\(first.round + 1)"])
            entries.append((first.at, 2 + 10 * first.round + first.rung, heading, group.map { said($0, words) }))
        }
        for turn in turns {
            let text = words(
                "concerns.history.\(turn.what.rawValue)",
                ["name": turn.person ?? words("concerns.history.by-itself"), "other": turn.other ?? ""])
            entries.append((turn.at, turn.what.place, text, []))
        }
        entries.append((concern.raisedAt, 0, words("concerns.history.raised"), []))
        return entries.sorted { ($0.at, $0.place) > ($1.at, $1.place) }.map { entry in
            [
                "at": .text(words.dayAndTime(entry.at)), "text": .text(entry.text),
                "lines": .list(entry.lines.map(Value.text))
            ]
        }
    }

    private func said(_ call: Concern.Call, _ words: Words) -> String {
        "\(call.name): \(call.said(words))"
    }
}

extension Concern.Turn.What {
    /// Where it stands among what happened at one moment: before the calls it led to, or after.
    fileprivate var place: Int {
        switch self {
        case .handedOver, .returned: 1
        case .nobody, .undelivered: 1_000_000
        case .acknowledged: 2_000_000
        case .closed: 3_000_000
        }
    }
}

extension Concern.Call {
    /// How somebody was called, and what became of it.
    func said(_ words: Words) -> String {
        guard let channel else {
            return words("concerns.call.kith", ["why": words("concerns.call.why.\(failure ?? "no-carrier")")])
        }
        let state =
            switch state {
            case .sent: "sent"
            case .waiting where attempts == 0: "waiting"
            case nil: "withdrawn"
            case .waiting: "failing"
            case .stuck, .withheld, .givenUp: "failed"
            }
        return words("concerns.call.\(state)", ["channel": words("channels.\(channel.rawValue)")])
    }
}
