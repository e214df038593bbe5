import Storage
import Web

/// What waits for those who look after a program's conversations, the most pressing first.
struct ModerationScreen: Screen {
    static let template = "moderation/list"

    /// For how many days what was decided stays on the list.
    static let decidedDays = 30

    let waiting: [ModerationItem.Line]
    let mine: [ModerationItem.Line]
    let inHand: [ModerationItem.Line]
    let decided: [ModerationItem.Line]
    let programs: [(id: Program.ID, name: String)]
    let me: Person.ID

    init(in db: Reading) throws {
        let me = try db.me
        self.me = me
        let open = try ModerationItem.lines("i.due_at IS NOT NULL", order: "i.due_at, i.id", in: db)
        waiting = open.filter { $0.item.claimedBy == nil }
        mine = open.filter { $0.item.claimedBy == me }
        inHand = open.filter { $0.item.claimedBy != nil && $0.item.claimedBy != me }
        decided = try ModerationItem.lines(
            """
            i.due_at IS NULL AND coalesce(i.settled_at, i.decided_at) > \(db.now.adding(days: -Self.decidedDays))
            """, order: "i.decided_at DESC, i.id DESC", in: db)
        programs = try Program.named(db.programs(seeing: .reported), in: db)
    }

    func title(_ words: Words) -> String { words("moderation.title") }

    func shown(_ words: Words) -> Value {
        [
            "waiting": .list(waiting.map { $0.shown(words) }), "mine": .list(mine.map { $0.shown(words) }),
            "hasMine": .flag(!mine.isEmpty),
            "inHand": .list(inHand.map { $0.shown(words) }), "hasInHand": .flag(!inHand.isEmpty),
            "decided": .list(decided.map { $0.shown(words) }), "hasDecided": .flag(!decided.isEmpty),
            "programs": .list(
                programs.map {
                    [
                        "path": .text("/programs/\($0.id)/house-rules"),
                        "text": .text(words("house-rules.of", ["program": $0.name]))
                    ]
                })
        ]
    }
}

extension ModerationItem.Line {
    /// What it is, in a few words.
    func heading(_ words: Words) -> String {
        if item.state == .appealed { return words("moderation.kind.appeal") }
        if item.isPiece, item.kind == .held { return words("moderation.kind.piece") }
        guard item.kind == .report, let reason else { return words("moderation.kind.\(item.kind.rawValue)") }
        return words("report.reason.\(reason.rawValue)")
    }

    func whom(_ words: Words) -> String {
        supporter.map { words("moderation.whom.match", ["name": about, "supporter": $0]) }
            ?? words("moderation.whom", ["name": about])
    }

    func shown(_ words: Words) -> Value {
        let tag =
            item.due.map { words.due($0) } ?? words("moderation.action.\(item.action?.rawValue ?? "")")
        return [
            "path": .text("/moderation/\(item.id)"), "heading": .text(heading(words)), "whom": .text(whom(words)),
            "program": .text(program), "since": .text(words.ago(item.openedAt)),
            "reports": reports > 1 ? .text(words("moderation.reports", count: reports)) : .nothing,
            "owner": item.isOpen ? Value(owner) : .nothing, "tag": .text(tag),
            "late": .flag(item.due.map { $0 < words.now } ?? false)
        ]
    }
}
