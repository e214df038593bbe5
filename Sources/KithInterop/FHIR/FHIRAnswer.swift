import FHIR
import HTTPTypes
import Hummingbird
import Kith
import Web

/// What an address below `/fhir` answers, before it is HTTP.
struct FHIRAnswer: Sendable {
    var status: HTTPResponse.Status = .ok
    var resource: Resource
    /// Where what was made can be read: `Task/…`.
    var location: String?

    static let mediaType = "application/fhir+json"

    func response(at base: String) -> Response {
        var response = Response.bytes(
            resource.json.bytes(), type: "\(Self.mediaType); charset=utf-8", status: status)
        if resource.type != "OperationOutcome", resource.type != "Bundle", let version = resource.versionID {
            response.headers[.eTag] = "W/\"\(version)\""
        }
        if let location { response.headers[.location] = "\(base)/\(location)" }
        // What is told of somebody is for the one who asked, now.
        response.headers[.cacheControl] = "no-store"
        return response
    }
}

extension OperationOutcome {
    func response() -> Response {
        var response = FHIRAnswer(status: .init(code: status), resource: resource).response(at: "")
        if status == 401 { response.headers[.wwwAuthenticate] = "Bearer" }
        if status == 413 { response.headers[.connection] = "close" }
        return response
    }

    /// What a problem of the product is in FHIR's words.
    init(_ problem: Problem, _ words: Words) {
        let (code, message): (Issue.Code, String) =
            switch problem {
            case .notFound: (.notFound, "There is no such resource, or it is not yours.")
            case .signInNeeded: (.login, "A valid bearer token of a sending organization is needed.")
            case .notAllowed, .proofNeeded, .secondFactorNeeded: (.forbidden, "This is not yours to do.")
            case .invalid: (.businessRule, "Some values cannot be accepted.")
            case .conflict, .stale: (.conflict, words("problems.\(problem.code)"))
            case .consentNeeded: (.suppressed, "The person has not agreed to this.")
            case .tooMany: (.throttled, "That were too many requests. Please wait a little.")
            }
        self.init(Issue(.error, code, message), status: problem.status.code)
    }
}
