import Storage
import Web

/// The concerns of those who may look after them: what waits, what is in hand, what needs somebody again, and what was
/// closed lately.
struct ConcernsScreen: Screen {
    static let template = "concerns/list"

    /// For how many days what was closed stays on the list.
    static let closedDays = 60

    let waiting: [Concern.Line]
    let inHand: [Concern.Line]
    let again: [Concern.Line]
    let closed: [Concern.Line]
    let me: Person.ID
    /// Whether they coordinate or supervise, and not only administer.
    let worksThere: Bool

    init(in db: Reading) throws {
        me = try db.me
        worksThere = db.actor.has(.coordinator) || db.actor.has(.supervisor)
        waiting = try Concern.lines("c.state = 'escalating'", order: "c.is_drill, c.raised_at, c.id", in: db)
        inHand = try Concern.lines("c.state = 'acknowledged'", order: "c.due_at, c.id", in: db)
        again = try Concern.lines(Concern.needsOwnerAgain(in: db), order: "c.follow_up_on, c.id", in: db)
        let shown = Set(again.map(\.concern.id))
        closed = try Concern.lines(
            "c.state = 'closed' AND c.closed_at > \(db.now.adding(days: -Self.closedDays))",
            order: "c.closed_at DESC, c.id DESC", in: db
        ).filter { !shown.contains($0.concern.id) }
    }

    func title(_ words: Words) -> String { words("concerns.title") }

    func shown(_ words: Words) -> Value {
        [
            "waiting": .list(waiting.map { shown($0, words) }), "inHand": .list(inHand.map { shown($0, words) }),
            "again": .list(again.map { shown($0, words) }), "hasAgain": .flag(!again.isEmpty),
            "incidents": .flag(worksThere),
            "closed": .list(closed.map { shown($0, words) }), "hasClosed": .flag(!closed.isEmpty)
        ]
    }

    private func shown(_ line: Concern.Line, _ words: Words) -> Value {
        let concern = line.concern
        let isMine = concern.acknowledgedBy == me
        let (tag, isLate): (String, Bool) =
            switch concern.state {
            case .escalating: (words("concerns.next-rung", ["due": concern.due.map(words.due) ?? ""]), true)
            case .acknowledged:
                (isMine ? words("concerns.yours") : line.owner ?? "", concern.due.map { $0 < words.now } ?? false)
            case .closed: (words("concerns.outcome.\(concern.outcome?.rawValue ?? "")"), false)
            }
        return [
            "path": .text("/concerns/\(concern.id)"), "kind": .text(words("concerns.kind.\(concern.kind.rawValue)")),
            "drill": .flag(concern.isDrill), "program": .text(line.program),
            "about": concern.isDrill
                ? .nothing
                : .text(line.about.map { words("concerns.about", ["name": $0]) } ?? words("concerns.about-nobody")),
            "since": .text(words.ago(concern.raisedAt)), "tag": .text(tag), "late": .flag(isLate),
            "reason": reason(line, words)
        ]
    }

    /// Why it needs somebody again.
    private func reason(_ line: Concern.Line, _ words: Words) -> Value {
        let concern = line.concern
        guard concern.state == .closed, !concern.isDrill else { return .nothing }
        if concern.debriefAnswer == "yes", concern.debriefedAt == nil {
            return .text(words("concerns.again.debrief", ["name": line.debriefed ?? ""]))
        }
        guard concern.followedUpAt == nil, let day = concern.followUpOn else { return .nothing }
        return .text(words("concerns.again.follow-up", ["day": words.day(day)]))
    }
}
