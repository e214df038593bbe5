package import HTTPTypes
package import Hummingbird

/// Everything wrong with a form, in the order its fields were read, so that a person can put it right in one go.
package struct FieldErrors: Error, Equatable, Sendable {
    package struct FieldError: Equatable, Sendable {
        package let field: String
        /// Such as `required` or `too-long`; the wording comes from the strings.
        package let code: String
        /// What the wording may mention, such as `max`. Never the value itself.
        package let parameters: [String: String]
    }

    package private(set) var all: [FieldError] = []

    package init() {}

    package var isEmpty: Bool { all.isEmpty }

    /// The first error of a field; only one is kept for each.
    package subscript(field: String) -> FieldError? { all.first { $0.field == field } }

    /// Adds an error unless the field already has one.
    package mutating func add(_ code: String, for field: String, _ parameters: [String: String] = [:]) {
        guard self[field] == nil else { return }
        all.append(FieldError(field: field, code: code, parameters: parameters))
    }
}

extension FieldErrors: HTTPResponseError {
    package var status: HTTPResponse.Status { .unprocessableContent }

    /// For callers that do not show the form again: the fields and codes, one to a line.
    package func response(from request: Request, context: some RequestContext) -> Response {
        .text(all.map { "\($0.field): \($0.code)" }.joined(separator: "\n"), status: status)
    }
}
