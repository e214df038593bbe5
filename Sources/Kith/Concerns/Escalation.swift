/// Where a concern stands on its ladder, and the one rule of how it climbs. Pure: given the ladder as it is now and the
/// moment, it says whom to call next. It may be asked as often as anybody likes, by any process.
///
/// - Until somebody acknowledges, it never stands still: after the last rung it goes around again.
/// - Of several rungs in a row that have nobody, none costs time.
/// - Where calls reached nobody, the next rung follows at once; only a new round waits for its time.
/// - A clock that jumps ahead makes it climb one rung early. One that jumps back never makes it wait longer than the
///   rung's own minutes from the moment it is next asked.
package struct Escalation: Sendable, Equatable {
    /// A rung as it is now.
    package struct Rung: Sendable, Equatable {
        /// How long the people on it have before the next rung.
        package let minutes: Int
        /// Whoever can be called: nobody who left, nor whom the concern is about, nor who raised it.
        package let people: [Person.ID]

        package init(minutes: Int, people: [Person.ID]) {
            (self.minutes, self.people) = (minutes, people)
        }
    }

    /// What is to be done now.
    package enum Step: Sendable, Equatable {
        /// Call the people of this rung, counted from 1.
        case call(rung: Int)
        /// On the whole ladder there is nobody: the administrator has to see it. It is tried again soon.
        case nobody
    }

    /// How often it has been around already.
    package private(set) var round: Int
    /// The rung called last, counted from 1; 0 before the first, and while one person alone is asked.
    package private(set) var rung: Int
    /// When it climbs, unless somebody acknowledges before.
    package private(set) var due: Instant

    /// After how many minutes a ladder without anybody is looked at again.
    package static let retryMinutes = 5
    /// The longest a rung may have.
    package static let mostMinutes = 240

    /// As it was kept.
    package init(round: Int, rung: Int, due: Instant) {
        (self.round, self.rung, self.due) = (round, rung, due)
    }

    /// At the foot of the ladder.
    package init(startingAt now: Instant) { self.init(round: 0, rung: 0, due: now) }

    /// From its foot again, in a new round.
    package func again(at now: Instant) -> Escalation { Escalation(round: round + 1, rung: 0, due: now) }

    /// One person alone is asked first, for as long as the first rung has; then the ladder follows from its foot.
    package func asking(on ladder: [Rung], at now: Instant) -> Escalation {
        Escalation(round: round + 1, rung: 0, due: now.adding(minutes: minutes(of: 0, on: ladder)))
    }

    /// - Parameter isUndelivered: whether the last calls are known to have reached nobody.
    /// - Returns: nil when there is nothing to do yet.
    package mutating func advance(on ladder: [Rung], at now: Instant, isUndelivered: Bool) -> Step? {
        let latest = now.adding(minutes: minutes(of: rung, on: ladder))
        if due > latest { due = latest }
        let above = Self.staffed(ladder, after: rung)
        guard due <= now || isUndelivered && above != nil else { return nil }
        if let above {
            rung = above
        } else if let first = Self.staffed(ladder, after: 0) {
            round += 1
            rung = first
        } else {
            rung = 0
            due = now.adding(minutes: Self.retryMinutes)
            return .nobody
        }
        due = now.adding(minutes: minutes(of: rung, on: ladder))
        return .call(rung: rung)
    }

    /// Below the first rung, and where the ladder has become shorter, the first one's minutes count.
    private func minutes(of rung: Int, on ladder: [Rung]) -> Int {
        guard let first = ladder.first else { return Self.retryMinutes }
        let own = rung > 0 && rung <= ladder.count ? ladder[rung - 1] : first
        return min(max(1, own.minutes), Self.mostMinutes)
    }

    /// The first rung above `rung` with anybody on it.
    private static func staffed(_ ladder: [Rung], after rung: Int) -> Int? {
        ladder.indices.first { $0 >= rung && !ladder[$0].people.isEmpty }.map { $0 + 1 }
    }
}
