import Matching

/// Random people from a seed: the same seed always draws the same people.
///
/// Codes come from small ranges, so that people have things in common, and from outside 0..<128, where codes are kept
/// in another way.
struct Draw: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014).
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

    mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &self) }

    mutating func maybe(_ percent: Int, _ range: Range<Int>) -> Int? { chance(percent) ? number(range) : nil }

    mutating func codes(_ count: Range<Int>, from all: [Int]) -> CodeSet {
        CodeSet(all.shuffled(using: &self).prefix(number(count)))
    }

    mutating func formats(_ percent: Int) -> Formats {
        var formats: Formats = []
        for format in [Formats.inPerson, .phone, .video, .messages] where chance(percent) {
            formats.formUnion(format)
        }
        return formats
    }

    mutating func availability() -> WeekHours {
        var week = WeekHours()
        for day in Weekday.allCases where chance(30) {
            let start = number(8..<20) * 60
            week.insert(day, minutes: start..<(start + number(1..<5) * 60))
        }
        return week
    }

    mutating func attributes() -> Attributes<Int?> {
        Attributes(gender: maybe(80, 0..<3), birthYear: maybe(80, 1_950..<1_990), culture: maybe(60, 0..<4))
    }

    mutating func aim() -> Wish.Aim {
        switch number(0..<3) {
        case 0: .same
        case 1: .different
        default: .oneOf(codes(1..<3, from: [0, 1, 2]))
        }
    }

    mutating func wish() -> Wish {
        switch number(0..<10) {
        case 0: .must(aim())
        case 1...4: .prefer(aim())
        default: .noPreference
        }
    }

    mutating func wishes() -> Attributes<Wish> {
        Attributes(gender: wish(), birthYear: wish(), culture: wish())
    }

    mutating func reach() -> Reach {
        switch number(0..<3) {
        case 0: .sameArea
        case 1: .neighboring(codes(1..<4, from: Self.areas))
        default: .anywhere
        }
    }

    mutating func seeker(among ids: Range<Int> = 0..<40) -> Seeker {
        var wanted: [WantedExperience] = []
        for _ in 0..<number(0..<5) {
            wanted.append(
                WantedExperience(
                    code: Self.experiences.randomElement(using: &self) ?? 0,
                    importance: WantedExperience.Importance.allCases.randomElement(using: &self) ?? .low))
        }
        return Seeker(
            programs: codes(1..<3, from: Self.programs), languages: codes(1..<3, from: Self.languages),
            preferredLanguage: chance(50) ? Self.languages.randomElement(using: &self) : nil,
            formats: formats(60), preferredFormats: formats(25),
            area: chance(80) ? Self.areas.randomElement(using: &self) : nil, reach: reach(),
            availability: availability(), experiences: wanted,
            topics: chance(30) ? codes(1..<2, from: Self.experiences) : [],
            attributes: attributes(), wishes: wishes(),
            keptApart: chance(30) ? codes(1..<4, from: Array(ids)) : [],
            declined: chance(30) ? codes(1..<4, from: Array(ids)) : [], previousSupporter: maybe(30, ids),
            isMinor: chance(20))
    }

    mutating func candidate(_ id: Int) -> Candidate {
        let limit = number(0..<7)
        return Candidate(
            id: id, programs: codes(1..<4, from: Self.programs), languages: codes(1..<4, from: Self.languages),
            formats: formats(70), areas: codes(0..<5, from: Self.areas),
            availability: availability().union(availability()), experiences: codes(0..<7, from: Self.experiences),
            boundaries: chance(30) ? codes(1..<2, from: Self.experiences) : [], attributes: attributes(), limit: limit,
            load: number(0..<(limit + 2)), pause: chance(10) ? Pause(until: maybe(50, 700..<900)) : nil,
            lastMatchDay: maybe(70, 500..<520), isNew: chance(20), isMinor: chance(10), isClearedForMinors: chance(50))
    }

    mutating func candidates(_ count: Int) -> [Candidate] {
        (0..<count).map { candidate($0) }
    }

    static let programs = [0, 1, 127, 128]
    static let languages = [0, 1, 2, 3, 400, -7]
    static let areas = [0, 1, 2, 63, 64, 300, 301]
    static let experiences = [0, 1, 2, 3, 4, 5, 100, 127, 128, 129, -1, 9_000]
}
