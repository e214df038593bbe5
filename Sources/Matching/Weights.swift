/// What can earn a candidate points, in the order in which reasons are given.
package enum Criterion: Int, CaseIterable, Sendable {
    case experience, language, hours, format, area, wishes, continuity, room, newSupporter
}

/// How many points each criterion can earn, as a version that can be stored beside a decision and named later.
package struct Weights: Equatable, Sendable {
    /// Names these numbers: whoever changes one gives a new version.
    package let version: Int
    /// This many common hours in a week earn all points for hours; more are welcome but earn nothing further.
    package let ampleHours: Int
    /// At this many people or more a supporter earns no points for room.
    package let heavyLoad: Int
    private var maxima: [Int]

    /// Points are kept within 0...1,000,000, `ampleHours` within 1...168, `heavyLoad` within 1...1,000.
    package init(
        version: Int, experience: Int, language: Int, hours: Int, format: Int, area: Int, wishes: Int,
        continuity: Int, room: Int, newSupporter: Int, ampleHours: Int, heavyLoad: Int
    ) {
        self.version = version
        self.ampleHours = min(max(ampleHours, 1), 168)
        self.heavyLoad = min(max(heavyLoad, 1), 1_000)
        maxima = [experience, language, hours, format, area, wishes, continuity, room, newSupporter]
            .map { min(max($0, 0), 1_000_000) }
    }

    /// A thousand points in all, chosen by us as a start for programs to adjust.
    ///
    /// - Experience weighs most: shared experience is the similarity found to matter most to carers.
    /// - Language, wishes and continuity follow, because the person named them.
    /// - Room takes off 10 points for each person already supported. It looks at the load alone, never at the share
    ///   of the limit that is free, so that declaring a lower limit gains nobody anything.
    /// - A new supporter gets 10 points, as if supporting one person fewer: enough to settle a near tie. Their empty
    ///   caseload helps them more, and nobody in need is steered to a beginner for the beginner's sake.
    package static let standard = Weights(
        version: 1, experience: 320, language: 120, hours: 100, format: 80, area: 50, wishes: 120,
        continuity: 120, room: 80, newSupporter: 10, ampleHours: 6, heavyLoad: 8)

    package subscript(criterion: Criterion) -> Int { maxima[criterion.rawValue] }

    /// The same weights with a criterion counting nothing; for asking "what if". The version stays.
    package func without(_ criterion: Criterion) -> Weights {
        var weights = self
        weights.maxima[criterion.rawValue] = 0
        return weights
    }
}
