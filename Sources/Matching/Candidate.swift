/// A supporter who might be suggested, as matching sees them: codes and sets, no names.
package struct Candidate: Equatable, Sendable {
    /// Unique among the candidates, and the same from one ranking to the next: it settles the last ties.
    package var id: Int
    package var programs: CodeSet
    package var languages: CodeSet
    package var formats: Formats
    /// The areas in which they can meet people in person.
    package var areas: CodeSet
    package var availability: WeekHours
    /// What they have lived through and let count in matching.
    package var experiences: CodeSet
    /// Experiences and topics they do not take on, in the codes of `experiences`.
    package var boundaries: CodeSet
    /// What they have told about themselves.
    package var attributes: Attributes<Int?>
    /// How many people they are willing to support at a time.
    package var limit: Int
    /// How many they support now, proposals not yet answered included.
    package var load: Int
    package var pause: Pause?
    /// The day number of their latest match; none if they never had one. Settles ties only.
    package var lastMatchDay: Int?
    package var isNew: Bool
    /// Whether they are under age, or may be.
    package var isMinor: Bool
    /// Whether somebody responsible made sure, for now, that they may be with people who are under age.
    package var isClearedForMinors: Bool

    package init(
        id: Int, programs: CodeSet, languages: CodeSet, formats: Formats, areas: CodeSet = [],
        availability: WeekHours, experiences: CodeSet = [], boundaries: CodeSet = [],
        attributes: Attributes<Int?> = .untold, limit: Int, load: Int, pause: Pause? = nil,
        lastMatchDay: Int? = nil, isNew: Bool = false, isMinor: Bool = false, isClearedForMinors: Bool = false
    ) {
        self.id = id
        self.programs = programs
        self.languages = languages
        self.formats = formats
        self.areas = areas
        self.availability = availability
        self.experiences = experiences
        self.boundaries = boundaries
        self.attributes = attributes
        self.limit = limit
        self.load = load
        self.pause = pause
        self.lastMatchDay = lastMatchDay
        self.isNew = isNew
        self.isMinor = isMinor
        self.isClearedForMinors = isClearedForMinors
    }
}

/// A time without new matches. Matching knows no clock: a pause that is over must not be passed on.
package struct Pause: Equatable, Sendable {
    /// The day number on which they expect to be back, if they said.
    package var until: Int?

    package init(until: Int? = nil) {
        self.until = until
    }
}
