import Foundation
import Kith
import Storage

/// The hard rules once more, as plainly as they can be said and straight from the rows, to judge what the product does.
struct PlainMatchRules {
    private struct Side {
        var languages: Set<String> = []
        var formats: Set<String> = []
        var areas: Set<String> = []
        var hours: Set<Int> = []
        var gender: String?
        var birthYear: Int?
        var culture: String?
    }

    /// Whether a supporter may be proposed for a referral at this moment.
    static func allow(_ supporter: Person.ID, for referral: Referral, in db: Reading) throws -> Bool {
        let wishes = try referral.wishes(in: db)
        let participant = try participant(of: referral, wishes, db)
        guard supporter != referral.person, let person = try side(of: supporter, referral.program, db) else {
            return false
        }
        let stated = try topics(of: supporter, db)
        let common = participant.formats.intersection(person.formats)
        let hoursInCommon = !participant.hours.isDisjoint(with: person.hours)
        let areaFits = participant.areas.isEmpty || !participant.areas.isDisjoint(with: person.areas)
        let canMeet = common.contains { format in
            switch format {
            case "messages": true
            case "in-person": hoursInCommon && areaFits
            default: hoursInCommon
            }
        }
        return try !participant.languages.isDisjoint(with: person.languages)
            && canMeet
            && fits(wishes.gender, participant.gender, person.gender)
            && fitsAge(wishes.age, participant.birthYear, person.birthYear)
            && fits(wishes.culture, participant.culture, person.culture)
            && !wishes.topics.contains { stated[$0] == "not-taken" }
            && !isPaused(supporter, db) && hasRoom(supporter, db) && !saidNo(supporter, referral.person, db)
    }

    private static func fits<T: Equatable>(_ wish: Wishes.Wish, _ own: T?, _ theirs: T?) -> Bool {
        guard wish.must, wish.kind != .none else { return true }
        guard let own, let theirs else { return false }
        return wish.kind == .same ? own == theirs : own != theirs
    }

    private static func fitsAge(_ wish: Wishes.Wish, _ own: Int?, _ theirs: Int?) -> Bool {
        guard wish.must, wish.kind != .none else { return true }
        guard let own, let theirs else { return false }
        return (abs(own - theirs) <= 10) == (wish.kind == .same)
    }

    private static func participant(of referral: Referral, _ wishes: Wishes, _ db: Reading) throws -> Side {
        var side = try told(referral.person, db)
        if !wishes.languages.isEmpty { side.languages = Set(wishes.languages) }
        side.formats = Set((wishes.formats.isEmpty ? Format.allCases : wishes.formats).map(\.rawValue))
        if let area = wishes.area { side.areas = [area] }
        side.hours = wishes.hours.isEmpty ? Set(0..<168) : hours(wishes.hours)
        return side
    }

    /// Language, area and attributes from the person's own row.
    private static func told(_ person: Person.ID, _ db: Reading) throws -> Side {
        let found = try db.first("SELECT * FROM person WHERE id = \(person)") { row in
            let (area, year): (String?, Int?) = (try row["area"], try row["birth_year"])
            return Side(
                languages: [try row["language"]], areas: Set([area].compactMap { $0 }), gender: try row["gender"],
                birthYear: year, culture: try row["culture"])
        }
        return found ?? Side()
    }

    private static func side(of supporter: Person.ID, _ program: Program.ID, _ db: Reading) throws -> Side? {
        let hasRole = try db.exists(
            """
            SELECT 1 FROM membership WHERE person_id = \(supporter) AND program_id = \(program)
            AND role = 'supporter' AND ended_at IS NULL
            """)
        guard hasRole else { return nil }
        var side = try told(supporter, db)
        side.languages = Set(
            try db.values("SELECT language FROM supporter_language WHERE person_id = \(supporter)", as: String.self))
        side.hours = hours(
            try db.all("SELECT * FROM supporter_hours WHERE person_id = \(supporter)") {
                WeekHours(weekday: try $0["weekday"], from: try $0["from_hour"], to: try $0["to_hour"])
            })
        let lists = try db.first("SELECT formats, areas FROM supporter WHERE person_id = \(supporter)") {
            [try $0["formats"] as String, try $0["areas"] as String]
                .map { (try? JSONDecoder().decode([String].self, from: Data($0.utf8))) ?? [] }
        }
        guard let lists else { return nil }
        (side.formats, side.areas) = (Set(lists[0]), Set(lists[1]))
        return side
    }

    private static func hours(_ stretches: [WeekHours]) -> Set<Int> {
        Set(stretches.flatMap { stretch in (stretch.from..<stretch.to).map { stretch.weekday * 24 + $0 } })
    }

    private static func topics(of supporter: Person.ID, _ db: Reading) throws -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: try db.all("SELECT topic, stance FROM supporter_topic WHERE person_id = \(supporter)")
            {
                (try $0["topic"] as String, try $0["stance"] as String)
            })
    }

    private static func isPaused(_ supporter: Person.ID, _ db: Reading) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM supporter_pause WHERE person_id = \(supporter) AND ended_at IS NULL
            AND (returns_on IS NULL OR returns_on > \(String(db.now.description.prefix(10))))
            """)
    }

    private static func hasRoom(_ supporter: Person.ID, _ db: Reading) throws -> Bool {
        let open = try db.value(
            "SELECT count(*) FROM match WHERE supporter_id = \(supporter) AND status IN ('proposed', 'active')",
            as: Int.self)
        let limit = try db.value("SELECT caseload_limit FROM supporter WHERE person_id = \(supporter)", as: Int.self)
        return (open ?? 0) < (limit ?? 0)
    }

    private static func saidNo(_ supporter: Person.ID, _ participant: Person.ID, _ db: Reading) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM match WHERE supporter_id = \(supporter) AND participant_id = \(participant)
            AND (status IN ('proposed', 'active', 'declined') OR end_reason = 'asked')
            """)
    }
}
