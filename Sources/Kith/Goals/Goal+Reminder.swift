import Storage

extension Goal {
    /// When somebody wants to be reminded of a step, by the clock where they are.
    package struct Reminder: Equatable, Sendable {
        package enum Rule: Equatable, Sendable {
            case once(Day)
            /// 0 is Monday.
            case weekly(Set<Int>)
        }

        /// One time at which it comes.
        package struct Occurrence: Equatable, Sendable {
            package let day: Day
            package let at: Instant
        }

        /// What becomes of a time that has come.
        struct Turn: Equatable {
            let due: Occurrence
            /// Whether they are told, or it is too late to.
            let isTold: Bool
            let next: Occurrence?
        }

        package let rule: Rule
        /// After midnight.
        package let minutes: Int

        package init(_ rule: Rule, minutes: Int) { (self.rule, self.minutes) = (rule, minutes) }

        /// For how many hours it is still good: after a night without the server, and for whoever is not reached at its
        /// hour. What comes later only puzzles.
        package static let hoursGood = 4

        static func isGood(_ due: Instant, at now: Instant) -> Bool { now < due.adding(hours: hoursGood) }

        private func occurrence(_ day: Day, _ clock: LocalClock) -> Occurrence {
            Occurrence(day: day, at: clock.instant(day, hour: minutes / 60, minute: minutes % 60))
        }

        /// The next time after a moment. A day for which it came already has no other, whatever became of the clock.
        package func next(after moment: Instant, told: Day?, in zone: String) -> Occurrence? {
            let clock = LocalClock(zone: zone)
            switch rule {
            case .once(let day):
                let one = occurrence(day, clock)
                return told == nil && one.at > moment ? one : nil
            case .weekly(let weekdays):
                // A day early, for a time that the change of the clocks moved over midnight.
                let first = clock.day(of: moment).adding(days: -1)
                return (0...9).lazy.map { first.adding(days: $0) }
                    .filter { day in weekdays.contains(day.weekday) && told.map { day > $0 } ?? true }
                    .map { occurrence($0, clock) }.first { $0.at > moment }
            }
        }

        /// What is due by now, where `planned` has come: of several that nobody looked after, the last alone.
        func turn(from planned: Occurrence, at now: Instant, in zone: String) -> Turn {
            var due = planned
            if case .weekly(let weekdays) = rule {
                let clock = LocalClock(zone: zone)
                let last = clock.day(of: now).adding(days: 1)
                let found = (0...8).lazy.map { last.adding(days: -$0) }
                    .filter { weekdays.contains($0.weekday) && $0 > planned.day }
                    .map { occurrence($0, clock) }.first { $0.at <= now }
                due = found ?? planned
            }
            return Turn(
                due: due, isTold: Self.isGood(due.at, at: now), next: next(after: now, told: due.day, in: zone))
        }
    }
}

extension Goal.Reminder.Rule: SQLConvertible, SQLDecodable {
    /// A day, or the weekdays.
    package var sqlValue: SQLValue {
        switch self {
        case .once(let day): .text(day.description)
        case .weekly(let weekdays): .text(weekdays.sorted().map(String.init).joined(separator: " "))
        }
    }

    package static func decode(_ cell: Cell) throws(StoreError) -> Self {
        let text = try cell.text()
        if let day = Day(text) { return .once(day) }
        let weekdays = text.split(separator: " ").compactMap { Int($0) }
        guard !weekdays.isEmpty, weekdays.allSatisfy((0...6).contains) else {
            throw cell.unreadable(as: "reminder")
        }
        return .weekly(Set(weekdays))
    }
}
