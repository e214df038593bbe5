import KithTestSupport
import Schedules
import Storage
import Testing

@testable import Kith

@Suite("Series of meetings")
struct SeriesTests {
    private func day(_ text: String) throws -> Day { try #require(Day(text)) }
    private func time(_ text: String) throws -> TimeOfDay { try #require(TimeOfDay(text)) }

    private func set(_ plan: GroupSeries.Plan, for group: Group, _ village: Village) async throws -> GroupSeries.ID {
        try await village.write(as: village.ana) { try GroupSeries.set(plan, for: group, in: $0) }
    }

    private func meetings(of group: Group, _ village: Village) async throws -> [Meeting] {
        try await village.read(as: village.ben) { try Meeting.coming(of: group, limit: 500, in: $0) }
    }

    @Test("A weekly meeting stays at its hour when the clocks change", arguments: TestEngine.available)
    func clocks(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group()
            // The first Tuesday after the village's clock; the clocks in New York go forward on March 8.
            let first = LocalClock(zone: "America/New_York").day(of: village.clock.now).adding(days: 1)
            let tuesday = first.adding(days: (8 - first.weekday) % 7)
            _ = try await set(GroupSeries.Plan(startsOn: tuesday, time: try time("18:30")), for: group, village)
            let all = try await meetings(of: group, village)
            let clock = LocalClock(zone: "America/New_York")
            #expect(all.count == 17 || all.count == 18, "four months of Tuesdays: \(all.count)")
            for (index, meeting) in all.enumerated() {
                let reading = clock.reading(at: meeting.startsAt)
                #expect(reading.day == tuesday.adding(days: 7 * index) && reading.minutes == 18 * 60 + 30)
                #expect(meeting.number == index + 1 && meeting.facilitators == 2)
                #expect(meeting.slot == reading.day.description.replacing("-", with: "") + "T183000")
            }
            let gaps = zip(all, all.dropFirst()).map { $1.startsAt.minutes(since: $0.startsAt) }
            #expect(Set(gaps) == [7 * 1_440, 7 * 1_440 - 60], "one week is an hour shorter")
        }
    }

    @Test("What was moved or called off stays so when more is planned ahead", arguments: TestEngine.available)
    func exceptions(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group()
            let start = LocalClock(zone: "America/New_York").day(of: village.clock.now).adding(days: 1)
            let plan = GroupSeries.Plan(startsOn: start, time: try time("10:00"))
            let series = try await set(plan, for: group, village)
            #expect(try await set(plan, for: group, village) == series, "a second click")
            let before = try await meetings(of: group, village)
            let (moved, canceled) = (before[0], before[1])
            try await village.write(as: village.ben) { db in
                try Meeting.find(moved.id, in: db).move(
                    to: Meeting.Change(
                        startsAt: moved.startsAt.adding(hours: 3), minutes: 90, place: "The library"), in: db)
                try Meeting.find(canceled.id, in: db).cancel(in: db)
            }
            village.clock.advance(hours: 24 * 15)
            try await village.platform.planMeetings()
            let after = try await village.read(as: village.ben) { db in
                try db.all(
                    "\(Meeting.everything) WHERE m.group_id = \(group.id) ORDER BY m.number", Meeting.init(row:))
            }
            #expect((2...3).contains(after.count - before.count), "two weeks more")
            #expect(after.map(\.number) == Array(1...after.count))
            #expect(Set(after.compactMap(\.slot)).count == after.count)
            #expect(after[0].state == .moved && after[0].place == "The library" && after[0].minutes == 90)
            #expect(after[0].id == moved.id && after[1].state == .canceled && after[1].revision == 1)
            // Nothing is left to plan, so nothing is written down either.
            let events = try await village.details(of: .seriesExtended).count
            try await village.platform.planMeetings()
            #expect(try await village.details(of: .seriesExtended).count == events)
            try await village.write(as: village.ana) { db in
                let all = try GroupSeries.all(of: Group.find(group.id, in: db), in: db)
                try #require(all.first).end(in: db)
            }
            #expect(try await meetings(of: group, village).isEmpty)
        }
    }

    @Test("Every n weeks, each month on its weekday, daily with an end", arguments: TestEngine.available)
    func patterns(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let clock = LocalClock(zone: "America/New_York")
            let start = clock.day(of: village.clock.now).adding(days: 1)
            var daily = GroupSeries.Plan(startsOn: start, time: try time("09:00"))
            daily.frequency = .daily
            daily.count = 5
            let first = try await village.group()
            _ = try await set(daily, for: first, village)
            #expect(try await meetings(of: first, village).count == 5)
            var biweekly = daily
            (biweekly.frequency, biweekly.every, biweekly.count, biweekly.until) = (
                .weekly, 2, nil, start.adding(days: 30)
            )
            let second = try await village.group { $0.name = "Every other week" }
            _ = try await set(biweekly, for: second, village)
            let days = try await meetings(of: second, village).map { clock.day(of: $0.startsAt) }
            #expect(days == [start, start.adding(days: 14), start.adding(days: 28)])
            var monthly = daily
            (monthly.frequency, monthly.count) = (.monthly, 3)
            let third = try await village.group { $0.name = "Once a month" }
            _ = try await set(monthly, for: third, village)
            let months = try await meetings(of: third, village).map { clock.day(of: $0.startsAt) }
            #expect(months.count == 3 && Set(months.map(\.weekday)) == [start.weekday])
            #expect(Set(months.map { ($0.parts.day - 1) / 7 }).count == 1 || (start.parts.day - 1) / 7 == 4)
        }
    }

    @Test("What cannot be is refused by field", arguments: TestEngine.available)
    func flaws(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group()
            let today = LocalClock(zone: "America/New_York").day(of: village.clock.now)
            let plan = GroupSeries.Plan(startsOn: today.adding(days: 3), time: try time("18:00"))
            func expect(_ field: String, _ code: String, _ change: (inout GroupSeries.Plan) -> Void) async {
                var wrong = plan
                change(&wrong)
                let asked = wrong
                await #expect(throws: Problem.invalid(field, code), "\(field)") {
                    _ = try await set(asked, for: group, village)
                }
            }
            await expect("date", "in-the-past") { $0.startsOn = today.adding(days: -3) }
            await expect("until", "not-in-future") { $0.until = today }
            await expect("every", "not-a-number") { $0.every = 0 }
            await expect("count", "not-a-number") { $0.count = 0 }
            await expect("minutes", "not-a-number") { $0.minutes = 5 }
        }
    }

    @Test("A meeting with too few facilitators is short, and blocked from some hours before")
    func staffing() throws {
        var needs = GroupType.Facilitators()
        #expect(needs.needed(for: 40) == 2)
        needs.membersEach = 8
        #expect(needs.needed(for: 16) == 2 && needs.needed(for: 17) == 3)
    }
}
