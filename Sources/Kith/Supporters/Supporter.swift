import Storage

/// Somebody who supports others: what they have lived through, when they have time, how many people they can carry.
/// They are known by their person.
package struct Supporter: Sendable {
    package let person: Person.ID
    package let name: String
    /// What people call them.
    package let called: String
    package let profile: Profile
    /// A pause that lasts at this moment; one whose day of return has come is over.
    package let pause: Pause?
    package let since: Instant
    /// How many people they support now, proposals not yet answered included, in all programs.
    package let load: Int
    /// Their latest proposal; nil if there never was one.
    package let lastProposed: Instant?
    /// What they have told about themselves so that it can count in matching.
    package let gender: String?
    package let birthYear: Int?
    package let culture: String?
    /// Whether they may be with people who are under age, at this moment.
    package let isClearedForMinors: Bool

    /// What a supporter says about themselves, and can change at any time.
    package struct Profile: Sendable, Equatable {
        package var introduction: String
        /// How many people they are willing to support at a time.
        package var limit: Int
        package var formats: [Format]
        /// Where they meet people in person, in the program's own names.
        package var areas: [String]
        /// Language codes.
        package var languages: [String]
        /// Hours of the week in which they have time. Without any they can only write messages.
        package var hours: [WeekHours]
        package var statements: [Statement]

        package init(
            introduction: String = "", limit: Int, formats: [Format], areas: [String] = [], languages: [String],
            hours: [WeekHours] = [], statements: [Statement] = []
        ) {
            self.introduction = introduction
            self.limit = limit
            self.formats = formats
            self.areas = areas
            self.languages = languages
            self.hours = hours
            self.statements = statements
        }
    }

    /// What a supporter says about one of the program's topics. It belongs to them: who may know is their choice, and
    /// matching may use what nobody may read.
    package struct Statement: Sendable, Equatable {
        package enum Kind: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
            /// They have lived through it.
            case lived
            /// They do not take it on.
            case notTaken = "not-taken"
        }

        package enum Audience: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
            /// Staff of the program, and people they are proposed to.
            case anyone
            /// Only people they support.
            case matched
            case nobody
        }

        /// The topic's code: for matching only, never for a page.
        package var topic: String
        package var kind: Kind
        package var shownTo: Audience
        /// The topic's name; nil where whoever asked may not read it.
        package internal(set) var name: String?
        /// Who has confirmed it.
        package internal(set) var attestedBy: String?

        package init(_ topic: String, _ kind: Kind, shownTo: Audience) {
            self.topic = topic
            self.kind = kind
            self.shownTo = shownTo
        }
    }

    /// A time in which nobody new is suggested. It never says why.
    package struct Pause: Sendable, Equatable {
        package let since: Instant
        /// The day they expect to be back, if they said.
        package let returnsOn: Day?
    }

    /// What they have told about themselves so that it can count in matching.
    package var about: Person.About { Person.About(birthYear: birthYear, gender: gender, culture: culture) }

    package var isFull: Bool { load >= profile.limit }

    /// The names of what they have lived through, as far as whoever asked may read them.
    package var livedThrough: [String] { profile.statements.filter { $0.kind == .lived }.compactMap(\.name) }
}

extension EventKind {
    package static let supporterEnrolled = EventKind("supporter.enrolled")
    package static let supporterChanged = EventKind("supporter.changed")
    package static let supporterPaused = EventKind("supporter.paused")
    package static let supporterResumed = EventKind("supporter.resumed")
    package static let statementAttested = EventKind("supporter.statement-attested")
}
