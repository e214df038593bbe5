/// What matching says about one candidate for one person.
package enum Verdict: Equatable, Sendable {
    /// Every hard rule that is broken, in the order of `Exclusion`'s cases; never empty.
    case excluded([Exclusion])
    case eligible(Score)
}

/// A hard rule that is broken, with what is needed to say so in words.
package enum Exclusion: Equatable, Sendable {
    case wrongProgram(offered: CodeSet)
    case noCommonLanguage(spoken: CodeSet)
    case noCommonFormat(offered: Formats)
    /// They could only meet in person, and the candidate comes to none of the areas within reach.
    case tooFar(served: CodeSet)
    /// No hour of the week in which both are free, and messages are no way out.
    case noCommonHour
    case atLimit(limit: Int, load: Int)
    case paused(until: Int?)
    /// `known` is false when too little was told to judge the wish.
    case wishNotMet(Attribute, Wish.Aim, known: Bool)
    /// Sensitive: says that something is between the two. For coordinators, not for either of them.
    case keptApart
    case saidNoBefore
    case outsideBoundaries(topics: CodeSet)
    /// One of the two is under age, and nobody has made sure that the other may be with them.
    case ageNotCleared

    /// Whether time alone may lift it: a place comes free, a pause ends.
    package var passes: Bool {
        switch self {
        case .atLimit(let limit, _): limit > 0
        case .paused: true
        default: false
        }
    }
}

/// The points of an eligible candidate. Whole numbers, so that the same facts always give the same order.
package struct Score: Equatable, Sendable {
    /// The sum of the parts.
    package let total: Int
    /// One part for each criterion, in the order of `Criterion`.
    package let parts: [Part]

    package struct Part: Equatable, Sendable {
        package let reason: Reason
        package let points: Int
        /// The most anybody could earn here for this person: 0 when they stated nothing to go by.
        package let maximum: Int

        package init(reason: Reason, points: Int, maximum: Int) {
            self.reason = reason
            self.points = points
            self.maximum = maximum
        }
    }

    /// The sum of the parts' maxima: what somebody meeting everything would have.
    package var maximum: Int { parts.reduce(0) { $0 + $1.maximum } }

    package subscript(criterion: Criterion) -> Part { parts[criterion.rawValue] }
}

/// Why points were earned or, where a part has none, what they could have been earned for.
package enum Reason: Equatable, Sendable {
    /// The wanted experiences they share. Some may count without being shown: filter by what the viewer may see.
    case experience(shared: CodeSet)
    /// They speak the preferred language.
    case language
    /// The hours in which both are free; empty if they can only exchange messages.
    case hours(common: WeekHours)
    /// The preferred formats that are possible between the two.
    case format(preferred: Formats)
    case area(Nearness)
    /// The wishes met, musts left out: whoever is eligible meets those.
    case wishes(met: [Attribute])
    /// They supported this person before.
    case continuity
    case room(load: Int)
    case newSupporter

    package enum Nearness: Equatable, Sendable {
        case same, neighboring
        /// Or not judged: no area known, or no meeting in person.
        case elsewhere
    }

    package var criterion: Criterion {
        switch self {
        case .experience: .experience
        case .language: .language
        case .hours: .hours
        case .format: .format
        case .area: .area
        case .wishes: .wishes
        case .continuity: .continuity
        case .room: .room
        case .newSupporter: .newSupporter
        }
    }
}

/// Judges one candidate for one person: either every reason against, or the score with its reasons.
///
/// To compare many candidates use ``Ranking``, which builds reasons only where they are wanted.
package func judge(_ seeker: Seeker, _ candidate: Candidate, weights: Weights) -> Verdict {
    Judge(for: seeker, weights: weights).verdict(on: candidate)
}
