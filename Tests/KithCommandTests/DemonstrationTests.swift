import Foundation
import Kith
import Storage
import Synchronization
import Testing

@testable import KithCommand

@Suite("The demonstration")
struct DemonstrationTests {
    /// A Saturday evening, when no office is open.
    static let moment = Instant("2026-11-21T23:40:00Z") ?? Instant(milliseconds: 0)

    private static var world: World {
        var world = World.real()
        world.now = { moment }
        let random = world.randomBytes
        world.newIdentifier = { World.identifier(at: moment, random(10)) }
        return world
    }

    /// Runs `body` with a played sample in a folder of its own.
    private func withSample<T: Sendable>(
        of people: Int, _ body: (Platform, DemoFolder, String) async throws -> T
    ) async throws -> T {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("kith_demo_\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = DemoFolder(path: path)
        let platform = try await folder.open(people: people, world: Self.world) { _ in }
        do {
            let value = try await body(platform, folder, path)
            await platform.store.close()
            return value
        } catch {
            await platform.store.close()
            throw error
        }
    }

    private func session(_ login: String, on platform: Platform) async throws -> Credential {
        let door = try await platform.read(as: .nobody, access: .anyone) { try Session.door(login: login, in: $0) }
        let found = try #require(door)
        #expect(try await Password.verify(Entrance.passphrase, against: found.hash))
        let secret = platform.world.newSecret()
        try await platform.write(as: .nobody, access: .anyone) {
            _ = try Session.open(for: found, secret: secret, in: $0)
        }
        return .session(tokenHash: secret.hash)
    }

    @Test("Plays to its end: every queue and state is there, and nothing is forgotten", .timeLimit(.minutes(35)))
    func plays() async throws {
        try await withSample(of: 5) { platform, _, _ in
            let orphans = try await platform.orphans()
            #expect(orphans.count >= 10)
            for orphan in orphans { #expect(orphan.ids.isEmpty, "\(orphan.name)") }
            let referrals = try await platform.store.read { reader in
                try reader.all("SELECT * FROM referral") { try Referral(row: $0) }
            }
            let queues = Set(referrals.compactMap(\.queue))
            #expect(queues == Set(Referral.Queue.allCases))
            // A draft is never here, and “in progress” only what a partner does not tell more of.
            let states = Set(referrals.map(\.state))
            #expect(states == Set(ReferralState.allCases).subtracting([.draft, .inProgress]))
            for origin in [Referral.Origin.partner, .referrer, .own] {
                #expect(referrals.contains { $0.origin == origin }, "\(origin)")
            }
            let declined = try await platform.store.read { reader in
                try reader.value("SELECT count(*) FROM match WHERE status = 'declined'", as: Int.self)
            }
            #expect(try #require(declined) > 2, "not every proposal comes about")
            let caredFor = try await platform.store.read { reader in
                try reader.value("SELECT count(*) FROM care_relation WHERE cared_for_id IS NOT NULL", as: Int.self)
            }
            #expect(try #require(caredFor) > 2, "some caregivers are linked to whom they care for")
            #expect(referrals.contains { $0.reopens != nil } && referrals.contains { $0.mergedInto != nil })
        }
    }

    @Test("Everything was done by whoever does it, and told at the moment it was done")
    func isTold() async throws {
        try await withSample(of: 2) { platform, _, _ in
            let events = try await platform.store.read { reader in
                try reader.all("SELECT kind, actor, at FROM event ORDER BY at") {
                    (kind: try $0["kind"] as EventKind, actor: try $0["actor"] as String, at: try $0["at"] as Instant)
                }
            }
            func actors(of kind: EventKind) -> Set<Substring> {
                Set(events.filter { $0.kind == kind }.compactMap { $0.actor.split(separator: ":").first })
            }
            #expect(actors(of: .referralReceived) == ["partner", "person", "visitor"])
            for kind in [EventKind.matchProposed, .messageSent, .noteSigned, .encounterDone, .consentGiven] {
                #expect(actors(of: kind) == ["person"], "\(kind.rawValue)")
            }
            #expect(actors(of: .programOpened) == ["system"])
            let moments = events.map(\.at)
            // The meetings of groups are planned ahead from this moment.
            #expect(try #require(moments.last) <= Self.moment)
            #expect(try #require(moments.first) < Self.moment.adding(days: -300))
        }
    }

    @Test("One sign-in for each role opens their own first screen")
    func signIns() async throws {
        try await withSample(of: 1) { platform, folder, _ in
            let lines = try folder.signIns.lines
            let roles = ["Coordinator", "Supporter", "Participant", "Referrer", "Supervisor", "Administrator"]
            for role in roles { #expect(lines.contains { $0.role == role }, "\(role)") }
            for line in lines {
                let credential = try await session(line.login, on: platform)
                let actor = try await platform.read(as: credential) { $0.actor }
                #expect(actor.roles.contains { $0.role.rawValue == line.role.lowercased() }, "\(line.login)")
            }
            #expect(Entrance.passphrase.count >= Password.shortest)
            let common = platform.shelf.commonPasswords
            for line in lines {
                let owner = Password.Owner(login: line.login, names: [line.name], organization: "Riverside Health")
                #expect(Password.objection(to: Entrance.passphrase, of: owner, common: common) == nil)
                #expect("\(try folder.signIns)".contains(line.login))
            }
        }
    }

    @Test("The neighbor's coordinator sees nothing of Riverside")
    func wall() async throws {
        try await withSample(of: 2) { platform, _, _ in
            let grace = try await session(Neighbor.coordinator.login, on: platform)
            let yolanda = try await session("yolanda.briggs@example.org", on: platform)
            func rows<Thing>(_ sql: SQL, _ type: Thing.Type) async throws -> [Identifier<Thing>] {
                try await platform.store.read { try $0.values(sql) }
            }
            let riverside = try await platform.read(as: yolanda) { try $0.organization }
            let hillside = try await platform.read(as: grace) { try $0.organization }
            #expect(riverside != hillside)
            let own = try await rows("SELECT id FROM referral WHERE organization_id = \(hillside)", Referral.self)
            #expect(own.count == 2)
            for id in own { _ = try await platform.read(as: grace) { try Referral.find(id, in: $0) } }

            let theirs = try await rows("SELECT id FROM referral WHERE organization_id = \(riverside)", Referral.self)
            #expect(theirs.count > 30)
            var found = 0
            for id in theirs {
                // The premise: somebody of Riverside does find some of them.
                if (try? await platform.read(as: yolanda, { try Referral.find(id, in: $0) })) != nil { found += 1 }
                await #expect(throws: Problem.notFound) {
                    try await platform.read(as: grace) { try Referral.find(id, in: $0) }
                }
            }
            #expect(found > 5)
            for id in try await rows("SELECT id FROM encounter WHERE organization_id = \(riverside)", Encounter.self) {
                await #expect(throws: Problem.notFound) {
                    try await platform.read(as: grace) { try Encounter.find(id, in: $0) }
                }
            }
            for id in try await rows("SELECT id FROM match WHERE organization_id = \(riverside)", Match.self) {
                await #expect(throws: Problem.notFound) {
                    try await platform.read(as: grace) { try Match.find(id, in: $0) }
                }
            }
        }
    }

    @Test("A second start goes on with what is there; one that was broken off is started over")
    func starts() async throws {
        try await withSample(of: 1) { platform, folder, path in
            func people(_ platform: Platform) async throws -> Set<String> {
                Set(try await platform.store.read { try $0.values("SELECT id FROM person", as: String.self) })
            }
            let before = try await people(platform)
            await platform.store.close()
            let said = Mutex<[String]>([])

            let second = try await folder.open(people: 3, world: Self.world) { text in said.withLock { $0.append(text) }
            }
            #expect(try await people(second) == before)
            #expect(said.withLock { $0 }.isEmpty)
            let lines = try folder.signIns.lines.map(\.login)
            await second.store.close()

            try FileManager.default.removeItem(atPath: path + "/complete.json")
            let third = try await folder.open(people: 1, world: Self.world) { text in said.withLock { $0.append(text) }
            }
            #expect(said.withLock { $0 }.count { $0.contains("not written to its end") } == 1)
            let anew = try await people(third)
            #expect(anew.count == before.count && anew.isDisjoint(with: before))
            #expect(try folder.signIns.lines.map(\.login) == lines)
            await third.store.close()
        }
    }

    @Test("A demonstration that somebody works on is left alone")
    func held() async throws {
        try await withSample(of: 1) { _, folder, path in
            try FileManager.default.removeItem(atPath: path + "/complete.json")
            await #expect(throws: OpenError.self) { _ = try await folder.open(world: Self.world) { _ in } }
            #expect(FileManager.default.fileExists(atPath: path + "/kith.sqlite"))
        }
    }

    @Test("Nothing is written but by actions")
    func noSQL() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/KithCommand/Playing")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(files.count > 10)
        for file in files {
            let text = try String(contentsOf: file, encoding: .utf8)
            for sign in [".run(", "INSERT ", "UPDATE ", "DELETE ", "store.write"] {
                #expect(!text.contains(sign), "\(file.lastPathComponent) has \(sign)")
            }
        }
    }
}
