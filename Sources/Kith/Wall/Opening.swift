import Storage

/// That a supervisor sees one person's whole record for a short while, for a reason they typed. The person reads it on
/// their own page, and somebody else says afterwards whether the reason was good enough.
package struct Opening: Named {
    package enum Verdict: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case justified
        case notJustified = "not-justified"
    }

    package let id: ID
    package let person: Person.ID
    package let program: Program.ID
    /// The referral it was opened by.
    package let referral: String
    package let openedBy: Person.ID
    package let openerName: String
    /// As it was typed; nil when it can no longer be read, because the record was erased.
    package let reason: String?
    package let openedAt: Instant
    package let endsAt: Instant
    package let reviewDue: Instant
    package let reviewerName: String?
    package let verdict: Verdict?

    /// - Parameter key: of the person it is about.
    init(row: Row, key: TextKey?) throws {
        id = try row["id"]
        person = try row["person_id"]
        reason = key?.open(try row["reason"], from: Self.place(id))
        program = try row["program_id"]
        referral = try row["referral_id"]
        openedBy = try row["opened_by"]
        openerName = try row["opener_name"]
        openedAt = try row["opened_at"]
        endsAt = try row["ends_at"]
        reviewDue = try row["review_due_at"]
        reviewerName = try row["reviewer_name"]
        verdict = try row["verdict"]
    }

    /// Where the reason is kept.
    static func place(_ id: ID) -> TextPlace { TextPlace("record_opening.reason", id.text) }

    /// How long a record stays open, in hours, unless the program's policy says otherwise.
    package static let usualHours = 4
    /// Within how many hours somebody has to say whether the reason was good enough.
    package static let usualReviewHours = 72
    /// The longest reason, in characters.
    package static let longest = 500
}

extension EventKind {
    /// Details: `hours`.
    package static let recordOpened = EventKind("record.opened")
    package static let recordClosed = EventKind("record.closed")
    /// Details: `verdict`.
    package static let openingReviewed = EventKind("record.opening-reviewed")
}
