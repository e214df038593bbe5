import Storage

/// Somebody was pointed to a program, by a clinician, by staff or by themselves. While it is open it stands in exactly
/// one queue, with one owner and a clock; when it ends, whoever sent it hears. It never carries a clinical record.
package struct Referral: Named {
    package enum Origin: String, Sendable, SQLConvertible, SQLDecodable {
        /// A partner's system, by FHIR.
        case partner
        /// A referrer, by the form.
        case referrer
        /// The person, by the public page.
        case own = "self"
        /// Closed elsewhere before it came here; kept so that nobody starts from nothing.
        case history
    }

    package enum Priority: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case routine, urgent
    }

    /// What has to happen next. A closed referral is in none.
    package enum Queue: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// To be accepted or declined.
        case intake
        /// To be reached and asked whether they want this.
        case consent
        /// To be offered a supporter.
        case matching
        /// Nobody is free.
        case waiting
        /// Somebody was proposed; both have to say yes.
        case answers
        /// Both said yes; the first contact is due.
        case firstContact = "first-contact"
        /// Under way.
        case support
        /// The sender asks to stop.
        case cancellation
    }

    /// Who asks to stop. What the person asks for themselves is theirs to tell.
    package enum StopAsker: String, Sendable, SQLConvertible, SQLDecodable {
        case sender, person
    }

    package let id: ID
    package let organization: Organization.ID
    /// What people quote: eight letters and digits that cannot be confused.
    package let reference: String
    package let program: Program.ID
    package let person: Person.ID
    package let origin: Origin
    package let partner: Partner.ID?
    package let referrer: Person.ID?
    /// A caregiver is involved: somebody asked for a person they care for, or was referred because they care for one.
    package let forOther: Bool
    /// Why they are referred, as stored; ``reason(with:)`` opens it.
    private let sealedReason: String
    package let priority: Priority
    /// Since when it is urgent by something the person said; nil where it came as it is.
    package let soonerSince: Instant?
    package let state: ReferralState
    package let policyVersion: Int
    package let queue: Queue?
    package let owner: Person.ID?
    package let due: Instant?
    package let receivedAt: Instant
    package let closedAt: Instant?
    package let reopens: ID?
    /// The one that goes on instead; never itself joined with another.
    package let mergedInto: ID?
    /// Who asked to stop, where somebody did.
    package let stopAskedBy: StopAsker?
    package let revision: Int

    package init(row: Row) throws {
        id = try row["id"]
        organization = try row["organization_id"]
        reference = try row["reference"]
        program = try row["program_id"]
        person = try row["person_id"]
        origin = try row["origin"]
        partner = try row["partner_id"]
        referrer = try row["referrer_id"]
        forOther = try row["for_other"]
        sealedReason = try row["reason"]
        priority = try row["priority"]
        soonerSince = try row["sooner_at"]
        state = try row["state"]
        policyVersion = try row["policy_version"]
        queue = try row["queue"]
        owner = try row["owner_id"]
        due = try row["due_at"]
        receivedAt = try row["received_at"]
        closedAt = try row["closed_at"]
        reopens = try row["reopens_id"]
        mergedInto = try row["merged_into_id"]
        stopAskedBy = try row["stop_asked_by"]
        revision = try row["revision"]
    }

    package var isOpen: Bool { queue != nil }

    /// Why they are referred, in the words of whoever did; nil when they can no longer be read.
    /// - Parameter key: the one of the person it is about.
    package func reason(with key: TextKey?) -> String? { key?.open(sealedReason, from: Self.place(of: id, "reason")) }

    /// Where a text of a referral is kept.
    static func place(of id: ID, _ text: String) -> TextPlace { TextPlace("referral", "\(id) \(text)") }

    /// Whether the sender waits for us to confirm that we stop.
    package var isStopAskedBySender: Bool { state == .cancellationRequested && stopAskedBy == .sender }
}

extension ReferralState: SQLConvertible, SQLDecodable {
    package var sqlValue: SQLValue { .text(businessStatus) }
    package static func decode(_ cell: Cell) throws(StoreError) -> ReferralState {
        guard let state = ReferralState(businessStatus: try cell.text()) else {
            throw cell.unreadable(as: "referral state")
        }
        return state
    }
}

/// What whoever sent a referral is told, each at most once.
package enum ReferralChange: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
    case received
    case accepted
    case declined
    case firstContact = "first-contact"
    case closed
    case cancelled
    /// It was the second about the same need and goes on as the first.
    case merged

    /// Whether it tells how the person uses support: then only when they released that. The rest tells what the
    /// program did with the letter it was sent, or answers what the sender itself asked for. That is what the words
    /// say that people sign.
    package var needsRelease: Bool { self == .firstContact || self == .closed }

    /// Whether the sender hears no more after it.
    package var isLast: Bool { self == .declined || self == .closed || self == .cancelled }

    /// What it is to the sender of a referral that was joined with the one it happens to: that somebody else asked to
    /// stop is not theirs to hear.
    var forJoined: ReferralChange? {
        switch self {
        case .received, .merged: nil
        case .accepted, .declined, .firstContact, .closed: self
        case .cancelled: .closed
        }
    }

    /// The order in which they can happen, for changes of one moment.
    var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// A new referral as it comes in, from any door.
package struct ReferralDraft: Sendable {
    package enum Who: Sendable {
        case new(PersonDraft)
        case known(Person.ID)
    }

    package var program: Program.ID
    package var who: Who
    package var origin: Referral.Origin
    package var partner: Partner.ID?
    package var referrer: Person.ID?
    package var forOther = false
    package var reason: String
    package var priority: Referral.Priority = .routine
    package var wishes = Wishes()
    /// A caregiver, or whom they care for, where somebody told.
    package var care: Care?
    package var reopens: Referral.ID?
    /// Names one sending of one form: what comes with it again is the same referral, not another.
    package var formKey: String?

    package init(
        program: Program.ID, who: Who, origin: Referral.Origin, partner: Partner.ID? = nil,
        referrer: Person.ID? = nil, reason: String
    ) {
        self.program = program
        self.who = who
        self.origin = origin
        self.partner = partner
        self.referrer = referrer
        self.reason = reason
    }
}

extension EventKind {
    package static let referralReceived = EventKind("referral.received")
    package static let referralMoved = EventKind("referral.moved")
    package static let referralPlaced = EventKind("referral.placed")
    package static let referralTold = EventKind("referral.told")
    package static let referralOwned = EventKind("referral.owned")
    package static let referralReopened = EventKind("referral.reopened")
    package static let referralMerged = EventKind("referral.merged")
    package static let stopAsked = EventKind("referral.stop-asked")
    package static let contactTried = EventKind("referral.contact-tried")
    package static let feedbackGiven = EventKind("referral.feedback")
    package static let historyKept = EventKind("referral.history-kept")
}
