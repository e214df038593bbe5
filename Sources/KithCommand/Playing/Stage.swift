import Kith
import KithInterop
import Storage

/// The organization in which the stories play, once it is set up: who works there, and how they sign in.
struct Stage: Sendable {
    /// Somebody who works there.
    struct Staff: Sendable {
        let person: Person.ID
        let name: String
    }

    /// An organization that sends people by FHIR.
    struct Hospital: Sendable {
        let id: Partner.ID
        let token: Secret
        let name: String
    }

    let platform: Platform
    let demonstration: Demonstration
    /// The moment that the demonstration leads up to.
    let now: Instant
    let organization: Organization.ID
    let entrance: Entrance
    var programs: [String: Program.ID] = [:]
    var hospitals: [String: Hospital] = [:]
    var coordinators: [String: [Staff]] = [:]
    var supervisors: [String: Staff] = [:]
    var referrers: [Int: Person.ID] = [:]
    var supporters: [String: Person.ID] = [:]
    /// The words people agree to, by program, language and purpose.
    var texts: [String: [String: [Consent.Purpose: ConsentText.ID]]] = [:]

    /// Does what somebody does on a page, at the moment they do it.
    func act<T: Sendable>(
        _ person: Person.ID, at moment: Instant, _ work: @escaping @Sendable (Writing) throws -> T
    ) async throws -> T {
        let credential = try await entrance.credential(of: person, at: moment)
        return try await platform.dated(moment).write(as: credential, work)
    }

    /// What a visitor does, or whoever holds an invitation.
    func actAsVisitor<T: Sendable>(
        at moment: Instant, _ work: @escaping @Sendable (Writing) throws -> T
    ) async throws -> T {
        try await platform.dated(moment).write(as: .nobody, access: .anyone, work)
    }

    /// What only the program itself can do: setting up an organization.
    func setUp<T: Sendable>(at moment: Instant, _ work: @escaping @Sendable (Writing) throws -> T) async throws -> T {
        try await platform.dated(moment).write(as: .system(organization), access: .anyone, work)
    }

    func program(_ code: String) throws -> Program.ID { try found(programs[code], "program", code) }
    func hospital(_ code: String) throws -> Hospital { try found(hospitals[code], "partner", code) }
    func supporter(_ code: String) throws -> Person.ID { try found(supporters[code], "supporter", code) }
    func referrer(_ number: Int) throws -> Person.ID { try found(referrers[number], "referrer", "\(number)") }

    private func found<T>(_ thing: T?, _ what: String, _ code: String) throws -> T {
        guard let thing else { throw Fault("the demonstration has no \(what) \(code)") }
        return thing
    }
}

/// Signs people in when they do something. A session lasts half a day, so whoever does things on many days signs in
/// on each of them.
actor Entrance {
    /// What everybody in the demonstration signs in with.
    static let passphrase = "quiet river morning"

    private static let limits = Kith.Session.Limits(hours: 12, idleMinutes: nil)

    /// Made once: hashing is meant to be slow.
    nonisolated let passwordHash: String
    private let platform: Platform
    private let organization: Organization.ID
    private var open: [Session: Task<Secret, any Error>] = [:]

    private struct Session: Hashable {
        let person: Person.ID
        let halfDay: Int64
    }

    init(_ platform: Platform, _ organization: Organization.ID, passwordHash: String) {
        (self.platform, self.organization, self.passwordHash) = (platform, organization, passwordHash)
    }

    func credential(of person: Person.ID, at moment: Instant) async throws -> Credential {
        let length = Int64(Self.limits.hours) * 3_600_000
        let session = Session(person: person, halfDay: moment.milliseconds / length)
        if let opening = open[session] { return .session(tokenHash: try await opening.value.hash) }
        let platform = platform.dated(moment)
        let door = Kith.Session.Door(organization: organization, person: person, hash: passwordHash)
        let opening = Task {
            let secret = platform.world.newSecret()
            try await platform.write(as: .nobody, access: .anyone) { db in
                _ = try Kith.Session.open(for: door, secret: secret, limits: Self.limits, in: db)
            }
            return secret
        }
        open[session] = opening
        return .session(tokenHash: try await opening.value.hash)
    }
}
