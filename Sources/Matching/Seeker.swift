/// The person asking for support, as matching sees them: codes and sets, no names.
///
/// An empty set means that nothing is acceptable, not that anything is: without a program, a language or a format
/// nobody can be suggested, and without availability only by messages. Whoever fills this in decides what a question
/// left blank shall mean (`WeekHours.always`, all formats).
package struct Seeker: Equatable, Sendable {
    /// The programs that may serve this person.
    package var programs: CodeSet
    /// The languages in which support is possible.
    package var languages: CodeSet
    /// The language liked best; acceptable even where `languages` leaves it out.
    package var preferredLanguage: Int?
    package var formats: Formats
    /// The formats liked best; acceptable even where `formats` leaves them out.
    package var preferredFormats: Formats
    /// Where the person lives. Without it distance cannot be judged: nobody is too far and nobody earns points.
    package var area: Int?
    /// How far apart two people may be who meet in person.
    package var reach: Reach
    package var availability: WeekHours
    /// What the supporter would ideally have lived through. A code named twice counts with its highest importance.
    package var experiences: [WantedExperience]
    /// What the support will touch on, in the codes of `experiences`; checked against supporters' boundaries together
    /// with the experiences wanted.
    package var topics: CodeSet
    /// What the person has told about themselves.
    package var attributes: Attributes<Int?>
    /// What they ask of the supporter.
    package var wishes: Attributes<Wish>
    /// Candidates never to be suggested: a former partner, someone of the same household. Whose wish it was, and why,
    /// is not for everybody's eyes.
    package var keptApart: CodeSet
    /// Candidates to whom, or from whom, the answer was no before.
    package var declined: CodeSet
    /// The candidate who supported this person before.
    package var previousSupporter: Int?
    /// Whether they are under age, or may be.
    package var isMinor: Bool

    package init(
        programs: CodeSet, languages: CodeSet, preferredLanguage: Int? = nil, formats: Formats,
        preferredFormats: Formats = [], area: Int? = nil, reach: Reach = .anywhere, availability: WeekHours,
        experiences: [WantedExperience] = [], topics: CodeSet = [], attributes: Attributes<Int?> = .untold,
        wishes: Attributes<Wish> = .none, keptApart: CodeSet = [], declined: CodeSet = [],
        previousSupporter: Int? = nil, isMinor: Bool = false
    ) {
        self.programs = programs
        self.languages = languages
        self.preferredLanguage = preferredLanguage
        self.formats = formats
        self.preferredFormats = preferredFormats
        self.area = area
        self.reach = reach
        self.availability = availability
        self.experiences = experiences
        self.topics = topics
        self.attributes = attributes
        self.wishes = wishes
        self.keptApart = keptApart
        self.declined = declined
        self.previousSupporter = previousSupporter
        self.isMinor = isMinor
    }
}

/// How far apart two people may be who meet in person.
package enum Reach: Equatable, Sendable {
    case sameArea
    /// The person's own area or one of these.
    case neighboring(CodeSet)
    case anywhere
}

/// An experience the person hopes the supporter shares.
package struct WantedExperience: Equatable, Sendable {
    package enum Importance: Int, CaseIterable, Sendable {
        case low = 1
        case medium, high
    }

    package var code: Int
    package var importance: Importance

    package init(code: Int, importance: Importance) {
        self.code = code
        self.importance = importance
    }
}
