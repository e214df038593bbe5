import Matching
import Testing

extension Seeker {
    /// Somebody whom `Candidate.fitting` fits in every respect.
    static let ordinary = Seeker(
        programs: [1], languages: [10], formats: [.phone], availability: .always)
}

extension Candidate {
    static let fitting = Candidate(
        id: 7, programs: [1, 2], languages: [10, 11], formats: [.phone, .inPerson], areas: [5],
        availability: .always, experiences: [20], attributes: Attributes(gender: 1, birthYear: 1_989, culture: nil),
        limit: 3, load: 1)
}

/// The premise that the two fit did not hold.
struct NotEligible: Error {}

@Suite("Hard rules")
struct RulesTests {
    private func exclusions(asking change: (inout Seeker) -> Void) throws -> [Exclusion] {
        try exclusions { seeker, _ in change(&seeker) }
    }

    private func exclusions(offering change: (inout Candidate) -> Void) throws -> [Exclusion] {
        try exclusions { _, candidate in change(&candidate) }
    }

    private func exclusions(_ change: (inout Seeker, inout Candidate) -> Void) throws -> [Exclusion] {
        var (seeker, candidate) = (Seeker.ordinary, Candidate.fitting)
        guard case .eligible = judge(seeker, candidate, weights: .standard) else {
            throw NotEligible()
        }
        change(&seeker, &candidate)
        guard case .excluded(let exclusions) = judge(seeker, candidate, weights: .standard) else { return [] }
        return exclusions
    }

    @Test("Each broken rule excludes, and says what is needed to explain it")
    func eachRule() throws {
        #expect(try exclusions(asking: { $0.programs = [3] }) == [.wrongProgram(offered: [1, 2])])
        #expect(try exclusions(asking: { $0.languages = [12] }) == [.noCommonLanguage(spoken: [10, 11])])
        #expect(try exclusions(asking: { $0.formats = [.video] }) == [.noCommonFormat(offered: [.phone, .inPerson])])
        #expect(try exclusions(offering: { $0.load = 3 }) == [.atLimit(limit: 3, load: 3)])
        #expect(try exclusions(offering: { $0.pause = Pause(until: 90) }) == [.paused(until: 90)])
        #expect(try exclusions(offering: { $0.pause = Pause() }) == [.paused(until: nil)])
        #expect(try exclusions(asking: { $0.keptApart = [7] }) == [.keptApart])
        #expect(try exclusions(asking: { $0.declined = [6, 7] }) == [.saidNoBefore])
    }

    @Test(
        "Whoever is under age is supported by somebody who is cleared, and supports nobody who is not",
        arguments: [false, true], [false, true])
    func ages(seeker: Bool, candidate: Bool) throws {
        for isCleared in [false, true] {
            let broken = try exclusions { asking, offering in
                asking.isMinor = seeker
                (offering.isMinor, offering.isClearedForMinors) = (candidate, isCleared)
            }
            let fits = seeker ? isCleared : !candidate
            #expect(broken == (fits ? [] : [.ageNotCleared]), "cleared: \(isCleared)")
        }
        #expect(!Exclusion.ageNotCleared.passes, "time alone does not lift it")
    }

    @Test("Distance excludes only those who could meet in person and no other way")
    func distance() throws {
        func move(_ formats: Formats, _ reach: Reach) throws -> [Exclusion] {
            try exclusions { seeker, _ in
                seeker.formats = formats
                seeker.area = 4
                seeker.reach = reach
            }
        }
        #expect(try move([.inPerson], .sameArea) == [.tooFar(served: [5])])
        #expect(try move([.inPerson], .neighboring([6])) == [.tooFar(served: [5])])
        #expect(try move([.inPerson], .neighboring([5])) == [])
        #expect(try move([.inPerson], .anywhere) == [])
        #expect(try move([.inPerson, .phone], .sameArea) == [])
    }

    @Test("No common hour excludes, unless the two can write to each other")
    func hours() throws {
        func free(_ formats: Formats) throws -> [Exclusion] {
            try exclusions { seeker, candidate in
                seeker.formats = formats
                candidate.formats = [.phone, .messages]
                var (monday, tuesday) = (WeekHours(), WeekHours())
                monday.insert(.monday, minutes: 600..<900)
                tuesday.insert(.tuesday, minutes: 600..<900)
                seeker.availability = monday
                candidate.availability = tuesday
            }
        }
        #expect(try free([.phone]) == [.noCommonHour])
        #expect(try free([.phone, .messages]) == [])
    }

    @Test("A must excludes those who do not meet it and those who have not told, and says which it is")
    func musts() throws {
        func ask(_ wishes: Attributes<Wish>, own: Attributes<Int?> = .untold) throws -> [Exclusion] {
            try exclusions { seeker, _ in
                seeker.wishes = wishes
                seeker.attributes = own
            }
        }
        var wishes = Attributes<Wish>.none
        wishes.gender = .must(.oneOf([2]))
        #expect(try ask(wishes) == [.wishNotMet(.gender, .oneOf([2]), known: true)])
        wishes.gender = .must(.oneOf([1, 2]))
        #expect(try ask(wishes) == [])
        wishes.culture = .must(.same)
        let own = Attributes<Int?>(gender: nil, birthYear: 1_990, culture: 4)
        #expect(try ask(wishes, own: own) == [.wishNotMet(.culture, .same, known: false)])
        wishes.culture = .noPreference
        wishes.birthYear = .must(.different)
        #expect(try ask(wishes, own: own) == [.wishNotMet(.birthYear, .different, known: true)])
        #expect(try ask(wishes) == [.wishNotMet(.birthYear, .different, known: false)])
        wishes.birthYear = .must(.same)
        #expect(try ask(wishes, own: own) == [])
    }

    @Test("Ages are compared by distance: ten years are similar, eleven are not, wherever a decade begins")
    func ages() {
        for (own, theirs) in [(1_989, 1_990), (1_990, 1_989), (1_980, 1_990), (1_995, 1_985)] {
            #expect(Wish.Aim.same.isMet(own: own, theirs: theirs, within: Attribute.birthYear.tolerance))
            #expect(!Wish.Aim.different.isMet(own: own, theirs: theirs, within: Attribute.birthYear.tolerance))
        }
        for (own, theirs) in [(1_979, 1_990), (1_990, 1_979), (.min, .max)] {
            #expect(!Wish.Aim.same.isMet(own: own, theirs: theirs, within: Attribute.birthYear.tolerance))
            #expect(Wish.Aim.different.isMet(own: own, theirs: theirs, within: Attribute.birthYear.tolerance))
        }
        #expect(Wish.Aim.different.isMet(own: 1, theirs: 2, within: Attribute.gender.tolerance))
    }

    @Test("What a supporter does not take on excludes, wanted experience or topic alike")
    func boundaries() throws {
        #expect(
            try exclusions { seeker, candidate in
                seeker.topics = [30, 31]
                seeker.experiences = [WantedExperience(code: 20, importance: .low)]
                candidate.boundaries = [31, 20, 40]
            } == [.outsideBoundaries(topics: [20, 31])])
    }

    @Test("Every reason is given, not just the first, in the stated order")
    func allReasons() throws {
        let reasons = try exclusions { seeker, candidate in
            seeker = Seeker(
                programs: [9], languages: [9], formats: [.video], availability: WeekHours(), topics: [30],
                wishes: Attributes(gender: .must(.same), birthYear: .must(.different), culture: .prefer(.same)),
                keptApart: [7], declined: [7])
            candidate.load = 5
            candidate.pause = Pause(until: 3)
            candidate.boundaries = [30]
        }
        #expect(
            reasons.map(\.rule) == [
                "program", "language", "format", "hour", "limit", "pause", "must", "must", "apart", "no", "boundary"
            ])
    }

    @Test("The preferred language and format are acceptable even if listed nowhere else")
    func preferredIsAcceptable() throws {
        #expect(
            try exclusions { seeker, _ in
                (seeker.languages, seeker.preferredLanguage) = ([], 11)
                (seeker.formats, seeker.preferredFormats) = ([], [.phone])
            } == [])
    }

    @Test("Rules and points agree with a plain restatement of them", arguments: 0..<12 as Range<UInt64>)
    func plainRestatement(seed: UInt64) {
        var draw = Draw(seed: seed)
        var eligible = 0
        var seen: Set<String> = []
        for _ in 0..<500 {
            let (seeker, candidate) = (draw.seeker(), draw.candidate(draw.number(0..<40)))
            let plain = PlainRules(seeker: seeker, candidate: candidate)
            switch judge(seeker, candidate, weights: .standard) {
            case .excluded(let exclusions):
                #expect(!exclusions.isEmpty)
                #expect(Set(exclusions.map(\.rule)) == plain.broken, "seed \(seed)")
                seen.formUnion(plain.broken)
            case .eligible(let score):
                #expect(plain.broken.isEmpty, "seed \(seed)")
                #expect(score.parts.map(\.points) == plain.points, "seed \(seed)")
                #expect(score.total == plain.points.reduce(0, +))
                eligible += 1
            }
        }
        #expect(eligible > 5 && seen.count == 12, "the people drawn must put every rule to the test")
    }
}
