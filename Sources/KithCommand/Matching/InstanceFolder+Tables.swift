import Matching

extension InstanceFolder {
    func people() throws -> [Pool.Person] {
        var table = try Table(
            "recipients.csv", try bytes(of: "recipients.csv"),
            columns: [
                "id", "languages", "programme", "age_band", "modalities", "consent", "x", "y", "max_distance",
                "experience", "availability", "wanted_gender", "preferred_modality", "wait_days"
            ])
        var people: [Pool.Person] = []
        while try table.next() {
            try table.expectNumber(people.count)
            people.append(
                Pool.Person(
                    languages: try table.mask(UInt16.self), program: try table.number(UInt8.self, in: 0...63),
                    ageBand: try table.number(UInt8.self, in: 0...7), modalities: try table.mask(UInt8.self, bits: 4),
                    consent: try table.mask(UInt8.self), place: try table.place(),
                    experiences: try table.experiences(), week: try table.week(),
                    wantedGender: try table.number(UInt8.self, in: 0...3),
                    preferredModality: try table.mask(UInt8.self, bits: 4),
                    waitDays: try table.number(Int32.self, in: 0...1_000_000)))
        }
        guard !people.isEmpty else { throw table.fault("there are no recipients") }
        return people
    }

    func supporters() throws -> [Pool.Supporter] {
        var table = try Table(
            "supporters.csv", try bytes(of: "supporters.csv"),
            columns: [
                "id", "capacity", "languages", "programmes", "age_band", "age_bands_accepted", "modalities",
                "consent_required", "x", "y", "max_distance", "experience", "availability", "gender"
            ])
        var supporters: [Pool.Supporter] = []
        while try table.next() {
            try table.expectNumber(supporters.count)
            supporters.append(
                Pool.Supporter(
                    capacity: try table.number(Int32.self, in: 0...Int(Int32.max)),
                    languages: try table.mask(UInt16.self), programs: try table.mask(UInt64.self),
                    ageBand: try table.number(UInt8.self, in: 0...7), acceptedAgeBands: try table.mask(UInt8.self),
                    modalities: try table.mask(UInt8.self, bits: 4), requiredConsent: try table.mask(UInt8.self),
                    place: try table.place(), experiences: try table.experiences(), week: try table.week(),
                    gender: try table.number(UInt8.self, in: 1...3)))
        }
        guard !supporters.isEmpty else { throw table.fault("there are no supporters") }
        return supporters
    }

    func exclusions(people: Int, supporters: Int) throws -> [Pool.Exclusion] {
        var table = try Table(
            "exclusions.csv", try bytes(of: "exclusions.csv"), columns: ["recipient", "supporter"])
        var exclusions: [Pool.Exclusion] = []
        while try table.next() {
            exclusions.append(
                Pool.Exclusion(
                    person: try table.number(Int.self, in: 0...people - 1),
                    supporter: try table.number(Int.self, in: 0...supporters - 1)))
        }
        return exclusions
    }

    func listedPairs() throws -> [Pair] {
        let range = Int(Int32.min)...Int(Int32.max)
        var table = try Table(
            "edges.csv", try bytes(of: "edges.csv"), columns: ["recipient", "supporter", "score", "priority"])
        var pairs: [Pair] = []
        while try table.next() {
            pairs.append(
                Pair(
                    person: try table.number(Int32.self, in: range), supporter: try table.number(Int32.self, in: range),
                    score: try table.number(Int32.self, in: range), priority: try table.number(Int32.self, in: range)))
        }
        return pairs
    }
}

extension Table {
    /// Numbers count up from 0, so that a line that was lost or stands there twice shows.
    fileprivate mutating func expectNumber(_ expected: Int) throws(InstanceFault) {
        let number = try number(Int.self, in: 0...Int.max)
        guard number == expected else { throw fault("id is \(number), and \(expected) would be next") }
    }

    fileprivate mutating func place() throws(InstanceFault) -> Pool.Place {
        let range = -Int(Pool.farthest)...Int(Pool.farthest)
        return Pool.Place(
            x: try number(Int32.self, in: range), y: try number(Int32.self, in: range),
            reach: try number(Int32.self, in: 0...Int(Pool.farthest)))
    }

    fileprivate mutating func experiences() throws(InstanceFault) -> Pool.Experiences {
        let mask = try mask(UInt128.self)
        return Pool.Experiences(
            low: UInt64(truncatingIfNeeded: mask), high: UInt64(truncatingIfNeeded: mask >> 64))
    }

    fileprivate mutating func week() throws(InstanceFault) -> Pool.Week {
        let words = try words(bits: 7 * 24)
        return Pool.Week(early: words[0], middle: words[1], late: words[2])
    }
}
