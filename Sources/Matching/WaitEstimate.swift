/// How long somebody on a waiting list may have to wait, said no more precisely than the past allows.
///
/// Places are taken to become free as a Poisson process. The `p`-th place from now comes within `d` days, after `n`
/// places in `w` days, with probability P(Bin(p + n - 1, d / (d + w)) >= p): a race of two processes at one rate.
/// Solving for `d` with `n` gives the upper end and with `n + 1` the lower end of a prediction interval; both ends err
/// on the side of caution, so that at least 8 waits in 10 fall within (the conditional method of W. Nelson, IEEE
/// Transactions on Reliability R-19, 1970).
///
/// Ours: places often come in batches, when a course ends. If the weekly counts vary more than a Poisson process
/// would, by a factor `f` = variance / mean, `p` and `n` are counted in batches of `f`, which widens the interval.
package enum WaitEstimate: Equatable, Sendable {
    /// In at least 8 cases of 10 the wait ends within this range of days from now.
    case days(ClosedRange<Int>)
    /// The wait may exceed a year, too far ahead for the past to tell; in 9 cases of 10 it is at least this long.
    case atLeast(days: Int)
    /// Too short or too quiet a past to say anything.
    case notEnoughData(places: Int, weeks: Int)

    /// A past shorter than this says nothing.
    package static let minimumWeeks = 4
    /// Fewer places freed than this say nothing.
    package static let minimumPlaces = 3
    /// No range reaches further ahead than this.
    package static let horizonDays = 365

    /// - Parameters:
    ///   - position: the place in the list of those who wait, 1 being the next; places free now already given out.
    ///   - freedPerWeek: for each of the latest full weeks how many places became free that this person could have
    ///     taken. Negative counts are taken as 0.
    ///
    /// O(weeks + position + places). Counts above 10,000 and positions above 100,000 are taken as that.
    package init(position: Int, freedPerWeek: [Int]) {
        let counts = freedPerWeek.map { min(max($0, 0), 10_000) }
        let places = counts.reduce(0, +)
        let weeks = counts.count
        self = .notEnoughData(places: places, weeks: weeks)
        guard weeks >= Self.minimumWeeks, places >= Self.minimumPlaces else { return }

        let batch = Self.dispersion(of: counts)
        let position = Double(min(max(position, 1), 100_000)) / batch
        let freed = Double(places) / batch
        let latest = Race(
            future: Int(position.rounded(.up)), past: Int(freed.rounded(.down)), pastDays: weeks * 7)
        let earliest = Race(
            future: max(Int(position.rounded(.down)), 1), past: Int(freed.rounded(.up)) + 1, pastDays: weeks * 7)

        let lower = earliest.lastDay(within: Self.horizonDays) { $0 <= 0.1 }
        let upper = latest.lastDay(within: Self.horizonDays) { $0 < 0.9 } + 1
        if latest.past > 0, upper <= Self.horizonDays {
            self = .days(lower...max(lower, upper))
        } else if lower > 0 {
            self = .atLeast(days: lower)
        }
    }

    /// How much more the counts vary than those of a Poisson process, at least 1.
    private static func dispersion(of counts: [Int]) -> Double {
        let mean = Double(counts.reduce(0, +)) / Double(counts.count)
        let squares = counts.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        return max(1, squares / Double(counts.count - 1) / mean)
    }
}

/// Which comes first: the `future`-th event from now, or as many events as the past had?
private struct Race {
    let future: Int
    let past: Int
    let pastDays: Int

    /// The last of the days 0...horizon for which the chance of being served by then satisfies the condition, which
    /// must hold up to some day and not after it.
    func lastDay(within horizon: Int, _ condition: (Double) -> Bool) -> Int {
        var holds = 0
        var fails = horizon + 1
        while fails - holds > 1 {
            let day = (holds + fails) / 2
            if condition(chance(by: day)) { holds = day } else { fails = day }
        }
        return holds
    }

    /// P(Bin(n, x) >= future) with n = future + past - 1 and x = day / (day + pastDays).
    ///
    /// The terms are computed from the largest outwards, each from its neighbor, and divided by their sum: nothing can
    /// overflow, and what becomes 0 on the way did not matter.
    private func chance(by day: Int) -> Double {
        guard day > 0 else { return 0 }
        let n = future + past - 1
        let odds = Double(day) / Double(pastDays)
        let mode = min(Int(Double(n + 1) * odds / (1 + odds)), n)
        var sum = 1.0
        var served = mode >= future ? 1.0 : 0.0
        var term = 1.0
        for k in stride(from: mode, to: n, by: 1) where term > 0 {
            term *= Double(n - k) / Double(k + 1) * odds
            sum += term
            if k + 1 >= future { served += term }
        }
        term = 1.0
        for k in stride(from: mode, to: 0, by: -1) where term > 0 {
            term *= Double(k) / Double(n - k + 1) / odds
            sum += term
            if k - 1 >= future { served += term }
        }
        return served / sum
    }
}
