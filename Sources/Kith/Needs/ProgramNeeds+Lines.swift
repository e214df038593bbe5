import Matching
import Storage

extension ProgramNeeds {
    /// One line for each kind that somebody asks for. Whoever asks for several topics counts in each of their lines.
    static func lines(_ round: MatchRound, _ lately: [Lately], _ freed: FreedPlaces, at now: Instant) -> [Line] {
        var lines: [Kind: Line] = [:]
        for line in round.lines {
            let days = line.since.days(until: now)
            for kind in line.asking.kinds {
                lines[kind, default: Line(kind: kind)].waiting += 1
                lines[kind, default: Line(kind: kind)].longest = max(lines[kind]?.longest ?? 0, days)
            }
        }
        for one in lately {
            for kind in one.asking.kinds {
                if one.isNew { lines[kind, default: Line(kind: kind)].asked += 1 }
                if let days = one.days { lines[kind, default: Line(kind: kind)].served.append(days) }
            }
        }
        let supporters = round.pool.supporters
        let counted = lines.values.map { line in
            var line = line
            let possible = supporters.filter { $0.speaks(line.kind.language) && $0.reaches(line.kind.area) }
            let known = possible.filter { $0.isKnown(toHaveLived: line.kind.topic) }
            line.supporters = known.count
            line.free = known.reduce(0) { $0 + $1.free }
            line.estimate = estimate(possible, behind: round.lines.count, freed)
            return line
        }
        let order = counted.sorted {
            ($1.gap, $1.waiting, $1.longest, $1.asked, $0.kind.order)
                < ($0.gap, $0.waiting, $0.longest, $0.asked, $1.kind.order)
        }
        return Array(order.prefix(size))
    }

    /// For somebody whom these supporters could be with, after all who wait now.
    private static func estimate(_ possible: [Supporter], behind line: Int, _ freed: FreedPlaces) -> Estimate {
        guard !possible.isEmpty else { return .nobodyFits }
        let free = possible.reduce(0) { $0 + $1.free }
        guard free <= line else { return .placeFree }
        let perWeek = freed.perWeek(by: Set(possible.map(\.person)))
        return .wait(WaitEstimate(position: line - free + 1, freedPerWeek: perWeek))
    }

    /// Whom to look for, one after the other, with room for as many people as supporters here usually take.
    static func advice(_ round: MatchRound, _ freed: FreedPlaces) throws -> [Advice] {
        let limits = round.pool.supporters.map(\.profile.limit).sorted()
        let usual = limits.isEmpty ? 0 : limits[(limits.count - 1) / 2]
        let wanted: [Round.Wanted]
        do throws(PairsError) {
            wanted = try round.round.wanted(places: max(1, usual))
        } catch {
            // As with the round itself: 200 people and whole points are never too many.
            throw Problem.conflict("match.not-possible")
        }
        return wanted.map { wanted in
            let shorter = wanted.behind.compactMap { person -> Int? in
                let fitting = round.questions[person].fitting
                let perWeek = freed.perWeek(by: fitting)
                let places = perWeek.reduce(0, +)
                guard perWeek.count >= WaitEstimate.minimumWeeks, places >= WaitEstimate.minimumPlaces else {
                    return nil
                }
                // Whoever is served now stands before them no more, and places come free at this rate.
                return wanted.gain.people * 7 * perWeek.count / places
            }
            return Advice(
                described: round.pool.described(wanted.newcomer), slot: wanted.slot, people: wanted.gain.people,
                behind: wanted.behind.count,
                days: shorter.isEmpty ? nil : shorter.reduce(0, +) / shorter.count)
        }
    }
}

extension MatchQuestion.Asking {
    /// What they ask for; nothing where they named no topic.
    var kinds: [ProgramNeeds.Kind] {
        guard let language = languages.first.map(Language.key) else { return [] }
        let area = (wishes.area ?? area).flatMap { $0.trimmed.isEmpty ? nil : $0.trimmed }
        return Set(wishes.topics).map { ProgramNeeds.Kind(topic: $0, language: language, area: area) }
    }
}

extension ProgramNeeds.Kind {
    fileprivate var order: String { "\(topic) \(language) \(area ?? "")" }
}
