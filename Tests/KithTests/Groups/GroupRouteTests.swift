import HTTPTypes
import KithTestSupport
import Storage
import Testing
import Web

@testable import Kith

@Suite("Pages of groups")
struct GroupRouteTests {
    @Test("From a kind of group to members, on pages alone", arguments: TestEngine.available)
    func wholeWay(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.takesPart(village.cleo)
            try await village.browsing { browser in
                let (ana, cleo) = (browser(village.ana), browser(village.cleo))
                let kind = [
                    "program": village.riverside.program.text, "name": "Evening circle",
                    "summary": "For people who care for somebody.", "ages": "adults", "role": "supporter",
                    "facilitators": "1",
                    "block-hours": "24", "least": "2", "most": "8", "agenda": "Hello\nOne question",
                    "agreements": "What is said here stays here.", "training": "The evening course"
                ]
                let made = try await ana.post("/groups/types", kind)
                let newGroup = try #require(made.location)
                let type = try #require(newGroup.split(separator: "=").last).description
                let plan = [
                    "type": type, "name": "Tuesdays", "language": "en", "setting": "in-person", "place": "Room 2",
                    "admission": "open", "time-zone": "America/New_York"
                ]
                let wrong = try await ana.post("/groups", plan.merging(["place": "", "seats": "none"]) { $1 })
                #expect(wrong.status == .unprocessableContent && wrong.text.contains("value=\"Tuesdays\""))
                let group = try #require(try await ana.post("/groups", plan).location)
                let facilitator = ["person": village.ben.id.text, "as": "facilitator"]
                let untrained = try await ana.post("\(group)/facilitators", facilitator)
                #expect(untrained.status == .unprocessableContent, "training has to be confirmed")
                #expect(
                    try await ana.post("\(group)/facilitators", facilitator.merging(["trained": "yes"]) { $1 }).status
                        == .seeOther)
                let series = [
                    "date": "2026-03-10", "time": "18:30", "minutes": "90", "frequency": "weekly", "every": "1"
                ]
                #expect(try await ana.post("\(group)/series", series).status == .seeOther)
                let page = try await ana.get(group).text
                #expect(page.contains("Every week on Tuesday, 6:30 pm to 8:00 pm, Eastern time (New York)"))
                let link = try #require(page.firstMatch(of: /\/join\/([a-z0-9]{10})/)).output.0
                // Cleo follows the link and joins.
                let join = try await browser(nil).get(String(link)).text
                #expect(join.contains("Tuesdays") && !join.contains(village.ben.name) && !join.contains("Room 2"))
                let form = "/groups/joining/\(link.split(separator: "/").last ?? "")"
                #expect(try await cleo.get(form).text.contains("What is said here stays here."))
                let unread = try await cleo.post(form, ["nickname": "Robin", "version": "1"])
                #expect(unread.status == .unprocessableContent && unread.text.contains("value=\"Robin\""))
                let joined = try await cleo.post(form, ["nickname": "Robin", "version": "1", "agreements": "yes"])
                #expect(joined.location == group)
                #expect(try await cleo.get(group).text.contains("Room 2"))
                #expect(try await cleo.get("/home").text.contains("/meetings/"))
                let facilitated = try await browser(village.ben).get(group).text
                #expect(facilitated.contains("Robin") && !facilitated.contains(village.cleo.name))
                #expect(try await ana.get(group).text.contains(village.cleo.name))
                // New words are a new version, and everybody is asked again.
                let changed = kind.merging(["agreements": "And we are kind."]) { $1 }
                #expect(try await ana.post("/groups/types/\(type)", changed).status == .seeOther)
                #expect(try await cleo.get(group).text.contains("The agreements have changed"))
                #expect(
                    try await cleo.post("\(group)/agreements", ["agreements": "yes", "version": "1"]).status
                        == .unprocessableContent)
                #expect(
                    try await cleo.post("\(group)/agreements", ["agreements": "yes", "version": "2"]).status
                        == .seeOther)
                #expect(try await !cleo.get(group).text.contains("The agreements have changed"))
                #expect(try await cleo.post("\(group)/leaving", [:]).status == .seeOther)
                #expect(try await cleo.get(group).status == .notFound)
            }
        }
    }

    @Test("Anybody may look at open groups, and sees nobody's name", arguments: TestEngine.available)
    func browsing(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let things = try await village.groupThings()
            try await village.browsing { browser in
                #expect(try await browser(nil).get("/").text.contains("/open-groups/riverside"))
                let page = try await browser(nil).get("/open-groups/riverside").text
                #expect(page.contains(things.open.plan.name) && page.contains("Every week on Tuesday"))
                #expect(!page.contains(things.asked.plan.name), "a closed group is shown to nobody")
                let names = village.riverside.everybody.map(\.name)
                for name in names + ["Robin", "room 2"] { #expect(!page.contains(name), "\(name)") }
                #expect(try await browser(nil).get("/open-groups/hillside").text.contains("no open group"))
            }
        }
    }

    @Test(
        "A seat is freed by a link without an account, on a button and not by looking", arguments: TestEngine.available)
    func freeing(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group { $0.seats = 1 }
            let id = try await village.meeting(of: group)
            let people = [try await village.participant("Pia Park"), try await village.participant("Pero Poe")]
            for person in people {
                try await village.join(group, as: person)
                try await village.write(as: person) { _ = try Seat.ask(in: id, db: $0) }
            }
            let meeting = try await village.read(as: village.ben) { try Meeting.find(id, in: $0) }
            let seats = try await village.read(as: village.ben) { try Seat.all(of: meeting, in: $0) }
            let link = SignedLink.seat(
                try #require(seats.first).id, of: meeting.organization, until: meeting.startsAt)
            let path = "/seats/\(link.token(in: village.platform.world))"
            @Sendable func holder() async throws -> Person.ID? {
                try await village.read(as: village.ben) {
                    try Seat.all(of: meeting, in: $0).first { !$0.isWaiting }?.person
                }
            }
            try await village.browsing { browser in
                let looked = try await browser(nil).get(path)
                #expect(looked.status == .ok && !looked.text.contains(group.plan.name))
                #expect(try await holder() == people[0].id, "looking changes nothing")
                #expect(try await browser(nil).get(path + "x").status == .notFound)
                #expect(try await browser(nil).post(path, [:]).status == .ok)
                #expect(try await holder() == people[1].id)
                #expect(try await browser(nil).post(path, [:]).status == .ok, "a second click")
                #expect(try await holder() == people[1].id)
                #expect(try await browser(people[1]).get("/meetings/\(id)").text.contains("You have a seat"))
            }
        }
    }

    @Test(
        "A meeting without enough facilitators stands on the coordinator's first page", arguments: TestEngine.available)
    func blocked(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group()
            let id = try await village.meeting(of: group, in: 30)
            @Sendable func check() async throws -> Int {
                try await village.read(as: village.ana) { try Meeting.blocked(in: $0) }
            }
            #expect(try await check() == 0)
            let (ben, bao) = (village.ben.id, village.bao.id)
            try await village.write(as: village.ben) { try Meeting.find(id, in: $0).staff(with: [ben], in: $0) }
            try await village.browsing { browser in
                #expect(try await browser(village.ana).get("/groups/\(group.id)").text.contains("Needs a facilitator"))
                #expect(try await check() == 0, "there is time to find somebody")
                village.clock.advance(hours: 7)
                #expect(try await check() == 1)
                #expect(try await browser(village.ana).get("/board").text.contains("cannot begin"))
                let nextDoor = try await village.read(as: village.hillside.coordinator) { try Meeting.blocked(in: $0) }
                #expect(nextDoor == 0)
                village.clock.advance(minutes: 22 * 60 + 30)
                await #expect(throws: Problem.conflict("meeting.too-few-facilitators")) {
                    try await village.write(as: village.ben) { try RunningMeeting.find(id, in: $0).start(in: $0) }
                }
                try await village.write(as: village.ana) {
                    try Meeting.find(id, in: $0).staff(with: [ben, bao], in: $0)
                }
                #expect(try await check() == 0)
            }
        }
    }
}
