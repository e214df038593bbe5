import Foundation
import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("A calendar on the phone")
struct CalendarFeedTests {
    /// Somebody gets an address, as its page hands it out: its path.
    private func address(_ me: TestBrowser) async throws -> String {
        let page = try await me.get("/calendar").text
        let once = try #require(page.firstMatch(of: /name="once" value="([^"]*)"/)).1
        let made = try await me.post("/calendar/address", ["once": String(once)])
        #expect(made.status == .created)
        let path = try #require(made.text.firstMatch(of: /http:\/\/localhost(\/calendars\/[A-Za-z0-9_-]{43})/)).1
        // A second click is the same address.
        #expect(try await me.post("/calendar/address", ["once": String(once)]).text.contains(path))
        return String(path)
    }

    private func lines(_ answer: Answer) -> [String] { answer.text.components(separatedBy: "\r\n") }

    @Test("What is planned stands there under a neutral title, and nothing else", arguments: TestEngine.available)
    func neutral(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let encounter = try await village.plan(pair, .inPerson, place: "Harbor House, room 3")
            try await village.browsing { browser in
                for neighbor in [village.cleo, village.ben] {
                    let path = try await address(browser(neighbor))
                    let answer = try await browser(nil).get(path)
                    #expect(answer.status == .ok)
                    #expect(answer.headers[.contentType] == "text/calendar; charset=utf-8")
                    #expect(lines(answer).contains("SUMMARY:Appointment"))
                    #expect(lines(answer).contains("UID:\(encounter)@localhost"))
                    #expect(lines(answer).contains("DURATION:PT60M"))
                    let told = answer.text.lowercased()
                    let names = village.riverside.everybody.flatMap { $0.name.split(separator: " ").map(String.init) }
                    for word in names + ["Riverside", "Caregivers", "Sleep", "Grief", "Harbor", "support", "group"] {
                        #expect(!told.contains(word.lowercased()), "\(word)")
                    }
                }
                let other = try await browser(nil).get(try await address(browser(village.cyrus)))
                #expect(other.status == .ok && !other.text.contains("VEVENT"))
            }
        }
    }

    @Test("Where is told to whoever asks for it, and the title is the organization's", arguments: TestEngine.available)
    func places(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            try await village.plan(pair, .inPerson, place: "Harbor House; room 3")
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                let path = try await address(cleo)
                _ = try await cleo.post("/calendar/choices", ["places": "yes"])
                #expect(try await cleo.get("/calendar").text.contains("checked"))
                let names = [
                    "sender": "Riverside", "subject": "A note", "caller": "Hello.", "appointment": "Coffee, tea"
                ]
                let saved = try await browser(village.ada).post("/neutral-names", names)
                #expect(saved.status == .seeOther)
                let told = try await browser(nil).get(path)
                #expect(lines(told).contains("LOCATION:Harbor House\\; room 3"))
                #expect(lines(told).contains("SUMMARY:Coffee\\, tea"))
                // The calendar of the other side is theirs to choose.
                let bens = try await browser(nil).get(try await address(browser(village.ben)))
                #expect(!bens.text.contains("Harbor"))
                _ = try await cleo.post("/calendar/choices")
                #expect(try await !browser(nil).get(path).text.contains("Harbor"))
                let telling = names.merging(["appointment": "Caregivers"]) { $1 }
                #expect(try await browser(village.ada).post("/neutral-names", telling).status == .unprocessableContent)
            }
        }
    }

    @Test("Meetings stand there for whoever takes part, has a seat, or facilitates", arguments: TestEngine.available)
    func meetings(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group { $0.seats = 1 }
            let (nia, noor) = (try await village.participant("Nia Nash"), try await village.participant("Noor Nasr"))
            for neighbor in [nia, noor] { try await village.join(group, as: neighbor) }
            let meeting = try await village.meeting(of: group, minutes: 90)
            try await village.browsing { browser in
                let phone = browser(nil)
                func entries(_ path: String) async throws -> Int {
                    try await phone.get(path).text.matches(of: /BEGIN:VEVENT/).count
                }
                let (nias, noors) = (try await address(browser(nia)), try await address(browser(noor)))
                let bens = try await address(browser(village.ben))
                let cleos = try await address(browser(village.cleo))
                #expect(try await entries(nias) == 0, "nobody has a seat yet")
                for neighbor in [nia, noor] {
                    _ = try await village.write(as: neighbor) { try Seat.ask(in: meeting, db: $0) }
                }
                var counts: [Int] = []
                for path in [nias, noors, bens, cleos] { counts.append(try await entries(path)) }
                #expect(counts == [1, 0, 1, 0])
                let told = try await phone.get(nias)
                #expect(lines(told).contains("UID:\(meeting)@localhost") && lines(told).contains("DURATION:PT90M"))
                for word in ["Tuesday evenings", "Caregivers", "Riverside House", "Friend", "Ben", "Bao"] {
                    #expect(!told.text.contains(word), "\(word)")
                }
                try await village.write(as: village.ana) { try Meeting.find(meeting, in: $0).cancel(in: $0) }
                let canceled = try await phone.get(nias)
                #expect(lines(canceled).contains("STATUS:CANCELLED") && lines(canceled).contains("SEQUENCE:1"))
                try await village.write(as: nia) { db in
                    let mine = try #require(try GroupMember.mine(in: group.id, db: db))
                    try mine.leave(in: db)
                }
                #expect(try await entries(nias) == 0, "whoever has left sees none of it")
            }
        }
    }

    @Test("An address that was renewed or ended gives nothing from then on", arguments: TestEngine.available)
    func ended(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                let (cleo, phone) = (browser(village.cleo), browser(nil))
                let first = try await address(cleo)
                #expect(try await phone.get(first).status == .ok)
                let second = try await address(cleo)
                #expect(try await phone.get(first).status == .notFound)
                #expect(try await phone.get(second).status == .ok)
                let bens = try await address(browser(village.ben))
                _ = try await cleo.post("/calendar/ending")
                _ = try await cleo.post("/calendar/ending")
                #expect(try await phone.get(second).status == .notFound)
                #expect(try await phone.get(bens).status == .ok, "another's is not touched")
                let third = try await address(cleo)
                let program = village.riverside.program
                try await village.write(asSystemOf: village.riverside) {
                    try Person.end(.participant, in: program, of: village.cleo.id, in: $0)
                }
                #expect(try await phone.get(third).status == .notFound)
            }
            #expect(try await village.orphans(of: CalendarFeed.feature).isEmpty)
        }
    }

    @Test("A form that made an address which was ended says so when it is sent again", arguments: TestEngine.available)
    func stale(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser async throws -> Void in
                let cleo = browser(village.cleo)
                let page = try await cleo.get("/calendar").text
                let once = String(try #require(page.firstMatch(of: /name="once" value="([^"]*)"/)).1)
                #expect(try await cleo.post("/calendar/address", ["once": once]).status == .created)
                _ = try await cleo.post("/calendar/ending")
                let again = try await cleo.post("/calendar/address", ["once": once])
                #expect(again.status == .conflict && again.text.contains("Please make a new one"))
                #expect(try await village.count("SELECT count(*) FROM calendar_feed WHERE ended_at IS NULL") == 0)
            }
        }
    }

    @Test(
        "A move and a cancellation are newer than what the phone has; else it keeps it", arguments: TestEngine.available
    )
    func changes(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let id = try await village.plan(pair)
            try await village.browsing { browser in
                let path = try await address(browser(village.cleo))
                let phone = browser(nil)
                let first = try await phone.get(path)
                #expect(lines(first).contains("SEQUENCE:0"))
                #expect(first.headers[.cacheControl] == "private, no-cache")
                let tag = try #require(first.headers[.eTag])
                village.clock.advance(hours: 1)
                let again = try await phone.get(path, headers: [.ifNoneMatch: "\"other\", W/\(tag)"])
                #expect(again.status == .notModified && again.text.isEmpty && again.headers[.eTag] == tag)
                try await village.write(as: village.ben) { db in
                    let plan = Encounter.Plan(mode: .phone, startsAt: db.now.adding(hours: 70))
                    try Encounter.find(id, in: db).reschedule(to: plan, in: db)
                }
                let moved = try await phone.get(path, headers: [.ifNoneMatch: tag])
                #expect(moved.status == .ok && lines(moved).contains("SEQUENCE:1"))
                #expect(
                    lines(moved).first { $0.hasPrefix("DTSTART;") } != lines(first).first { $0.hasPrefix("DTSTART;") })
                try await village.write(as: village.ben) { try Encounter.find(id, in: $0).cancel(in: $0) }
                let canceled = try await phone.get(path)
                #expect(lines(canceled).contains("SEQUENCE:2") && lines(canceled).contains("STATUS:CANCELLED"))
            }
        }
    }

    @Test("The address is kept nowhere and stands in no log; asking for it all the time is turned down")
    func secret() async throws {
        let book = LogBook()
        try await withVillage(.sqlite) { village in
            try await village.browsing(log: book.logger) { browser in
                let path = try await address(browser(village.cleo))
                let secret = String(path.dropFirst("/calendars/".count))
                for _ in 0..<60 { #expect(try await browser(nil).get(path).status == .ok) }
                #expect(try await browser(nil).get(path).status == .tooManyRequests)
                _ = try await browser(nil).get(path + "x")
                #expect(book.text.contains("/calendars/{token}"), "the log is read")
                #expect(!book.text.contains(secret))
                let kept = try await village.platform.store.read { db in
                    try db.values("SELECT token_hash FROM calendar_feed", as: String.self)
                }
                #expect(kept == [Secret(presented: secret).hash])
                let events = try await village.platform.store.read { db in
                    try db.values("SELECT details FROM event", as: String.self)
                }
                #expect(!events.contains { $0.contains(secret) })
            }
        }
    }

    @Test("However much is planned, a calendar takes as many statements", arguments: TestEngine.available)
    func statements(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            try await village.browsing { browser in
                let path = try await address(browser(village.cleo))
                _ = try await browser(nil).get(path)
                let few = village.ledger.last
                for day in 2..<12 { try await village.plan(pair, in: day * 24) }
                #expect(try await browser(nil).get(path).text.matches(of: /BEGIN:VEVENT/).count == 10)
                #expect(village.ledger.last == few && few < 10)
            }
        }
    }
}
