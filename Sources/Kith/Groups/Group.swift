import Foundation
import Storage

/// Some people who meet, and who facilitates them: a peer support group. Everything of it is found only through whoever
/// asks, and whoever has left finds nothing.
package struct Group: Named {
    /// The kind of place.
    package enum Setting: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case inPerson = "in-person"
        case online
        /// In a room, and others join from where they are.
        case mixed
    }

    package enum Admission: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// Shown to everybody; whoever takes part in the program joins by themselves.
        case open
        /// Shown to nobody; a coordinator says yes to each.
        case closed
    }

    package enum State: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case planned, active, ended
    }

    /// What somebody may have to do with a group; they may stand in several relations at once.
    package enum Relation: Sendable, CaseIterable {
        case member
        case facilitator
        /// Steps in where a facilitator cannot.
        case cover
        case coordinator
        case supervisor
    }

    package let id: ID
    package let organization: Organization.ID
    package let program: Program.ID
    package let type: GroupType.ID
    package let plan: Plan
    package let state: State
    /// Stands in the link and the picture that people join by.
    package let code: String
    /// What its members and facilitators write to each other; nil until it has begun.
    package let conversation: Conversation.ID?
    /// As whom the person asking looks at it.
    package let relations: Set<Relation>

    /// What a coordinator says about it, and can change.
    package struct Plan: Sendable, Equatable {
        package var name: String
        /// Its language, by code.
        package var language = "en"
        package var setting = Setting.inPerson
        /// Where people meet, unless only online.
        package var place: String?
        /// Where people meet online when that is not in Kith: an address for a browser. Only members and staff read it.
        package var address: String?
        /// A telephone number by which people join.
        package var dialIn: String?
        package var admission = Admission.open
        /// Whom a closed group is for, in words.
        package var membershipRule: String?
        /// What somebody new reads first.
        package var welcome: String?
        /// IANA name, `America/New_York`; its meetings keep the clocks there.
        package var timeZone: String
        /// How many seats a meeting has; nil where everybody may come.
        package var seats: Int?
        /// What it goes through, session by session; nil where it just meets.
        package var course: Course.ID?

        package init(name: String, timeZone: String) { (self.name, self.timeZone) = (name, timeZone) }
    }

    package static let longestName = 80
    package static let longestText = 500
    package static let seats = 1...500

    /// Whether people may join, meet and read.
    package var isOpen: Bool { state != .ended }

    init(row: Row, actor: Actor) throws {
        id = try row["id"]
        organization = try row["organization_id"]
        program = try row["program_id"]
        type = try row["type_id"]
        var plan = Plan(name: try row["name"], timeZone: try row["time_zone"])
        plan.language = try row["language"]
        plan.setting = try row["setting"]
        plan.place = try row["place"]
        plan.address = try row["address"]
        plan.dialIn = try row["dial_in"]
        plan.admission = try row["admission"]
        plan.membershipRule = try row["membership_rule"]
        plan.welcome = try row["welcome"]
        plan.seats = try row["seats"]
        plan.course = try row["course_id"]
        self.plan = plan
        state = try row["state"]
        code = try row["code"]
        conversation = try row["conversation_id"]
        var relations: Set<Relation> = []
        if try row["is_member"] { relations.insert(.member) }
        if let isCover: Bool = try row["is_cover"] { relations.insert(isCover ? .cover : .facilitator) }
        if actor.has(.coordinator, in: program) { relations.insert(.coordinator) }
        if actor.has(.supervisor, in: program) { relations.insert(.supervisor) }
        self.relations = relations
    }

    func event(_ kind: EventKind, of object: String? = nil, _ details: [String: String] = [:]) -> Event {
        Event(kind, of: object ?? id.text, in: program, details)
    }
}

extension Group.Plan {
    /// What is wrong with it, by field.
    var flaws: [String: String] {
        var flaws: [String: String] = [:]
        if name.trimmed.isEmpty { flaws["name"] = "required" }
        if setting != .online, (place ?? "").trimmed.isEmpty { flaws["place"] = "required" }
        if let address, !address.hasPrefix("https://") { flaws["address"] = "not-a-link" }
        if admission == .closed, (membershipRule ?? "").trimmed.isEmpty { flaws["membership-rule"] = "required" }
        if TimeZone(identifier: timeZone) == nil { flaws["time-zone"] = "not-a-choice" }
        if let seats, !Group.seats.contains(seats) { flaws["seats"] = "not-a-number" }
        return flaws
    }
}

extension EventKind {
    package static let groupMade = EventKind("group.made")
    package static let groupChanged = EventKind("group.changed")
    package static let groupStarted = EventKind("group.started")
    package static let groupEnded = EventKind("group.ended")
    /// All of its meetings that lie ahead, or those of a series, were called off or take place elsewhere. Details: `as`,
    /// “canceled” or “place”; `count`.
    package static let meetingsChanged = EventKind("group.meetings-changed")
    /// Details: `as`, “facilitator” or “cover”.
    package static let facilitatorAdded = EventKind("group.facilitator-added")
    package static let facilitatorEnded = EventKind("group.facilitator-ended")
    package static let placeAsked = EventKind("group.place-asked")
    package static let memberJoined = EventKind("group.joined")
    /// Details: `ending`.
    package static let memberEnded = EventKind("group.member-ended")
    /// Details: `version`.
    package static let agreementsAccepted = EventKind("group.agreements-accepted")
    /// The nickname or the reminder was set anew.
    package static let memberChanged = EventKind("group.member-changed")
}
