import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Ages")
struct AgeBandTests {
    @Test(
        "Somebody counts as under age until the year ends in which they turn 18",
        arguments: [
            (2026, .minor), (2009, .minor), (2008, .minor), (2007, .adult), (1940, .adult), (2030, .minor),
            (nil, .unknown)
        ] as [(Int?, AgeBand)])
    func bands(born: Int?, band: AgeBand) { #expect(AgeBand(birthYear: born, in: 2026) == band) }

    @Test("The database counts as Swift does", arguments: TestEngine.available)
    func sameInSQL(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let day = try #require(Day(year: 2026, month: 12, day: 31))
            for year in 2005...2011 {
                let isMinor = try await village.count(
                    "SELECT CASE WHEN \(AgeBand.isMinor("\(year)", on: day)) THEN 1 ELSE 0 END")
                #expect((isMinor == 1) == (AgeBand(birthYear: year, in: 2026) == .minor), "\(year)")
            }
            let unknown = try await village.count(
                "SELECT CASE WHEN \(AgeBand.isMinor("CAST(NULL AS BIGINT)", on: day)) THEN 1 ELSE 0 END")
            #expect(unknown == 0)
        }
    }

    @Test(
        "Nobody talks themselves out of being under age, and anybody may say that they are",
        arguments: TestEngine.available)
    func byThemselves(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            func tell(_ year: Int?) async throws {
                try await village.write(as: village.cleo) { try Person.tell(Person.About(birthYear: year), in: $0) }
            }
            try await tell(1990)
            try await tell(2012)
            for year in [1990, nil] {
                await #expect(throws: Problem.invalid("birth-year", "not-by-yourself")) { try await tell(year) }
            }
            try await tell(2011)
            try await village.born(1990, village.cleo.id)
            try await tell(1991)
        }
    }
}
