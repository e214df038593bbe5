import Foundation
import KithTestSupport
import Storage
import Testing

@testable import Kith

@Suite("A calendar by mail")
struct CalendarMailTests {
    private func calendars(_ letters: [Letter], to address: String) -> [[Letter.CalendarPart]] {
        letters.filter { $0.address == address }.map(\.calendars)
    }

    private func lines(_ part: Letter.CalendarPart?) -> [String] {
        (part?.text ?? "").replacing("\r\n ", with: "").components(separatedBy: "\r\n")
    }

    @discardableResult
    private func plan(_ two: MailPair) async throws -> Encounter.ID {
        let match = two.pair.match.id
        return try await two.village.write(as: two.village.ben) { db in
            let plan = Encounter.Plan(mode: .inPerson, startsAt: db.now.adding(hours: 72), place: "Harbor House")
            return try Encounter.plan(plan, with: ActiveMatch.find(match, in: db), in: db)
        }
    }

    private func wish(_ village: Village) async throws {
        try await village.write(as: village.cleo) { try CalendarChoice(isByMail: true).keep(in: $0) }
    }

    @Test("Asked for, a new time, a move and a cancellation go along with the mail", arguments: TestEngine.available)
    func along(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            try await wish(two.village)
            let id = try await plan(two)
            let first = calendars(await two.workOff(), to: "cleo@home.example")
            #expect(first.map { $0.map(\.method) } == [["REQUEST"]])
            let request = lines(first[0].first)
            for line in [
                "METHOD:REQUEST", "UID:\(id)@localhost", "SEQUENCE:0", "SUMMARY:Appointment", "STATUS:CONFIRMED"
            ] { #expect(request.contains(line), "\(line)") }
            #expect(request.joined().contains("mailto:cleo@home.example"))
            for word in ["Harbor", "Ben", "Cleo", "Riverside", "Caregivers"] {
                #expect(!request.joined().contains(word), "\(word)")
            }
            try await two.village.write(as: village.ben) { db in
                let plan = Encounter.Plan(mode: .inPerson, startsAt: db.now.adding(hours: 90), place: "Harbor House")
                try Encounter.find(id, in: db).reschedule(to: plan, in: db)
            }
            let moved = calendars(await two.workOff(), to: "cleo@home.example")
            #expect(moved.count == 2 && lines(moved[1].first).contains("SEQUENCE:1"))
            #expect(lines(moved[1].first).contains("UID:\(id)@localhost"))
            try await two.village.write(as: village.ben) { try Encounter.find(id, in: $0).cancel(in: $0) }
            let canceled = calendars(await two.workOff(), to: "cleo@home.example")
            #expect(canceled.count == 3 && canceled[2].map(\.method) == ["CANCEL"])
            #expect(lines(canceled[2].first).contains("SEQUENCE:2"))
            #expect(lines(canceled[2].first).contains("STATUS:CANCELLED"))
        }
    }

    @Test("Nobody gets one who did not ask, and what was never sent is not called off", arguments: TestEngine.available)
    func unasked(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            let id = try await plan(two)
            #expect(calendars(await two.workOff(), to: "cleo@home.example") == [[]])
            try await wish(two.village)
            try await two.village.write(as: village.ben) { try Encounter.find(id, in: $0).cancel(in: $0) }
            #expect(calendars(await two.workOff(), to: "cleo@home.example") == [[], []])
            try await two.write()
            #expect(calendars(await two.workOff(), to: "cleo@home.example").flatMap { $0 }.isEmpty)
        }
    }

    @Test("A mail that was not taken carries the same when it is sent again", arguments: TestEngine.available)
    func again(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            try await wish(two.village)
            try await plan(two)
            two.postbox.refuse(.notNow("busy"))
            #expect(await two.workOff().isEmpty)
            let letters = await two.workOff(after: 10)
            #expect(calendars(letters, to: "cleo@home.example").map { $0.map(\.method) } == [["REQUEST"]])
        }
    }

    @Test("Whoever must not be contacted gets none", arguments: TestEngine.available)
    func prohibited(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            try await wish(two.village)
            try await plan(two)
            try await two.village.write(as: village.cleo) { try Person.stopContact(in: $0) }
            #expect(await two.workOff().filter { $0.address == "cleo@home.example" }.isEmpty)
        }
    }
}
