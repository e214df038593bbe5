import Foundation
import Kith
import Storage
import Web

/// A dozen named people in two organizations, on a database of their own. Permission tests use the one from next door.
package struct Village: Sendable {
    /// Somebody of the village, signed in.
    package struct Neighbor: Sendable {
        package let id: Person.ID
        package let name: String
        package let session: Secret
        package var credential: Credential { .session(tokenHash: session.hash) }

        /// The same person at another browser.
        package func at(_ session: Secret) -> Neighbor { Neighbor(id: id, name: name, session: session) }
    }

    /// One organization with its people.
    package struct House: Sendable {
        package let organization: Organization.ID
        package let slug: String
        package let program: Program.ID
        /// A second program of the same organization, with a coordinator of its own.
        package let otherProgram: Program.ID
        package let partner: Partner.ID
        package let partnerToken: Secret
        package let coordinator: Neighbor
        /// Coordinates only the other program.
        package let otherCoordinator: Neighbor
        package let supervisor: Neighbor
        package let administrator: Neighbor
        package let referrer: Neighbor
        package let supporter: Neighbor
        package let secondSupporter: Neighbor
        package let participant: Neighbor
        package let secondParticipant: Neighbor

        package var everybody: [Neighbor] {
            [
                coordinator, otherCoordinator, supervisor, administrator, referrer, supporter, secondSupporter,
                participant, secondParticipant
            ]
        }
    }

    package var platform: Platform
    package let database: TestDatabase
    package let clock: TestWorld
    /// Riverside Health: Ana coordinates, Ben and Bao support, Cleo and Cyrus take part, Dana refers.
    package let riverside: House
    /// Hillside Clinic, next door.
    package let hillside: House
    /// How many statements the last transactions took, newest last.
    package let ledger: StatementLedger

    package var ana: Neighbor { riverside.coordinator }
    package var ben: Neighbor { riverside.supporter }
    package var bao: Neighbor { riverside.secondSupporter }
    package var cleo: Neighbor { riverside.participant }
    package var cyrus: Neighbor { riverside.secondParticipant }
    package var dana: Neighbor { riverside.referrer }
    package var sam: Neighbor { riverside.supervisor }
    package var ada: Neighbor { riverside.administrator }

    package func read<T: Sendable>(
        as neighbor: Neighbor, _ work: @escaping @Sendable (Reading) throws -> T
    ) async throws -> T {
        try await platform.read(as: neighbor.credential, work)
    }

    package func write<T: Sendable>(
        as neighbor: Neighbor, _ work: @escaping @Sendable (Writing) throws -> T
    ) async throws -> T {
        try await platform.write(as: neighbor.credential, work)
    }

    /// As the program itself, for what people cannot do.
    package func write<T: Sendable>(
        asSystemOf house: House, _ work: @escaping @Sendable (Writing) throws -> T
    ) async throws -> T {
        try await platform.write(as: .system(house.organization), access: .anyone, work)
    }
}

/// Remembers how many statements each transaction took.
package final class StatementLedger: @unchecked Sendable {  // guarded by `lock`
    private let lock = NSLock()
    private var counts: [Int] = []

    func note(_ count: Int) { lock.withLock { counts.append(count) } }

    /// How many transactions there were.
    package var count: Int { lock.withLock { counts.count } }

    /// Statements of the newest transaction.
    package var last: Int { lock.withLock { counts.last ?? 0 } }
}

/// Runs `body` in a fresh village on `engine`.
package func withVillage<T: Sendable>(
    _ engine: TestEngine, features: [Feature] = Features.all, seed: UInt64 = 1,
    _ body: (Village) async throws -> T
) async throws -> T {
    try await withMigratedStore(engine, migrations: features.flatMap(\.migrations)) { store, database in
        let clock = TestWorld(seed: seed)
        let shelf = try SharedShelf.loaded.get()
        var platform = try await Platform.open(store, world: clock.world, features: features, shelf: shelf)
        let ledger = StatementLedger()
        platform.onTransaction = { ledger.note($0) }
        platform.isDemonstration = true
        let riverside = try await settle(
            "Riverside Health", "riverside",
            names: [
                "Ana Alvarez", "Abel Ortega", "Sam Sato", "Ada Adler", "Dana Dumont", "Ben Boateng", "Bao Binh",
                "Cleo Castro", "Cyrus Cole"
            ], on: platform)
        let hillside = try await settle(
            "Hillside Clinic", "hillside",
            names: [
                "Hana Haddad", "Hugo Hart", "Hope Hill", "Hedi Holm", "Henk Hoek", "Hira Hamid", "Hung Ho",
                "Hila Harel", "Hans Huber"
            ], on: platform)
        return try await body(
            Village(
                platform: platform, database: database, clock: clock, riverside: riverside, hillside: hillside,
                ledger: ledger))
    }
}

/// Templates and texts do not change between tests, so they are loaded once.
enum SharedShelf {
    static let loaded = Result { try Shelf.load() }
}

private func settle(
    _ name: String, _ slug: String, names: [String], on platform: Platform
) async throws -> Village.House {
    let organization = Organization.ID(platform.world.newIdentifier())
    let (partnerToken, sessions) = (platform.world.newSecret(), names.map { _ in platform.world.newSecret() })
    return try await platform.write(as: .system(organization), access: .anyone) { db in
        _ = try Organization.open(named: name, slug: slug, timeZone: "America/New_York", in: db)
        let site = try Organization.addSite(named: "\(name) Main", in: db)
        let topics = [Topic(code: "sleep", name: "Sleep"), Topic(code: "grief", name: "Grief")]
        let program = try Program.open(
            named: "Caregivers", summary: "For people who care for somebody.", at: site, policy: Policy(),
            topics: topics, in: db)
        let other = try Program.open(
            named: "New parents", summary: "For new parents.", at: site, policy: Policy(), topics: topics, in: db)
        let partner = try Organization.addPartner(
            named: "\(name) Hospital", sendingTo: program, token: partnerToken, in: db)
        func add(_ index: Int, _ role: Role, _ program: Program.ID) throws -> Village.Neighbor {
            let person = try Person.add(PersonDraft(name: names[index]), to: organization, in: db)
            try Person.give(role, in: program, to: person, of: organization, in: db)
            let login = names[index].split(separator: " ")[0].lowercased() + "@" + slug + ".example"
            // No test signs in by password here; the ones that do open accounts of their own.
            try Account.open(for: person, of: organization, login: login, passwordHash: "none", in: db)
            let door = Session.Door(organization: organization, person: person, hash: "none")
            try Session.open(for: door, secret: sessions[index], in: db)
            // Tests move the clock by months; whoever is signed in stays so.
            try db.run("UPDATE session SET expires_at = '2099-01-01T00:00:00.000Z', idle_minutes = NULL")
            return Village.Neighbor(id: person, name: names[index], session: sessions[index])
        }
        return Village.House(
            organization: organization, slug: slug, program: program, otherProgram: other, partner: partner,
            partnerToken: partnerToken, coordinator: try add(0, .coordinator, program),
            otherCoordinator: try add(1, .coordinator, other), supervisor: try add(2, .supervisor, program),
            administrator: try add(3, .administrator, program), referrer: try add(4, .referrer, program),
            supporter: try add(5, .supporter, program), secondSupporter: try add(6, .supporter, program),
            participant: try add(7, .participant, program), secondParticipant: try add(8, .participant, program))
    }
}
