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
    /// What was noted about the whole group at its end, for those who run meetings of it or look after it; nil where
    /// there is nothing, or it can no longer be read.
    package let note: String?

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
        /// When the form was loaded; whoever has arrived since could not be marked in it.
        package var seen: Instant?

        package init(
            came: Set<GroupMember.ID>, outcomes: [GroupMember.ID: GroupContact.Outcome] = [:], minutes: Int,
            note: String = "", keepsNames: Bool = false, seen: Instant? = nil
        ) {
            (self.came, self.outcomes, self.minutes) = (came, outcomes, minutes)
            (self.note, self.keepsNames, self.seen) = (note, keepsNames, seen)
        }

        /// Whether somebody counts as having come.
        func counts(_ guest: Guest) -> Bool { came.contains(guest.member) || guest.hasArrived(since: seen) }
    }

    /// What in a text may be the name or nickname of somebody who may come, as it was typed: whose name it is stays
    /// untold, for in the group they are who they chose to be. Case and accents do not count.
    package func names(in text: String) -> [String] {
        let typed = text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let words = typed.map(Self.folded)
        var found: [String] = []
        func note(_ range: Range<Int>) {
            let words = typed[range].joined(separator: " ")
            if !found.contains(words) { found.append(words) }
        }
        for guest in guests {
            // A nickname as a whole; of a name each part.
            let parts = Set(guest.names.dropFirst().flatMap(Self.words).filter { $0.count > 2 })
            for (index, word) in words.enumerated() where parts.contains(word) { note(index..<index + 1) }
            let nickname = Self.words(of: guest.nickname)
            guard !nickname.isEmpty, words.count >= nickname.count else { continue }
            for start in 0...words.count - nickname.count {
                let range = start..<start + nickname.count
                if Array(words[range]) == nickname { note(range) }
            }
        }
        return found
    }

    private static func words(of text: String) -> [String] {
        text.split { !$0.isLetter && !$0.isNumber }.map { folded(String($0)) }
    }

    private static func folded(_ word: String) -> String {
        word.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
    }
}

extension RunningMeeting.Guest {
    /// Whether they came after a form was loaded.
    func hasArrived(since seen: Instant?) -> Bool {
        guard let seen, let arrivedAt else { return false }
        return arrivedAt > seen
    }
}

extension EventKind {
    package static let meetingStarted = EventKind("meeting.started")
    /// Details: `way`, “tap”, “code” or “room”.
    package static let memberArrived = EventKind("meeting.arrived")
    package static let arrivalUndone = EventKind("meeting.arrival-undone")
    /// Details: `came`, `minutes`.
    package static let meetingClosed = EventKind("meeting.closed")
}
