import Matching

/// The hard rules and points once more, as slowly and literally as they can be said, to check the product against.
struct PlainRules {
    let seeker: Seeker
    let candidate: Candidate

    var languages: Set<Int> { Set(seeker.languages.codes + [seeker.preferredLanguage].compactMap { $0 }) }

    var formats: [Formats] {
        [Formats.inPerson, .phone, .video, .messages].filter { format in
            (seeker.formats.contains(format) || seeker.preferredFormats.contains(format))
                && candidate.formats.contains(format)
        }
    }

    var canMeet: Bool {
        guard let area = seeker.area else { return true }
        switch seeker.reach {
        case .anywhere: return true
        case .sameArea: return candidate.areas.codes.contains(area)
        case .neighboring(let others):
            return candidate.areas.codes.contains { $0 == area || others.codes.contains($0) }
        }
    }

    var commonHours: Int {
        var count = 0
        for day in Weekday.allCases {
            for hour in 0..<24
            where seeker.availability.contains(day, hour: hour) && candidate.availability.contains(day, hour: hour) {
                count += 1
            }
        }
        return count
    }

    func isMet(_ aim: Wish.Aim, _ attribute: Attribute) -> Bool {
        let apart = attribute == .birthYear ? 10 : 0
        return switch (aim, seeker.attributes[attribute], candidate.attributes[attribute]) {
        case (_, _, nil): false
        case (.same, let own?, let theirs?): abs(own - theirs) <= apart
        case (.different, let own?, let theirs?): abs(own - theirs) > apart
        case (.oneOf(let values), _, let theirs?): values.codes.contains(theirs)
        default: false
        }
    }

    var topics: Set<Int> { Set(seeker.topics.codes + seeker.experiences.map(\.code)) }

    /// The rules that are broken, by name.
    var broken: Set<String> {
        var broken: Set<String> = []
        if Set(seeker.programs.codes).isDisjoint(with: candidate.programs.codes) { broken.insert("program") }
        if languages.isDisjoint(with: candidate.languages.codes) { broken.insert("language") }
        if formats.isEmpty { broken.insert("format") }
        if formats == [.inPerson] && !canMeet { broken.insert("distance") }
        if commonHours == 0 && !formats.contains(.messages) { broken.insert("hour") }
        if candidate.load >= candidate.limit { broken.insert("limit") }
        if candidate.pause != nil { broken.insert("pause") }
        if seeker.isMinor && !candidate.isClearedForMinors { broken.insert("age") }
        if candidate.isMinor && !seeker.isMinor { broken.insert("age") }
        for attribute in Attribute.allCases {
            if case .must(let aim) = seeker.wishes[attribute], !isMet(aim, attribute) { broken.insert("must") }
        }
        if seeker.keptApart.codes.contains(candidate.id) { broken.insert("apart") }
        if seeker.declined.codes.contains(candidate.id) { broken.insert("no") }
        if !topics.isDisjoint(with: candidate.boundaries.codes) { broken.insert("boundary") }
        return broken
    }

    /// The points by criterion, under the standard weights.
    var points: [Int] {
        var importance: [Int: Int] = [:]
        for wanted in seeker.experiences {
            importance[wanted.code] = max(importance[wanted.code] ?? 0, wanted.importance.rawValue)
        }
        let all = importance.values.reduce(0, +)
        let shared = importance.filter { candidate.experiences.codes.contains($0.key) }.values.reduce(0, +)
        let usable = formats.filter { ($0 == .messages || commonHours > 0) && ($0 != .inPerson || canMeet) }
        let hours = usable.contains { $0 != .messages } ? commonHours : 0
        let preferred = usable.contains { seeker.preferredFormats.contains($0) }
        let speaks = seeker.preferredLanguage.map { candidate.languages.codes.contains($0) } ?? false

        var area = 0
        if let home = seeker.area, usable.contains(.inPerson) {
            if candidate.areas.codes.contains(home) {
                area = 50
            } else if case .neighboring = seeker.reach {
                area = 25
            }
        }
        var asked = 0
        var met = 0
        for attribute in Attribute.allCases {
            guard case .prefer(let aim) = seeker.wishes[attribute] else { continue }
            asked += 1
            if isMet(aim, attribute) { met += 1 }
        }
        return [
            all == 0 ? 0 : 320 * shared / all, speaks ? 120 : 0, 100 * min(hours, 6) / 6, preferred ? 80 : 0, area,
            asked == 0 ? 0 : 120 * met / asked, seeker.previousSupporter == candidate.id ? 120 : 0,
            max(0, 80 - 10 * candidate.load), candidate.isNew ? 10 : 0
        ]
    }
}

extension Exclusion {
    /// The name `PlainRules` gives the rule.
    var rule: String {
        switch self {
        case .wrongProgram: "program"
        case .noCommonLanguage: "language"
        case .noCommonFormat: "format"
        case .tooFar: "distance"
        case .noCommonHour: "hour"
        case .atLimit: "limit"
        case .paused: "pause"
        case .wishNotMet: "must"
        case .keptApart: "apart"
        case .saidNoBefore: "no"
        case .outsideBoundaries: "boundary"
        case .ageNotCleared: "age"
        }
    }
}
