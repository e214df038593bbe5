import Foundation
import Storage

/// A kind of group that a program offers: whom it is for, who may facilitate it, how many take part, what happens in a
/// meeting and what everybody agrees to. Groups are made from it.
package struct GroupType: Named {
    package let id: ID
    package let organization: Organization.ID
    package let program: Program.ID
    package let plan: Plan
    /// The agreements as they are now.
    package let agreements: Agreements

    /// What a coordinator says about it, and can change.
    package struct Plan: Sendable, Equatable {
        package var name: String
        /// Whom it is for, in plain words.
        package var summary: String
        package var facilitators = Facilitators()
        /// With how few members a group begins.
        package var leastMembers = 3
        package var mostMembers = 12
        /// What happens in a meeting, in order, a line for each.
        package var agenda: [String] = []
        /// Whether it is for people who have lost somebody: they are told of it.
        package var isForBereaved = false
        /// Whether members may send pictures and voice notes, which no rule can read.
        package var takesAttachments = false
        package var ages = Ages.adults

        package init(name: String, summary: String) { (self.name, self.summary) = (name, summary) }
    }

    /// Which ages it is for. The two are never in one group: see `Group+Ages.swift`.
    package enum Ages: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// Nobody who is known to be under age.
        case adults
        /// Only people who are under age, led by supporters who are cleared for that.
        case youngPeople = "young-people"
    }

    /// Who may facilitate, and how many of them a meeting needs.
    package struct Facilitators: Sendable, Equatable {
        package var role = Role.supporter
        /// The code of a topic that they have lived through, confirmed by name; nil where none is asked for.
        package var topic: String?
        /// What they must have learned, in words; whoever adds somebody confirms it. nil where nothing is asked for.
        package var training: String?
        /// One or two.
        package var count = 2
        /// With more members than this for each facilitator, a meeting needs another.
        package var membersEach: Int?
        /// How many hours before its beginning a meeting without enough of them is blocked.
        package var blockHours = 24

        package init() {}

        /// Who may be asked to facilitate.
        package static let roles: [Role] = [.supporter, .coordinator, .supervisor]
        package static let counts = 1...2

        /// How many a meeting of so many people needs.
        package func needed(for members: Int) -> Int {
            guard let membersEach, membersEach > 0 else { return count }
            return max(count, (members + membersEach - 1) / membersEach)
        }
    }

    /// One version of what everybody in such a group agrees to.
    package struct Agreements: Sendable, Equatable {
        /// Counts from 1.
        package let version: Int
        package let text: String
    }

    package static let longestName = 80
    package static let longestText = 2_000
    package static let members = 1...500
    package static let mostLines = 20
    /// The latest moment for a block, in hours before a meeting.
    package static let blockHours = 0...336

    init(row: Row) throws {
        id = try row["id"]
        organization = try row["organization_id"]
        program = try row["program_id"]
        var plan = Plan(name: try row["name"], summary: try row["summary"])
        plan.facilitators.role = try row["facilitator_role"]
        plan.facilitators.topic = try row["facilitator_topic"]
        plan.facilitators.training = try row["training"]
        plan.facilitators.count = try row["facilitators"]
        plan.facilitators.membersEach = try row["members_per_facilitator"]
        plan.facilitators.blockHours = try row["block_hours"]
        plan.leastMembers = try row["least_members"]
        plan.mostMembers = try row["most_members"]
        let agenda: String = try row["agenda"]
        plan.isForBereaved = try row["is_for_bereaved"]
        plan.takesAttachments = try row["takes_attachments"]
        plan.ages = try row["ages"]
        plan.agenda = try JSONDecoder().decode([String].self, from: Data(agenda.utf8))
        self.plan = plan
        agreements = Agreements(version: try row["agreements_version"], text: try row["agreements_text"])
    }
}

extension GroupType.Plan {
    /// What is wrong with it, by field.
    var flaws: [String: String] {
        var flaws: [String: String] = [:]
        if name.trimmed.isEmpty { flaws["name"] = "required" }
        if summary.trimmed.isEmpty { flaws["summary"] = "required" }
        if !GroupType.Facilitators.roles.contains(facilitators.role) { flaws["role"] = "not-a-choice" }
        // Only supporters are cleared.
        if ages == .youngPeople, facilitators.role != .supporter { flaws["role"] = "supporters-only" }
        if !GroupType.Facilitators.counts.contains(facilitators.count) { flaws["facilitators"] = "not-a-choice" }
        if !GroupType.members.contains(mostMembers) { flaws["most"] = "not-a-number" }
        if leastMembers < 0 || leastMembers > mostMembers { flaws["least"] = "more-than-most" }
        if let each = facilitators.membersEach, !GroupType.members.contains(each) { flaws["each"] = "not-a-number" }
        if !GroupType.blockHours.contains(facilitators.blockHours) { flaws["block-hours"] = "not-a-number" }
        if agenda.count > GroupType.mostLines { flaws["agenda"] = "too-many-lines" }
        return flaws
    }
}

extension EventKind {
    package static let groupTypeMade = EventKind("group-type.made")
    package static let groupTypeChanged = EventKind("group-type.changed")
    /// Details: `version`.
    package static let agreementsPublished = EventKind("group-type.agreements-published")
}
