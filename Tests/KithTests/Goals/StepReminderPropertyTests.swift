import KithTestSupport
import Storage
import Testing

@testable import Kith

/// When reminders come, found minute by minute on a clock instead of being reckoned.
private struct ShownTimes {
    private let times: [Goal.Reminder.Occurrence]

    /// Every time from a moment on for some days.
    init(_ reminder: Goal.Reminder, from start: Instant, days: Int, in zone: String) {
        let clock = LocalClock(zone: zone)
        var found: [Goal.Reminder.Occurrence] = []
        var before = clock.reading(at: start.adding(minutes: -1))
        for minute in 0..<days * 1_440 {
            let moment = start.adding(minutes: minute)
            let shown = clock.reading(at: moment)
            defer { before = shown }
            guard Self.isWanted(shown.day, reminder), found.last?.day != shown.day else { continue }
            if shown.minutes == reminder.minutes {
                found.append(.init(day: shown.day, at: moment))
            } else if shown.day == before.day, before.minutes < reminder.minutes, reminder.minutes < shown.minutes {
                // The clocks were put forward over it: it comes as much later as they were.
                found.append(
                    .init(day: shown.day, at: moment.adding(minutes: reminder.minutes - before.minutes - 1)))
            }
        }
        times = found
    }

    private static func isWanted(_ day: Day, _ reminder: Goal.Reminder) -> Bool {
        switch reminder.rule {
        case .once(let only): day == only
        case .weekly(let weekdays): weekdays.contains(day.weekday)
        }
    }

    func first(after moment: Instant) -> Goal.Reminder.Occurrence? { times.first { $0.at > moment } }

    /// The last after one moment and up to another, on a day after one that was told.
    func last(after moment: Instant, through now: Instant, told: Day?) -> Goal.Reminder.Occurrence? {
        times.last { time in time.at > moment && time.at <= now && told.map { time.day > $0 } ?? true }
    }
}

@Suite("Reminders of small steps by the clock, whatever happens")
struct StepReminderPropertyTests {
    private static let zones = ["America/New_York", "America/Phoenix", "Europe/Berlin", "Australia/Lord_Howe", "UTC"]

    @Test("Its next time is what the clock shows, when the clocks change too", arguments: UInt64(1)...40)
    func next(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let zone = Self.zones[Int(random.next() % UInt64(Self.zones.count))]
        // Around a change of the clocks: in March, April or the fall.
        let starts = ["2026-03-05", "2026-03-26", "2026-04-02", "2026-10-01", "2026-10-23", "2026-10-30"]
        let start = try #require(Instant("\(starts[Int(random.next() % 6)])T00:00:00.000Z"))
        let minutes = random.next() % 2 == 0 ? Int(random.next() % 240) : Int(random.next() % 1_440)
        let weekdays = Set((0...6).filter { _ in random.next() % 3 == 0 } + [6])
        let reminder = Goal.Reminder(.weekly(weekdays), minutes: minutes)
        let shown = ShownTimes(reminder, from: start.adding(days: -1), days: 16, in: zone)
        for _ in 1...60 {
            let moment = start.adding(minutes: Int(random.next() % (5 * 1_440)))
            let found = reminder.next(after: moment, told: nil, in: zone)
            #expect(found == shown.first(after: moment), "\(zone) \(moment) \(minutes)")
        }
    }

    /// What was seen to happen, and what should have.
    private struct Record {
        var faults: [String] = []
        var letters = 0

        mutating func note(_ now: Instant, came: Int, expected: Goal.Reminder.Occurrence?, _ why: String) {
            letters += came
            let wanted = expected == nil ? 0 : 1
            if came != wanted { faults.append("\(now): \(came) and not \(wanted), \(why)") }
        }
    }

    /// Plays some weeks at random: it is looked now and then, or not for days, while the step is done and undone, its goal
    /// set aside and taken up, the reminder switched off and set anew.
    /// - Parameter fault: what somebody does behind the program's back after each look.
    private func play(_ seed: UInt64, _ engine: TestEngine, fault: SQL? = nil) async throws -> Record {
        try await withVillage(engine, seed: seed) { village in
            var random = SeededGenerator(seed: seed)
            let week = try await StepReminderTests.Week(in: village)
            let (clock, zone) = (village.clock, "America/New_York")
            let start = clock.now
            var (record, reminder, told): (Record, Goal.Reminder?, Day?) = (Record(), nil, nil)
            var (isDone, state, since) = (false, Goal.State.open, start)
            var shown: ShownTimes?
            for turn in 1...150 {
                switch turn == 1 ? 0 : random.next() % 40 {
                case 0:
                    let weekdays = Set((0...6).filter { _ in random.next() % 2 == 0 } + [3])
                    let made = Goal.Reminder(.weekly(weekdays), minutes: Int(random.next() % 1_440))
                    try await village.remind(week.step, made)
                    (reminder, told, since) = (made, nil, clock.now)
                    shown = ShownTimes(made, from: start, days: 25, in: zone)
                case 1:
                    let day = week.today.adding(days: Int(random.next() % 4) + 1)
                    let made = Goal.Reminder(.once(day), minutes: Int(random.next() % 1_440))
                    try await village.remind(week.step, made)
                    (reminder, told, since) = (made, nil, clock.now)
                    shown = ShownTimes(made, from: start, days: 25, in: zone)
                case 2:
                    try await village.remind(week.step, nil)
                    (reminder, shown) = (nil, nil)
                case 3 where !isDone, 4...15 where isDone:
                    isDone.toggle()
                    try await village.set(week.step, done: isDone)
                    since = clock.now
                case 16 where state == .open, 17...30 where state != .open:
                    state = state == .open ? [.aside, .reached][Int(random.next() % 2)] : .open
                    try await village.set(week.goal, state)
                    since = clock.now
                default: break
                }
                let gaps = [3, 45, 90, 150, 1_500]
                clock.advance(minutes: 1 + Int(random.next() % UInt64(gaps[Int(random.next() % 5)])))
                guard clock.now < start.adding(days: 22) else { break }
                let before = week.postbox.letters.count
                try await week.look()
                var due: Goal.Reminder.Occurrence?
                if reminder != nil, !isDone, state == .open {
                    due = shown?.last(after: since, through: clock.now, told: told)
                    told = due?.day ?? told
                    since = clock.now
                }
                let isGood = due.map { clock.now < $0.at.adding(hours: 4) } ?? false
                record.note(
                    clock.now, came: week.postbox.letters.count - before, expected: isGood ? due : nil,
                    "done \(isDone), \(state), \(String(describing: reminder))")
                if let fault {
                    try await village.write(asSystemOf: village.riverside) { db in
                        try db.run(fault)
                        db.record(Event(.stepKept))
                    }
                }
            }
            #expect(try await village.orphans(of: Goal.feature) == [:] || fault != nil)
            return record
        }
    }

    @Test("It comes once for each time, not late, and only while it is wanted", arguments: TestEngine.available)
    func once(engine: TestEngine) async throws {
        var letters = 0
        for seed in UInt64(1)...8 {
            let record = try await play(seed, engine)
            for fault in record.faults { Issue.record("\(seed): \(fault)") }
            letters += record.letters
        }
        #expect(letters > 10, "there were some")
    }

    @Test("The test would notice")
    func planted() async throws {
        let forgotten: SQL = """
            UPDATE goal_step SET next_day = told_day, next_at = told_for, told_day = NULL, told_for = NULL
            WHERE told_for IS NOT NULL AND done_at IS NULL AND remind_on IS NOT NULL
            """
        let lost: SQL = "UPDATE goal_step SET next_day = NULL, next_at = NULL"
        for fault in [forgotten, lost] {
            var found = 0
            for seed in UInt64(1)...6 { found += try await play(seed, .sqlite, fault: fault).faults.count }
            #expect(found > 0)
        }
    }
}
