import HTTPTypes
import Kith
import KithTestSupport
import Testing

@Suite("The rules of the wall, and what the site answers")
struct WallAgreementTests {
    /// What each viewer saw of each subject, by what the site answered.
    private struct Seen: Sendable {
        var items: [Person.ID: [Person.ID: Set<Item>]] = [:]
    }

    /// Pages that are there for everybody, whoever is asked about.
    private static let common =
        [
            "/home", "/today", "/board", "/board?late=1", "/team", "/people", "/supporters", "/referrals/sent",
            "/encounters", "/encounters/late", "/conversations", "/profile", "/hard-days", "/preparation", "/goals",
            "/my-story", "/privacy",
            "/privacy/looks"
        ] + Item.allCases.map { "/privacy/items/\($0.rawValue)" }

    /// Asks for every page as every viewer and looks for the marks.
    private func look(_ town: WallTown) async throws -> Seen {
        let (subjects, viewers, program) = (town.subjects, town.viewers, town.village.riverside.program)
        return try await town.village.browsing { browser in
            var seen = Seen()
            for viewer in viewers {
                let own = browser(viewer)
                var common = ""
                for path in Self.common + ["/consent/\(program)"] { common += try await own.get(path).text }
                for subject in subjects {
                    var (text, items): (String, Set<Item>) = (common, [])
                    for path in subject.pages {
                        let answer = try await own.get(path)
                        text += answer.text
                        for (item, door) in subject.doors where door.contains(path) && answer.status == .ok {
                            items.insert(item)
                        }
                    }
                    items.formUnion(subject.marks.filter { text.contains($0.value) }.keys)
                    seen.items[viewer.id, default: [:]][subject.neighbor.id] = items
                }
            }
            return seen
        }
    }

    /// Where the rules and the site differ, in words.
    private func differences(
        _ town: WallTown, _ seen: Seen, by rules: [Wall.Rule] = Wall.rules
    ) async throws -> [String] {
        var differences: [String] = []
        for subject in town.subjects {
            let person = subject.neighbor.id
            let circumstances = try await town.village.write(asSystemOf: town.village.riverside) {
                try Circumstances(of: person, in: $0)
            }
            for item in Set(subject.marks.keys).union(subject.doors.keys) {
                // Whoever works here is known by name to those they work with.
                if item == .identity,
                    circumstances.holders.contains(where: { $0.person == person && $0.role != .participant })
                {
                    continue
                }
                let sights = circumstances.sights(of: item, by: rules)
                for viewer in town.viewers {
                    let (says, does) = (
                        sights.contains { circumstances.isOf($0.viewer, viewer.id) },
                        seen.items[viewer.id]?[person]?.contains(item) == true
                    )
                    if says != does {
                        differences.append(
                            "\(viewer.name) and the \(item.rawValue) of \(subject.neighbor.name): "
                                + (says ? "may, and does not" : "may not, and does"))
                    }
                    let refusal = circumstances.refusal(of: item, to: viewer.id, by: rules)
                    #expect((refusal == nil) == says, "a reason for whoever may not")
                }
            }
        }
        return differences
    }

    @Test(
        "Everybody sees of everybody what the rules say, and nothing else",
        arguments: TestEngine.available, [1, 2] as [UInt64])
    func agreement(engine: TestEngine, seed: UInt64) async throws {
        try await withVillage(engine, seed: seed) { village in
            let town = try await WallTown(village, seed: seed)
            let seen = try await look(town)
            #expect(seen.items.values.flatMap(\.values).reduce(0) { $0 + $1.count } > 100, "the test sees marks")
            let found = try await differences(town, seen)
            #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
        }
    }

    @Test("A rule too many and a rule too few are noticed", arguments: TestEngine.available)
    func planted(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let town = try await WallTown(village, seed: 1)
            let seen = try await look(town)
            let tooMany = Wall.rules + [Wall.Rule(item: .messages, ground: .supervisor)]
            #expect(try await !differences(town, seen, by: tooMany).isEmpty)
            let tooFew = Wall.rules.filter { $0 != Wall.Rule(item: .place, ground: .own) }
            #expect(try await !differences(town, seen, by: tooFew).isEmpty)
        }
    }
}
