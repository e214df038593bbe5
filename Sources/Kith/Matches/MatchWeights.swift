import Foundation
import Matching
import Storage

/// A version of the weights by which a program ranks supporters. Versions only follow each other: whoever goes back to
/// earlier weights gives them a new number, so that a match names the weights of its points for good.
package struct MatchWeights: Sendable, Equatable {
    package let version: Int
    package let points: [Criterion: Int]
    /// How many matches with an answer they were estimated from; nil where somebody went back to earlier ones.
    package let answers: Int?
    /// The version whose weights they are again.
    package let returnsTo: Int?
    package let approvedBy: String
    package let approvedAt: Instant

    /// What the weights of a program add up to, always.
    package static let total = 1_000

    /// The weights by which a program ranks now: those approved last, or those that Kith comes with. One statement.
    static func now(of program: Program.ID, in organization: Organization.ID, db: Reading) throws -> Weights {
        let found = try db.first(
            """
            SELECT version, points FROM match_weights
            WHERE organization_id = \(organization) AND program_id = \(program) ORDER BY version DESC LIMIT 1
            """
        ) { Weights(version: try $0["version"], points: try Criterion.numbers(stored: $0["points"])) }
        return found ?? .standard
    }

    /// The same for several programs at once, where they are not those that Kith comes with: one statement.
    static func now(
        of programs: [Program.ID], in organization: Organization.ID, db: Reading
    ) throws -> [Program.ID: Weights] {
        let found = try db.all(
            """
            SELECT w.program_id, w.version, w.points FROM match_weights w
            WHERE w.organization_id = \(organization) AND w.program_id IN \(list: programs) AND w.version =
                (SELECT max(l.version) FROM match_weights l WHERE l.organization_id = w.organization_id
                AND l.program_id = w.program_id)
            """
        ) { row in
            let weights = Weights(version: try row["version"], points: try Criterion.numbers(stored: row["points"]))
            return (try row["program_id"] as Program.ID, weights)
        }
        return Dictionary(uniqueKeysWithValues: found)
    }

    /// The versions of a program, the latest first, without the one that Kith comes with. Whoever calls has found the
    /// program by their own reach.
    package static func history(of program: Program.ID, in db: Reading) throws -> [MatchWeights] {
        try db.all(
            """
            SELECT w.version, w.points, w.answers, w.returns_to, w.approved_at, coalesce(p.called, p.name) AS approved_by
            FROM match_weights w
            JOIN person p ON p.organization_id = w.organization_id AND p.id = w.approved_by
            WHERE w.organization_id = \(db.organization) AND w.program_id = \(program)
            ORDER BY w.version DESC LIMIT 50
            """
        ) { row in
            MatchWeights(
                version: try row["version"], points: try Criterion.numbers(stored: row["points"]),
                answers: try row["answers"], returnsTo: try row["returns_to"], approvedBy: try row["approved_by"],
                approvedAt: try row["approved_at"])
        }
    }

    /// Ranks by other weights from now on. Matches that are there keep their points.
    /// - Parameters:
    ///   - seen: the version that stood on the page.
    ///   - report: what was estimated, as an object in JSON; kept to be looked at later.
    /// - Throws: `.conflict("weights.changed")` when somebody was quicker, `.conflict("weights.same")` when nothing
    ///   would change.
    static func approve(
        _ points: [Criterion: Int], after seen: Int, in program: Program.ID, from answers: Int? = nil,
        returningTo earlier: Int? = nil, report: String = "{}", _ db: Writing
    ) throws {
        guard db.actor.has(.coordinator, in: program) || db.actor.has(.supervisor, in: program) else {
            throw Problem.notAllowed
        }
        let (organization, me) = (try db.organization, try db.me)
        let now = try now(of: program, in: organization, db: db)
        guard now.version == seen else {
            // Sent twice.
            if now.version - 1 == seen, now.points == points { return }
            throw Problem.conflict("weights.changed")
        }
        guard now.points != points else { throw Problem.conflict("weights.same") }
        guard points.values.reduce(0, +) == total, points.values.allSatisfy({ $0 >= 0 }) else {
            throw Problem.conflict("weights.changed")
        }
        let version = now.version + 1
        try db.run(
            """
            INSERT INTO match_weights (organization_id, program_id, version, points, answers, returns_to, report,
                approved_by, approved_at)
            VALUES (\(organization), \(program), \(version), \(try Criterion.stored(points)), \(answers),
                \(earlier), \(report), \(me), \(db.now))
            """)
        db.record(Event(.matchWeightsApproved, of: program.text, in: program, ["version": "\(version)"]))
    }

    /// Ranks as an earlier version did. Version 1 is what Kith comes with.
    static func goBack(to version: Int, after seen: Int, in program: Program.ID, _ db: Writing) throws {
        let points =
            version == Weights.standard.version
            ? Weights.standard.points : try history(of: program, in: db).first { $0.version == version }?.points
        guard let points else { throw Problem.notFound }
        try approve(points, after: seen, in: program, returningTo: version, db)
    }
}

extension EventKind {
    /// A program ranks by other weights. Its object is the program. Details: `version`.
    package static let matchWeightsApproved = EventKind("match.weights-approved")
}

extension Weights {
    init(version: Int, points: [Criterion: Int]) {
        func of(_ criterion: Criterion) -> Int { points[criterion] ?? Weights.standard[criterion] }
        self.init(
            version: version, experience: of(.experience), language: of(.language), hours: of(.hours),
            format: of(.format), area: of(.area), wishes: of(.wishes), continuity: of(.continuity), room: of(.room),
            newSupporter: of(.newSupporter), ampleHours: Weights.standard.ampleHours,
            heavyLoad: Weights.standard.heavyLoad)
    }

    package var points: [Criterion: Int] {
        Dictionary(uniqueKeysWithValues: Criterion.allCases.map { ($0, self[$0]) })
    }
}

extension Criterion {
    /// As stored, and in the keys of sentences: as the reasons of a match have it.
    package var code: String { MatchReason.Kind(self).rawValue }

    static func stored<Number: Encodable>(_ numbers: [Criterion: Number]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let named = Dictionary(uniqueKeysWithValues: numbers.map { ($0.key.code, $0.value) })
        return String(decoding: try encoder.encode(named), as: UTF8.self)
    }

    static func numbers<Number: Decodable>(stored: String) throws -> [Criterion: Number] {
        let named = try JSONDecoder().decode([String: Number].self, from: Data(stored.utf8))
        return Dictionary(uniqueKeysWithValues: allCases.compactMap { one in named[one.code].map { (one, $0) } })
    }
}

extension Score {
    /// All parts as numbers, what earned nothing as well: points, and the most that anybody could have earned.
    var stored: String {
        get throws {
            try Criterion.stored(
                Dictionary(uniqueKeysWithValues: parts.map { ($0.reason.criterion, [$0.points, $0.maximum]) }))
        }
    }
}
