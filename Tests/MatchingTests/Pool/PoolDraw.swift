import Matching

extension Draw {
    mutating func bits(_ count: Int, percent: Int) -> UInt64 {
        (0..<count).reduce(0) { bits, bit in chance(percent) ? bits | 1 << UInt64(bit) : bits }
    }

    mutating func place() -> Pool.Place {
        Pool.Place(
            x: Int32(number(-300..<300)), y: Int32(number(-300..<300)), reach: Int32(number(0..<400)))
    }

    mutating func week() -> Pool.Week {
        let percent = number(1..<12)
        return Pool.Week(
            early: bits(64, percent: percent), middle: bits(64, percent: percent), late: bits(40, percent: percent))
    }

    mutating func experiences() -> Pool.Experiences {
        let percent = number(1..<25)
        return Pool.Experiences(low: bits(64, percent: percent), high: bits(64, percent: percent))
    }

    mutating func waiting() -> Pool.Person {
        Pool.Person(
            languages: UInt16(bits(16, percent: 20)), program: UInt8([0, 1, 2, 63][number(0..<4)]),
            ageBand: UInt8(number(0..<8)), modalities: UInt8(bits(4, percent: 40)),
            consent: UInt8(bits(8, percent: 85)),
            place: place(), experiences: experiences(), week: week(), wantedGender: UInt8(number(0..<4)),
            preferredModality: UInt8([0, 1, 2, 4, 8][number(0..<5)]), waitDays: Int32(number(0..<301)))
    }

    mutating func supporting() -> Pool.Supporter {
        Pool.Supporter(
            capacity: Int32(number(0..<4)), languages: UInt16(bits(16, percent: 20)),
            programs: bits(64, percent: 45), ageBand: UInt8(number(0..<8)),
            acceptedAgeBands: UInt8(bits(8, percent: 60)), modalities: UInt8(bits(4, percent: 40)),
            requiredConsent: UInt8(bits(8, percent: 4)), place: place(), experiences: experiences(), week: week(),
            gender: UInt8(number(1..<4)))
    }

    mutating func pool(people: Int, supporters: Int) throws -> Pool {
        let people = (0..<people).map { _ in waiting() }
        let supporters = (0..<supporters).map { _ in supporting() }
        var exclusions: [Pool.Exclusion] = []
        for person in people.indices {
            for supporter in supporters.indices where chance(3) {
                exclusions.append(Pool.Exclusion(person: person, supporter: supporter))
            }
        }
        return try Pool(people: people, supporters: supporters, exclusions: exclusions.shuffled(using: &self))
    }
}
