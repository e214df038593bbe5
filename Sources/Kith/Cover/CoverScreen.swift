import Storage
import Web

/// Everybody whose supporter is not there: what they chose, who could stand in and why, and by when somebody has to have
/// seen to it. Coordinators act; supervisors look.
package struct CoverScreen: Screen {
    package static let template = "cover/list"

    package struct Line: Sendable {
        package let cover: Cover
        package let participant: String
        package let participantCalled: String
        package let supporter: String
        package let program: String
        package let owner: String
        package let isMine: Bool
        package let hasAccount: Bool
        package let standIn: (match: Match.ID, name: String, isActive: Bool)?
        /// Whether the person asking coordinates the program.
        package let mayAct: Bool

        /// Where the referral stands: nobody stands in where a stop was asked for.
        let queue: Referral.Queue?

        package var isStopping: Bool { queue == .cancellation }
        package var asksForSomebody: Bool {
            standIn == nil && cover.cause != .left && cover.choice != .wait && !isStopping
        }
    }

    /// How many are shown; who needs somebody comes first, and of them who is due first.
    static let shownCount = 40

    package let lines: [Line]
    let isMore: Bool
    /// Who could stand in, by referral.
    package let best: [Referral.ID: [Suggestions.Suggestion]]

    package init(in db: Reading) throws {
        let found = try Self.lines(in: db)
        (lines, isMore) = (Array(found.prefix(Self.shownCount)), found.count > Self.shownCount)
        best = try Suggestions.best(
            for: lines.filter { $0.mayAct && $0.asksForSomebody }.map {
                ($0.cover.referral, $0.cover.participant, $0.cover.program)
            }, in: db)
        for line in lines {
            db.disclose(.matching, of: line.cover.participant)
            db.disclose(.listed, of: line.cover.supporter)
        }
    }

    private static func lines(in db: Reading) throws -> [Line] {
        let me = try db.me
        return try db.all(
            """
            SELECT x.*, p.name AS participant, coalesce(p.called, p.name) AS called, u.name AS supporter, g.name AS program,
                coalesce(o.called, o.name) AS owner, r.owner_id, r.queue, s.id AS stand_in,
                q.name AS stand_in_name, s.status AS stand_in_status, EXISTS (SELECT 1 FROM account a
                    WHERE a.organization_id = x.organization_id AND a.person_id = x.participant_id
                    AND a.disabled_at IS NULL) AS has_account
            FROM cover x
            JOIN referral r ON r.organization_id = x.organization_id AND r.id = x.referral_id
            JOIN program g ON g.organization_id = x.organization_id AND g.id = x.program_id
            JOIN person p ON p.organization_id = x.organization_id AND p.id = x.participant_id
            JOIN person u ON u.organization_id = x.organization_id AND u.id = x.supporter_id
            JOIN person o ON o.organization_id = x.organization_id AND o.id = r.owner_id
            LEFT JOIN match s ON s.organization_id = x.organization_id AND s.stands_in_for = x.match_id
                AND s.status IN ('proposed', 'active')
            LEFT JOIN person q ON q.organization_id = x.organization_id AND q.id = s.supporter_id
            WHERE x.organization_id = \(db.organization) AND x.ended_at IS NULL
            AND \(db.reach(.match, of: .pair("x"), as: [.coordinator, .supervisor]))
            ORDER BY CASE WHEN x.cause = 'left' OR coalesce(x.choice, '') = 'wait'
                OR coalesce(s.status, '') = 'active' THEN 1 ELSE 0 END, x.due_at, x.id LIMIT \(shownCount + 1)
            """
        ) { row in
            let cover = try Cover(row: row)
            let status: Match.Status? = try row["stand_in_status"]
            let standIn: Match.ID? = try row["stand_in"]
            let name: String? = try row["stand_in_name"]
            return Line(
                cover: cover, participant: try row["participant"], participantCalled: try row["called"],
                supporter: try row["supporter"], program: try row["program"], owner: try row["owner"],
                isMine: try row["owner_id"] == me, hasAccount: try row["has_account"],
                standIn: standIn.map { ($0, name ?? "", status == .active) },
                mayAct: db.actor.has(.coordinator, in: cover.program), queue: try row["queue"])
        }
    }

    package func title(_ words: Words) -> String { words("cover.title") }

    package func shown(_ words: Words) -> Value {
        [
            "lines": .list(lines.map { shown($0, words) }), "empty": .flag(lines.isEmpty), "isMore": .flag(isMore)
        ]
    }

    private func shown(_ line: Line, _ words: Words) -> Value {
        let (cover, now) = (line.cover, words.now)
        let names = ["name": line.participantCalled, "supporter": line.supporter]
        let asks = line.mayAct && line.asksForSomebody
        let best = asks ? self.best[cover.referral] ?? [] : []
        var choices: [Cover.Choice] = []
        if line.mayAct, !line.hasAccount, cover.cause != .left, line.standIn?.isActive != true {
            choices = (cover.mayWait(at: now) ? [.wait, .meanwhile, .new] : [.meanwhile, .new])
                .filter { $0 != cover.choice }
        }
        var fields: [String: Value] = [
            "path": .text("/referrals/\(cover.referral)"), "name": .text(line.participant),
            "called": .text(line.participantCalled), "program": .text(line.program),
            "owner": .text(line.isMine ? words("board.you") : line.owner),
            "due": .text(words.due(cover.dueAt)), "late": .flag(cover.dueAt < now),
            "cause": .text(words("cover.cause.\(cover.cause.rawValue)", names)),
            "back": Value(
                cover.returnsOn.map { day in
                    words(cover.dayAhead(at: now) == nil ? "cover.back-passed" : "cover.back", ["day": words.day(day)])
                }),
            "chosen": .text(words("cover.chosen.\(cover.choice?.rawValue ?? "open")", names)),
            "asks": .flag(asks), "nobody": .flag(asks && best.isEmpty),
            "proposePath": .text("/cover/\(cover.id)/stand-in"), "choicePath": .text("/cover/\(cover.id)/choice"),
            "notes": .flag(!choices.isEmpty), "stopping": .flag(line.isStopping),
            "lookPath": line.mayAct ? .text("/cover/\(cover.id)/look") : .nothing
        ]
        fields["matchingPath"] =
            cover.cause == .left && line.mayAct ? .text("/referrals/\(cover.referral)/matching") : .nothing
        fields["standIn"] =
            line.standIn.map { standIn in
                [
                    "path": .text("/matches/\(standIn.match)"),
                    "text": .text(words(standIn.isActive ? "cover.stands-in" : "cover.asked", ["name": standIn.name]))
                ]
            } ?? .nothing
        fields["best"] = .list(best.map { $0.shownStandIn(words) })
        fields["choices"] = .list(
            choices.map { ["code": .text($0.rawValue), "text": .text(words("cover.note.\($0.rawValue)", names))] })
        return .object(Fields(fields))
    }
}

extension Suggestions.Suggestion {
    fileprivate func shownStandIn(_ words: Words) -> Value {
        [
            "supporter": supporter.shownLine(words), "person": .text(supporter.person.text),
            "reasons": .list(
                reasons.compactMap { $0.said(words, naming: supporter.namedTopics, to: .staff) }.map(Value.text))
        ]
    }
}
