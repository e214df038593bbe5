import Foundation
import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing
import Web

/// A sign-in that tells too much: it answers at once where nobody has the name. To show that the measure would notice.
private let leaky = Feature(
    name: "Leaky",
    routes: [
        Route.post("/leaky", .anyone) { visit in
            let form = try await visit.form()
            let door = try await visit.read { try Session.door(login: form["login"] ?? "", in: $0) }
            guard let door else { return try .json(["right": "no"], status: .unprocessableContent) }
            let isRight = try await Password.verify(form["password"] ?? "", against: door.hash)
            return try .json(["right": isRight ? "yes" : "no"], status: .unprocessableContent)
        }.unpaced()
    ])

@Suite("How long signing in takes tells nothing", .serialized, .timeLimit(.minutes(10)))
struct SignInTimingTests {
    /// Tries of each kind; 400 with KITH_TIMING_SAMPLES=400 take about two minutes for each database.
    private static let samples = ProcessInfo.processInfo.environment["KITH_TIMING_SAMPLES"].flatMap { Int($0) } ?? 60

    /// How likely a try with a known name took longer than one with a name that nobody has: one half when they cannot
    /// be told apart (the area under the curve of Mann and Whitney).
    static func area(_ known: [Duration], _ unknown: [Duration]) -> Double {
        var wins = 0.0
        for one in known { for other in unknown { wins += one > other ? 1 : one == other ? 0.5 : 0 } }
        return wins / Double(known.count * unknown.count)
    }

    /// How far from one half chance alone brings that many tries, all but never: 3.3 standard errors.
    static func slack(_ samples: Int) -> Double {
        3.3 * (Double(2 * samples + 1) / Double(12 * samples * samples)).squareRoot()
    }

    /// Tries both kinds in turn, each from an address of its own, the first of each left out: then all is warm.
    private func measure(_ path: String, _ count: Int, _ village: Village) async throws -> (
        known: [Duration], unknown: [Duration]
    ) {
        let place = Place(address: "http://localhost", proxies: Set([PeerAddress("127.0.0.1")].compactMap(\.self)))
        let forwarded = try #require(HTTPField.Name("X-Forwarded-For"))
        return try await village.browsing(at: place, live: true) { browser in
            var (known, unknown): ([Duration], [Duration]) = ([], [])
            for round in 0...count {
                // The order changes, so that neither kind always follows the other.
                for isKnown in round % 2 == 0 ? [true, false] : [false, true] {
                    village.clock.advance(minutes: 1)
                    let login = isKnown ? "ben@riverside.example" : "ban@riverside.example"
                    let address = "192.0.\(round % 250).\(isKnown ? 1 : 2)"
                    let start = ContinuousClock.now
                    let answer = try await browser(nil).post(
                        path, ["login": login, "password": "not the right words"], headers: [forwarded: address])
                    let took = ContinuousClock.now - start
                    #expect(answer.status == .unprocessableContent)
                    if round > 0 { if isKnown { known.append(took) } else { unknown.append(took) } }
                }
            }
            return (known, unknown)
        }
    }

    @Test("The measure notices an answer that comes too early", arguments: TestEngine.available)
    func premise(engine: TestEngine) async throws {
        try await withVillage(engine, features: Features.all + [leaky]) { village in
            try await village.give(village.ben, password: "four quiet words at dawn")
            let (known, unknown) = try await measure("/leaky", 20, village)
            #expect(abs(Self.area(known, unknown) - 0.5) > Self.slack(20))
        }
    }

    @Test("A name that somebody has cannot be told from one that nobody has", arguments: TestEngine.available)
    func names(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.give(village.ben, password: "four quiet words at dawn")
            var (known, unknown) = try await measure("/sign-in", Self.samples, village)
            let limit = Self.samples < 400 ? Self.slack(Self.samples) : 0.05
            // Once in a hundred times chance alone goes beyond; a real difference stays when there is more to go by.
            if abs(Self.area(known, unknown) - 0.5) > limit {
                let more = try await measure("/sign-in", Self.samples, village)
                known += more.known
                unknown += more.unknown
            }
            let area = Self.area(known, unknown)
            print("timing of sign-in on \(engine): area \(area) of \(known.count) tries each")
            #expect(abs(area - 0.5) <= limit)
        }
    }
}
