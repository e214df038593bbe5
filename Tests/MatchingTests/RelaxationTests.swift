import Matching
import Testing

/// What giving up one wish would open.
@Suite("Wanting less")
struct RelaxationTests {
    @Test("Wanting less never costs anybody a supporter, and opens whom it says")
    func openings() {
        let seed: UInt64 = 51
        var draw = Draw(seed: seed)
        var opened = 0
        for _ in 0..<300 {
            let (seeker, people) = (draw.seeker(), draw.candidates(30))
            let candidates = Candidates(people)
            let ranking = Ranking(of: candidates, for: seeker, weights: .standard)
            let now = Set(ranking.eligible())
            let openings = ranking.openings()
            for relaxation in Relaxation.all {
                let opening = openings.first { $0.relaxation == relaxation }
                guard let relaxed = seeker.relaxing(relaxation) else {
                    #expect(opening == nil)
                    continue
                }
                let then = people.filter { PlainRules(seeker: relaxed, candidate: $0).broken.isEmpty }.map(\.id)
                #expect(now.isSubset(of: then), "seed \(seed): \(relaxation) costs a supporter")
                #expect(Set(opening?.candidates ?? []) == Set(then).subtracting(now), "seed \(seed): \(relaxation)")
                opened += opening?.candidates.count ?? 0
                let order = Ranking(of: candidates, for: relaxed, weights: .standard).eligible()
                #expect(opening?.candidates ?? [] == order.filter { !now.contains($0) })
            }
            #expect(openings.map(\.candidates.count) == openings.map(\.candidates.count).sorted(by: >))
        }
        #expect(opened > 100, "something must be opened: \(opened)")
    }

    @Test("Those who are best of all come in the order of their rank")
    func eligible() {
        var draw = Draw(seed: 52)
        for _ in 0..<40 {
            let candidates = Candidates(draw.candidates(30))
            let ranking = Ranking(of: candidates, for: draw.seeker(), weights: .standard, best: 30)
            #expect(ranking.eligible() == ranking.best.map(\.candidate))
        }
    }
}
