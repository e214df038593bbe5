/// What somebody wishes for in a supporter, as asked at the referral. Everything may be left open.
package struct Wishes: Sendable, Codable, Equatable {
    /// Languages they are at ease in, the best first.
    package var languages: [String] = []
    package var formats: [Format] = []
    /// Where they are, in the program's own names for areas.
    package var area: String?
    /// Hours of the week in which they have time; empty: any.
    package var hours: [WeekHours] = []
    /// What support should be about, by the program's topic codes, the most important first.
    package var topics: [String] = []
    package var gender = Wish()
    package var age = Wish()
    package var culture = Wish()
    /// In their own words, for the coordinator.
    package var words: String?

    package init() {}

    /// “Someone like me” and “someone different from me” count the same; most people have no wish.
    package struct Wish: Sendable, Codable, Equatable {
        package enum Kind: String, Sendable, Codable, CaseIterable {
            case none, same, different
        }

        package var kind: Kind = .none
        /// Nobody else is suggested.
        package var must = false

        package init(_ kind: Kind = .none, must: Bool = false) {
            self.kind = kind
            self.must = must
        }
    }
}
