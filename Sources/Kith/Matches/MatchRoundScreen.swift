import Matching
import Storage
import Web

/// The coordinator's page to look at everybody who waits together.
struct MatchRoundScreen: Screen {
    static let template = "matches/round"

    let program: ChosenProgram
    let round: MatchRound
    let made: MatchRound.Made

    /// - Throws: ``Problem/notFound`` for a program that the person asking does not coordinate.
    init(_ query: Form, in db: Reading) throws {
        program = try ChosenProgram(query, of: [.coordinator], in: db)
        round = try MatchRound(of: program.id, in: db)
        round.disclose(in: db)
        made = MatchRound.Made(
            made: query["made"].flatMap { Int($0) } ?? 0, missed: query["missed"].flatMap { Int($0) } ?? 0)
    }

    func title(_ words: Words) -> String { words("round.title") }

    func shown(_ words: Words) -> Value {
        let proposals = round.round.proposals
        let left = round.round.left.sorted { $0.key < $1.key }
        return [
            "program": .text(program.name), "programID": .text(program.id.text),
            "others": program.shownOthers { "/rounds?program=\($0)" },
            "needsPath": .text("/needs?program=\(program.id)"),
            "made": made.made > 0 ? .text(words("round.made", count: made.made)) : .nothing,
            "missed": made.missed > 0 ? .text(words("round.missed", count: made.missed)) : .nothing,
            "intro": .text(
                words(
                    "round.intro", count: round.lines.count,
                    ["supporters": words("round.supporters", count: round.pool.supporters.count)])),
            "more": round.hasMore ? .text(words("round.more", ["size": "\(MatchRound.size)"])) : .nothing,
            "empty": .flag(round.lines.isEmpty), "hasProposals": .flag(!proposals.isEmpty),
            "nobody": .flag(proposals.isEmpty && !round.lines.isEmpty),
            "proposals": .list(proposals.map { shown($0, words) }),
            "hasLeft": .flag(!left.isEmpty), "leftHeading": .text(words("round.left", count: left.count)),
            "left": .list(left.map { shown($0.value, of: round.lines[$0.key], words) })
        ]
    }

    private func shown(_ proposal: Round.Proposal, _ words: Words) -> Value {
        let line = round.lines[proposal.person]
        let supporter = round.pool.supporters[proposal.candidate]
        let reasons = round.questions[proposal.person].reasons(proposal.score, for: proposal.candidate)
        let rank =
            proposal.eligibleCount == 1
            ? words("round.only")
            : proposal.rank == 1
                ? words("round.best", ["count": "\(proposal.eligibleCount)"])
                : words("round.rank", ["rank": "\(proposal.rank)", "count": "\(proposal.eligibleCount)"])
        return [
            "field": .text("propose-\(line.referral.id)"), "supporter": .text(supporter.person.text),
            "name": .text(line.asking.name), "supporterName": .text(supporter.name),
            "urgent": .flag(line.referral.priority == .urgent),
            "span": .text(words.span(words.now.minutes(since: line.since))),
            "load": .text(
                words(
                    "supporters.load", ["load": "\(supporter.load)", "limit": "\(supporter.profile.limit)"])),
            "rank": .text(rank), "path": .text(path(line)),
            "reasons": .list(
                reasons.compactMap { $0.said(words, naming: supporter.namedTopics, to: .staff) }.map(Value.text))
        ]
    }

    private func shown(_ want: Round.Want, of line: MatchRound.Line, _ words: Words) -> Value {
        let reason =
            switch want {
            case .nobodyFits: words("round.want.nobody-fits")
            case .nobodyHasRoom: words("round.want.nobody-has-room")
            case .placesTaken: words("round.want.places-taken")
            }
        return [
            "name": .text(line.asking.name), "path": .text(path(line)), "want": .text(reason),
            "urgent": .flag(line.referral.priority == .urgent),
            "span": .text(words.span(words.now.minutes(since: line.since)))
        ]
    }

    private func path(_ line: MatchRound.Line) -> String { "/referrals/\(line.referral.id)/matching" }
}
