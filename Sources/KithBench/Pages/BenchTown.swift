import Foundation
import Kith
import KithInterop
import Storage

/// A site of a given size. Its people come in by the usual actions; the mass of rows, which only has to be there, by
/// SQL, since it would otherwise take longer to build than to measure.
struct BenchTown: Sendable {
    struct Sender: Sendable {
        let session: String
        let formToken: String
        let conversation: String
    }

    let coordinator: String
    let supporter: String
    let participant: String
    let longConversation: String
    let senders: [Sender]

    static func build(at path: String, referrals: Int, messages: Int) async throws -> BenchTown {
        let store = try Store.open(.sqlite(path: path))
        var world = World.real()
        world.vault = try masterKey(beside: path, world)
        let features = Features.all + [Interop.feature]
        _ = try await store.migrate(features.flatMap(\.migrations), at: world.now().description)
        let platform = try await Platform.open(store, world: world, features: features, shelf: Shelf.load())
        let organization = Organization.ID(world.newIdentifier())
        let house = try await people(platform, organization)
        try await fill(store, organization, house, referrals: referrals, now: world.now())
        try await fill(platform, organization, house.pairs[0], messages: messages)
        await store.close()
        return BenchTown(
            coordinator: house.coordinator.secret.text, supporter: house.pairs[0].supporter.secret.text,
            participant: house.pairs[0].participant.secret.text, longConversation: house.pairs[0].conversation,
            senders: house.pairs.map {
                Sender(
                    session: $0.supporter.secret.text,
                    formToken: $0.supporter.secret.derived(for: "form").text, conversation: $0.conversation)
            })
    }

    /// A master key where `kith serve` will look for it.
    static func masterKey(beside path: String, _ world: World) throws -> Vault {
        guard let key = Vault.MasterKey(world.randomBytes(32)) else { throw BenchError(description: "no master key") }
        let file = Data(Vault.file(of: [key]).utf8)
        guard
            FileManager.default.createFile(
                atPath: path + ".key", contents: file, attributes: [.posixPermissions: 0o600])
        else { throw BenchError(description: "the master key could not be written") }
        return Vault([key])
    }

    private struct Somebody: Sendable {
        let id: Person.ID
        let secret: Secret
        var credential: Credential { .session(tokenHash: secret.hash) }
    }

    private struct Pair: Sendable {
        let supporter: Somebody
        let participant: Somebody
        let conversation: String
    }

    private struct House: Sendable {
        let program: Program.ID
        let coordinator: Somebody
        let pairs: [Pair]
    }

    private static func people(_ platform: Platform, _ organization: Organization.ID) async throws -> House {
        let (program, coordinator, couples) = try await platform.write(as: .system(organization), access: .anyone) {
            db in
            _ = try Organization.open(named: "Bench", slug: "bench", timeZone: "America/New_York", in: db)
            let program = try Program.open(named: "Caregivers", summary: "", policy: Policy(), topics: [], in: db)
            func add(_ name: String, _ role: Role) throws -> Somebody {
                let person = try Person.add(PersonDraft(name: name), to: organization, in: db)
                try Person.give(role, in: program, to: person, of: organization, in: db)
                try Account.open(for: person, of: organization, login: person.text, passwordHash: "none", in: db)
                let secret = db.world.newSecret()
                try Session.open(
                    for: Session.Door(organization: organization, person: person, hash: ""), secret: secret,
                    limits: Session.Limits(hours: 12, idleMinutes: nil), in: db)
                return Somebody(id: person, secret: secret)
            }
            let coordinator = try add("Ana Alvarez", .coordinator)
            let couples = try (0..<64).map { (try add("Ben \($0)", .supporter), try add("Cleo \($0)", .participant)) }
            try ConsentText.publishUsual(for: program, in: db)
            for (supporter, _) in couples {
                let profile = Supporter.Profile(limit: 3, formats: Format.allCases, languages: ["en"])
                try Supporter.enroll(supporter.id, profile, in: db)
            }
            return (program, coordinator, couples)
        }
        var pairs: [Pair] = []
        for (supporter, participant) in couples {
            let conversation = try await join(
                supporter, participant, by: coordinator, in: program, organization, platform)
            pairs.append(Pair(supporter: supporter, participant: participant, conversation: conversation))
        }
        return House(program: program, coordinator: coordinator, pairs: pairs)
    }

    /// Two people from referral to conversation, each step by whoever takes it.
    private static func join(
        _ supporter: Somebody, _ participant: Somebody, by coordinator: Somebody, in program: Program.ID,
        _ organization: Organization.ID, _ platform: Platform
    ) async throws -> String {
        let referral = try await platform.write(as: .system(organization), access: .anyone) { db in
            var draft = ReferralDraft(program: program, who: .known(participant.id), origin: .own, reason: "")
            draft.wishes.languages = ["en"]
            return try Referral.open(draft, of: organization, in: db).id
        }
        try await platform.write(as: coordinator.credential) { try Referral.find(referral, in: $0).accept(in: $0) }
        try await platform.write(as: participant.credential) { db in
            let text = try db.value(
                "SELECT id FROM consent_text WHERE program_id = \(program) AND purpose = 'take-part' AND language = 'en'",
                as: ConsentText.ID.self)
            guard let text else { throw Problem.notFound }
            try Consent.give(.takePart, in: program, text: text, signedAs: "Cleo", db: db)
        }
        let match = try await platform.write(as: coordinator.credential) { db in
            try Match.propose(supporter.id, for: Referral.find(referral, in: db), in: db).id
        }
        try await platform.write(as: participant.credential) {
            try Match.find(match, in: $0).answer(.yes, for: .participant, in: $0)
        }
        try await platform.write(as: supporter.credential) {
            try Match.find(match, in: $0).answer(.yes, for: .supporter, in: $0)
        }
        let conversation = try await platform.read(as: supporter.credential) {
            try Conversation.current(with: participant.id, in: $0)?.id
        }
        guard let conversation else { throw BenchError(description: "no conversation") }
        return conversation.text
    }

    /// The mass: referrals in every queue.
    private static func fill(
        _ store: Store, _ organization: Organization.ID, _ house: House, referrals: Int, now: Instant
    ) async throws {
        let queues = ["intake", "consent", "matching", "waiting", "answers", "first-contact", "support", "cancellation"]
        let states = ["2.0", "3.0", "3.0", "3.0", "3.0", "3.0", "5.1.4", "5.2"]
        for start in stride(from: 0, to: referrals, by: 5_000) {
            try await store.write { writer in
                for number in start..<min(start + 5_000, referrals) {
                    let at = now.adding(minutes: -number)
                    let (person, id) = (
                        World.identifier(at: at, bytes(number, 1)), World.identifier(at: at, bytes(number, 2))
                    )
                    try writer.run(
                        """
                        INSERT INTO person (organization_id, id, name, language, created_at)
                        VALUES (\(organization), \(person), \("Nora North \(number)"), 'en', \(at))
                        """)
                    let queue = number % queues.count
                    try writer.run(
                        """
                        INSERT INTO referral (organization_id, id, reference, program_id, person_id, origin, for_other,
                            reason, priority, state, policy_version, queue, owner_id, due_at, received_at)
                        VALUES (\(organization), \(id), \("B\(number)"), \(house.program), \(person), 'self', FALSE, '',
                            'routine', \(states[queue]), 1, \(queues[queue]), \(house.coordinator.id),
                            \(now.adding(minutes: number % 20_000 - 100)), \(at))
                        """)
                }
            }
        }
    }

    /// One long conversation.
    private static func fill(
        _ platform: Platform, _ organization: Organization.ID, _ pair: Pair, messages: Int
    ) async throws {
        let both = [pair.supporter.id, pair.participant.id]
        for start in stride(from: 0, to: messages, by: 5_000) {
            try await platform.write(as: .system(organization), access: .anyone) { db in
                let keys = try both.map { try db.writingKey(of: $0, in: organization) }
                for number in start..<min(start + 5_000, messages) {
                    let id = Message.ID(World.identifier(at: db.now, bytes(number, 3)))
                    let text = "Message \(number): we walked as far as the bridge today, and she laughed."
                    try db.run(
                        """
                        INSERT INTO message (organization_id, conversation_id, sequence, id, sender_id, body, sent_at)
                        VALUES (\(organization), \(pair.conversation), \(number + 1), \(id), \(both[number % 2]),
                            \(Message.sealed(text, of: id, with: keys[number % 2])),
                            \(db.now.adding(minutes: number - messages)))
                        """)
                }
                // Both have read it all: opening it again is what is measured, not the first time.
                try db.run(
                    """
                    UPDATE conversation SET last_sequence = \(messages)
                    WHERE organization_id = \(organization) AND id = \(pair.conversation)
                    """)
                try db.run(
                    """
                    UPDATE conversation_member SET delivered_sequence = \(messages), read_sequence = \(messages)
                    WHERE organization_id = \(organization) AND conversation_id = \(pair.conversation)
                    """)
                db.record(Event(.messageSent, of: pair.conversation))
            }
        }
    }

    private static func bytes(_ number: Int, _ kind: UInt8) -> [UInt8] {
        [kind, 0] + withUnsafeBytes(of: UInt64(number).bigEndian, Array.init)
    }
}
