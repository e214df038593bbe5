extension Pool {
    /// A set of experiences: 128 bits.
    package struct Experiences: Equatable, Sendable {
        package var low: UInt64
        package var high: UInt64

        package init(low: UInt64 = 0, high: UInt64 = 0) {
            self.low = low
            self.high = high
        }
    }

    /// The free hours of a week: 168 bits, bit = day · 24 + hour.
    package struct Week: Equatable, Sendable {
        package var early: UInt64
        package var middle: UInt64
        /// 40 bits.
        package var late: UInt64

        package init(early: UInt64 = 0, middle: UInt64 = 0, late: UInt64 = 0) {
            self.early = early
            self.middle = middle
            self.late = late
        }
    }

    /// Where somebody is and how far they would go, in units of 100 m.
    package struct Place: Equatable, Sendable {
        package var x: Int32
        package var y: Int32
        package var reach: Int32

        package init(x: Int32 = 0, y: Int32 = 0, reach: Int32 = 0) {
            self.x = x
            self.y = y
            self.reach = reach
        }
    }

    /// Phone, video, chat and in person: bits 0...3.
    package enum Modality {
        package static let remote: UInt8 = 0b0111
        package static let all: UInt8 = 0b1111
    }

    /// Somebody who waits for a supporter.
    package struct Person: Equatable, Sendable {
        package var languages: UInt16
        /// 0..<``Pool/programLimit``.
        package var program: UInt8
        /// 0...7.
        package var ageBand: UInt8
        package var modalities: UInt8
        /// To what the person has agreed: 8 bits.
        package var consent: UInt8
        package var place: Place
        package var experiences: Experiences
        package var week: Week
        /// 0 for no wish, 1...3 otherwise.
        package var wantedGender: UInt8
        /// One bit, or none.
        package var preferredModality: UInt8
        package var waitDays: Int32

        package init(
            languages: UInt16, program: UInt8, ageBand: UInt8, modalities: UInt8, consent: UInt8, place: Place,
            experiences: Experiences, week: Week, wantedGender: UInt8, preferredModality: UInt8, waitDays: Int32
        ) {
            self.languages = languages
            self.program = program
            self.ageBand = ageBand
            self.modalities = modalities
            self.consent = consent
            self.place = place
            self.experiences = experiences
            self.week = week
            self.wantedGender = wantedGender
            self.preferredModality = preferredModality
            self.waitDays = waitDays
        }
    }

    /// Somebody who supports others.
    package struct Supporter: Equatable, Sendable {
        /// For how many more people they have room.
        package var capacity: Int32
        package var languages: UInt16
        /// A bit for each program.
        package var programs: UInt64
        /// 0...7.
        package var ageBand: UInt8
        /// A bit for each age band of the people they support.
        package var acceptedAgeBands: UInt8
        package var modalities: UInt8
        /// To what the person must have agreed.
        package var requiredConsent: UInt8
        package var place: Place
        package var experiences: Experiences
        package var week: Week
        /// 1...3.
        package var gender: UInt8

        package init(
            capacity: Int32, languages: UInt16, programs: UInt64, ageBand: UInt8, acceptedAgeBands: UInt8,
            modalities: UInt8, requiredConsent: UInt8, place: Place, experiences: Experiences, week: Week, gender: UInt8
        ) {
            self.capacity = capacity
            self.languages = languages
            self.programs = programs
            self.ageBand = ageBand
            self.acceptedAgeBands = acceptedAgeBands
            self.modalities = modalities
            self.requiredConsent = requiredConsent
            self.place = place
            self.experiences = experiences
            self.week = week
            self.gender = gender
        }
    }

    /// Two who must not be matched, whatever else fits.
    package struct Exclusion: Equatable, Sendable {
        package var person: Int
        package var supporter: Int

        package init(person: Int, supporter: Int) {
            self.person = person
            self.supporter = supporter
        }
    }
}

// MARK: - What is out of range

extension Pool {
    package enum Field: String, Sendable {
        case program, ageBand, modalities, place, reach, week, gender, preferredModality, waitDays, capacity
    }

    /// How far from the middle a place may lie, and how far somebody may go: 100,000 km.
    package static let farthest: Int32 = 1_000_000
}

extension Pool.Place {
    var fault: Pool.Field? {
        let range = -Pool.farthest...Pool.farthest
        if !range.contains(x) || !range.contains(y) { return .place }
        return (0...Pool.farthest).contains(reach) ? nil : .reach
    }
}

extension Pool.Person {
    var fault: Pool.Field? {
        if program >= Pool.programLimit { return .program }
        if ageBand > 7 { return .ageBand }
        if modalities & ~Pool.Modality.all != 0 { return .modalities }
        if week.late >> 40 != 0 { return .week }
        if wantedGender > 3 { return .gender }
        if preferredModality & ~Pool.Modality.all != 0 || preferredModality.nonzeroBitCount > 1 {
            return .preferredModality
        }
        // Priorities must fit in 32 bits.
        if waitDays < 0 || waitDays > 1_000_000 { return .waitDays }
        return place.fault
    }
}

extension Pool.Supporter {
    var fault: Pool.Field? {
        if capacity < 0 { return .capacity }
        if ageBand > 7 { return .ageBand }
        if modalities & ~Pool.Modality.all != 0 { return .modalities }
        if week.late >> 40 != 0 { return .week }
        if !(1...3).contains(gender) { return .gender }
        return place.fault
    }
}
