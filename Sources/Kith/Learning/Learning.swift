import Hummingbird
import Matching
import Storage
import Web

/// How a program's matches are ranked, what both sides' answers say about it, and who decided what when.
package enum Learning {
    package static let feature = Feature(
        name: "Learning", migrations: MatchFeedback.migrations, routes: routes, events: [.matchLookedBack],
        copied: CopiedPart("match-feedback", lines: copied),
        erasures: [
            { house, person, _ in
                """
                DELETE FROM match_feedback WHERE organization_id = \(house) AND match_id IN (SELECT id FROM match
                    WHERE organization_id = \(house) AND (participant_id = \(person) OR supporter_id = \(person)))
                """
            }
        ])

    static let readers: [Role] = [.coordinator, .supervisor]

    private static let routes: [Route] = [
        .get("/ranking", .roles(Set(readers))) { visit in
            let first = try await visit.read { try Program.named($0.reach(readers), in: $0).first?.id }
            guard let first else { throw Problem.notFound }
            return .seeOther("/programs/\(first)/ranking")
        },
        .get("/programs/{id}/ranking", .roles(Set(readers))) { visit in
            let program = try visit.id(of: Program.self)
            return try await visit.show { try RankingScreen(of: program, in: $0) }
        },
        .post("/programs/{id}/ranking", .roles(Set(readers))) { visit in
            let program = try visit.id(of: Program.self)
            let (version, seen) = try await visit.form().read {
                ($0.integer("version", in: versions), $0.text("points", max: 200))
            }
            try await visit.write { try approve(seen, after: version, in: program, $0) }
            return .seeOther("/programs/\(program)/ranking")
        }.taking("version", "points"),
        .post("/programs/{id}/ranking/return", .roles(Set(readers))) { visit in
            let program = try visit.id(of: Program.self)
            let (version, earlier) = try await visit.form().read {
                ($0.integer("version", in: versions), $0.integer("to", in: versions))
            }
            try await visit.write { db in
                _ = try RankingScreen.found(program, in: db)
                try MatchWeights.goBack(to: earlier, after: version, in: program, db)
            }
            return .seeOther("/programs/\(program)/ranking")
        }.taking("version", "to"),
        .post("/matches/{id}/look-back", .role(.supporter)) { visit in
            let match = try visit.id(of: Match.self)
            let said = try await visit.form().read { $0.choice("answer", of: Said.self) }
            try await visit.write { try MatchFeedback.answer(said.answer, of: match, in: $0) }
            return .seeOther("/today")
        }.taking("answer")
    ]

    /// More than anybody approves.
    private static let versions = 1...1_000_000

    private enum Said: String, CaseIterable {
        case yes, partly, no, skip

        var answer: MatchFeedback.Answer? { MatchFeedback.Answer(rawValue: rawValue) }
    }

    /// Approves what the page has shown. It is estimated once more: if an answer came in since that changes it, the
    /// person looks again.
    private static func approve(_ seen: String, after version: Int, in program: Program.ID, _ db: Writing) throws {
        _ = try RankingScreen.found(program, in: db)
        let now = try MatchWeights.now(of: program, in: db.organization, db: db)
        if now.version - 1 == version, text(of: now.points) == seen { return }  // sent twice
        let estimate = MatchEstimate(try MatchRecord.all(of: program, in: db), weights: now.points)
        guard let proposal = estimate.proposal(instead: now.points), text(of: proposal) == seen else {
            throw Problem.conflict("weights.changed")
        }
        try MatchWeights.approve(
            proposal, after: version, in: program, from: estimate.answers, report: try estimate.stored, db)
    }

    /// The weights as a form carries them.
    static func text(of points: [Criterion: Int]) -> String {
        Criterion.allCases.map { "\(points[$0] ?? 0)" }.joined(separator: "-")
    }

    /// What a supporter answered about their matches, for their own copy.
    private static func copied(
        _ person: Person.ID, _ organization: Organization.ID, _ db: Reading
    ) throws -> [CopiedPart.Line] {
        try db.all(
            """
            SELECT k.answer, k.at FROM match_feedback k
            JOIN match m ON m.organization_id = k.organization_id AND m.id = k.match_id
            WHERE k.organization_id = \(organization) AND m.supporter_id = \(person) AND k.answer IS NOT NULL
            ORDER BY k.at, k.match_id
            """
        ) { row in
            let (answer, at): (MatchFeedback.Answer, Instant) = (try row["answer"], try row["at"])
            return { words in
                PersonCopy.Line(label: words.day(at), text: words("look-back.\(answer.rawValue)"))
            }
        }
    }
}

extension MatchEstimate {
    /// What is kept beside weights that were approved: what was said of each criterion, and how surely.
    var stored: String {
        get throws {
            guard case .found(let findings, _) = body else { return "{}" }
            return try Criterion.stored(
                findings.mapValues { ["\($0.said.rawValue)", "\($0.effect)", "\($0.error)"] })
        }
    }
}
