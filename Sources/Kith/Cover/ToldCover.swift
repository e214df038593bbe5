import Storage
import Web

/// What somebody reads about their own supporter who is not there, in their own language: never why.
package struct ToldCover: Sendable {
    package let cover: Cover
    package let supporter: String
    /// Who stands in, or stood in until the end.
    package let standIn: String?
    package let isAsked: Bool
    /// That the support ended was somebody's wish: then nobody reads that a supporter left them.
    package let isWish: Bool

    /// After its end it is told for so many days.
    package static let daysTold = 7

    /// Whatever is open for the person asking, and what ended lately because their supporter is back or somebody else
    /// stays, as long as it is so: one statement.
    package static func mine(in db: Reading) throws -> [ToldCover] {
        let (organization, me) = (try db.organization, try db.me)
        let found = try db.all(
            """
            SELECT k.*, coalesce(p.called, p.name) AS supporter_name, (SELECT coalesce(q.called, q.name) FROM match s
                    JOIN person q ON q.organization_id = s.organization_id AND q.id = s.supporter_id
                    WHERE s.organization_id = k.organization_id AND s.id = k.stand_in_id
                    AND (s.status = 'active' OR s.ended_at >= k.ended_at)) AS stand_in_name,
                EXISTS (SELECT 1 FROM match s WHERE s.organization_id = k.organization_id
                    AND s.stands_in_for = k.match_id AND s.status = 'proposed') AS is_asked,
                EXISTS (SELECT 1 FROM match s WHERE s.organization_id = k.organization_id AND s.id = k.match_id
                    AND s.end_reason = 'asked') AS is_asked_for
            FROM cover k JOIN person p ON p.organization_id = k.organization_id AND p.id = k.supporter_id
            WHERE k.organization_id = \(organization) AND k.participant_id = \(me)
            AND (k.ended_at IS NULL OR k.ended_at > \(db.now.adding(days: -daysTold))
                AND k.ending IN ('returned', 'kept') AND EXISTS (SELECT 1 FROM match s
                    WHERE s.organization_id = k.organization_id AND s.status = 'active'
                    AND s.id = CASE WHEN k.ending = 'kept' THEN k.stand_in_id ELSE k.match_id END))
            ORDER BY k.opened_at DESC, k.id DESC LIMIT 10
            """
        ) { row in
            let cover = try Cover(row: row)
            return ToldCover(
                cover: cover, supporter: try row["supporter_name"], standIn: try row["stand_in_name"],
                isAsked: try row["is_asked"], isWish: try row["is_asked_for"] || cover.choice == .new)
        }
        // Only the latest of each match: who is back is away no longer, and who is away again is not back.
        var known: Set<Match.ID> = []
        return found.filter { known.insert($0.cover.match).inserted }
    }

    package func shown(_ words: Words) -> Value {
        var fields: [String: Value] = [
            "title": .nothing, "text": .nothing, "back": .nothing, "chosen": .nothing, "choices": .list([]),
            "hasChoices": .flag(false), "choicePath": .text("/cover/\(cover.id)/choice"), "ask": .nothing
        ]
        let names = ["name": supporter, "standIn": standIn ?? ""]
        switch cover.ending {
        case .returned?:
            fields["title"] = .text(words("cover.told.returned", names))
            fields["text"] = .text(
                words(standIn == nil ? "cover.told.returned-text" : "cover.told.returned-after", names))
        case .kept?:
            fields["title"] = .text(words("cover.told.kept", names))
            fields["text"] = .text(words(isWish ? "cover.told.kept-wish" : "cover.told.kept-text", names))
        case .found?, .over?: break
        case nil where cover.cause == .left && isWish:
            fields["title"] = .text(words("cover.told.wish"))
            fields["text"] = .text(words("cover.told.wish-text"))
        case nil where cover.cause == .left:
            fields["title"] = .text(words("cover.told.left", names))
            fields["text"] = .text(words("cover.told.left-text", names))
            offer([.new], "cover.told.left-ask", &fields, words)
        case nil:
            fields["title"] = .text(words("cover.told.away", names))
            // Nobody reads a day that has passed where they are.
            let day = cover.dayAhead(at: words.now).flatMap { $0 < words.day(of: words.now) ? nil : $0 }
            fields["back"] = .text(
                day.map { words("cover.told.back", ["name": supporter, "day": words.day($0)]) }
                    ?? words("cover.told.back-unknown", names))
            if standIn != nil {
                fields["text"] = .text(words("cover.told.stand-in", names))
            } else {
                fields["text"] = .text(words(isAsked ? "cover.told.asked" : "cover.told.away-text", names))
                offer(
                    cover.mayWait(at: words.now) ? [.wait, .meanwhile, .new] : [.meanwhile, .new], "cover.told.ask",
                    &fields, words)
            }
        }
        return .object(Fields(fields))
    }

    private func offer(_ choices: [Cover.Choice], _ question: String, _ fields: inout [String: Value], _ words: Words) {
        let names = ["name": supporter]
        // What is not offered any more is not chosen any more.
        let chosen = cover.choice.flatMap { choices.contains($0) ? $0 : nil }
        fields["chosen"] = Value(chosen.map { words("cover.told.chosen.\($0.rawValue)", names) })
        let others = choices.filter { $0 != chosen }
        fields["choices"] = .list(
            others.map { ["code": .text($0.rawValue), "text": .text(words("cover.choice.\($0.rawValue)", names))] })
        fields["hasChoices"] = .flag(!others.isEmpty)
        fields["ask"] = .text(words(chosen == nil ? question : "cover.told.change"))
    }
}
