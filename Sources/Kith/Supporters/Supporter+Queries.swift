import Foundation
import Storage

extension Supporter {
    /// Every supporter of `programs` with all that matching needs, in the order of their identifiers: two statements,
    /// however many there are. Names of topics come along only where their audience is among `audiences`.
    ///
    /// Whoever calls has established the right to these programs. While somebody takes a breather, everybody but themselves
    /// is told that they have no free place.
    package static func all(
        of programs: [Program.ID], only person: Person.ID? = nil, showing audiences: [Statement.Audience] = [.anyone],
        asThemselves: Bool = false, in db: Reading
    ) throws -> [Supporter] {
        let organization = try db.organization
        let one: SQL = person.map { "AND person_id = \($0)" } ?? ""
        return try load(
            among: """
                (SELECT person_id FROM membership WHERE organization_id = \(organization)
                AND program_id IN \(list: programs) AND role = \(Role.supporter) AND ended_at IS NULL \(one))
                """, showing: audiences, asThemselves: asThemselves, in: db)
    }

    /// A supporter of a program that the person asking coordinates.
    package static func find(_ person: Person.ID, in db: Reading) throws -> Supporter {
        guard let found = try all(of: db.coordinated, only: person, in: db).first else { throw Problem.notFound }
        db.disclose(.listed, of: person)
        return found
    }

    /// The person asking, as a supporter; nil before they have filled in their profile.
    package static func mine(in db: Reading) throws -> Supporter? {
        let programs = db.actor.roles.filter { $0.role == .supporter }.map(\.program)
        return try all(
            of: programs, only: db.me, showing: Statement.Audience.allCases, asThemselves: true, in: db
        ).first
    }

    /// One supporter, in a role still or no longer, for those who have established their right to it.
    package static func load(
        _ person: Person.ID, showing audiences: [Statement.Audience], in db: Reading
    ) throws -> Supporter {
        guard let found = try load(among: "(\(person))", showing: audiences, in: db).first else {
            throw Problem.notFound
        }
        return found
    }

    /// People with the role who have no profile yet, by name: nobody can be matched with them.
    static func withoutProfile(in programs: [Program.ID], db: Reading) throws -> [(person: Person.ID, name: String)] {
        let organization = try db.organization
        return try db.all(
            """
            SELECT p.id, p.name FROM person p WHERE p.organization_id = \(organization)
            AND p.id IN (SELECT person_id FROM membership WHERE organization_id = \(organization)
                AND program_id IN \(list: programs) AND role = \(Role.supporter) AND ended_at IS NULL)
            AND NOT EXISTS (SELECT 1 FROM supporter s WHERE s.organization_id = p.organization_id
                AND s.person_id = p.id)
            ORDER BY p.name, p.id
            """
        ) { (person: try $0["id"], name: try $0["name"]) }
    }

    /// The load is counted where the matches are: a supporter is as full as their open matches say.
    private static func load(
        among people: SQL, showing audiences: [Statement.Audience], asThemselves: Bool = false, in db: Reading
    ) throws -> [Supporter] {
        let (organization, today) = (try db.organization, db.today)
        let facets = try facets(of: people, showing: audiences, in: db)
        return try db.all(
            """
            SELECT s.person_id, p.name, coalesce(p.called, p.name) AS called, s.introduction, s.caseload_limit,
                s.formats, s.areas, s.since, p.gender, p.birth_year, p.culture, z.since AS paused_since, z.returns_on,
                \(Clearance.stands(for: "s.person_id", in: "s.organization_id", on: db.now.countedDay)) AS is_cleared,
                \(Breather.lasts(for: "s.person_id", in: "s.organization_id", at: db.now)) AS takes_breather,
                (SELECT count(*) FROM match m WHERE m.organization_id = s.organization_id
                    AND m.supporter_id = s.person_id AND m.status IN ('proposed', 'active')) AS load,
                (SELECT max(m.proposed_at) FROM match m WHERE m.organization_id = s.organization_id
                    AND m.supporter_id = s.person_id) AS last_proposed
            FROM supporter s
            JOIN person p ON p.organization_id = s.organization_id AND p.id = s.person_id
            LEFT JOIN supporter_pause z ON z.organization_id = s.organization_id AND z.person_id = s.person_id
                AND z.ended_at IS NULL
            WHERE s.organization_id = \(organization) AND s.person_id IN \(people)
            ORDER BY s.person_id
            """
        ) { row in
            let person: Person.ID = try row["person_id"]
            let facets = facets[person] ?? Facets()
            let (load, takesBreather): (Int, Bool) = (try row["load"], try row["takes_breather"])
            let limit = Breather.shown(
                try row["caseload_limit"], carrying: load, whileLasting: takesBreather && !asThemselves)
            let pause: Pause? = try (row["paused_since"] as Instant?).map {
                Pause(since: $0, returnsOn: try row["returns_on"])
            }
            return Supporter(
                person: person, name: try row["name"], called: try row["called"],
                profile: Profile(
                    introduction: try row["introduction"], limit: limit,
                    formats: try decoded(row["formats"]), areas: try decoded(row["areas"]),
                    languages: facets.languages, hours: facets.hours, statements: facets.statements),
                pause: pause.flatMap { ($0.returnsOn.map { $0 > today } ?? true) ? $0 : nil },
                since: try row["since"], load: load, lastProposed: try row["last_proposed"],
                gender: try row["gender"], birthYear: try row["birth_year"], culture: try row["culture"],
                isClearedForMinors: try row["is_cleared"])
        }
    }

    /// What a supporter has any number of.
    private struct Facets {
        var languages: [String] = []
        var hours: [WeekHours] = []
        var statements: [Statement] = []
    }

    private static func facets(
        of people: SQL, showing audiences: [Statement.Audience], in db: Reading
    ) throws -> [Person.ID: Facets] {
        let organization = try db.organization
        var all: [Person.ID: Facets] = [:]
        _ = try db.all(
            """
            SELECT person_id, language AS code, CAST(NULL AS TEXT) AS stance, CAST(NULL AS TEXT) AS shown_to,
                CAST(NULL AS TEXT) AS name, CAST(NULL AS TEXT) AS attested_by, CAST(NULL AS BIGINT) AS weekday,
                CAST(NULL AS BIGINT) AS from_hour, CAST(NULL AS BIGINT) AS to_hour
            FROM supporter_language WHERE organization_id = \(organization) AND person_id IN \(people)
            UNION ALL
            SELECT t.person_id, t.topic, t.stance, t.shown_to,
                CASE WHEN t.shown_to IN \(list: audiences) THEN (SELECT min(n.name) FROM topic n
                    WHERE n.organization_id = t.organization_id AND n.code = t.topic) END,
                (SELECT a.name FROM person a WHERE a.organization_id = t.organization_id AND a.id = t.attested_by),
                CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT)
            FROM supporter_topic t WHERE t.organization_id = \(organization) AND t.person_id IN \(people)
            UNION ALL
            SELECT person_id, CAST(NULL AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TEXT),
                CAST(NULL AS TEXT), weekday, from_hour, to_hour
            FROM supporter_hours WHERE organization_id = \(organization) AND person_id IN \(people)
            ORDER BY person_id, weekday, from_hour, code
            """
        ) { row in
            let person: Person.ID = try row["person_id"]
            guard let code: String = try row["code"] else {
                let hours = WeekHours(weekday: try row["weekday"], from: try row["from_hour"], to: try row["to_hour"])
                return all[person, default: Facets()].hours.append(hours)
            }
            guard let kind: Statement.Kind = try row["stance"] else {
                return all[person, default: Facets()].languages.append(code)
            }
            var statement = Statement(code, kind, shownTo: try row["shown_to"])
            statement.name = try row["name"]
            statement.attestedBy = try row["attested_by"]
            all[person, default: Facets()].statements.append(statement)
        }
        return all
    }

    private static func decoded<T: Decodable>(_ json: String) throws -> [T] {
        try JSONDecoder().decode([T].self, from: Data(json.utf8))
    }
}

extension Reading {
    /// The programs that the person asking coordinates.
    var coordinated: [Program.ID] { actor.roles.filter { $0.role == .coordinator }.map(\.program) }
}
