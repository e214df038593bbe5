/// Why something was not taken off our hands. It says nothing of what, or to whom.
package enum CarrierFailure: Error, Sendable, Equatable {
    /// It may go another time. The number is what the other side answered, if it did.
    case notNow(Reason, code: Int = 0)
    /// The other side will never take it, by its answer.
    case refused(code: Int)
    /// A line break or another control character stands where it would begin a header of its own.
    case unsafeText(field: String)
    /// The task that sent it was canceled. Whether it arrived is not known.
    case interrupted

    package enum Reason: String, Sendable {
        case unreachable, timeout, encryption, signIn = "sign-in", answer
    }
}
