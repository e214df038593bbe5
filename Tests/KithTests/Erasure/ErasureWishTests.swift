import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Somebody asks to be deleted")
struct ErasureWishTests {
    private func own(_ who: Village.Neighbor, _ village: Village) async throws -> ErasureWish? {
        try await village.read(as: who) { try ErasureWish.own(in: $0) }
    }

    @Test(
        "It stands before the coordinators of their program, with a clock, and before nobody else",
        arguments: TestEngine.available)
    func reach(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (who, _, wish) = try await village.wishing("Rosa Reyes")
            // Asking twice is asking once.
            try await village.write(as: who) { try ErasureWish.ask(in: $0) }
            let asked = try await village.platform.store.read {
                try $0.value("SELECT count(*) FROM erasure_wish", as: Int.self)
            }
            #expect(asked == 1)
            let found = try await village.read(as: village.ana) { try ErasureWish.find(wish, in: $0) }
            #expect(found.person == who.id && found.dueAt == village.clock.now.adding(hours: 24 * 30))
            // That somebody receives support is not an administrator's to see, nor a supporter's who does not support them.
            let others = [
                village.ada, village.sam, village.ben, village.dana, village.cleo, village.hillside.coordinator,
                village.riverside.otherCoordinator
            ]
            for other in others {
                await #expect(throws: Problem.notFound, "\(other.name)") {
                    try await village.read(as: other) { _ = try ErasureWish.find(wish, in: $0) }
                }
            }
            #expect(try await village.orphans(of: Erasure.feature).isEmpty)
            village.clock.advance(hours: 24 * 30 + 1)
            #expect(try await village.orphans(of: Erasure.feature).count == 1)
        }
    }

    @Test(
        "Whoever came without a referral is not overlooked, nor where nobody coordinates",
        arguments: TestEngine.available)
    func withoutReferral(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let who = try await village.newcomer("Rune Ruud")
            let wish = try await village.write(as: who) { db in
                try ErasureWish.ask(in: db)
                return try ErasureWish.own(in: db)?.id
            }
            let id = try #require(wish)
            let seen = try await village.read(as: village.ana) { try ErasureWish.find(id, in: $0).person }
            #expect(seen == who.id)
            let (program, coordinators) = (
                village.riverside.program,
                try await village.platform.store.read {
                    try $0.values(
                        """
                        SELECT person_id FROM membership WHERE program_id = \(village.riverside.program)
                        AND role = 'coordinator' AND ended_at IS NULL
                        """, as: Person.ID.self)
                }
            )
            try await village.write(asSystemOf: village.riverside) { db in
                for person in coordinators { try Person.end(.coordinator, in: program, of: person, in: db) }
            }
            let stood = try await village.read(as: village.ada) { try ErasureWish.find(id, in: $0).person }
            #expect(stood == who.id, "an administrator stands in")
        }
    }

    @Test("Whoever has worked here cannot be erased, and hears why", arguments: TestEngine.available)
    func staff(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            await #expect(throws: Problem.conflict("erasure.staff-own")) {
                try await village.write(as: village.ben) { try ErasureWish.ask(in: $0) }
            }
            let asked = try await own(village.ben, village)
            #expect(asked?.id == nil)
        }
    }

    @Test("They may change their mind, and ask again", arguments: TestEngine.available)
    func withdrawn(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (who, _, wish) = try await village.wishing("Rosa Reyes")
            for _ in 1...2 { try await village.write(as: who) { try ErasureWish.withdraw(in: $0) } }
            #expect(try await own(who, village)?.ending == .withdrawn)
            let day = Day(daysSince1970: 30_000)
            await #expect(throws: Problem.conflict("erasure.answered")) {
                try await village.write(as: village.ana) {
                    try ErasureWish.find(wish, in: $0).keep(because: .law, until: day, in: $0)
                }
            }
            village.clock.advance(hours: 1)
            try await village.write(as: who) { try ErasureWish.ask(in: $0) }
            let again = try #require(try await own(who, village))
            #expect(again.isOpen && again.id != wish)
        }
    }

    @Test(
        "On the pages: told why it has to wait, asked again, done once, with a certificate",
        arguments: TestEngine.available)
    func pages(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (who, referral, wish) = try await village.wishing("Rosa Reyes")
            try await village.browsing { browser in
                let (rosa, ana) = (browser(who), browser(village.ana))
                #expect(try await ana.get("/board").text.contains("1 person asks to be deleted"))
                #expect(try await ana.get("/erasures").text.contains("Rosa Reyes"))
                let unsure = try await ana.post("/erasures/\(wish)/erasure", [:])
                #expect(unsure.status == .unprocessableContent && unsure.text.contains("Rosa Reyes"))
                let past = ["reason": "law", "until": "2020-01-01"]
                #expect(try await ana.post("/erasures/\(wish)/keeping", past).status == .unprocessableContent)
                let kept = try await ana.post("/erasures/\(wish)/keeping", ["reason": "law", "until": "2031-05-01"])
                #expect(kept.status == .seeOther)
                let told = try await rosa.get("/privacy/erasure").text
                #expect(told.contains("A law says that we keep it until") && told.contains("2031"))

                #expect(try await rosa.post("/privacy/erasure", [:]).status == .seeOther)
                let again = try #require(try await village.read(as: who) { try ErasureWish.own(in: $0) })
                let erased = try await ana.post("/erasures/\(again.id)/erasure", ["sure": "yes"])
                #expect(erased.status == .seeOther)
                let page = try await ana.get("/erasures/\(again.id)").text
                #expect(page.contains("Deleted") && page.contains("signature") && !page.contains("Rosa"))
                #expect(try await ana.post("/erasures/\(again.id)/erasure", ["sure": "yes"]).status == .conflict)
                #expect(try await rosa.get("/home").status != .ok, "there is no way in any more")
                #expect(!(try await ana.get("/erasures").text.contains("Rosa")))
            }
            let open = try await village.read(as: village.ana) { db in
                try db.value("SELECT count(*) FROM referral WHERE id = \(referral) AND queue IS NOT NULL", as: Int.self)
            }
            #expect(open == 0, "what ran has ended")
        }
    }
}
