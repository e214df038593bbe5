import Foundation
import Storage

/// A meeting as its facilitators run it: who has come, and at its end one form from which everything else follows.
package struct RunningMeeting: Sendable {
    /// Somebody who may come.
    package struct Guest: Sendable {
        package let member: GroupMember.ID
        package let person: Person.ID
        package let nickname: String
        /// What must not stand in a note about the whole group.
        let names: [String]
        package let arrivedAt: Instant?
        /// By the code they were shown, and not by a facilitator.
        package let usedCode: Bool
        /// nil until the meeting is closed.
        package let came: Bool?
        package let outcome: GroupContact.Outcome?

        init(row: Row) throws {
            member = try row["id"]
            person = try row["person_id"]
            nickname = try row["nickname"] ?? ""
            let (name, called): (String, String?) = (try row["name"], try row["called"])
            names = [nickname, name, called ?? ""]
            arrivedAt = try row["arrived_at"]
            let way: String? = try row["way"]
            usedCode = way == "code"
            came = try row["came"]
            outcome = try row["outcome"]
        }
    }

    package let meeting: Meeting
    package let group: Group
    package let type: GroupType
    package let guests: [Guest]
    package let facilitators: [Group.Facilitator]
    /// What people type or scan to say that they are here; nil until it began.
    package let code: String?
    package let startedAt: Instant?
    /// How long it took; nil until it is closed.
    package let minutes: Int?

    /// From how many minutes before its time it can be started.
    package static let earliest = 60
    package static let longestNote = 2_000

    /// Whether it has the facilitators it needs for those who may come.
    package func isStaffed(at now: Instant) -> Bool {
        meeting.staffing(type.plan.facilitators, members: guests.count, at: now) == .enough
    }

    /// How long it has taken, to five minutes; what the form begins with.
    package func usualMinutes(at now: Instant) -> Int {
        let passed = startedAt.map { now.minutes(since: $0) } ?? 0
        // Whoever closes it the day after means the time that was planned.
        guard passed <= meeting.minutes + 60 else { return meeting.minutes }
        return max(5, (passed + 2) / 5 * 5)
    }
}

extension RunningMeeting {
    /// What its facilitators write down at its end.
    package struct Closing: Sendable {
        package var came: Set<GroupMember.ID>
        /// Only where it was not as usual.
        package var outcomes: [GroupMember.ID: GroupContact.Outcome]
        package var minutes: Int
        /// About the whole group; nobody's name belongs into it.
        package var note: String
        /// A word in it is somebody's name and yet right.
        package var keepsNames: Bool

        package init(
            came: Set<GroupMember.ID>, outcomes: [GroupMember.ID: GroupContact.Outcome] = [:], minutes: Int,
            note: String = "", keepsNames: Bool = false
        ) {
            (self.came, self.outcomes, self.minutes) = (came, outcomes, minutes)
            (self.note, self.keepsNames) = (note, keepsNames)
        }
    }

    /// Names and nicknames of those who may come that stand in a text, as whole words: case and accents do not count.
    package func names(in text: String) -> [String] {
        let words = Set(Self.words(of: text))
        var found: [String] = []
        for guest in guests {
            // A nickname as a whole; of a name each part.
            let parts = guest.names.dropFirst().flatMap(Self.words).filter { $0.count > 2 }
            let nickname = Self.words(of: guest.nickname)
            let isNamed = parts.contains(where: words.contains) || !nickname.isEmpty && Self.stands(nickname, in: text)
            if isNamed { found.append(guest.nickname) }
        }
        return found
    }

    private static func words(of text: String) -> [String] {
        text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
            .split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    private static func stands(_ part: [String], in text: String) -> Bool {
        let all = words(of: text)
        guard all.count >= part.count else { return false }
        return (0...all.count - part.count).contains { Array(all[$0..<$0 + part.count]) == part }
    }
}

extension EventKind {
    package static let meetingStarted = EventKind("meeting.started")
    /// Details: `way`, “tap” or “code”.
    package static let memberArrived = EventKind("meeting.arrived")
    package static let arrivalUndone = EventKind("meeting.arrival-undone")
    /// Details: `came`, `minutes`.
    package static let meetingClosed = EventKind("meeting.closed")
}
