import HTTPTypes
import KithTestSupport
import Storage
import Testing

@testable import Kith

@Suite("Reminders of small steps")
struct StepReminderTests {
    /// Cleo, who can be told by mail at any hour, with one small step. It is Monday, and where she is the clock shows
    /// what it shows in New York.
    struct Week: Sendable {
        let village: Village
        let goal: Goal.ID
        let step: Goal.Step.ID
        let postbox = Postbox()

        init(in village: Village) async throws {
            self.village = village.carrying()
            (goal, step) = try await village.goal()
            try await village.reachByMail(village.cleo, at: "cleo@home.example")
        }

        var today: Day { LocalClock(zone: "America/New_York").day(of: village.clock.now) }

        /// A reminder today, so many minutes from now.
        func remind(in minutes: Int) async throws {
            let reading = LocalClock(zone: "America/New_York").reading(at: village.clock.now.adding(minutes: minutes))
            try await village.remind(step, .init(.once(reading.day), minutes: reading.minutes))
        }

        func look() async throws {
            for _ in 1...2 {
                try await village.platform.remindOfSteps()
                await village.workOff(into: postbox)
            }
        }

        /// The letters there are after some time, in which nobody looked.
        func letters(after minutes: Int) async throws -> [Letter] {
            village.clock.advance(minutes: minutes)
            try await look()
            return postbox.letters
        }

        func reach(from: Int, until: Int, zone: String = "America/New_York") async throws {
            try await village.write(as: village.cleo) { db in
                let hours = ContactHours(from: from, until: until)
                try ContactPreference(way: .email, timeZone: zone, hours: hours).set(
                    for: db.me, of: db.organization, in: db)
            }
        }
    }

    @Test("Once is once, in neutral words", arguments: TestEngine.available)
    func once(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let week = try await Week(in: village)
            try await week.remind(in: 60)
            #expect(try await week.letters(after: 59).isEmpty, "it is not time")
            let letters = try await week.letters(after: 1)
            #expect(letters.map(\.address) == ["cleo@home.example"])
            let said = letters.map { "\($0.senderName) \($0.subject) \($0.text)" }.joined().lowercased()
            #expect(said.contains("there is something new for you"))
            for word in ["step", "goal", "remind", "phone", "sleep", "riverside", "cleo "] {
                #expect(!said.contains(word), "\(word)")
            }
            for minutes in [1, 60, 24 * 60, 7 * 24 * 60] {
                #expect(try await week.letters(after: minutes).count == 1)
            }
            #expect(try await village.orphans(of: Goal.feature) == [:])
            #expect(try await village.orphans(of: OutgoingMessage.feature) == [:])
        }
    }

    @Test("After hours without the server it comes late, and after many not at all", arguments: TestEngine.available)
    func late(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let week = try await Week(in: village)
            try await week.remind(in: 30)
            #expect(try await week.letters(after: 30 + 239).count == 1)
            try await week.remind(in: 30)
            #expect(try await week.letters(after: 30 + 240).count == 1, "four hours are too late")
            #expect(try await week.letters(after: 1).count == 1)
            try await village.browsing { browser in
                let home = try await browser(village.cleo).get("/home").text
                #expect(home.contains("You asked us to remind you of this."), "the page says so all the same")
            }
            // Of several that were missed the last is told, if it is good.
            try await village.remind(week.step, .init(.weekly(Set(0...6)), minutes: 12 * 60))
            let noon = LocalClock(zone: "America/New_York").instant(week.today.adding(days: 4), hour: 12, minute: 0)
            let minutes = noon.minutes(since: village.clock.now)
            #expect(try await week.letters(after: minutes + 90).count == 2)
            #expect(try await week.letters(after: 90).count == 2)
        }
    }

    @Test("Nothing comes of what is done, set aside, deleted or switched off", arguments: TestEngine.available, 0..<8)
    func silent(engine: TestEngine, reason: Int) async throws {
        try await withVillage(engine) { village in
            let week = try await Week(in: village)
            try await week.remind(in: 60)
            // The second four while it waits for the hours in which she may be reached.
            if reason >= 4 {
                let minutes = LocalClock(zone: "America/New_York").reading(at: village.clock.now).minutes
                try await week.reach(from: minutes + 120, until: minutes + 240)
                #expect(try await week.letters(after: 61).isEmpty)
                #expect(try await village.count("SELECT count(*) FROM outgoing_message WHERE is_of_steps") == 1)
            }
            switch reason % 4 {
            case 0: try await village.set(week.step, done: true)
            case 1: try await village.set(week.goal, .aside)
            case 2: try await village.write(as: village.cleo) { try Goal.delete(week.goal, in: $0) }
            default: try await village.remind(week.step, nil)
            }
            #expect(try await week.letters(after: 62).isEmpty)
            #expect(try await week.letters(after: 24 * 60).isEmpty)
            #expect(try await village.count("SELECT count(*) FROM outgoing_message WHERE is_of_steps") == 0)
        }
    }

    @Test("What waits for her hours comes then; what would wait too long does not", arguments: TestEngine.available)
    func hours(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let week = try await Week(in: village)
            let minutes = LocalClock(zone: "America/New_York").reading(at: village.clock.now).minutes
            try await week.remind(in: 10)
            try await week.reach(from: minutes + 60, until: minutes + 120)
            #expect(try await week.letters(after: 11).isEmpty)
            // Another one at that time is the same message.
            let other = try await village.goal("Walk", step: "To the gate").step
            let soon = LocalClock(zone: "America/New_York").reading(at: village.clock.now.adding(minutes: 5))
            try await village.remind(other, .init(.once(soon.day), minutes: soon.minutes))
            #expect(try await week.letters(after: 6).isEmpty)
            #expect(try await week.letters(after: 50).count == 1)
            // Now the hours open in five.
            try await week.reach(from: minutes + 60 + 310, until: minutes + 60 + 400)
            try await week.remind(in: 5)
            #expect(try await week.letters(after: 6).count == 1)
            try await week.village.browsing { browser in
                try await village.remind(other, .init(.once(week.today.adding(days: 1)), minutes: minutes))
                let page = try await browser(village.cleo).get("/goals").text
                #expect(page.contains("At that hour we do not write to you"))
            }
            #expect(try await week.letters(after: 330).count == 1)
        }
    }

    @Test("Whoever is not to be contacted is told on the page alone", arguments: TestEngine.available)
    func noChannel(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let week = try await Week(in: village)
            try await village.write(as: village.cleo) { try Person.stopContact(in: $0) }
            try await week.remind(in: 30)
            try await week.village.browsing { browser in
                let cleo = browser(village.cleo)
                let page = try await cleo.get("/goals")
                #expect(page.text.contains("We have no way to send you a message."))
                #expect(try await week.letters(after: 31).isEmpty)
                #expect(try await cleo.get("/home").text.contains("You asked us to remind you of this."))
            }
        }
    }

    @Test("Where the clock stands elsewhere, it comes when that shows the hour", arguments: TestEngine.available)
    func clock(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let week = try await Week(in: village)
            try await village.remind(week.step, .init(.weekly(Set(0...6)), minutes: 12 * 60))
            let noon = LocalClock(zone: "America/New_York").instant(week.today.adding(days: 1), hour: 12, minute: 0)
            #expect(try await week.letters(after: noon.minutes(since: village.clock.now)).count == 1)
            // Noon comes once more that day in the west; she was told for this day.
            try await week.reach(from: 0, until: 24 * 60, zone: "America/Los_Angeles")
            #expect(try await week.letters(after: 180).count == 1)
            #expect(try await week.letters(after: 24 * 60 - 1).count == 1)
            #expect(try await week.letters(after: 1).count == 2)
        }
    }

    @Test("The page sets it, says it, and refuses what has passed", arguments: TestEngine.available)
    func page(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let week = try await Week(in: village)
            let path = "/steps/\(week.step)/reminder"
            try await week.village.browsing { browser in
                let cleo = browser(village.cleo)
                let today = week.today
                let past = ["when": "once", "date": today.adding(days: -1).description, "time": "12:00"]
                let refused = try await cleo.post(path, past)
                #expect(refused.text.contains("This time has passed."))
                let far = ["when": "once", "date": today.adding(days: 400).description, "time": "12:00"]
                #expect(try await cleo.post(path, far).status == .unprocessableContent)
                #expect(try await cleo.post(path, ["when": "weekly", "time": "12:00"]).status == .unprocessableContent)
                let wednesdays = ["when": "weekly", "weekdays": "2", "time": "18:30"]
                #expect(try await cleo.post(path, wednesdays).location == "/goals")
                #expect(try await cleo.get("/goals").text.contains("Every week: Wednesday, 6:30 pm"))
                #expect(try await cleo.post("\(path)/ending").location == "/goals")
                #expect(try await !cleo.get("/goals").text.contains("Wednesday"))
            }
        }
    }

    @Test("After a restore nobody is told twice", arguments: TestEngine.available)
    func restored(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let week = try await Week(in: village)
            try await week.remind(in: 10)
            village.clock.advance(minutes: 20)
            try await village.write(asSystemOf: village.riverside) { db in
                for sql in Goal.feature.afterRestore { try db.run(sql(db.now)) }
                db.record(Event(.stepKept))
            }
            #expect(try await week.letters(after: 1).isEmpty)
            #expect(try await week.letters(after: 60).isEmpty)
        }
    }
}
