import Kith
import Storage

/// The clinic next door on the same server: small, and behind a wall. Nobody of the one sees anything of the other.
enum Neighbor {
    static let name = "Hillside Clinic"
    static let coordinator = (name: "Grace Tolman", login: "grace.tolman@example.org")
    private static let referrer = (name: "Victor Amaya", login: "victor.amaya@example.org")
    private static let supporter = (name: "Edith Crane", login: "edith.crane@example.org")
    private static let participant = (name: "Nolan Pruitt", login: "nolan.pruitt@example.org")

    static func move(in platform: Platform, passwordHash: String) async throws {
        let now = platform.world.now()
        let organization = Organization.ID(platform.world.newIdentifier())
        let entrance = Entrance(platform, organization, passwordHash: passwordHash)
        let secrets = [coordinator, referrer, supporter].map { ($0.name, $0.login, platform.world.newSecret()) }
        let start = now.adding(days: -40)
        let (program, staff) = try await platform.dated(start).write(as: .system(organization), access: .anyone) { db in
            _ = try Organization.open(named: name, slug: "hillside", timeZone: "America/New_York", in: db)
            let site = try Organization.addSite(named: "\(name), the yellow house", in: db)
            let program = try Program.open(
                named: "Heart and stroke", summary: "Talk with somebody who has been through it.", at: site,
                policy: Policy(eligibility: "For adults after a stroke or with a heart condition."),
                topics: [Topic(code: "after-stroke", name: "After a stroke")], in: db)
            var staff: [Person.ID] = []
            for ((name, _, secret), role) in zip(secrets, [Role.coordinator, .referrer, .supporter]) {
                let person = try Person.add(PersonDraft(name: name), to: organization, in: db)
                try Person.give(role, in: program, to: person, of: organization, in: db)
                try Invitation.send(to: person, of: organization, secret: secret, in: db)
                staff.append(person)
            }
            return (program, staff)
        }
        let text = try await platform.read(as: .system(organization), access: .anyone) { db in
            try ConsentText.current(of: program, for: "en", in: db).first { $0.purpose == .takePart }?.id
        }
        guard let text else { throw Fault("the neighbor has no words to agree to") }
        func act<T: Sendable>(
            _ person: Person.ID, _ moment: Instant, _ work: @escaping @Sendable (Writing) throws -> T
        ) async throws -> T {
            try await platform.dated(moment).write(as: entrance.credential(of: person, at: moment), work)
        }
        func comeIn(_ secret: Secret, _ login: String, _ moment: Instant) async throws {
            _ = try await platform.dated(moment).write(as: .nobody, access: .anyone) { db in
                try Invitation.accept(secret.hash, login: login, passwordHash: passwordHash, in: db)
            }
        }
        for (_, login, secret) in secrets { try await comeIn(secret, login, start.adding(hours: 2)) }
        try await act(staff[2], start.adding(days: 1)) { db in
            try Supporter.keepOwn(
                .init(
                    introduction: "I had my stroke at fifty. I still cook.", limit: 2, formats: [.phone, .messages],
                    languages: ["en"]), in: db)
        }

        let first = try await act(staff[1], now.adding(days: -12)) { db in
            var draft = ReferralDraft(
                program: program,
                who: .new(
                    PersonDraft(
                        name: participant.name,
                        channels: [ContactChannel(kind: .phone, address: "(410) 555-0161", mayLeaveMessage: true)])),
                origin: .referrer, reason: "Home since Monday, and would like to talk with somebody who cooks.")
            draft.referrer = try db.me
            return try Referral.open(draft, of: db.organization, in: db)
        }
        let secret = platform.world.newSecret()
        try await act(staff[0], now.adding(days: -11)) { db in
            try Referral.find(first.id, in: db).accept(in: db)
            try Invitation.send(to: first.person, of: db.organization, secret: secret, in: db)
        }
        try await comeIn(secret, participant.login, now.adding(days: -10))
        _ = try await act(first.person, now.adding(days: -10)) { db in
            try Consent.give(.takePart, in: program, text: text, signedAs: participant.name, db: db)
        }
        let match = try await act(staff[0], now.adding(days: -2)) { db in
            try Match.propose(staff[2], for: Referral.find(first.id, in: db), in: db).id
        }
        for (side, person) in [(Match.Side.supporter, staff[2]), (.participant, first.person)] {
            try await act(person, now.adding(days: -1)) {
                try Match.find(match, in: $0).answer(.yes, for: side, in: $0)
            }
        }
        _ = try await platform.dated(now.adding(hours: -3)).write(as: .nobody, access: .anyone) { db in
            let draft = ReferralDraft(
                program: program,
                who: .new(
                    PersonDraft(
                        name: "Rosemary Ochs",
                        channels: [ContactChannel(kind: .phone, address: "(410) 555-0158", mayLeaveMessage: false)])),
                origin: .own, reason: "My sister said to write to you.")
            return try Referral.open(draft, of: organization, in: db)
        }
    }
}
