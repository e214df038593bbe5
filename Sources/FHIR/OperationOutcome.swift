/// What a server says about a request that it refuses, or accepts with remarks: issues and an HTTP status.
///
/// Everything in this module that refuses a whole request throws one, so that a server needs a single place to answer.
package struct OperationOutcome: Error, Hashable, Sendable {
    package let issues: [Issue]
    /// The HTTP status to answer with.
    package let status: Int

    /// - Parameter status: for the cases where the issues alone do not tell, such as 412 for a version that is no
    ///   longer current. Left out, the first issue that is an error decides; 200 where none is.
    package init(_ issues: [Issue], status: Int? = nil) {
        self.issues = issues
        self.status = status ?? issues.first(where: \.isError)?.code.suggestedStatus ?? 200
    }

    /// An outcome with one issue.
    package init(_ issue: Issue, status: Int? = nil) {
        self.init([issue], status: status)
    }

    /// The outcome as a resource. FHIR requires at least one issue, so an outcome without any says that all is well.
    package var resource: Resource {
        let told = issues.isEmpty ? [Issue(.information, .informational, "No problems were found.")] : issues
        return Resource("OperationOutcome", ["issue": .array(told.map(\.json))])
    }
}

extension Issue {
    /// The issue as OperationOutcome.issue.
    package var json: JSON {
        [
            "severity": .string(severity.rawValue),
            "code": .string(code.rawValue),
            "details": ["text": .text(message) ?? "No details are known."],
            "expression": path.isEmpty ? nil : [.string(path)]
        ]
    }
}

extension Issue.Code {
    /// The HTTP status that goes with an error of this code, after http://hl7.org/fhir/R4/http.html: 400 for what
    /// cannot be read or breaks FHIR's own rules, 422 for what breaks the rules of the server or a profile.
    package var suggestedStatus: Int {
        switch self {
        case .invalid, .structure, .required, .value, .codeInvalid, .extension: 400
        case .login, .unknown, .expired: 401
        case .security, .forbidden, .suppressed: 403
        case .notFound, .notSupported: 404
        case .conflict, .duplicate, .lockError: 409
        case .deleted: 410
        case .multipleMatches: 412
        case .tooLong, .tooCostly: 413
        case .invariant, .businessRule, .processing: 422
        case .throttled: 429
        case .exception, .incomplete: 500
        case .transient, .noStore: 503
        case .timeout: 504
        case .informational: 200
        }
    }
}
