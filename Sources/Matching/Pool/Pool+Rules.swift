extension Pool {
    /// What a pair must fulfil, in the order in which it is asked.
    package enum Rule: String, CaseIterable, Sendable {
        /// They share a language.
        case language
        /// The supporter works in the person's program.
        case program
        /// The supporter takes people of the person's age band.
        case ageBand
        /// The person has agreed to what the supporter requires.
        case consent
        /// They share a way to meet.
        case modality
        /// They share a way to meet from afar, or live within the distance that both would go.
        case distance
        /// They are free in at least two common hours of the week.
        case hours
        /// Nobody has said that these two must not meet.
        case exclusion
    }

    package static let fewestHours = 2

    /// Where a pair's points come from. Their sum is the score, 0...1000.
    package struct Points: Equatable, Sendable {
        /// 80 for each common experience, at most 400.
        package let experiences: Int32
        /// 25 for each common free hour, at most 300.
        package let hours: Int32
        /// 100 when the wish for a gender is met or there is none.
        package let gender: Int32
        /// 100 in the same age band, 25 less for each band between.
        package let age: Int32
        /// 100 when the preferred way to meet is shared.
        package let modality: Int32

        @inline(__always)
        init(of person: Person, gender: UInt8, ageBand: UInt8, modalities: UInt8, experiences: Int, hours: Int) {
            self.experiences = Int32(truncatingIfNeeded: min(400, 80 &* experiences))
            self.hours = Int32(truncatingIfNeeded: min(300, 25 &* hours))
            self.gender = person.wantedGender == 0 || person.wantedGender == gender ? 100 : 0
            age = max(0, 100 &- 25 &* abs(Int32(person.ageBand) &- Int32(ageBand)))
            modality = person.preferredModality & person.modalities & modalities != 0 ? 100 : 0
        }

        @inline(__always)
        package var score: Int32 { experiences &+ hours &+ gender &+ age &+ modality }

        /// How much the supporter's side would rather have this person than another.
        @inline(__always)
        package func priority(after waitDays: Int32) -> Int32 { experiences &+ hours &+ waitDays }
    }

    /// The first rule that the pair breaks; none when they may be matched. For explaining one pair: ``pairs()`` and
    /// ``best(_:for:)`` ask the same of many at once.
    package func firstBrokenRule(person: Int, supporter: Int) -> Rule? {
        let one = people[person]
        let other = supporters[supporter]
        let shared = one.modalities & other.modalities
        if one.languages & other.languages == 0 { return .language }
        if other.programs >> UInt64(one.program) & 1 == 0 { return .program }
        if other.acceptedAgeBands >> one.ageBand & 1 == 0 { return .ageBand }
        if other.requiredConsent & ~one.consent != 0 { return .consent }
        if shared == 0 { return .modality }
        if shared & Modality.remote == 0, !one.place.isNear(other.place) { return .distance }
        if one.week.hoursShared(with: other.week) < Self.fewestHours { return .hours }
        if exclusions(of: person).contains(Int32(supporter)) { return .exclusion }
        return nil
    }

    /// The points the pair would have, whether eligible or not.
    package func points(person: Int, supporter: Int) -> Points {
        let one = people[person]
        let other = supporters[supporter]
        return Points(
            of: one, gender: other.gender, ageBand: other.ageBand, modalities: other.modalities,
            experiences: one.experiences.countShared(with: other.experiences),
            hours: one.week.hoursShared(with: other.week))
    }

    /// Everybody whom a rule keeps from being matched with the person, with the first such rule, in the order of their
    /// numbers. O(supporters).
    package func refusals(for person: Int) -> [(supporter: Int, rule: Rule)] {
        supporters.indices.compactMap { supporter in
            firstBrokenRule(person: person, supporter: supporter).map { (supporter, $0) }
        }
    }
}

extension Pool.Place {
    @inline(__always)
    func isNear(_ other: Pool.Place) -> Bool {
        let dx = Int64(x) - Int64(other.x)
        let dy = Int64(y) - Int64(other.y)
        let reach = Int64(min(reach, other.reach))
        return dx * dx + dy * dy <= reach * reach
    }
}

extension Pool.Week {
    @inline(__always)
    func hoursShared(with other: Pool.Week) -> Int {
        let fours = Fours(early & other.early) + Fours(middle & other.middle) + Fours(late & other.late)
        return fours.total
    }
}

extension Pool.Experiences {
    @inline(__always)
    func countShared(with other: Pool.Experiences) -> Int {
        (Fours(low & other.low) + Fours(high & other.high)).total
    }
}

/// How many bits are set in each four of a word, so that up to three words are counted at once.
///
/// `nonzeroBitCount` is an instruction only where the compiler may count on newer processors, which Swift's usual build
/// does not.
private struct Fours {
    private let counts: UInt64

    @inline(__always)
    init(_ word: UInt64) {
        let twos = word &- (word >> 1 & 0x5555_5555_5555_5555)
        counts = (twos & 0x3333_3333_3333_3333) &+ (twos >> 2 & 0x3333_3333_3333_3333)
    }

    @inline(__always)
    private init(counts: UInt64) { self.counts = counts }

    @inline(__always)
    static func + (one: Fours, other: Fours) -> Fours { Fours(counts: one.counts &+ other.counts) }

    @inline(__always)
    var total: Int {
        let eights = (counts & 0x0F0F_0F0F_0F0F_0F0F) &+ (counts >> 4 & 0x0F0F_0F0F_0F0F_0F0F)
        return Int(truncatingIfNeeded: (eights &* 0x0101_0101_0101_0101) >> 56)
    }
}
