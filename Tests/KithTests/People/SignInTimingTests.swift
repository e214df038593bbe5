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

/// Something to send at a door: by POST with these fields, or by GET without any.
private struct Try: Sendable {
    let path: String
    var fields: [String: String]?
    let status: HTTPResponse.Status
}

@Suite("How long a door takes to answer tells nothing", .serialized, .timeLimit(.minutes(180)))
struct SignInTimingTests {
    /// Tries of each kind; 2,000 with KITH_TIMING_SAMPLES=2000 take about a quarter of an hour for each door and
    /// database.
    private static let samples = ProcessInfo.processInfo.environment["KITH_TIMING_SAMPLES"].flatMap { Int($0) } ?? 60

    /// How likely a try with something that is there took longer than one with something that is not: one half when they
    /// cannot be told apart (the area under the curve of Mann and Whitney).
    static func area(_ known: [Duration], _ unknown: [Duration]) -> Double {
        let others = unknown.sorted()
        func below(_ one: Duration, _ isBelow: (Duration, Duration) -> Bool) -> Int {
            var (low, high) = (0, others.count)
            while low < high {
                let middle = (low + high) / 2
                if isBelow(others[middle], one) { low = middle + 1 } else { high = middle }
            }
            return low
        }
        let wins = known.reduce(0) { $0 + below($1, <) + below($1, <=) }
        return Double(wins) / Double(2 * known.count * unknown.count)
    }

    /// How far from one half chance alone brings that many tries, all but never: 3.3 standard errors.
    static func slack(_ samples: Int) -> Double {
        3.3 * (Double(2 * samples + 1) / Double(12 * samples * samples)).squareRoot()
    }

    /// Tries both kinds in turn, each from an address of its own, the first of each left out: then all is warm.
    private func measure(
        _ count: Int, _ village: Village, _ make: @escaping @Sendable (_ isKnown: Bool, _ round: Int) -> Try
    ) async throws -> (known: [Duration], unknown: [Duration]) {
        let place = Place(address: "http://localhost", proxies: Set([PeerAddress("127.0.0.1")].compactMap(\.self)))
        let forwarded = try #require(HTTPField.Name("X-Forwarded-For"))
        return try await village.browsing(at: place, live: true) { browser in
            var (known, unknown): ([Duration], [Duration]) = ([], [])
            for round in 0...count {
                // The order changes, so that neither kind always follows the other.
                for isKnown in round % 2 == 0 ? [true, false] : [false, true] {
                    village.clock.advance(minutes: 1)
                    let address = "192.0.\(round % 250).\(isKnown ? 1 : 2)"
                    let (one, visitor) = (make(isKnown, round), browser(nil))
                    let start = ContinuousClock.now
                    let answer =
                        if let fields = one.fields {
                            try await visitor.post(one.path, fields, headers: [forwarded: address])
                        } else {
                            try await visitor.get(one.path)
                        }
                    let took = ContinuousClock.now - start
                    #expect(answer.status == one.status)
                    if round > 0 { if isKnown { known.append(took) } else { unknown.append(took) } }
                }
            }
            return (known, unknown)
        }
    }

    /// Where the two kinds can be told apart, this fails: with 400 tries or more where the area is over 0.55.
    private func expectNoDifference(
        at door: String, _ engine: TestEngine, _ village: Village,
        _ make: @escaping @Sendable (_ isKnown: Bool, _ round: Int) -> Try
    ) async throws {
        var (known, unknown) = try await measure(Self.samples, village, make)
        let limit = Self.samples < 400 ? Self.slack(Self.samples) : 0.05
        // Once in a hundred times chance alone goes beyond; a real difference stays when there is more to go by.
        if abs(Self.area(known, unknown) - 0.5) > limit {
            let more = try await measure(Self.samples, village, make)
            known += more.known
            unknown += more.unknown
        }
        let area = Self.area(known, unknown)
        print("timing of \(door) on \(engine): area \(area) of \(known.count) tries each")
        #expect(abs(area - 0.5) <= limit)
    }

    private static func signIn(_ path: String) -> @Sendable (Bool, Int) -> Try {
        { isKnown, _ in
            let login = isKnown ? "ben@riverside.example" : "ban@riverside.example"
            return Try(
                path: path, fields: ["login": login, "password": "not the right words"], status: .unprocessableContent)
        }
    }

    @Test("The measure notices an answer that comes too early", arguments: TestEngine.available)
    func premise(engine: TestEngine) async throws {
        try await withVillage(engine, features: Features.all + [leaky]) { village in
            try await village.give(village.ben, password: "four quiet words at dawn")
            let (known, unknown) = try await measure(20, village, Self.signIn("/leaky"))
            #expect(abs(Self.area(known, unknown) - 0.5) > Self.slack(20))
        }
    }

    @Test("A name that somebody has cannot be told from one that nobody has", arguments: TestEngine.available)
    func names(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.give(village.ben, password: "four quiet words at dawn")
            try await expectNoDifference(at: "sign-in", engine, village, Self.signIn("/sign-in"))
        }
    }

    @Test("A reference that somebody has cannot be told from one that nobody has", arguments: TestEngine.available)
    func references(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            // Each rests long enough between its tries not to be locked.
            var real: [Referral] = []
            for number in 0..<40 { real.append(try await village.ask("Noor", at: "555-0\(100 + number)")) }
            let (world, letters) = (village.platform.world, Array("BCDFGHJKLMNPQRSTVWXZ"))
            let known = real.map { ($0.reference, $0.pin(in: world) == "000000" ? "000001" : "000000") }
            try await expectNoDifference(at: "reference and PIN", engine, village) { isKnown, round in
                let made = String((0..<8).map { letters[(round / (1 << $0) + 3 * $0) % letters.count] })
                let one = isKnown ? known[round % known.count] : ("\(made.prefix(4))-\(made.suffix(4))", "000000")
                return Try(
                    path: "/progress", fields: ["reference": one.0, "pin": one.1], status: .unprocessableContent)
            }
        }
    }

    @Test("A way in that was used cannot be told from one that was never made", arguments: TestEngine.available)
    func waysIn(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (used, made, person) = (
                village.platform.world.newSecret(), village.platform.world.newSecret(), village.ben.id
            )
            try await village.give(village.ben, password: "four quiet words at dawn")
            try await village.write(asSystemOf: village.riverside) { db in
                try Invitation.renew(for: person, secret: used, in: db)
                _ = try Invitation.accept(used.hash, login: "", passwordHash: "none", in: db)
            }
            for fields in [nil, ["login": "", "password": "four other words at dusk"]] {
                try await expectNoDifference(
                    at: fields == nil ? "a way in" : "a new password", engine, village
                ) { isKnown, _ in
                    Try(path: "/invitations/\((isKnown ? used : made).text)", fields: fields, status: .notFound)
                }
            }
        }
    }
}
