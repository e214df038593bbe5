import Storage
import Web

/// One feature of the product: a folder with its types, actions, queries, pages, routes and schema.
package struct Feature: Sendable {
    package let name: String
    package var migrations: [Migration] = []
    package var routes: [Route] = []
    package var events: [EventKind] = []
    package var reactions: [(EventKind, Reaction)] = []
    /// Questions whose answer must be none: what started and has no owner, no due date or no end.
    package var orphans: [OrphanCheck] = []
    package var raised: [RaisedWork] = []
    /// What it has to say about writing in conversations.
    package var gates: [ConversationGate] = []
    /// What it adds to what somebody takes along.
    package var copied: CopiedPart?
    /// What it puts into messages by mail. Like a claim it is nobody's act, so rows change without an event.
    package var enclosing: (@Sendable (Enclosing, Writing) throws -> [Letter.CalendarPart])?
    /// What must not come back with a backup: run at the end of a restore, before anybody uses it.
    package var afterRestore: [@Sendable (Instant) -> SQL] = []
    /// What takes somebody out of the feature's tables: rows that are theirs alone are deleted, others lose what names
    /// or describes them. Texts under their key need none, they go with it.
    package var erasures: [@Sendable (Organization.ID, Person.ID, Instant) -> SQL] = []

    package init(
        name: String, migrations: [Migration] = [], routes: [Route] = [], events: [EventKind] = [],
        reactions: [(EventKind, Reaction)] = [], orphans: [OrphanCheck] = [], raised: [RaisedWork] = [],
        gates: [ConversationGate] = [], copied: CopiedPart? = nil,
        afterRestore: [@Sendable (Instant) -> SQL] = [],
        erasures: [@Sendable (Organization.ID, Person.ID, Instant) -> SQL] = [],
        enclosing: (@Sendable (Enclosing, Writing) throws -> [Letter.CalendarPart])? = nil
    ) {
        self.name = name
        self.migrations = migrations
        self.routes = routes
        self.events = events
        self.reactions = reactions
        self.orphans = orphans
        self.raised = raised
        self.gates = gates
        self.copied = copied
        self.afterRestore = afterRestore
        self.erasures = erasures
        self.enclosing = enclosing
    }
}

/// A part of somebody's copy that a feature after it keeps.
package struct CopiedPart: Sendable {
    /// One line of it, in the reader's language.
    package typealias Line = @Sendable (Words) -> PersonCopy.Line

    /// The key of its heading is `copy.` and this.
    package let name: String
    package let lines: @Sendable (Person.ID, Organization.ID, Reading) throws -> [Line]

    package init(
        _ name: String, lines: @escaping @Sendable (Person.ID, Organization.ID, Reading) throws -> [Line]
    ) {
        self.name = name
        self.lines = lines
    }
}

/// Finds things that were started and then forgotten.
package struct OrphanCheck: Sendable {
    /// What is looked for, in plain words for the operator.
    package let name: String
    /// Answers with the identifiers of orphans; it must find none.
    package let query: @Sendable (Instant) -> SQL

    package init(_ name: String, _ query: @escaping @Sendable (Instant) -> SQL) {
        self.name = name
        self.query = query
    }
}

/// What a feature has that is late, for the first pages of those whose it is, which cannot know the features after them.
package struct RaisedWork: Sendable {
    /// The key of its sentence in `Strings`, told with `count`.
    package let key: String
    /// Where it is listed.
    package let path: String
    /// On whose first pages it stands.
    package let roles: Set<Role>
    /// How much there is in the programs of the person asking, counted to some limit: one statement, by an index.
    package let count: @Sendable (Reading) throws -> Int
    /// Where one statement counts several things, each told in a sentence of its own.
    private var counts: (@Sendable (Reading) throws -> [(key: String, count: Int)])?

    package init(
        _ key: String, at path: String, for roles: Set<Role> = [.coordinator],
        count: @escaping @Sendable (Reading) throws -> Int
    ) {
        self.key = key
        self.path = path
        self.roles = roles
        self.count = count
    }

    /// Several things on one page, counted in one statement.
    package init(
        at path: String, for roles: Set<Role>,
        counts: @escaping @Sendable (Reading) throws -> [(key: String, count: Int)]
    ) {
        self.init("", at: path, for: roles) { _ in 0 }
        self.counts = counts
    }

    private func late(in db: Reading) throws -> [(work: RaisedWork, count: Int)] {
        guard let counts else { return [(self, try count(db))] }
        return try counts(db).map { key, count in (RaisedWork(key, at: path, for: roles) { _ in count }, count) }
    }

    package func shown(_ count: Int, _ words: Words) -> Value {
        ["path": .text(path), "text": .text(words(key, count: count))]
    }

    /// What is late of what somebody with `role` has to look at.
    package static func late(for role: Role, in db: Reading) throws -> [(work: RaisedWork, count: Int)] {
        try Features.all.flatMap(\.raised).filter { $0.roles.contains(role) }.flatMap { try $0.late(in: db) }
            .filter { $0.count > 0 }
    }
}

/// The product's features in the order in which they may depend on each other: each may name types of those before it,
/// and reacts to those after it by event. A test holds the folders to this.
package enum Features {
    package static let all: [Feature] = [
        Feature(name: "Audit", migrations: Audit.migrations),
        Backup.feature,
        Program.feature,
        Person.feature,
        Wall.feature,
        Consent.feature,
        Clearance.feature,
        Breather.feature,
        Supporter.feature,
        Contact.feature,
        SupportPause.feature,
        Referral.feature,
        Match.feature,
        ProgramNeeds.feature,
        Conversation.feature,
        Encounter.feature,
        Cover.feature,
        Group.feature,
        VideoRoom.feature,
        Loss.feature,
        HardDayPlan.feature,
        Goal.feature,
        PersonCopy.feature,
        Erasure.feature,
        OutgoingMessage.feature,
        Concern.feature,
        NeedsCheck.feature,
        Talk.feature,
        Moderation.feature,
        MemberStory.feature,
        LibraryPage.feature,
        Accreditation.feature,
        Learning.feature,
        Fairness.feature,
        CalendarFeed.feature,
        Privacy.feature,
        Setup.feature,
        Home.feature,
        OnBehalf.feature,
        Device.feature,
        Design.feature,
        Texting.feature,
        Papers.feature
    ]

    /// Every migration, in the order of the features.
    package static var migrations: [Migration] { all.flatMap(\.migrations) }

    /// What features after the copy add to it.
    package static let copied = all.compactMap(\.copied)

    /// Everything that is asked about each message.
    package static let gates = all.flatMap(\.gates)
}
