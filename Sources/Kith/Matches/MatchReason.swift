import Matching

/// Why somebody is suggested, with what is needed to say it in words. It never holds what its supporter shows to
/// nobody: that may have earned points, but has no name here.
package struct MatchReason: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case experience, language, hours, format, area, wishes, continuity, room
        case new = "new-supporter"
    }

    package let kind: Kind
    package let points: Int
    /// What anybody could have earned here for this person.
    package let maximum: Int
    /// Codes of what is shared: topics that anyone may know of, a language, formats, wishes as `gender.same`.
    package var codes: [String] = []
    /// The area in common.
    package var area: String?
    /// Hours of the week in common, or people supported now.
    package var count = 0
    /// Whether something not shown is shared as well. Not stored.
    package var sharesMore = false

    private enum CodingKeys: String, CodingKey {
        case kind, points, maximum, codes, area, count
    }

    init(_ kind: Kind, _ part: Score.Part) {
        self.kind = kind
        points = part.points
        maximum = part.maximum
    }
}

/// Why somebody cannot be suggested, with what is needed to say it in words. Says nothing of anybody's health, and of
/// an earlier no only that the two are not for each other.
package enum MatchObstacle: Sendable, Equatable {
    case noCommonLanguage(spoken: [String])
    case noCommonFormat(offered: [Format])
    case tooFar
    case noCommonHour
    case full(load: Int, limit: Int)
    case away(until: Day?)
    case wishNotMet(MatchAttribute, known: Bool)
    /// Does not take on something the person wants to talk about; never which.
    case topicNotTaken
    case notForThisPerson
    /// One of the two is under age, and nobody has made sure that the other may be with them.
    case ageNotCleared
    /// Has the role and has told nothing yet to go by.
    case noProfile
}

/// What people may tell about themselves so that it counts in matching.
package enum MatchAttribute: String, Sendable, CaseIterable {
    case gender, age, culture

    init(_ attribute: Attribute) {
        self =
            switch attribute {
            case .gender: .gender
            case .birthYear: .age
            case .culture: .culture
            }
    }
}
