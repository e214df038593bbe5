import Foundation
import Storage
import Synchronization
import Web

/// Whom people can call or write to when it cannot wait for us. The one source of these numbers: no page says others.
package struct UrgentHelp: Sendable, Equatable {
    /// The numbers of a country, as they were on a day.
    package struct National: Sendable {
        let emergency: String
        let lifeline: String
        let lifelineChat: String
        /// Sent to the lifeline, it brings somebody who speaks Spanish.
        let spanishWord: String
        let veteransText: String
        let textLine: String
        /// What to send to the text line, by language; each has the English one.
        let textLineWords: [String: String]
        let maternal: String
        package let checkedOn: Day

        func textLineWord(for language: String) -> String? { textLineWords[language] ?? textLineWords["en"] }
    }

    /// Checked with each one's own public pages.
    package static let unitedStates = National(
        emergency: "911", lifeline: "988", lifelineChat: "988lifeline.org/chat", spanishWord: "AYUDA",
        veteransText: "838255", textLine: "741741",
        textLineWords: ["en": "HOME", "es": "HOLA"], maternal: "1-833-852-6262",
        checkedOn: Day(year: 2026, month: 11, day: 21) ?? Day(daysSince1970: 0))

    /// After so many days somebody has to look at the numbers again.
    package static let daysBetweenReviews = 180

    /// Somebody near who helps, in the words of the organization.
    package struct Line: Sendable, Equatable, Codable {
        var name: String
        var about: String
        var call: String
        var text: String

        package init(name: String, about: String = "", call: String = "", text: String = "") {
            (self.name, self.about, self.call, self.text) = (name, about, call, text)
        }
    }

    /// Whether the numbers of the United States are shown.
    package var usesNational = true
    /// The number for danger to life, where it is another.
    package var emergency: String?
    package var lines: [Line] = []
    /// When the organization last looked at all of this; nil: never.
    package var reviewedOn: Day?

    package init(usesNational: Bool = true, emergency: String? = nil, lines: [Line] = [], reviewedOn: Day? = nil) {
        self.usesNational = usesNational
        self.emergency = emergency
        self.lines = lines
        self.reviewedOn = reviewedOn
    }

    init(row: Row) throws {
        let (text, day): (String, String) = (try row["lines"], try row["reviewed_on"])
        self.init(
            usesNational: try row["uses_national"], emergency: try row["emergency"],
            lines: try JSONDecoder().decode([Line].self, from: Data(text.utf8)), reviewedOn: Day(day))
    }

    /// When somebody has to look again.
    package var reviewDue: Day {
        let last = reviewedOn ?? Self.unitedStates.checkedOn
        return Day(daysSince1970: last.daysSince1970 + Self.daysBetweenReviews)
    }

    /// What an organization chose; the usual, where it chose nothing.
    package static func chosen(by organization: Organization.ID, in db: Reading) throws -> UrgentHelp {
        try db.first(
            "SELECT * FROM urgent_help WHERE organization_id = \(organization)", UrgentHelp.init(row:)) ?? UrgentHelp()
    }

    /// Keeps the numbers, looked at today by the administrator asking.
    package func keep(in db: Writing) throws {
        let organization = try db.organization
        guard db.actor.has(.administrator) || db.actor.kind == .system else { throw Problem.notAllowed }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = String(decoding: try encoder.encode(lines), as: UTF8.self)
        try db.run(
            """
            INSERT INTO urgent_help (organization_id, uses_national, emergency, lines, reviewed_on, reviewed_by)
            VALUES (\(organization), \(usesNational), \(emergency), \(json), \(db.today.description),
                \(db.actor.logName))
            ON CONFLICT (organization_id) DO UPDATE SET uses_national = excluded.uses_national,
                emergency = excluded.emergency, lines = excluded.lines, reviewed_on = excluded.reviewed_on,
                reviewed_by = excluded.reviewed_by
            """)
        db.record(Event(.urgentHelpReviewed, of: organization.text))
    }

    static let migrations = [
        Migration(
            "2026-11-27-urgent-help",
            """
            CREATE TABLE urgent_help (
                organization_id TEXT PRIMARY KEY REFERENCES organization (id),
                uses_national BOOLEAN NOT NULL,
                emergency TEXT,
                lines JSONB NOT NULL,
                reviewed_on TEXT NOT NULL,
                reviewed_by TEXT NOT NULL,
                CHECK (uses_national OR emergency IS NOT NULL)
            );
            """)
    ]
}

extension EventKind {
    package static let urgentHelpReviewed = EventKind("urgent-help.reviewed")
}

/// The numbers as this process last read them. The page shows these, so that it needs no database: it works when the
/// database is gone, and is at most a minute old while it is there.
package final class UrgentHelpBoard: Sendable {
    /// One house's own choice under its name.
    struct House: Sendable {
        let name: String
        let help: UrgentHelp
    }

    private struct State {
        var houses: [House] = []
        var readAt: Instant?
        var isReading = false
    }

    private let state = Mutex(State())
    private static let secondsFresh = 60

    package init() {}

    /// What is known now, at once. When it is old, it is read anew beside.
    func houses(on platform: Platform) -> [House] {
        let now = platform.world.now()
        let (houses, isOld) = state.withLock { state in
            let isOld = !state.isReading && (state.readAt.map { $0.adding(seconds: Self.secondsFresh) <= now } ?? true)
            if isOld { state.isReading = true }
            return (state.houses, isOld)
        }
        if isOld {
            Task {
                await read(from: platform)
                state.withLock { $0.isReading = false }
            }
        }
        return houses
    }

    /// Reads what organizations chose. What cannot be read stays as it was.
    package func read(from platform: Platform) async {
        let found = try? await platform.store.read { reader in
            try reader.all(
                """
                SELECT o.name, u.* FROM urgent_help u JOIN organization o ON o.id = u.organization_id
                ORDER BY o.name LIMIT 20
                """
            ) { House(name: try $0["name"], help: try UrgentHelp(row: $0)) }
        }
        guard let found else { return }
        state.withLock { $0 = State(houses: found, readAt: platform.world.now(), isReading: $0.isReading) }
    }
}
