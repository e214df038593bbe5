import Storage

/// Questions asked by somebody, in one snapshot. What is found of other people's records is noted, and the note is
/// durable before the answer leaves.
package class Reading {
    let reader: Reader
    package let actor: Actor
    package let world: World
    /// The moment of this request; the same for everything in it.
    package let now: Instant
    private(set) var disclosures: [Disclosure] = []

    init(_ reader: Reader, as actor: Actor, in world: World) {
        self.reader = reader
        self.actor = actor
        self.world = world
        now = world.now()
    }

    /// The organization of the person asking.
    /// - Throws: ``Problem/signInNeeded`` for a visitor.
    package var organization: Organization.ID {
        get throws(Problem) {
            guard let organization = actor.organization else { throw .signInNeeded }
            return organization
        }
    }

    /// The person asking.
    /// - Throws: ``Problem/signInNeeded`` unless somebody is signed in.
    package var me: Person.ID {
        get throws(Problem) {
            guard let person = actor.person else { throw .signInNeeded }
            return person
        }
    }

    /// Whoever is signed in, also while they have to set up a second factor first: for their own account only.
    package var accountHolder: Person.ID {
        get throws(Problem) {
            if let enrolling = actor.enrolling { return enrolling }
            return try me
        }
    }

    /// For what matters more than the rest, such as taking data out: a session left open must not be enough.
    /// - Throws: ``Problem/proofNeeded`` unless the person asking proved who they are in the last
    ///   ``SessionState/freshMinutes``. The program itself needs no proof.
    package func checkFreshProof() throws(Problem) {
        if actor.kind == .system { return }
        guard let proved = actor.session?.provedAt, proved.adding(minutes: SessionState.freshMinutes) > now else {
            throw .proofNeeded
        }
    }

    package var statements: Int { reader.statements }

    package func all<T>(_ sql: SQL, _ decode: (Row) throws -> T) throws -> [T] { try reader.all(sql, decode) }
    package func first<T>(_ sql: SQL, _ decode: (Row) throws -> T) throws -> T? { try reader.first(sql, decode) }
    package func value<T: SQLDecodable>(_ sql: SQL, as type: T.Type = T.self) throws -> T? { try reader.value(sql) }
    package func values<T: SQLDecodable>(_ sql: SQL, as type: T.Type = T.self) throws -> [T] { try reader.values(sql) }
    package func exists(_ sql: SQL) throws -> Bool { try reader.exists(sql) }

    /// The programs in which the person asking has one of `roles`, as the right side of `IN`. What of somebody else's
    /// record may be found there, the rules of the wall say: ``reach(_:of:as:)``.
    package func reach(_ roles: Role...) throws -> SQL { try reach(roles) }

    package func reach(_ roles: [Role]) throws -> SQL {
        let (organization, me) = (try organization, try me)
        return """
            (SELECT program_id FROM membership WHERE organization_id = \(organization) AND person_id = \(me)
            AND ended_at IS NULL AND role IN \(list: roles))
            """
    }

    /// The calendar day of this moment in the zone of the person asking.
    var today: Day { LocalClock(zone: actor.timeZone).day(of: now) }

    /// Notes that the answer tells something of `subject`'s record. Looking at one's own is not a disclosure.
    package func disclose(_ what: Disclosure.What, of subject: Person.ID) {
        guard subject != actor.person, actor.kind != .system else { return }
        disclosures.append(Disclosure(subject: subject, what: what))
    }
}

/// Something of a person's record that was shown to somebody else.
package struct Disclosure: Sendable, Hashable {
    package enum What: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// Name and state in a list.
        case listed
        case referral
        case matching
        case needsCheck = "needs-check"
        case conversation
        case encounter
        case note
        /// To the organization that referred, by page, link or FHIR.
        case status
        case hardDayPlan = "hard-day-plan"
        case preparationSheet = "preparation-sheet"
        case goals
        case storySheet = "story-sheet"
        /// The whole record, opened for a reason.
        case opened
    }

    package let subject: Person.ID
    package let what: What
}

/// Changes made by somebody, in one transaction that also holds what was changed, by whom.
package final class Writing: Reading {
    let writer: Writer
    private(set) var events: [Event] = []
    private(set) var announcements: Set<Announcement> = []

    init(_ writer: Writer, as actor: Actor, in world: World) {
        self.writer = writer
        super.init(writer, as: actor, in: world)
    }

    var rowsChanged: Int { writer.rowsChanged }

    @discardableResult
    package func run(_ sql: SQL) throws -> Int { try writer.run(sql) }

    /// Records what was done. A transaction that changes rows and records nothing is rolled back.
    package func record(_ event: Event) { events.append(event) }

    /// Wakes those who listen, after the commit. It carries nothing: they read the table.
    package func announce(_ announcement: Announcement) { announcements.insert(announcement) }

    package func newID<Thing>() -> Identifier<Thing> { Identifier(world.newIdentifier()) }
}

/// Where something new can be read. Names a place, never content.
package enum Announcement: Hashable, Sendable {
    case conversation(String)
    case person(Person.ID)
    /// A session that has ended.
    case session(tokenHash: String)
    /// A room for a meeting, or somebody's place in one.
    case room(String)
    /// Something is to leave the house.
    case outbox

    /// As one process tells it to another. It names a place, never content.
    var word: String {
        switch self {
        case .conversation(let id): "conversation \(id)"
        case .person(let id): "person \(id)"
        case .session(let tokenHash): "session \(tokenHash)"
        case .room(let id): "room \(id)"
        case .outbox: "outbox"
        }
    }

    init?(word: String) {
        let parts = word.split(separator: " ", maxSplits: 1).map(String.init)
        switch (parts.first, parts.dropFirst().first) {
        case ("conversation", let id?): self = .conversation(id)
        case ("person", let id?): self = .person(Person.ID(id))
        case ("session", let tokenHash?): self = .session(tokenHash: tokenHash)
        case ("room", let id?): self = .room(id)
        case ("outbox", nil): self = .outbox
        default: return nil
        }
    }
}
