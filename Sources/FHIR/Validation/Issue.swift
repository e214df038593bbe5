/// One thing to tell about a resource or a request: what OperationOutcome.issue holds.
///
/// A message is plain words for a person and never quotes the content of a record, except for dates, codes, numbers
/// and truth values that look like one.
package struct Issue: Error, Hashable, Sendable, CustomStringConvertible {
    package let severity: Severity
    package let code: Code
    /// Where in the resource, in the manner of FHIRPath: `Bundle.entry[3].resource.status`. Empty for the whole.
    package let path: String
    /// Plain words that complete the place: "must be a date", "is required and missing", or a whole sentence.
    package let message: String

    package init(_ severity: Severity, _ code: Code, at path: String = "", _ message: String) {
        self.severity = severity
        self.code = code
        self.path = path
        self.message = message
    }

    /// The issue of a text that is no JSON.
    package init(_ error: JSONError) {
        self.init(.fatal, .structure, error.description)
    }

    /// http://hl7.org/fhir/R4/valueset-issue-severity.html
    package enum Severity: String, Sendable, CaseIterable {
        /// So broken that nothing else could be looked at.
        case fatal
        /// Reason enough to refuse.
        case error
        /// Accepted, but should be otherwise.
        case warning
        case information
    }

    /// http://hl7.org/fhir/R4/valueset-issue-type.html
    package enum Code: String, Sendable, CaseIterable {
        case invalid, structure, required, value, invariant
        case security, login, unknown, expired, forbidden, suppressed
        case processing
        case notSupported = "not-supported"
        case duplicate
        case multipleMatches = "multiple-matches"
        case notFound = "not-found"
        case deleted
        case tooLong = "too-long"
        case codeInvalid = "code-invalid"
        case `extension`
        case tooCostly = "too-costly"
        case businessRule = "business-rule"
        case conflict
        case transient
        case lockError = "lock-error"
        case noStore = "no-store"
        case exception, timeout, incomplete, throttled
        case informational
    }

    /// Whether a server must refuse because of it.
    package var isError: Bool { severity == .fatal || severity == .error }

    package var description: String {
        path.isEmpty ? "\(severity.rawValue): \(message)" : "\(severity.rawValue) at \(path): \(message)"
    }
}
