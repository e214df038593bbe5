import Storage
import Web

/// Contacts that nobody told about in time, and those whose note was not finished in time, for whoever coordinates.
/// They are still the supporter's to settle; a coordinator asks, or tells for them what became of a contact.
package struct LateScreen: Screen {
    package static let template = "encounters/late"

    /// How many are shown and counted at most; the others follow when these are settled.
    static let limit = 100

    let untold: [Encounter]
    let unfinished: [Encounter]

    package init(in db: Reading) throws {
        let found = try db.all(
            """
            \(Encounter.everything) WHERE e.organization_id = \(db.organization)
            AND \(db.reach(.encounter, of: .pair("e"), as: [.coordinator])) AND e.due_at < \(db.now)
            ORDER BY e.due_at, e.id LIMIT \(Self.limit)
            """, Encounter.init(row:))
        untold = found.filter { $0.status == .planned }
        unfinished = found.filter { $0.status == .done }
        for encounter in found { db.disclose(.listed, of: encounter.participant) }
    }

    /// How many there are, for the board.
    static func count(in db: Reading) throws -> SQL {
        """
        SELECT count(*) FROM (SELECT 1 FROM encounter e WHERE e.organization_id = \(try db.organization)
            AND \(try db.reach(.encounter, of: .pair("e"), as: [.coordinator])) AND e.due_at < \(db.now)
            LIMIT \(limit)) AS late
        """
    }

    package func title(_ words: Words) -> String { words("encounters.late.title") }

    package func shown(_ words: Words) -> Value {
        [
            "untold": .list(untold.map { shown($0, words) }),
            "unfinished": .list(unfinished.map { shown($0, words) }),
            "empty": .flag(untold.isEmpty && unfinished.isEmpty)
        ]
    }

    private func shown(_ encounter: Encounter, _ words: Words) -> Value {
        [
            "path": .text("/encounters/\(encounter.id)"), "when": .text(words.dayAndTime(encounter.startsAt)),
            "with": .text(
                words("encounters.both", ["one": encounter.supporterName, "other": encounter.participantName])),
            "mode": .text(words("formats.\(encounter.mode.rawValue)")),
            "status": .text(encounter.due.map(words.due) ?? ""), "late": true,
            "weekPath": encounter.status == .planned ? .text("/supporters/\(encounter.supporter)/week") : .nothing
        ]
    }
}
