import Storage

extension Referral {
    /// Somebody looked how support goes and all is well: its clock begins anew.
    /// - Throws: `.conflict("referral.not-now")` unless it is in support.
    package func checkIn(in db: Writing) throws {
        guard queue == .support else { throw Problem.conflict("referral.not-now") }
        db.record(event(.supportCheckedIn))
        try place(.support, in: db)
    }
}

extension EventKind {
    /// A coordinator looked how support goes and found all well.
    package static let supportCheckedIn = EventKind("referral.checked-in")
}
