import Matching
import Testing

@Suite("Points and reasons")
struct ScoreTests {
    private func score(_ seeker: Seeker, _ candidate: Candidate) throws -> Score {
        guard case .eligible(let score) = judge(seeker, candidate, weights: .standard) else {
            throw NotEligible()
        }
        return score
    }

    @Test("The standard weights make a thousand, and shared experience is worth most")
    func standardWeights() {
        let points = Criterion.allCases.map { Weights.standard[$0] }
        #expect(points.reduce(0, +) == 1000)
        #expect(points.first == points.max() && points.count { $0 == points.max() } == 1)
        #expect(Weights.standard[.newSupporter] * Weights.standard.heavyLoad == Weights.standard[.room])
    }

    @Test("A score states its parts in order, each with its reason, points and maximum")
    func parts() throws {
        var seeker = Seeker.ordinary
        seeker.preferredLanguage = 11
        seeker.formats = [.phone, .inPerson, .video]
        seeker.preferredFormats = [.inPerson, .video]
        seeker.area = 4
        seeker.reach = .neighboring([5])
        seeker.experiences = [
            WantedExperience(code: 20, importance: .medium), WantedExperience(code: 21, importance: .low)
        ]
        seeker.attributes.gender = 2
        seeker.wishes = Attributes(gender: .prefer(.different), birthYear: .prefer(.same), culture: .noPreference)
        seeker.previousSupporter = 7
        let score = try score(seeker, .fitting)
        #expect(
            score.parts == [
                Score.Part(reason: .experience(shared: [20]), points: 213, maximum: 320),
                Score.Part(reason: .language, points: 120, maximum: 120),
                Score.Part(reason: .hours(common: .always), points: 100, maximum: 100),
                Score.Part(reason: .format(preferred: .inPerson), points: 80, maximum: 80),
                Score.Part(reason: .area(.neighboring), points: 25, maximum: 50),
                Score.Part(reason: .wishes(met: [.gender]), points: 60, maximum: 120),
                Score.Part(reason: .continuity, points: 120, maximum: 120),
                Score.Part(reason: .room(load: 1), points: 70, maximum: 80),
                Score.Part(reason: .newSupporter, points: 0, maximum: 10)
            ])
        #expect(score.total == 788 && score.maximum == 1000)
        #expect(Criterion.allCases.allSatisfy { score[$0].reason.criterion == $0 })
    }

    @Test("Who states nothing to go by gets points for hours and room only")
    func nothingStated() throws {
        let score = try score(.ordinary, .fitting)
        #expect(score.parts.filter { $0.maximum > 0 }.map(\.reason.criterion) == [.hours, .room, .newSupporter])
        #expect(score.total == 170)
    }

    @Test("Hours, distance and a liked format count only where they can be used")
    func usableOnly() throws {
        var (seeker, candidate) = (Seeker.ordinary, Candidate.fitting)
        seeker.formats = [.inPerson, .phone, .messages]
        seeker.preferredFormats = [.inPerson]
        (seeker.area, seeker.reach) = (5, .sameArea)
        candidate.formats = [.inPerson, .messages]
        let near = try score(seeker, candidate)
        #expect(near[.format].points == 80 && near[.area].points == 50 && near[.hours].points == 100)
        seeker.area = 4
        let far = try score(seeker, candidate)
        #expect(far[.format].points == 0 && far[.area].points == 0)
        #expect(far[.hours] == Score.Part(reason: .hours(common: WeekHours()), points: 0, maximum: 100))
    }

    @Test("Someone different counts exactly as much as someone alike", arguments: 0..<20 as Range<UInt64>)
    func symmetry(seed: UInt64) {
        var draw = Draw(seed: seed)
        var judged = 0
        for _ in 0..<500 {
            var (seeker, candidate) = (draw.seeker(), draw.candidate(50))
            for attribute in Attribute.allCases {
                if case .must(let aim) = seeker.wishes[attribute] { seeker.wishes[attribute] = .prefer(aim) }
                if case .prefer(.oneOf) = seeker.wishes[attribute] { seeker.wishes[attribute] = .prefer(.same) }
            }
            let before = judge(seeker, candidate, weights: .standard)
            for attribute in Attribute.allCases {
                let (own, theirs) = (seeker.attributes[attribute], candidate.attributes[attribute])
                switch seeker.wishes[attribute] {
                case .prefer(.same): seeker.wishes[attribute] = .prefer(.different)
                case .prefer(.different): seeker.wishes[attribute] = .prefer(.same)
                default: continue
                }
                let apart = attribute.tolerance
                if let own, let theirs {
                    candidate.attributes[attribute] = abs(own - theirs) <= apart ? own + apart + 1 : own
                }
            }
            #expect(judge(seeker, candidate, weights: .standard) == before, "seed \(seed)")
            if case .eligible(let score) = before, score[.wishes].points > 0 { judged += 1 }
        }
        #expect(judged > 5, "some of the people drawn must have their wishes met")
    }

    @Test("Weights out of range are brought into it")
    func weightsInRange() {
        let weights = Weights(
            version: 2, experience: -5, language: .max, hours: 1, format: 1, area: 1, wishes: 1, continuity: 1, room: 1,
            newSupporter: 1, ampleHours: 0, heavyLoad: .max)
        #expect(weights[.experience] == 0 && weights[.language] == 1_000_000)
        #expect(weights.ampleHours == 1 && weights.heavyLoad == 1_000)
    }
}
