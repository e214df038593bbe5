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
    /// One thing that is counted.
    package struct Question: Sendable {
        /// The key of its sentence in `Strings`, told with `count`.
        package let key: String
        /// How much there is in the programs of the person asking, counted to some limit by an index: a `SELECT` of one
        /// number.
        package let query: SQL

        package init(_ key: String, _ query: SQL) { (self.key, self.query) = (key, query) }
    }

    private enum Counting: Sendable {
        /// Asked in one statement with those of all other features.
        case together(@Sendable (Reading) throws -> [Question])
        /// Where no query alone can tell: one statement.
        case apart(key: String, @Sendable (Reading) throws -> Int)
    }

    /// Where it is listed.
    package let path: String
    /// On whose first pages it stands.
    package let roles: Set<Role>
    private let counting: Counting

    private init(_ counting: Counting, at path: String, for roles: Set<Role>) {
        (self.counting, self.path, self.roles) = (counting, path, roles)
    }

    package init(
        _ key: String, at path: String, for roles: Set<Role> = [.coordinator],
        query: @escaping @Sendable (Reading) throws -> SQL
    ) {
        self.init(.together { [Question(key, try query($0))] }, at: path, for: roles)
    }

    /// Several things on one page.
    package init(
        at path: String, for roles: Set<Role>, questions: @escaping @Sendable (Reading) throws -> [Question]
    ) {
        self.init(.together(questions), at: path, for: roles)
    }

    package init(
        _ key: String, at path: String, for roles: Set<Role> = [.coordinator],
        count: @escaping @Sendable (Reading) throws -> Int
    ) {
        self.init(.apart(key: key, count), at: path, for: roles)
    }

    /// The keys of the sentences of all that it counts.
    package func keys(in db: Reading) throws -> [String] {
        switch counting {
        case .apart(let key, _): [key]
        case .together(let questions): try questions(db).map(\.key)
        }
    }

    /// Something of which there is some.
    package struct Line: Sendable {
        package let key: String
        package let path: String
        package let count: Int

        package func shown(_ words: Words) -> Value {
            ["path": .text(path), "text": .text(words(key, count: count))]
        }
    }

    /// What is late of what somebody with `role` has to look at, in the order of the features.
    package static func late(for role: Role, in db: Reading) throws -> [Line] {
        var (lines, queries): ([Line], [(line: Int, query: SQL)]) = ([], [])
        for work in Features.all.flatMap(\.raised) where work.roles.contains(role) {
            switch work.counting {
            case .apart(let key, let count): lines.append(Line(key: key, path: work.path, count: try count(db)))
            case .together(let questions):
                for question in try questions(db) {
                    queries.append((lines.count, question.query))
                    lines.append(Line(key: question.key, path: work.path, count: 0))
                }
            }
        }
        if !queries.isEmpty {
            let parts: [SQL] = queries.map { line, query in
                "SELECT CAST(\(line) AS BIGINT) AS line, (\(query)) AS count"
            }
            let counts = try db.all(SQL.joined(parts, separator: " UNION ALL ")) {
                (line: try $0["line"] as Int, count: try $0["count"] as Int)
            }
            for (line, count) in counts {
                lines[line] = Line(key: lines[line].key, path: lines[line].path, count: count)
            }
        }
        return lines.filter { $0.count > 0 }
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
