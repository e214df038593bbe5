import Matching
import Testing

/// A whole waiting list at once, against every way there is to do it.
@Suite("Rounds of proposals")
struct RoundTests {
    @Test("A round serves the most people there can be, and of these ways the worthiest")
    func best() throws {
        let seed: UInt64 = 41
        var draw = Draw(seed: seed)
        var (served, left) = (0, 0)
        for number in 0..<600 {
            let (people, supporters) = draw.round(people: number % 5 + 1, supporters: number % 4 + 1)
            let round = try Round(people, among: Candidates(supporters), weights: .standard)
            let best = PlainRound(people, supporters).best
            #expect(round.proposals.count == best.count, "seed \(seed), number \(number)")
            let worth = round.proposals.reduce(0) { sum, proposal in
                sum + PlainRound.worth(people[proposal.person], supporters[proposal.candidate])
            }
            #expect(worth == best.worth, "seed \(seed), number \(number)")
            served += round.proposals.count
            left += round.left.count
        }
        #expect(served > 200 && left > 200, "both must occur: \(served), \(left)")
    }

    @Test("Nobody is proposed against a rule, or beyond what a supporter takes; everybody is accounted for")
    func rules() throws {
        var draw = Draw(seed: 42)
        for _ in 0..<60 {
            let (people, supporters) = draw.round(people: 12, supporters: 8)
            let round = try Round(people, among: Candidates(supporters), weights: .standard)
            for proposal in round.proposals {
                let supporter = supporters[proposal.candidate]
                let rules = PlainRules(seeker: people[proposal.person].seeker, candidate: supporter)
                #expect(rules.broken.isEmpty)
                #expect(proposal.score.total == rules.points.reduce(0, +))
                let ranking = Ranking(
                    of: Candidates(supporters), for: people[proposal.person].seeker, weights: .standard)
                #expect(proposal.rank == ranking.rank(of: proposal.candidate))
                #expect(proposal.eligibleCount == ranking.eligibleCount)
            }
            for supporter in supporters {
                let given = round.proposals.count { $0.candidate == supporter.id }
                #expect(given <= max(0, supporter.limit - supporter.load))
            }
            let all = round.proposals.map(\.person) + round.left.keys
            #expect(all.sorted() == Array(people.indices))
            for (person, want) in round.left {
                let ranking = Ranking(of: Candidates(supporters), for: people[person].seeker, weights: .standard)
                let expected: Round.Want =
                    ranking.eligibleCount > 0
                    ? .placesTaken : ranking.fitting().isEmpty ? .nobodyFits : .nobodyHasRoom
                #expect(want == expected)
            }
        }
    }

    @Test("Being urgent goes before waiting longer, waiting longer before fitting better")
    func order() throws {
        let supporter = Candidate(
            id: 0, programs: [0], languages: [0], formats: .messages, availability: WeekHours(), experiences: [1],
            limit: 1, load: 0)
        func asking(_ experience: Int, urgent: Bool = false, days: Int) -> Round.Asking {
            Round.Asking(
                Seeker(
                    programs: [0], languages: [0], formats: .messages, availability: .always,
                    experiences: [WantedExperience(code: experience, importance: .high)]),
                isUrgent: urgent, daysWaiting: days)
        }
        func served(_ people: Round.Asking...) throws -> Int? {
            try Round(people, among: Candidates([supporter]), weights: .standard).proposals.first?.person
        }
        #expect(try served(asking(1, days: 3), asking(2, days: 3)) == 0, "the better fit")
        #expect(try served(asking(1, days: 0), asking(2, days: 40)) == 1, "who waited longer")
        #expect(try served(asking(1, days: 0), asking(2, days: 6)) == 0, "less than a week decides nothing")
        #expect(try served(asking(2, urgent: true, days: 0), asking(1, days: 1_000)) == 0, "who is urgent")
        #expect(
            try served(asking(2, urgent: true, days: 0), asking(1, urgent: true, days: 50)) == 1,
            "of the urgent who waited longer")
        #expect(try served(asking(2, days: -5), asking(1, days: .min)) == 1, "nonsense counts as nothing")
    }

    @Test("What somebody new would add is what solving again finds")
    func gains() throws {
        var draw = Draw(seed: 43)
        var more = 0
        for _ in 0..<80 {
            let (people, supporters) = draw.round(people: 9, supporters: 4)
            let round = try Round(people, among: Candidates(supporters), weights: .standard)
            let wanted = people.prefix(4).map { Candidate(wantedBy: $0.seeker, limit: 2) }
            let newcomers = wanted + draw.candidates(3)
            let gains = try round.gains(from: newcomers)
            for (newcomer, gain) in zip(newcomers, gains) {
                let again = try round.joined(by: newcomer).round
                #expect(gain.people == again.proposals.count - round.proposals.count)
                #expect(gain.people >= 0 && gain.people <= max(0, newcomer.limit - newcomer.load))
                more += gain.people
            }
        }
        #expect(more > 100, "somebody new must matter: \(more)")
    }

    @Test("Whoever is made for a person fits that person")
    func wanted() throws {
        var draw = Draw(seed: 44)
        var fitting = 0
        for _ in 0..<400 {
            let seeker = draw.seeker()
            let candidate = Candidate(wantedBy: seeker, limit: 1)
            guard case .excluded(let exclusions) = judge(seeker, candidate, weights: .standard) else {
                fitting += 1
                continue
            }
            // What nobody can fulfil: no language or format, no time, or a wish like “the same” of what is not told.
            for exclusion in exclusions {
                switch exclusion {
                case .noCommonLanguage: #expect(seeker.languages.isEmpty && seeker.preferredLanguage == nil)
                case .noCommonFormat: #expect(seeker.formats.union(seeker.preferredFormats).isEmpty)
                case .noCommonHour: #expect(seeker.availability.isEmpty)
                case .wishNotMet(let attribute, _, _): #expect(seeker.attributes[attribute] == nil)
                case .keptApart, .saidNoBefore: break  // the id happens to be theirs
                default: Issue.record("\(exclusion)")
                }
            }
        }
        #expect(fitting > 100)
    }

    @Test("Nobody and nothing makes an empty round")
    func empty() throws {
        #expect(try Round([], among: Candidates([Candidate]()), weights: .standard).proposals.isEmpty)
        var draw = Draw(seed: 45)
        let people = draw.round(people: 3, supporters: 1).people
        let alone = try Round(people, among: Candidates([Candidate]()), weights: .standard)
        #expect(alone.left == [0: .nobodyFits, 1: .nobodyFits, 2: .nobodyFits])
        #expect(try alone.gains(from: []).isEmpty)
    }
}

extension Draw {
    /// A waiting list and supporters who are their ids' places.
    mutating func round(people count: Int, supporters: Int) -> (people: [Round.Asking], supporters: [Candidate]) {
        let people = (0..<count).map { _ in
            var seeker = self.seeker()
            // Fewer rules broken by chance, or nobody would be served.
            seeker.languages = seeker.languages.union([Draw.languages[0]])
            seeker.formats.formUnion(.messages)
            return Round.Asking(seeker, isUrgent: chance(20), daysWaiting: number(0..<60))
        }
        let candidates = candidates(supporters).map { candidate in
            var candidate = candidate
            candidate.languages = candidate.languages.union([Draw.languages[0]])
            candidate.formats.formUnion(.messages)
            candidate.limit = candidate.load + number(0..<3)
            return candidate
        }
        return (people, candidates)
    }
}

/// Every way to do a round, tried one after the other.
private struct PlainRound {
    private(set) var best = (count: 0, worth: 0)

    init(_ people: [Round.Asking], _ supporters: [Candidate]) {
        var rooms = supporters.map { max(0, $0.limit - $0.load) }
        func go(_ person: Int, _ count: Int, _ worth: Int) {
            guard person < people.count else {
                if (count, worth) > best { best = (count, worth) }
                return
            }
            go(person + 1, count, worth)
            for (index, supporter) in supporters.enumerated() where rooms[index] > 0 {
                guard PlainRules(seeker: people[person].seeker, candidate: supporter).broken.isEmpty else { continue }
                rooms[index] -= 1
                go(person + 1, count + 1, worth + Self.worth(people[person], supporter))
                rooms[index] += 1
            }
        }
        go(0, 0, 0)
    }

    static func worth(_ asking: Round.Asking, _ supporter: Candidate) -> Int {
        PlainRules(seeker: asking.seeker, candidate: supporter).points.reduce(0, +)
            + (asking.isUrgent ? 15_000 : 0) + min(asking.daysWaiting / 7, 150) * 100
    }
}
