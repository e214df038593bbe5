import Matching
import Testing

@Suite("Speed of ranking", .serialized)
struct RankingSpeedTests {
    @Test("Ten thousand candidates are ranked for one person in a few milliseconds", arguments: [1, 60])
    func tenThousand(programs: Int) throws {
        var draw = Draw(seed: 10_000)
        let candidates = Candidates((0..<10_000).map { draw.supporter($0, programs: programs) })
        let seekers = (0..<20).map { _ in draw.person(programs: programs) }
        let clock = ContinuousClock()
        var times: [Duration] = []
        var eligible = 0
        for seeker in seekers {
            var ranking: Ranking?
            times.append(
                clock.measure {
                    ranking = Ranking(of: candidates, for: seeker, weights: .standard, best: 10)
                })
            eligible += try #require(ranking).eligibleCount
        }
        times.sort()
        let median = times[times.count / 2]
        print(
            "10,000 candidates, \(programs) program(s), \(eligible / seekers.count) eligible: "
                + "median \(median / .milliseconds(1)) ms, slowest \(times[times.count - 1] / .milliseconds(1)) ms")
        #expect(eligible > 0)
        #if !DEBUG
            #expect(median < .milliseconds(10))
        #endif
    }
}

extension Draw {
    /// Somebody as in a large service: one program, one or two languages, a few hours a week.
    fileprivate mutating func supporter(_ id: Int, programs: Int) -> Candidate {
        let limit = number(1..<16)
        return Candidate(
            id: id, programs: [number(0..<programs)], languages: codes(1..<3, from: Array(0..<6)),
            formats: formats(70), areas: codes(1..<5, from: Array(0..<40)),
            availability: availability().union(availability()), experiences: codes(3..<10, from: Array(0..<60)),
            boundaries: chance(10) ? codes(1..<2, from: Array(0..<60)) : [], attributes: attributes(), limit: limit,
            load: number(0..<(limit + 1)), pause: chance(5) ? Pause() : nil, lastMatchDay: maybe(90, 0..<900),
            isNew: chance(10))
    }

    fileprivate mutating func person(programs: Int) -> Seeker {
        Seeker(
            programs: [number(0..<programs)], languages: codes(1..<3, from: Array(0..<6)), preferredLanguage: 0,
            formats: formats(80), preferredFormats: [.phone], area: number(0..<40),
            reach: .neighboring(codes(2..<5, from: Array(0..<40))), availability: availability(),
            experiences: (0..<4).map { _ in
                WantedExperience(code: number(0..<60), importance: .medium)
            },
            attributes: attributes(),
            wishes: Attributes(gender: .prefer(.same), birthYear: .prefer(.different), culture: .noPreference),
            keptApart: codes(0..<3, from: Array(0..<10_000)), previousSupporter: maybe(20, 0..<10_000))
    }
}
