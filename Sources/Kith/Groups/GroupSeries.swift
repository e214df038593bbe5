import Foundation
import Schedules
import Storage

/// When a group meets again and again, in the time zone that the group had when it was put down.
package struct GroupSeries: Named {
    package let id: ID
    package let organization: Organization.ID
    package let group: Group.ID
    /// How it recurs, in its own time zone.
    package let recurrence: Recurrence
    /// How long a meeting lasts.
    package let minutes: Int
    /// Up to when its meetings were put down.
    package let plannedThrough: Instant?
    package let endedAt: Instant?

    init(row: Row) throws {
        id = try row["id"]
        organization = try row["organization_id"]
        group = try row["group_id"]
        let (day, minute): (Day, Int) = (try row["starts_on"], try row["start_minute"])
        recurrence = try Recurrence(
            rule: row["rule"], from: WallTime(day: day.daysSince1970, second: minute * 60),
            in: WallClock(row["time_zone"]))
        minutes = try row["minutes"]
        plannedThrough = try row["planned_through"]
        endedAt = try row["ended_at"]
    }

    /// How far ahead meetings are put down, so that each has an identifier.
    package static let daysAhead = 120
    /// The most that are put down at once.
    static let mostAtOnce = 200
    /// Later than any recurrence reaches.
    static let forever = Instant(milliseconds: 7_258_118_400_000)
}

extension GroupSeries {
    /// What a coordinator chooses: how often, from which day and time on, and how it ends.
    package struct Plan: Sendable, Equatable {
        package enum Frequency: String, Sendable, CaseIterable {
            case weekly
            /// On the same weekday of each month: the second Tuesday.
            case monthly
            case daily
        }

        package var frequency = Frequency.weekly
        /// Each week is 1, every other one 2.
        package var every = 1
        package var startsOn: Day
        package var time: TimeOfDay
        package var minutes = 60
        package var until: Day?
        package var count: Int?

        package init(startsOn: Day, time: TimeOfDay) { (self.startsOn, self.time) = (startsOn, time) }

        /// - Throws: ``RecurrenceError``
        func recurrence(in zone: String) throws(RecurrenceError) -> Recurrence {
            let weekday = Recurrence.Weekday.allCases[startsOn.weekday]
            let nth = (startsOn.parts.day - 1) / 7 + 1
            let pattern: Recurrence.Pattern =
                switch frequency {
                case .daily: .daily
                case .weekly: .weekly([weekday])
                // A fifth Tuesday is the last one, or most months would have none.
                case .monthly: .monthly(nth == 5 ? .last(weekday) : .nth(nth, weekday))
                }
            let end: Recurrence.End =
                if let until { .until(day: until.daysSince1970) } else if let count { .count(count) } else { .never }
            return try Recurrence(
                pattern, every: every,
                from: WallTime(day: startsOn.daysSince1970, second: (time.hour * 60 + time.minute) * 60),
                in: WallClock(zone), end: end)
        }
    }

    /// Puts down when a group meets, and its meetings for the months ahead.
    /// - Throws: ``Problem/invalid(_:)`` for `date`, `minutes`, `every`, `until`, `count`.
    package static func set(_ plan: Plan, for group: Group, in db: Writing) throws -> ID {
        try GroupType.checkCoordinates(group.program, db)
        guard group.isOpen else { throw Problem.conflict("group.ended") }
        let recurrence = try checked(plan, for: group, at: db.now)
        // The same once more is a second click.
        let same = try all(of: group, in: db).first { $0.recurrence == recurrence && $0.minutes == plan.minutes }
        if let same { return same.id }
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO group_series (organization_id, id, group_id, starts_on, start_minute, minutes, rule, time_zone,
                created_at, created_by)
            VALUES (\(group.organization), \(id), \(group.id), \(Day(daysSince1970: recurrence.start.day)),
                \(recurrence.start.second / 60), \(plan.minutes), \(recurrence.rule), \(recurrence.clock.name),
                \(db.now), \(db.actor.logName))
            """)
        db.record(group.event(.seriesSet, of: id.text))
        try load(id, of: group.organization, in: db)?.planAhead(in: db)
        return id
    }

    private static func checked(_ plan: Plan, for group: Group, at now: Instant) throws -> Recurrence {
        var errors: [String: String] = [:]
        if !Meeting.minutes.contains(plan.minutes) { errors["minutes"] = "not-a-number" }
        if LocalClock(zone: group.plan.timeZone).start(of: plan.startsOn.adding(days: 1)) <= now {
            errors["date"] = "in-the-past"
        }
        do {
            let recurrence = try plan.recurrence(in: group.plan.timeZone)
            try Problem.check(errors)
            return recurrence
        } catch let error as RecurrenceError {
            switch error {
            case .endsBeforeItStarts: errors["until"] = "not-in-future"
            case .count: errors["count"] = "not-a-number"
            case .interval: errors["every"] = "not-a-number"
            default: errors["date"] = "not-a-date"
            }
            try Problem.check(errors)
            throw error
        }
    }

    /// Puts down the meetings that begin within the next ``daysAhead`` days and are not there yet. What was moved or
    /// called off keeps its slot, so it is not put down again.
    func planAhead(in db: Writing) throws {
        let horizon = db.now.adding(days: Self.daysAhead)
        let from = max(plannedThrough ?? db.now, db.now)
        guard endedAt == nil, from < horizon else { return }
        let group = try Group.load(group, of: organization, in: db)
        guard group.isOpen else { return }
        let known = Set(
            try db.values(
                """
                SELECT slot FROM meeting WHERE organization_id = \(organization) AND series_id = \(id)
                AND slot_at >= \(from)
                """, as: String.self))
        let found = recurrence.occurrences(in: from.date..<horizon.date, limit: Self.mostAtOnce)
        let slots = found.map { Meeting.Slot($0) }.filter { !known.contains($0.text) }
        // As far as was looked: what is beyond the most at once comes the next time.
        var through =
            found.count == Self.mostAtOnce
            ? found.last.map { Instant($0.start).adding(seconds: 1) } ?? horizon : horizon
        // A series that has no time left is looked at no more.
        if recurrence.next(from: through.date) == nil { through = Self.forever }
        try db.run(
            """
            UPDATE group_series SET planned_through = \(through)
            WHERE organization_id = \(organization) AND id = \(id)
            """)
        let made = try Meeting.write(slots, minutes: minutes, of: group, in: id, db)
        if !made.isEmpty { db.record(group.event(.meetingsPlanned, of: id.text, ["count": "\(made.count)"])) }
    }

    /// The group no longer meets so: what lies ahead of it is called off.
    package func end(in db: Writing) throws {
        let group = try Group.find(group, as: [.coordinator], in: db)
        let ended = try db.run(
            """
            UPDATE group_series SET ended_at = \(db.now)
            WHERE organization_id = \(organization) AND id = \(id) AND ended_at IS NULL
            """)
        guard ended > 0 else { return }
        try Meeting.cancelAll(of: group, in: id, db: db)
        db.record(group.event(.seriesEnded, of: id.text))
    }
}

extension GroupSeries {
    /// A group's series that have not ended, the oldest first. Whoever calls has established their right to the group.
    package static func all(of group: Group, in db: Reading) throws -> [GroupSeries] {
        try db.all(
            """
            SELECT * FROM group_series WHERE organization_id = \(group.organization) AND group_id = \(group.id)
            AND ended_at IS NULL ORDER BY created_at, id LIMIT 20
            """, GroupSeries.init(row:))
    }

    /// The series of several groups at once. Whoever calls has established their right to them.
    package static func all(of groups: [Group], in db: Reading) throws -> [Group.ID: [GroupSeries]] {
        guard let organization = groups.first?.organization else { return [:] }
        let all = try db.all(
            """
            SELECT * FROM group_series WHERE organization_id = \(organization)
            AND group_id IN \(list: groups.map(\.id)) AND ended_at IS NULL ORDER BY created_at, id LIMIT 1000
            """, GroupSeries.init(row:))
        return Dictionary(grouping: all, by: \.group)
    }

    static func load(_ id: ID, of organization: Organization.ID, in db: Reading) throws -> GroupSeries? {
        try db.first(
            "SELECT * FROM group_series WHERE organization_id = \(organization) AND id = \(id)",
            GroupSeries.init(row:))
    }
}

extension Platform {
    /// Puts down the meetings of every series whose horizon has moved by a week or more. Each series has a transaction of
    /// its own, so that one that fails holds up no other; several processes may do it at once.
    /// - Throws: the first failure, after all have had their turn.
    package func planMeetings() async throws {
        let horizon = world.now().adding(days: GroupSeries.daysAhead - 7)
        let due = try await store.read { reader in
            try reader.all(
                """
                SELECT organization_id, id FROM group_series WHERE ended_at IS NULL AND planned_through < \(horizon)
                ORDER BY planned_through, id LIMIT 500
                """
            ) { (try $0["organization_id"] as Organization.ID, try $0["id"] as GroupSeries.ID) }
        }
        try await inTurn(due) { series in
            let (organization, id) = series
            try await write(as: .system(organization), access: .anyone) { db in
                guard let series = try GroupSeries.load(id, of: organization, in: db) else { return }
                try series.planAhead(in: db)
                db.record(Event(.seriesExtended, of: id.text))
            }
        }
    }
}

extension Instant {
    /// For Foundation's calendars and zones.
    var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1_000) }

    init(_ date: Date) { self.init(milliseconds: Int64((date.timeIntervalSince1970 * 1_000).rounded())) }
}
