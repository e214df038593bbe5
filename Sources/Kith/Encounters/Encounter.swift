import Storage

/// One contact between a supporter and the person they support: planned, or as it came. Only facts; what was said is
/// in the ``Note``.
package struct Encounter: Named {
    package enum Status: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case planned, done
        /// It was time and nobody came or answered.
        case noAnswer = "no-answer"
        case cancelled
    }

    /// What peer support is for: the four functions of Peers for Progress. A contact serves at least one.
    package enum Function: String, Sendable, CaseIterable {
        case dailyManagement = "daily-management"
        case emotionalSupport = "emotional-support"
        case linkageToCare = "linkage-to-care"
        case ongoingAvailability = "ongoing-availability"
    }

    package let id: ID
    package let organization: Organization.ID
    package let program: Program.ID
    package let referral: Referral.ID
    package let match: Match.ID
    package let supporter: Person.ID
    package let participant: Person.ID
    /// What they like to be called.
    package let supporterName: String
    package let participantName: String
    package let status: Status
    package let mode: Format
    package let startsAt: Instant
    package let minutes: Int?
    /// Where, the link of a video call, or the number to call.
    package let place: String?
    package let functions: Set<Function>
    /// How the event log names who planned it; not the supporter where staff entered it for them.
    package let createdBy: String
    package let settledAt: Instant?
    package let settledBy: String?
    /// When somebody else begins to look after it: what became of it is not told, or its note is not finished. Nil where
    /// nothing is left to do.
    package let due: Instant?
    /// Whether the two still work together.
    package let isMatched: Bool
    /// Set where it took place and has no finished note, and never will.
    package let withoutNote: WithoutNote?

    init(row: Row) throws {
        id = try row["id"]
        organization = try row["organization_id"]
        program = try row["program_id"]
        referral = try row["referral_id"]
        match = try row["match_id"]
        supporter = try row["supporter_id"]
        participant = try row["participant_id"]
        supporterName = try row["supporter_name"]
        participantName = try row["participant_name"]
        status = try row["status"]
        mode = try Format(stored: row["mode"])
        startsAt = try row["starts_at"]
        minutes = try row["minutes"]
        place = try row["place"]
        functions = try Set(Function.allCases.filter { try row[$0.rawValue.replacing("-", with: "_")] })
        createdBy = try row["created_by"]
        settledAt = try row["settled_at"]
        settledBy = try row["settled_by"]
        due = try row["due_at"]
        isMatched = try row["match_status"] == Match.Status.active.rawValue
        withoutNote = try WithoutNote(row: row)
    }

    /// Whether staff entered it for the supporter.
    package var isProxyEntry: Bool { (settledBy ?? createdBy) != "person:\(supporter)" }
}

extension Format {
    /// The channel that somebody is reached on when they meet this way; nil where nobody is called or written to.
    package var channel: ContactChannel.Kind? {
        switch self {
        case .phone: .phone
        case .inPerson, .video, .messages: nil
        }
    }

    init(stored text: String) throws {
        guard let format = Format(rawValue: text) else { throw Fault("an encounter of an unknown kind") }
        self = format
    }
}

extension Encounter {
    /// When and how people mean to meet.
    package struct Plan: Sendable, Equatable {
        package var mode: Format
        package var startsAt: Instant
        package var place: String?

        package init(mode: Format, startsAt: Instant, place: String? = nil) {
            self.mode = mode
            self.startsAt = startsAt
            self.place = place.map { String($0.trimmed) }.flatMap { $0.isEmpty ? nil : $0 }
        }

        /// How far ahead a contact can be planned, in days.
        static let furthest = 366

        /// What is wrong with it, as a code for each field: `mode`, `date`, `place`.
        package func errors(at now: Instant) -> [String: String] {
            var errors: [String: String] = [:]
            // Messages need no appointment.
            if mode == .messages { errors["mode"] = "not-a-choice" }
            if startsAt <= now { errors["date"] = "in-the-past" }
            if startsAt > now.adding(days: Self.furthest) { errors["date"] = "too-far-ahead" }
            switch (mode, place) {
            case (.inPerson, nil), (.video, nil): errors["place"] = "required"
            case (.video, let link?) where !Self.isLink(link): errors["place"] = "not-a-link"
            default: break
            }
            return errors
        }

        /// An address that is safe to put behind a button: encrypted, in plain visible characters.
        static func isLink(_ text: String) -> Bool {
            text.hasPrefix("https://") && text.utf8.count > 10 && text.utf8.count <= 500
                && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"<>\\".utf8.contains($0) }
        }
    }

    /// What took place.
    package struct Held: Sendable, Equatable {
        package var mode: Format
        package var minutes: Int
        package var functions: Set<Function>

        package init(mode: Format, minutes: Int, functions: Set<Function>) {
            self.mode = mode
            self.minutes = minutes
            self.functions = functions
        }

        /// A day at most.
        static let minutesAllowed = 1...1_440

        /// What is wrong with it, as a code for each field: `minutes`, `functions`.
        package var errors: [String: String] {
            var errors: [String: String] = [:]
            if !Self.minutesAllowed.contains(minutes) { errors["minutes"] = "not-in-a-day" }
            if functions.isEmpty { errors["functions"] = "one-function" }
            return errors
        }
    }

    /// What happens to a contact, as the referral hears of it.
    package enum Happening: Sendable, CaseIterable {
        case planned, noAnswer, cancelled, done
    }

    /// The moves by which a referral follows. Where its table has no direct row, the contact counts as arranged first.
    ///
    /// None where the table leaves no room: the sender asked to stop, or a partner tells no more than “in progress”.
    /// A state that allows no contact at all gets the move that its table refuses.
    package static func moves(for happening: Happening, from state: ReferralState) -> [ReferralMove] {
        if state == .cancellationRequested || state == .inProgress { return [] }
        switch happening {
        case .planned:
            return [state == .scheduled ? .reschedule : .schedule]
        case .noAnswer:
            return [.accepted, .attended, .unattended, .eventCancelled].contains(state)
                ? [.schedule, .noShow] : [.noShow]
        case .cancelled:
            // What is called off already, or over, stays as it is.
            return [.scheduled, .attended, .unattended].contains(state) ? [.cancelEvent] : []
        case .done:
            return state == .unattended || state == .eventCancelled ? [.schedule, .interimNote] : [.interimNote]
        }
    }
}

extension EventKind {
    /// Details: `mode`, `entered_by`.
    package static let encounterPlanned = EventKind("encounter.planned")
    package static let encounterRescheduled = EventKind("encounter.rescheduled")
    /// Details: `entered_by`, or `cause` where it followed from something else.
    package static let encounterCancelled = EventKind("encounter.cancelled")
    /// Details: `mode`, `minutes`, `functions`, `entered_by`.
    package static let encounterDone = EventKind("encounter.done")
    package static let encounterNoAnswer = EventKind("encounter.no-answer")
    /// Details: `reason`.
    package static let encounterWithoutNote = EventKind("encounter.without-note")
}
