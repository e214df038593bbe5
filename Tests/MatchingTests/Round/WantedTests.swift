import Matching
import Testing

/// Whom to look for, checked by solving again.
@Suite("Whom to look for")
struct WantedTests {
    @Test("Each kind serves as many more as it says, given those before it, and no kind that is asked for serves more")
    func exact() throws {
        let seed: UInt64 = 61
        var draw = Draw(seed: seed)
        var named = 0
        for _ in 0..<40 {
            let (people, supporters) = draw.round(people: 10, supporters: 3)
            var round = try Round(people, among: Candidates(supporters), weights: .standard)
            let wanted = try round.wanted(3, places: 2)
            for one in wanted {
                #expect(one.gain.people > 0)
                let kinds = people.map { asking in
                    var kind = Candidate(wantedBy: asking.seeker, limit: 2)
                    kind.formats = [.inPerson, .phone, .video, .messages]
                    return kind
                }
                let most = try round.gains(from: kinds).map(\.people).max() ?? 0
                if one.slot == nil { #expect(one.gain.people >= most, "seed \(seed)") }
                let next = try round.joined(by: one.newcomer)
                #expect(next.round.proposals.count - round.proposals.count == one.gain.people, "seed \(seed)")
                for person in one.behind {
                    #expect(next.round.left[person] != nil)
                }
                round = next.round
                named += 1
            }
            if wanted.count < 3 {
                // Nobody of any kind that is asked for would serve one more.
                let kinds = people.map { Candidate(wantedBy: $0.seeker, limit: 2) }
                let gains = try round.gains(from: kinds)
                #expect(gains.allSatisfy { $0.people == 0 })
            }
        }
        #expect(named > 40, "there must be something to look for: \(named)")
    }

    @Test("Only what matters is named: language, what they lived through, and when")
    func plain() throws {
        func asking(_ languages: CodeSet, _ formats: Formats, area: Int?, on day: Weekday, _ hours: Range<Int>)
            -> Round.Asking
        {
            var free = WeekHours()
            free.insert(day, minutes: hours.lowerBound * 60..<hours.upperBound * 60)
            return Round.Asking(
                Seeker(
                    programs: [0], languages: languages, preferredLanguage: languages.codes.first, formats: formats,
                    area: area, reach: .sameArea, availability: free,
                    experiences: [WantedExperience(code: 7, importance: .high)]))
        }
        let nobody = Candidates([Candidate]())
        let evenings = (0..<4).map { _ in asking([3], [.phone, .inPerson], area: 5, on: .tuesday, 18..<20) }
        let phone = try #require(
            try Round(evenings, among: nobody, weights: .standard).wanted(places: 3).first)
        #expect(phone.gain.people == 3)
        #expect(phone.newcomer.languages == [3])
        #expect(phone.newcomer.experiences == [7])
        #expect(phone.newcomer.areas == [], "they can be called")
        #expect(phone.slot == Round.Slot(.tuesday, .evening))
        #expect(phone.behind.count == 1)
        let visits = [asking([3], .inPerson, area: 5, on: .friday, 9..<11)]
        let visit = try #require(try Round(visits, among: nobody, weights: .standard).wanted(places: 3).first)
        #expect(visit.newcomer.areas == [5], "they can only be met there")
        #expect(visit.slot == Round.Slot(.friday, .morning))
        let letters = [asking([3], .messages, area: nil, on: .friday, 9..<11)]
        let letter = try #require(try Round(letters, among: nobody, weights: .standard).wanted(places: 3).first)
        #expect(letter.slot == nil, "a message waits for an answer")
    }
}
