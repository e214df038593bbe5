import Foundation
import Storage

/// How a program judges and times its referrals. Versioned data: each referral keeps the version it was judged by.
package struct Policy: Sendable, Codable, Equatable {
    /// Hours until a referral in a queue is late, by queue and priority.
    package var clockHours: [String: ClockHours]
    /// Codes a decline may give; `Strings` says them in words, unless the program brings its own in `declineWords`.
    package var declineReasons: [String]
    /// The program's own wording for decline reasons, by code.
    package var declineWords: [String: String]
    /// Who the program is for, in plain words, shown to referrers and to people who ask.
    package var eligibility: String
    /// Words that show a referral is for this program, lower case, for FHIR reasons and topics.
    package var topics: [String]
    /// What makes a referral urgent whatever its sender says; judged once, when it comes in.
    package var urgentWhen: [UrgencyRule]
    /// Whether people who referred somebody are told by mail that there is news.
    package var writesToReferrers: Bool
    /// How many hours a supervisor sees a record that they opened for a reason; nil: the usual time.
    package var openingHours: Int?
    /// Within how many hours somebody else reviews that; nil: the usual time.
    package var openingReviewHours: Int?
    /// The program's records fall under 42 CFR Part 2: what leaves to another organization says that it may not be told
    /// further. Nil is no.
    package var isPart2: Bool?
    /// What people are asked after they asked for support; nil: the usual, ``NeedsRules/init(questions:rules:)``.
    package var needsCheck: NeedsRules?

    package struct ClockHours: Sendable, Codable, Equatable {
        package var routine: Int
        package var urgent: Int

        package init(routine: Int, urgent: Int) {
            self.routine = routine
            self.urgent = urgent
        }
    }

    package init(
        clockHours: [String: ClockHours] = Policy.usualClocks, declineReasons: [String] = Policy.usualDeclineReasons,
        declineWords: [String: String] = [:], eligibility: String = "", topics: [String] = [],
        urgentWhen: [UrgencyRule] = [], writesToReferrers: Bool = false
    ) {
        self.clockHours = clockHours
        self.declineReasons = declineReasons
        self.declineWords = declineWords
        self.eligibility = eligibility
        self.topics = topics
        self.urgentWhen = urgentWhen
        self.writesToReferrers = writesToReferrers
    }

    /// Reads a policy as it was published; older ones say less.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        clockHours = try fields.decode([String: ClockHours].self, forKey: .clockHours)
        declineReasons = try fields.decode([String].self, forKey: .declineReasons)
        declineWords = try fields.decode([String: String].self, forKey: .declineWords)
        eligibility = try fields.decode(String.self, forKey: .eligibility)
        topics = try fields.decode([String].self, forKey: .topics)
        urgentWhen = try fields.decode([UrgencyRule].self, forKey: .urgentWhen)
        writesToReferrers = try fields.decodeIfPresent(Bool.self, forKey: .writesToReferrers) ?? false
        openingHours = try fields.decodeIfPresent(Int.self, forKey: .openingHours)
        openingReviewHours = try fields.decodeIfPresent(Int.self, forKey: .openingReviewHours)
        isPart2 = try fields.decodeIfPresent(Bool.self, forKey: .isPart2)
        needsCheck = try fields.decodeIfPresent(NeedsRules.self, forKey: .needsCheck)
    }

    /// A mentee should hear from somebody in 24 to 48 hours; the rest follows from that.
    package static let usualClocks: [String: ClockHours] = [
        "intake": ClockHours(routine: 24, urgent: 4),
        "consent": ClockHours(routine: 48, urgent: 24),
        "matching": ClockHours(routine: 48, urgent: 24),
        "waiting": ClockHours(routine: 168, urgent: 72),
        "answers": ClockHours(routine: 72, urgent: 24),
        "first-contact": ClockHours(routine: 72, urgent: 24),
        "support": ClockHours(routine: 336, urgent: 168),
        "cancellation": ClockHours(routine: 24, urgent: 8)
    ]

    package static let usualDeclineReasons = [
        "not-eligible", "outside-area", "needs-clinical-care", "person-declined", "could-not-reach", "duplicate"
    ]

    /// Hours until a referral in this queue is late.
    package func hours(in queue: String, isUrgent: Bool) -> Int {
        let hours = clockHours[queue] ?? Self.usualClocks[queue] ?? ClockHours(routine: 48, urgent: 24)
        return isUrgent ? hours.urgent : hours.routine
    }
}

/// A policy as published.
package struct PublishedPolicy: Sendable {
    package let version: Int
    package let policy: Policy

    /// The policy in force in a program.
    package static func current(of program: Program.ID, in db: Reading) throws -> PublishedPolicy {
        let found = try db.first(
            """
            SELECT version, policy FROM program_policy WHERE program_id = \(program)
            ORDER BY version DESC LIMIT 1
            """, Self.init(row:))
        guard let found else { throw Fault("program without a policy") }
        return found
    }

    /// The policies in force in an organization, by program.
    package static func all(of organization: Organization.ID, in db: Reading) throws -> [Program.ID: PublishedPolicy] {
        let found = try db.all(
            """
            SELECT p.program_id, p.version, p.policy FROM program_policy p WHERE p.organization_id = \(organization)
            AND p.version = (SELECT max(q.version) FROM program_policy q
                WHERE q.organization_id = p.organization_id AND q.program_id = p.program_id)
            """
        ) { (try $0["program_id"] as Program.ID, try Self(row: $0)) }
        return Dictionary(found) { first, _ in first }
    }

    /// A policy as it was, for judging by the version then in force.
    package static func version(_ version: Int, of program: Program.ID, in db: Reading) throws -> PublishedPolicy {
        let found = try db.first(
            "SELECT version, policy FROM program_policy WHERE program_id = \(program) AND version = \(version)",
            Self.init(row:))
        guard let found else { throw Fault("a referral names a policy version that was never published") }
        return found
    }

    init(row: Row) throws {
        version = try row["version"]
        let text: String = try row["policy"]
        policy = try JSONDecoder().decode(Policy.self, from: Data(text.utf8))
    }
}
