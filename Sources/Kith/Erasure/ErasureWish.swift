import Storage

/// What somebody who receives support asks for: that everything about them is deleted. It stands before the coordinators
/// of their programs until one of them has done it, or has said why it has to wait.
package struct ErasureWish: Named {
    /// How long somebody may wait for it: a month, as article 12 (3) of the GDPR has it.
    package static let days = 30

    package enum Ending: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case erased
        case kept
        /// The person changed their mind.
        case withdrawn
    }

    /// Why a record has to stay for now.
    package enum Reason: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// A law says for how long such records are kept.
        case law
        /// Somebody has a claim, or a case is open, for which it is needed.
        case claim
    }

    package let id: ID
    package let organization: Organization.ID
    package let person: Person.ID
    package let askedAt: Instant
    package let dueAt: Instant
    package let endedAt: Instant?
    package let ending: Ending?
    package let reason: Reason?
    /// Until when it stays, where somebody said so.
    package let keptUntil: Day?
    /// As JSON, once it was erased. It names nobody.
    package let certificate: String?

    init(row: Row) throws {
        id = try row["id"]
        organization = try row["organization_id"]
        person = try row["person_id"]
        askedAt = try row["asked_at"]
        dueAt = try row["due_at"]
        endedAt = try row["ended_at"]
        ending = try row["ending"]
        reason = try row["reason"]
        keptUntil = try row["kept_until"]
        certificate = try row["certificate"]
    }

    package var isOpen: Bool { endedAt == nil }
}

extension EventKind {
    package static let erasureAsked = EventKind("erasure.asked")
    /// A coordinator has said yes; what follows is the program's.
    package static let erasureAgreed = EventKind("erasure.agreed")
    package static let erasureWithdrawn = EventKind("erasure.withdrawn")
    /// Details: `reason`.
    package static let erasureKept = EventKind("erasure.kept")
}
