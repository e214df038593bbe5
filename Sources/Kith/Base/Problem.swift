import Web

/// The closed set of things a person may be told. Wording comes from `Strings`, by code. Everything else that is
/// thrown is a fault: logged with a reference number and shown as that number.
package enum Problem: Error, Sendable, Equatable {
    /// There is no such thing, or it is not yours to see: deliberately the same answer.
    case notFound
    /// Your role does not include this.
    case notAllowed
    case signInNeeded
    /// One of their roles asks for a second factor, and they have none yet.
    case secondFactorNeeded
    /// Some answers need another look; each field says why.
    case invalid(FieldErrors)
    /// It is not in a state that allows this; the code says what stands in the way.
    case conflict(String)
    /// The person has not agreed to this purpose, or no longer does.
    case consentNeeded(String)
    /// Too many tries in a short time.
    case tooMany
    /// They have to prove anew who they are, before something that matters.
    case proofNeeded
    /// The page was open too long or came from elsewhere.
    case stale

    /// The key below `problems.` in `Strings`.
    package var code: String {
        switch self {
        case .notFound: "not-found"
        case .notAllowed: "not-allowed"
        case .signInNeeded: "sign-in-needed"
        case .secondFactorNeeded: "second-factor-needed"
        case .invalid: "invalid"
        case .conflict(let code): code
        case .consentNeeded(let purpose): "consent-needed.\(purpose)"
        case .tooMany: "too-many"
        case .proofNeeded: "proof-needed"
        case .stale: "stale"
        }
    }

    /// A form with one thing wrong.
    package static func invalid(_ field: String, _ code: String) -> Problem {
        var errors = FieldErrors()
        errors.add(code, for: field)
        return .invalid(errors)
    }

    /// Throws all that is wrong with a form together.
    /// - Parameter errors: a code for each field that is wrong.
    package static func check(_ errors: [String: String]) throws(Problem) {
        guard !errors.isEmpty else { return }
        var all = FieldErrors()
        for (field, code) in errors.sorted(by: { $0.key < $1.key }) { all.add(code, for: field) }
        throw .invalid(all)
    }
}

/// Whatever is not a ``Problem``: a bug, a broken disk. The message is for the log and holds no person's data.
package struct Fault: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
