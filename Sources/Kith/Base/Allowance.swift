/// So much at once, and then one more every so often, for each key by itself. In memory and of bounded size: when it is
/// full, those who have used least of theirs are forgotten first.
package struct Allowance: Sendable {
    /// How much of it somebody has used, and when that was so.
    private struct Use: Sendable {
        var amount: Double
        var at: Instant
    }

    package let burst: Int
    package let secondsForOne: Int
    package let mostKeys: Int
    private var uses: [String: Use] = [:]

    /// - Parameters:
    ///   - burst: how much may be taken at once by somebody who has taken nothing for long.
    ///   - secondsForOne: how long it takes until one more may be taken.
    package init(burst: Int, secondsForOne: Int, mostKeys: Int = 20_000) {
        (self.burst, self.secondsForOne, self.mostKeys) = (burst, secondsForOne, mostKeys)
    }

    package var keys: Int { uses.count }

    /// Takes one for `key`, if there is one left.
    package mutating func take(_ key: String, at now: Instant) -> Bool {
        let used = used(by: key, at: now)
        guard used + 1 <= Double(burst) else { return false }
        if uses[key] == nil, uses.count >= mostKeys { makeRoom(at: now) }
        uses[key] = Use(amount: used + 1, at: now)
        return true
    }

    /// Gives back one that was taken for nothing.
    package mutating func giveBack(_ key: String, at now: Instant) {
        let used = used(by: key, at: now) - 1
        uses[key] = used > 0 ? Use(amount: used, at: now) : nil
    }

    /// Begins anew for `key`.
    package mutating func forget(_ key: String) { uses[key] = nil }

    private func used(by key: String, at now: Instant) -> Double { uses[key].map { left(of: $0, at: now) } ?? 0 }

    private func left(of use: Use, at now: Instant) -> Double {
        let seconds = Double(max(0, now.milliseconds - use.at.milliseconds)) / 1_000
        return max(0, use.amount - seconds / Double(secondsForOne))
    }

    private mutating func makeRoom(at now: Instant) {
        uses = uses.filter { left(of: $0.value, at: now) > 0 }
        guard uses.count >= mostKeys else { return }
        let sorted = uses.sorted { left(of: $0.value, at: now) < left(of: $1.value, at: now) }
        for (key, _) in sorted.prefix(max(1, mostKeys / 4)) { uses[key] = nil }
    }
}
