import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Who is kept apart, over every page")
struct ApartTests {
    /// Words that only somebody who may know of Cleo's support can read.
    private static let marks = [
        "First weeks of caring for her mother", "WishMark", "RelativeMark", "PhoneMark", "MessageMark", "PlaceMark",
        "NoteMark"
    ]

    /// Cleo's way to two contacts, with a mark in everything.
    private func marked(_ village: Village) async throws -> RouteThings {
        let things = try await RouteThings(village)
        let (referral, cleo) = (things.story.referral, village.cleo.id)
        _ = try await village.plan(things.story, .inPerson, place: "PlaceMark")
        let held = try await village.meet(things.story)
        try await village.write(held, "NoteMark", words: nil, revision: 0)
        try await village.offer(held, revision: 1)
        try await village.write(as: village.cleo) {
            _ = try Message.send("MessageMark", as: $0.newID(), to: things.story.conversation, in: $0)
        }
        try await village.write(asSystemOf: village.riverside) { db in
            let found = try Referral.load(referral, of: db.organization, in: db)
            var wishes = Wishes()
            wishes.words = "WishMark"
            try found.keep(wishes, in: db)
            try Care.caresFor(PersonDraft(name: "RelativeMark"), as: "parent").link(cleo, of: db.organization, in: db)
            var details = try Person.details(of: cleo, in: db.organization, db: db)
            details.channels = [ContactChannel(kind: .phone, address: "PhoneMark", mayLeaveMessage: false)]
            try Person.change(cleo, to: details, of: db.organization, in: db)
        }
        return things
    }

    /// Everything somebody is answered on any page, with Cleo's things in every address.
    private func everything(
        _ village: Village, _ things: RouteThings, as neighbor: Village.Neighbor, about person: Person.ID? = nil
    ) async throws -> String {
        try await village.browsing { browser in
            var text = ""
            for route in village.platform.routes
            where route.method == .get && route.access != .anyone && route.access != .partner && route.access != .setup
                && !route.path.hasSuffix("/events")
            {
                var paths = [try #require(things.address(route))]
                if let person, route.path.contains("{id}") {
                    paths.append(route.path.replacing("{id}", with: person.text))
                }
                for path in paths { text += try await browser(neighbor).get(path).text }
            }
            return text
        }
    }

    @Test("Who runs the program sees no use of it by anybody", arguments: TestEngine.available)
    func managers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let things = try await marked(village)
            // Only whoever is called for a concern sees it, and only until somebody has it in hand.
            try await village.acknowledge(things.concerns.open, as: village.ana)
            let pages = try await everything(village, things, as: village.ada, about: village.cleo.id)
            #expect(pages.contains(village.ben.name), "the test sees pages")
            for word in Self.marks + [village.cleo.name, village.cyrus.name, things.reference] {
                #expect(!pages.contains(word), "\(word)")
            }
        }
    }

    @Test("A supervisor sees what their part needs, and nothing of another program", arguments: TestEngine.available)
    func supervisors(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let things = try await marked(village)
            let other = try await village.newcomer("Olga Orr", .supervisor, in: village.riverside.otherProgram)
            // What he has open for a reason is another page's matter.
            try await village.write(as: village.sam) { try Opening.open(things.opening, in: $0).close(in: $0) }
            let own = try await everything(village, things, as: village.sam)
            for word in ["First weeks of caring for her mother", "WishMark"] { #expect(own.contains(word), "\(word)") }
            for word in ["PhoneMark", "MessageMark", "PlaceMark", "NoteMark"] {
                #expect(!own.contains(word), "\(word)")
            }
            let foreign = try await everything(village, things, as: other)
            for word in Self.marks + [village.cleo.name, things.reference] {
                #expect(!foreign.contains(word), "\(word)")
            }
        }
    }

    @Test("Whoever sent somebody sees what was released, and no more", arguments: TestEngine.available)
    func referrers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let things = try await marked(village)
            let pages = try await everything(village, things, as: village.dana)
            #expect(pages.contains(things.reference), "the test sees pages")
            for word in Self.marks { #expect(!pages.contains(word), "\(word)") }
            let second = try await village.newcomer("Rosa Reed", .referrer)
            let others = try await everything(village, things, as: second)
            for word in Self.marks + [village.cleo.name, things.reference] {
                #expect(!others.contains(word), "\(word)")
            }
        }
    }

    @Test(
        "Who supports people in one program and is supported in another is two records",
        arguments: TestEngine.available)
    func twoRoles(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let things = try await marked(village)
            try await village.give(.supporter, to: village.cleo, in: village.riverside.otherProgram)
            try await village.enroll(village.cleo)
            let colleague = try await village.newcomer("Pia Park", .supporter, in: village.riverside.otherProgram)
            let supervisor = try await village.newcomer("Sue Stone", .supervisor, in: village.riverside.otherProgram)
            for neighbor in [village.riverside.otherCoordinator, supervisor, colleague, village.ada, village.bao] {
                let pages = try await everything(village, things, as: neighbor, about: village.cleo.id)
                for word in Self.marks + [things.reference] {
                    #expect(!pages.contains(word), "\(neighbor.name): \(word)")
                }
            }
            let roster = try await everything(village, things, as: village.riverside.otherCoordinator)
            #expect(roster.contains(village.cleo.name), "as a supporter they know her")
        }
    }

    @Test("Who was supported and now works here is known as a colleague only", arguments: TestEngine.available)
    func colleague(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let things = try await marked(village)
            for opening in [(village.sam, things.opening)] {
                try await village.write(as: opening.0) { try Opening.open(opening.1, in: $0).close(in: $0) }
            }
            try await village.write(as: village.ana) {
                try Referral.find(things.story.referral, in: $0).close(as: "support-completed", word: nil, in: $0)
            }
            try await village.give(.supporter, to: village.cleo)
            try await village.enroll(village.cleo)
            for neighbor in [village.ana, village.sam, village.ada, village.bao] {
                let pages = try await everything(village, things, as: neighbor, about: village.cleo.id)
                for word in Self.marks + [things.reference] {
                    #expect(!pages.contains(word), "\(neighbor.name): \(word)")
                }
            }
        }
    }
}
