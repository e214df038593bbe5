/// Where a referral stands, as the FHIR Task of a closed-loop referral says it: a status, and below `inProgress` the
/// business status of BSeR (`TaskBusinessStatusCS`).
package enum ReferralState: Sendable, Hashable, CaseIterable {
    /// The sender is still writing. Never stored here: a referral begins where the sender's draft ends.
    case draft
    /// 2.0, sent and not yet judged.
    case received
    /// 3.0
    case accepted
    /// 5.1: under way, by a partner who does not tell more.
    case inProgress
    /// 5.1.1: a contact is arranged.
    case scheduled
    /// 5.1.2: nobody came or answered.
    case unattended
    /// 5.1.3: the arranged contact was called off.
    case eventCancelled
    /// 5.1.4: a contact took place.
    case attended
    /// 5.2: the sender asks to stop.
    case cancellationRequested
    /// 4.0
    case rejected
    /// 6.0
    case cancelled
    /// 7.0
    case completed

    /// FHIR R4 Task.status.
    package var taskStatus: String {
        switch self {
        case .draft: "draft"
        case .received: "received"
        case .accepted: "accepted"
        case .inProgress, .scheduled, .unattended, .eventCancelled, .attended, .cancellationRequested: "in-progress"
        case .rejected: "rejected"
        case .cancelled: "cancelled"
        case .completed: "completed"
        }
    }

    /// BSeR TaskBusinessStatusCS: also how the state is stored. A draft has none there; 1.0 is ours.
    package var businessStatus: String {
        switch self {
        case .draft: "1.0"
        case .received: "2.0"
        case .accepted: "3.0"
        case .rejected: "4.0"
        case .inProgress: "5.1"
        case .scheduled: "5.1.1"
        case .unattended: "5.1.2"
        case .eventCancelled: "5.1.3"
        case .attended: "5.1.4"
        case .cancellationRequested: "5.2"
        case .cancelled: "6.0"
        case .completed: "7.0"
        }
    }

    package init?(businessStatus: String) {
        guard let state = Self.allCases.first(where: { $0.businessStatus == businessStatus }) else { return nil }
        self = state
    }

    /// Nothing leaves these. Coming back is a new referral that points to the old one.
    package var isTerminal: Bool {
        switch self {
        case .rejected, .cancelled, .completed: true
        default: false
        }
    }
}

/// Who moves a referral: the side that sent it or the side that received it.
package enum ReferralSide: Sendable, Hashable {
    case initiator
    case recipient
}

/// What can happen to a referral.
package enum ReferralMove: String, Sendable, CaseIterable {
    case send
    case accept
    case decline
    case requestCancellation = "request-cancellation"
    /// A contact is arranged, first or anew.
    case schedule
    /// Arranged anew while one is arranged already.
    case reschedule
    case noShow = "no-show"
    case cancelEvent = "cancel-event"
    /// A contact took place.
    case interimNote = "interim-note"
    case outcome
    case confirmCancellation = "confirm-cancellation"
    /// Under way by an arranged contact, where no more is told.
    case start
    /// Under way by a note, where no more is told.
    case startWithNote = "start-with-note"

    /// Whether it ends the referral.
    var isEnd: Bool { self == .decline || self == .outcome || self == .confirmCancellation }

    package var side: ReferralSide { self == .send || self == .requestCancellation ? .initiator : .recipient }
}

extension ReferralState {
    /// The harmonized table of BSeR and IHE 360X: where a move leads, and the number of the row that allows it.
    ///
    /// Source: HL7 BSeR 2.0.0-ballot, "Harmonized State Transitions", 34 rows.
    package static let transitions: [ReferralTransition] = [
        .init(1, .draft, .send, .received),
        .init(2, .received, .accept, .accepted),
        .init(3, .received, .decline, .rejected),
        .init(4, .received, .requestCancellation, .cancellationRequested),
        .init(5, .accepted, .decline, .rejected),
        .init(6, .accepted, .schedule, .scheduled),
        .init(7, .accepted, .requestCancellation, .cancellationRequested),
        .init(8, .accepted, .interimNote, .attended),
        .init(9, .accepted, .outcome, .completed),
        .init(10, .scheduled, .decline, .rejected),
        .init(11, .scheduled, .reschedule, .scheduled),
        .init(12, .scheduled, .noShow, .unattended),
        .init(13, .scheduled, .cancelEvent, .eventCancelled),
        .init(14, .scheduled, .requestCancellation, .cancellationRequested),
        .init(15, .scheduled, .interimNote, .attended),
        .init(16, .scheduled, .outcome, .completed),
        .init(17, .unattended, .decline, .rejected),
        .init(18, .unattended, .schedule, .scheduled),
        .init(19, .unattended, .cancelEvent, .eventCancelled),
        .init(20, .unattended, .requestCancellation, .cancellationRequested),
        .init(21, .eventCancelled, .schedule, .scheduled),
        .init(22, .eventCancelled, .requestCancellation, .cancellationRequested),
        .init(23, .cancellationRequested, .confirmCancellation, .cancelled),
        .init(24, .cancellationRequested, .outcome, .completed),
        .init(25, .attended, .decline, .rejected),
        .init(26, .attended, .schedule, .scheduled),
        .init(27, .attended, .cancelEvent, .eventCancelled),
        .init(28, .attended, .requestCancellation, .cancellationRequested),
        .init(29, .attended, .interimNote, .attended),
        .init(30, .attended, .outcome, .completed),
        .init(31, .accepted, .start, .inProgress),
        .init(32, .accepted, .startWithNote, .inProgress),
        .init(33, .inProgress, .decline, .rejected),
        .init(34, .inProgress, .requestCancellation, .cancellationRequested)
    ]

    /// Where `move` leads from here.
    /// - Throws: `.conflict("referral.not-now")` when the table has no such row, `.notAllowed` when it is not this
    ///   side's move.
    package func after(_ move: ReferralMove, by side: ReferralSide) throws(Problem) -> ReferralTransition {
        guard move.side == side else { throw .notAllowed }
        guard let transition = Self.transitions.first(where: { $0.from == self && $0.move == move }) else {
            throw .conflict(isTerminal ? "referral.already-closed" : "referral.not-now")
        }
        return transition
    }

    /// The recipient's moves by which the table leads from here to `move`, that one last: directly, else over a contact
    /// that counts as arranged first (rows 18 and 21, then 10 or 16). Nil where it leads there not at all.
    ///
    /// A contact that was called off (5.1.3) or to which nobody came (5.1.2) has no row of its own to an end.
    package func path(to move: ReferralMove) -> [ReferralMove]? {
        func leads(_ state: ReferralState, _ move: ReferralMove) -> Bool {
            Self.transitions.contains { $0.from == state && $0.move == move }
        }
        if leads(self, move) { return [move] }
        return move.isEnd && leads(self, .schedule) && leads(.scheduled, move) ? [.schedule, move] : nil
    }
}

/// One row of the table.
package struct ReferralTransition: Sendable, Hashable {
    package let row: Int
    package let from: ReferralState
    package let move: ReferralMove
    package let to: ReferralState

    init(_ row: Int, _ from: ReferralState, _ move: ReferralMove, _ to: ReferralState) {
        self.row = row
        self.from = from
        self.move = move
        self.to = to
    }
}
