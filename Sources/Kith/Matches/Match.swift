import Foundation
import Storage

/// One supporter offered to one person, and what became of it. Both say yes or no for themselves and without a reason;
/// a no ends it, and neither learns from Kith whose no it was.
package struct Match: Named {
    package enum Status: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// Not both have said yes yet.
        case proposed
        case active
        /// One of the two said no.
        case declined
        /// Taken back before both had answered.
        case withdrawn
        /// Over, after it was active.
        case ended
    }

    package enum Side: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case participant, supporter

        var other: Side { self == .participant ? .supporter : .participant }
    }

    package enum Answer: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case yes, no
    }

    /// Why an active match ended, as far as the next suggestion needs to know. Never who wanted it, never why.
    package enum EndReason: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// One of them asked for a change: not suggested to each other again.
        case asked
        /// The supporter cannot go on at present.
        case away
        /// The referral was closed.
        case closed
        /// The person no longer agrees to take part.
        case consent
    }

    package let id: ID
    package let organization: Organization.ID
    package let referral: Referral.ID
    package let program: Program.ID
    package let participant: Person.ID
    package let supporter: Person.ID
    package let status: Status
    package let points: Int
    /// Why it was suggested, as it was then.
    package let reasons: [MatchReason]
    /// Names the weights by which the points were counted.
    package let weightsVersion: Int
    package let proposedAt: Instant
    package let startedAt: Instant?
    package let endedAt: Instant?
    /// Since when the two are kept apart for the age of one of them. It stays their match meanwhile.
    package let apartAt: Instant?
    /// The match whose supporter is not there; nil for all but those who stand in.
    package let standsInFor: ID?

    package init(row: Row) throws {
        id = try row["id"]
        organization = try row["organization_id"]
        referral = try row["referral_id"]
        program = try row["program_id"]
        participant = try row["participant_id"]
        supporter = try row["supporter_id"]
        status = try row["status"]
        points = try row["points"]
        reasons = try JSONDecoder().decode([MatchReason].self, from: Data((row["reasons"] as String).utf8))
        weightsVersion = try row["weights_version"]
        proposedAt = try row["proposed_at"]
        startedAt = try row["started_at"]
        endedAt = try row["ended_at"]
        apartAt = try row["apart_at"]
        standsInFor = try row["stands_in_for"]
    }

    package var isOpen: Bool { status == .proposed || status == .active }
    package var isApart: Bool { status == .active && apartAt != nil }

    /// The side somebody stands on in their own right; nil for everybody else.
    package func side(of person: Person.ID?) -> Side? {
        switch person {
        case participant: .participant
        case supporter: .supporter
        default: nil
        }
    }

    func event(_ kind: EventKind, about subject: Person.ID?, _ details: [String: String] = [:]) -> Event {
        var event = Event(kind, of: id.text, about: subject, in: program, details)
        event.organization = organization
        return event
    }
}

extension EventKind {
    package static let matchProposed = EventKind("match.proposed")
    /// Details: `side`; not the answer, which is between the two and their coordinator.
    package static let matchAnswered = EventKind("match.answered")
    /// Both said yes. Its object is the match, its subject the participant.
    package static let matchStarted = EventKind("match.started")
    /// An active match is over. Details: `reason`.
    package static let matchEnded = EventKind("match.ended")
    /// A proposal was taken back.
    package static let matchWithdrawn = EventKind("match.withdrawn")
    /// The two of an active match are kept apart for the age of one of them.
    package static let matchParted = EventKind("match.parted")
    /// What kept them apart is over.
    package static let matchRejoined = EventKind("match.rejoined")
    /// Whoever stood in goes on for good, because the one they stood in for does not come back.
    package static let matchKept = EventKind("match.kept")
    package static let waitingStarted = EventKind("waiting.started")
    package static let waitingEnded = EventKind("waiting.ended")
}
