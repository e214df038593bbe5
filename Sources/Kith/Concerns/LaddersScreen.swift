import Storage
import Web

/// The administrator's page of ladders: what is wrong with one before it is needed, what could not be delivered, and how
/// the last drill went. Of a concern it tells that there is one, and nothing of what or of whom.
struct LaddersScreen: Screen {
    static let template = "concerns/ladders"

    struct Line: Sendable {
        let ladder: StaffedLadder
        let name: String
        let drill: Drill?
    }

    /// A concern whose calls reach nobody.
    struct Failing: Sendable {
        let isDrill: Bool
        let program: String
        let since: Instant
        let due: Instant
        let isAlone: Bool
        let calls: [Concern.Call]
    }

    let lines: [Line]
    let failing: [Failing]
    let carried: Set<ContactChannel.Kind>

    init(in db: Reading) throws {
        let organization = try db.organization
        carried = db.world.carries
        let names = Dictionary(try Program.all(of: organization, in: db).map { ($0.id, $0.name) }) { first, _ in first }
        lines = try StaffedLadder.administered(in: db).map { ladder in
            Line(
                ladder: ladder, name: names[ladder.program] ?? "",
                drill: try Drill.latest(of: ladder.program, in: organization, db: db).first)
        }
        let programs = lines.map(\.ladder.program)
        let open =
            programs.isEmpty
            ? []
            : try db.all(
                """
                SELECT * FROM concern WHERE organization_id = \(organization) AND program_id IN \(list: programs)
                AND state = 'escalating' AND (nobody_at IS NOT NULL OR undelivered_at IS NOT NULL)
                ORDER BY raised_at, id LIMIT 20
                """, Concern.init(row:))
        failing = try open.map { concern in
            Failing(
                isDrill: concern.isDrill, program: names[concern.program] ?? "",
                since: concern.raisedAt, due: concern.due ?? db.now, isAlone: concern.nobodyAt != nil,
                calls: try concern.calls(in: db).filter { $0.round == concern.escalation.round })
        }
    }

    func title(_ words: Words) -> String { words("ladders.title") }

    func shown(_ words: Words) -> Value {
        [
            "failing": .list(
                failing.map { concern in
                    [
                        "drill": .flag(concern.isDrill), "program": .text(concern.program),
                        "since": .text(words.dayAndTime(concern.since)),
                        "why": .text(words(concern.isAlone ? "ladders.failing.nobody" : "ladders.failing.undelivered")),
                        "next": .text(words("concerns.next-rung", ["due": words.due(concern.due)])),
                        "calls": .list(concern.calls.map { .text("\($0.name): \($0.said(words))") })
                    ]
                }),
            "hasFailing": .flag(!failing.isEmpty),
            "lines": .list(
                lines.map { line in
                    [
                        "name": .text(line.name), "path": .text("/programs/\(line.ladder.program)/ladder"),
                        "rungs": .list(line.ladder.said(words)),
                        "faults": .list(
                            line.ladder.faults(carrying: carried).map { .text($0.said(words)) }),
                        "drill": .text(line.drill.map { $0.said(words) } ?? words("drills.none"))
                    ]
                })
        ]
    }
}

extension StaffedLadder {
    /// Each rung as a sentence: who, for how long, on which channel.
    func said(_ words: Words) -> [Value] {
        ladder.rungs.map { rung in
            let people = people(on: rung).map(\.name)
            return .text(
                words(
                    "ladders.rung",
                    [
                        "who": who(rung.who, words),
                        "people": people.isEmpty ? words("ladders.nobody") : words.list(people),
                        "span": words.span(rung.minutes), "channel": words("channels.\(rung.channel.rawValue)")
                    ]))
        }
    }

    func who(_ who: Ladder.Who, _ words: Words) -> String {
        switch who {
        case .role(let role): words("ladders.who.\(role.rawValue)")
        case .person: words("ladders.who.person")
        }
    }
}

extension StaffedLadder.Fault {
    func said(_ words: Words) -> String {
        switch self {
        case .nobody(let rung): words("ladders.fault.nobody", ["number": "\(rung)"])
        case .unreachable(let rung): words("ladders.fault.unreachable", ["number": "\(rung)"])
        case .empty: words("ladders.fault.empty")
        case .silent: words("ladders.fault.silent")
        }
    }
}

extension Drill {
    /// In a sentence: when, and how long it took until who answered.
    func said(_ words: Words) -> String {
        let when = ["when": words.dayAndTime(startedAt)]
        guard let outcome else { return words("drills.running", when) }
        guard outcome == .answered else { return words("drills.unanswered", when) }
        return words("drills.answered", when.merging(["name": answeredBy ?? "", "span": took(words)]) { $1 })
    }

    /// The time to acknowledge; empty where nobody did.
    func took(_ words: Words) -> String {
        guard let answeredAt else { return "" }
        let minutes = max(0, answeredAt.minutes(since: startedAt))
        return minutes == 0 ? words("drills.under-a-minute") : words.span(minutes)
    }
}
