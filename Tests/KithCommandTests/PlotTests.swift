import Kith
import Testing

@testable import KithCommand

@Suite("The stories of the demonstration")
struct PlotTests {
    private let demonstration: Demonstration
    private let timetable: Timetable

    init() throws {
        demonstration = try Demonstration.load()
        timetable = Timetable(zone: demonstration.house.organization.timeZone)
    }

    private func scenes(of part: ParticipantPart, _ now: Instant) throws -> [Scene] {
        let place = try part.supporter.map { _ in
            try demonstration.people(of: demonstration.supporter(of: part)).firstIndex { $0.id == part.id } ?? 0
        }
        return try part.scenes(now: now, place: place ?? 0, in: demonstration, timetable)
    }

    /// Every day of a fortnight at another hour, and the days on which clocks change.
    static let moments =
        (0..<14).compactMap { Instant("2026-11-16T00:10:00Z")?.adding(hours: $0 * 25) }
        + ["2027-03-14T07:30:00Z", "2026-11-01T06:30:00Z", "2028-02-29T23:59:00Z"].compactMap { Instant($0) }

    @Test("Everything happens in order and before now, whenever it is told", arguments: moments)
    func order(_ now: Instant) throws {
        for part in demonstration.participants {
            let scenes = try scenes(of: part, now)
            guard case .arrive? = scenes.first?.deed else {
                Issue.record("\(part.id) does not begin by arriving")
                continue
            }
            for (earlier, later) in zip(scenes, scenes.dropFirst()) where earlier.at > later.at {
                Issue.record("\(part.id): \(later.deed.name) comes before \(earlier.deed.name)")
            }
            let last = try #require(scenes.last)
            #expect(last.at < now, "\(part.id) ends with \(last.deed.name) in the future")
        }
    }

    @Test("Staff work on weekdays by day", arguments: moments)
    func office(_ now: Instant) throws {
        var (inside, all) = (0, 0)
        for part in demonstration.participants where part.daysAgo > 20 {
            for scene in try scenes(of: part, now) {
                switch scene.deed {
                case .accept, .propose, .wait, .confirmStop, .merge: break
                default: continue
                }
                let (day, minutes) = timetable.clock.reading(at: scene.at)
                all += 1
                if day.weekday < 5, (8 * 60..<18 * 60).contains(minutes) { inside += 1 }
            }
        }
        #expect(all > 200)
        #expect(inside == all, "\(all - inside) of \(all) at odd hours")
    }

    @Test("Nobody supports more people than they can at any moment", arguments: moments)
    func limits(_ now: Instant) throws {
        for supporter in demonstration.supporters {
            var changes: [(at: Instant, by: Int)] = []
            for part in demonstration.participants where part.supporter == supporter.id {
                var open = false
                for scene in try scenes(of: part, now) {
                    switch scene.deed {
                    case .propose:
                        open = true
                        changes.append((scene.at, 1))
                    case .close, .withdraw:
                        if open { changes.append((scene.at, -1)) }
                        open = false
                    default: break
                    }
                }
            }
            var load = 0
            for change in changes.sorted(by: { ($0.at, $0.by) < ($1.at, $1.by) }) {
                load += change.by
                #expect(load <= supporter.limit, "\(supporter.id) has \(load) people on \(change.at)")
            }
        }
    }

    @Test("The content holds together: whoever is named is there, and nothing is used twice")
    func content() throws {
        #expect(demonstration.participants.count == 200)
        #expect(demonstration.supporters.count == 40)
        for story in ParticipantPart.Story.allCases {
            #expect(demonstration.participants.contains { $0.story == story }, "\(story)")
        }
        let logins = demonstration.participants.map(\.login) + demonstration.supporters.map(\.email)
        #expect(Set(logins).count == logins.count)
        let threads = demonstration.participants.compactMap(\.conversation)
        #expect(Set(threads).count == threads.count && Set(threads) == Set(demonstration.threads.keys))
        let notes = demonstration.participants.flatMap { $0.notes ?? [] }
        #expect(Set(notes).count == notes.count && Set(notes).isSubset(of: demonstration.notes.keys))
        for part in demonstration.participants {
            if let into = part.mergedInto { #expect(demonstration.participants.contains { $0.id == into }) }
        }
    }

    @Test("A sample has at least one of every story, and whomever their stories need", arguments: [1, 3, 10])
    func sample(_ count: Int) {
        let sample = demonstration.sample(of: count)
        for story in ParticipantPart.Story.allCases {
            let all = demonstration.participants.count { $0.story == story }
            #expect(sample.participants.count { $0.story == story } >= min(count, all))
        }
        for part in sample.participants {
            if let into = part.mergedInto { #expect(sample.participants.contains { $0.id == into }) }
        }
    }
}
