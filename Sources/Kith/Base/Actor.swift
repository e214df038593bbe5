/// Who is asking: resolved from a credential inside the transaction that answers, so that a session ended or a role
/// taken away counts at once.
package struct Actor: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Somebody signed in.
        case person(Person.ID)
        /// Somebody signed in who has to set up a second factor before anything else, and is nobody until then.
        case enrolling(Person.ID)
        /// A referring organization's system, by its bearer token.
        case partner(Partner.ID)
        /// Somebody without an account.
        case visitor
        /// Whoever holds a signed link of this purpose.
        case link(SignedLink.Purpose)
        /// The program itself: clocks, import, set-up.
        case system
    }

    package let kind: Kind
    /// nil only for a visitor.
    package let organization: Organization.ID?
    package var roles: [ProgramRole]
    package var name: String = ""
    package var organizationName: String = ""
    /// The zone in which times are told, IANA name.
    package var timeZone: String = "UTC"
    /// The session they are signed in with; nil for whoever is not.
    package var session: SessionState?

    package static let visitor = Actor(kind: .visitor, organization: nil, roles: [])

    package static func system(of organization: Organization.ID) -> Actor {
        Actor(kind: .system, organization: organization, roles: [])
    }

    package var person: Person.ID? {
        if case .person(let id) = kind { id } else { nil }
    }

    /// Who has to set up a second factor first.
    package var enrolling: Person.ID? {
        if case .enrolling(let id) = kind { id } else { nil }
    }

    /// How the event log names the actor.
    package var logName: String {
        switch kind {
        case .person(let id), .enrolling(let id): "person:\(id)"
        case .partner(let id): "partner:\(id)"
        case .visitor: "visitor"
        case .link(let purpose): "link:\(purpose.rawValue)"
        case .system: "system"
        }
    }

    package func has(_ role: Role) -> Bool { roles.contains { $0.role == role } }

    package func has(_ role: Role, in program: Program.ID) -> Bool {
        roles.contains { $0.role == role && $0.program == program }
    }
}

/// What is known of the session of somebody signed in.
package struct SessionState: Sendable, Equatable {
    /// For how many minutes a proof counts as fresh.
    package static let freshMinutes = 10

    package let tokenHash: String
    /// When its owner last proved who they are, by a password, a code or a passkey.
    package let provedAt: Instant?
    /// When something was last done in it, to the minute.
    package let seenAt: Instant
    /// After how long without anything done it ends; nil where only its whole length counts.
    package let idleMinutes: Int?
    /// Whether it is at a computer that others use too.
    package let isShared: Bool

    /// Whether it was quiet for too long.
    package func isIdle(at now: Instant) -> Bool {
        idleMinutes.map { seenAt.adding(minutes: $0) <= now } ?? false
    }

    /// Whether it is time to write down that something was done: at most once a minute.
    func isDue(at now: Instant) -> Bool { idleMinutes != nil && seenAt.adding(minutes: 1) <= now }
}

/// One role in one program.
package struct ProgramRole: Hashable, Sendable {
    package let role: Role
    package let program: Program.ID

    package init(_ role: Role, in program: Program.ID) {
        self.role = role
        self.program = program
    }
}

/// What somebody proves who they are with. Tokens appear only as their SHA-256.
package enum Credential: Sendable, Hashable {
    case nobody
    case session(tokenHash: String)
    case partner(tokenHash: String)
    /// A link whose signature was checked.
    case link(SignedLink.Purpose, of: Organization.ID)
    /// The number of a text message leads to this person alone. A number can be feigned, so it opens what they receive
    /// support with and no other role, and no page is shown for it.
    case number(Person.ID, of: Organization.ID)
    case system(Organization.ID)
    /// Whoever sets up the first organization, which gets this identifier. Good for nothing once there is one.
    case setup(Organization.ID)
}
