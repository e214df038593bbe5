import Kith
import KithTestSupport
import Storage

/// What must never be while supporters come and go, found as plainly as it can be said.
struct CoverModel {
    let village: Village
    let people: [Person.ID]

    private struct Pair {
        let id: String
        let supporter: String
        let participant: String
        let startedAt: Instant
        let isApart: Bool
        let standsIn: Bool
    }

    /// - Parameter begun: when the step began after which it is asked.
    func violations(since begun: Instant) async throws -> [String] {
        let orphans = try await village.orphansOfCover().keys.sorted()
        return try await village.write(asSystemOf: village.riverside) { [people] db in
            let since = db.now.adding(days: -Cover.silentDays)
            let day = "\(db.now)".prefix(10)
            let pairs = try db.all("SELECT * FROM match WHERE status = 'active'") { row in
                Pair(
                    id: try row["id"], supporter: try row["supporter_id"], participant: try row["participant_id"],
                    startedAt: try row["started_at"], isApart: try row["apart_at"] as String? != nil,
                    standsIn: try row["stands_in_for"] as String? != nil)
            }
            let paused = Set(
                try db.all("SELECT person_id, returns_on FROM supporter_pause WHERE ended_at IS NULL") { row in
                    let returns: String? = try row["returns_on"]
                    let person: String = try row["person_id"]
                    return returns.map { $0 > day } ?? true ? person : ""
                })
            func latest(_ query: SQL) throws -> Instant? { try db.value(query, as: Instant?.self) ?? nil }
            func isSilent(_ supporter: String) throws -> Bool {
                let signs = [
                    try latest("SELECT max(coalesce(seen_at, created_at)) FROM session WHERE person_id = \(supporter)"),
                    try latest("SELECT max(sent_at) FROM message WHERE sender_id = \(supporter)")
                ]
                guard signs.allSatisfy({ $0.map { $0 <= since } ?? true }) else { return false }
                let rested = try db.exists(
                    """
                    SELECT 1 FROM supporter_pause WHERE person_id = \(supporter)
                    AND coalesce(ended_at, returns_on, '9999') > \(since)
                    """)
                guard !rested else { return false }
                return try pairs.filter { $0.supporter == supporter && $0.startedAt < since }.contains { pair in
                    let talk = try db.all(
                        """
                        SELECT x.sender_id, x.sent_at FROM message x JOIN conversation c ON c.id = x.conversation_id
                        WHERE c.match_id = \(pair.id) ORDER BY x.sequence
                        """
                    ) { (sender: try $0["sender_id"] as String, at: try $0["sent_at"] as Instant) }
                    let answered = talk.lastIndex { $0.sender == pair.supporter }
                    let open = talk[(answered.map { $0 + 1 } ?? 0)...]
                    return answered == nil || open.contains { $0.sender == pair.participant && $0.at < since }
                }
            }
            var found = orphans
            found += try Self.backUnseen(since: begun, db)
            for pair in pairs where !pair.standsIn {
                let isThere = try !pair.isApart && !paused.contains(pair.supporter) && !isSilent(pair.supporter)
                guard !isThere else { continue }
                let covered = try db.exists(
                    """
                    SELECT 1 FROM cover k JOIN referral r ON r.id = k.referral_id
                    JOIN membership o ON o.person_id = r.owner_id AND o.ended_at IS NULL
                    WHERE k.match_id = \(pair.id) AND k.ended_at IS NULL AND k.due_at IS NOT NULL
                    """)
                if !covered { found.append("nobody there, and no cover") }
            }
            for person in people {
                let isSomewhere = try db.exists(
                    """
                    SELECT 1 FROM referral WHERE person_id = \(person) AND (queue IS NULL OR queue IN ('matching',
                        'waiting', 'answers', 'cancellation', 'consent')
                        OR EXISTS (SELECT 1 FROM match m WHERE m.referral_id = referral.id AND m.status = 'active'))
                    """)
                if !isSomewhere { found.append("dropped") }
            }
            return found
        }
    }

    /// Of whom somebody was told since `begun` that they are back, though nobody has seen them.
    private static func backUnseen(since begun: Instant, _ db: Reading) throws -> [String] {
        let ended = try db.all(
            """
            SELECT match_id, supporter_id, cause, opened_at, ended_at FROM cover
            WHERE ending = 'returned' AND ended_at >= \(begun)
            """
        ) { row in
            (
                match: try row["match_id"] as String, supporter: try row["supporter_id"] as String,
                cause: try row["cause"] as String, opened: try row["opened_at"] as String,
                ended: try row["ended_at"] as String
            )
        }
        var found: [String] = []
        for one in ended {
            func wrote(since moment: String) throws -> Bool {
                try db.exists(
                    """
                    SELECT 1 FROM message x JOIN conversation c ON c.id = x.conversation_id
                    WHERE c.match_id = \(one.match) AND x.sender_id = \(one.supporter) AND x.sent_at >= \(moment)
                    """)
            }
            if one.cause == "silence", try !wrote(since: one.opened) { found.append("back, and not heard") }
            let pauses = try db.all(
                """
                SELECT returns_on FROM supporter_pause WHERE person_id = \(one.supporter) AND since < \(one.ended)
                AND (ended_at IS NULL OR ended_at > \(one.ended))
                """
            ) { try $0["returns_on"] as String? }
            for day in pauses {
                guard let day else {
                    found.append("back in an open pause")
                    continue
                }
                let isSeen = try db.exists(
                    """
                    SELECT 1 FROM session WHERE person_id = \(one.supporter)
                    AND coalesce(seen_at, created_at) >= \(day)
                    """)
                if !isSeen, try !wrote(since: day) { found.append("back, and not seen") }
            }
        }
        return found
    }
}
