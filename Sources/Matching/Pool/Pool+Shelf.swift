extension Pool {
    /// The supporters of one program, in the order of their numbers, as the comparison reads them: first a word of bits
    /// that settles most pairs, then the rest of those that are left.
    struct Shelf: Sendable {
        private(set) var flags: [UInt64] = []
        private(set) var numbers: [Int32] = []
        private(set) var rest: [Rest] = []

        struct Rest: Sendable {
            let week: Week
            let experiences: Experiences
            let place: Place
            let gender: UInt8
            let ageBand: UInt8
        }

        init(of numbers: [Int], in supporters: [Supporter]) {
            for number in numbers {
                let supporter = supporters[number]
                self.numbers.append(Int32(number))
                flags.append(Flags.of(supporter))
                rest.append(
                    Rest(
                        week: supporter.week, experiences: supporter.experiences, place: supporter.place,
                        gender: supporter.gender, ageBand: supporter.ageBand))
            }
        }
    }

    /// What can be asked of a pair with one `and`, one addition and one comparison: four fields of bits, each with a
    /// bit above it into which an addition carries unless the field is empty.
    private enum Flags {
        static let ageBands: UInt64 = 17
        static let modalities: UInt64 = 26
        static let consent: UInt64 = 31

        static let full: UInt64 = 0xFFFF | 0xFF << ageBands | 0xF << modalities | 0xFF << consent
        static let carries: UInt64 = 1 << 16 | 1 << 25 | 1 << 30 | 1 << 39
        /// Common languages, age bands and modalities, and nothing required that was not agreed to.
        static let wanted: UInt64 = 1 << 16 | 1 << 25 | 1 << 30

        static func of(_ supporter: Supporter) -> UInt64 {
            UInt64(supporter.languages) | UInt64(supporter.acceptedAgeBands) << ageBands
                | UInt64(supporter.modalities) << modalities | UInt64(supporter.requiredConsent) << consent
        }

        static func asked(by person: Person) -> UInt64 {
            UInt64(person.languages) | 1 << (ageBands + UInt64(person.ageBand))
                | UInt64(person.modalities) << modalities | UInt64(~person.consent) << consent
        }
    }

    /// Calls `body` with each eligible supporter, in ascending order, and the points.
    /// - Parameter found: room for as many places as the largest shelf has supporters.
    @inline(__always)
    func forEachEligible(
        for number: Int, found: borrowing Column<Int32>, _ body: (_ supporter: Int32, Points) -> Void
    ) {
        let person = people[number]
        let shelf = shelves[Int(person.program)]
        let asked = Flags.asked(by: person)
        let flags = shelf.flags.span
        let rest = shelf.rest.span
        let excluded = exclusions(of: number)
        var count = 0
        // Without a branch, which could not be foreseen: each is written down, and the next one over it if not found.
        for place in flags.indices {
            found[count] = Int32(truncatingIfNeeded: place)
            let carried = ((flags[unchecked: place] & asked) &+ Flags.full) & Flags.carries
            count &+= carried == Flags.wanted ? 1 : 0
        }
        for index in 0..<count {
            let place = Int(found[index])
            let other = rest[unchecked: place]
            let modalities = UInt8(truncatingIfNeeded: flags[unchecked: place] >> Flags.modalities) & Modality.all
            let hours = person.week.hoursShared(with: other.week)
            let meetsAfar = person.modalities & modalities & Modality.remote != 0
            guard hours >= Self.fewestHours, meetsAfar || person.place.isNear(other.place) else { continue }
            let supporter = shelf.numbers[place]
            if !excluded.isEmpty, excluded.contains(supporter) { continue }
            let points = Points(
                of: person, gender: other.gender, ageBand: other.ageBand, modalities: modalities,
                experiences: person.experiences.countShared(with: other.experiences), hours: hours)
            body(supporter, points)
        }
    }

    /// Working memory for `forEachEligible`; one more than the largest shelf, for the last that is written over.
    func roomForFound() -> Column<Int32> {
        Column(repeating: 0, count: largestShelf + 1)
    }
}
