import Matching
import Testing

/// Offering more must never cost anybody a place, or, said the other way round, declaring less must never gain one.
@Suite("Offering more never harms")
struct OfferingMoreTests {
    enum Offer: CaseIterable {
        case hours, languages, formats, areas, experiences, limit, load, fewerBoundaries, pauseOver

        func make(_ candidate: inout Candidate, _ draw: inout Draw) {
            switch self {
            case .hours: candidate.availability = candidate.availability.union(draw.availability())
            case .languages:
                candidate.languages = candidate.languages.union(draw.codes(1..<3, from: Draw.languages))
            case .formats: candidate.formats.formUnion(draw.formats(50))
            case .areas: candidate.areas = candidate.areas.union(draw.codes(1..<3, from: Draw.areas))
            case .experiences:
                candidate.experiences = candidate.experiences.union(draw.codes(1..<4, from: Draw.experiences))
            case .limit: candidate.limit += draw.number(1..<5)
            case .load: candidate.load = max(0, candidate.load - draw.number(1..<4))
            case .fewerBoundaries: candidate.boundaries = []
            case .pauseOver: candidate.pause = nil
            }
        }
    }

    @Test("Whoever offers more stays eligible and falls behind nobody", arguments: Offer.allCases)
    func offering(_ offer: Offer) {
        let seed: UInt64 = 333
        var draw = Draw(seed: seed)
        var (gained, compared) = (0, 0)
        for _ in 0..<60 {
            let people = draw.candidates(40)
            let seeker = draw.seeker()
            let before = Ranking(of: Candidates(people), for: seeker, weights: .standard)
            for index in people.indices {
                var changed = people
                offer.make(&changed[index], &draw)
                let after = Ranking(of: Candidates(changed), for: seeker, weights: .standard)
                let (old, new) = (before.rank(of: index), after.rank(of: index))
                switch (old, new) {
                case (let old?, let new?): #expect(new <= old, "seed \(seed), \(offer)")
                case (_?, nil): Issue.record("seed \(seed): excluded by offering more \(offer)")
                default: break
                }
                if old != nil { compared += 1 }
                if new != nil, new != old { gained += 1 }
            }
        }
        #expect(compared > 50, "enough candidates must have been eligible before")
        #expect(gained > 0, "the offer must matter to somebody")
    }

    @Test("A lower limit with room left changes no place at all: only the load counts")
    func lowerLimit() {
        let seed: UInt64 = 334
        var draw = Draw(seed: seed)
        var compared = 0
        for _ in 0..<60 {
            let people = draw.candidates(40)
            let seeker = draw.seeker()
            let before = Ranking(of: Candidates(people), for: seeker, weights: .standard, best: 40)
            for suggestion in before.best {
                var changed = people
                changed[suggestion.candidate].limit = changed[suggestion.candidate].load + 1
                let after = Ranking(of: Candidates(changed), for: seeker, weights: .standard, best: 40)
                #expect(after.best == before.best, "seed \(seed)")
                if changed[suggestion.candidate] != people[suggestion.candidate] { compared += 1 }
            }
        }
        #expect(compared > 50, "enough limits must have been lowered")
    }
}
