import Hummingbird
import Logging
import Web
import HTTPTypes

extension Platform {
    /// Every route of every feature, in order.
    package var routes: [Route] { features.flatMap(\.routes) }

    /// Mounts the features' routes on a router. Problems become pages, faults become a number and a log line.
    package func mount(on router: Router<BasicRequestContext>, at place: Place, log: Logger) {
        for route in routes {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                let visit = Visit(request, context, at: place, access: route.access, on: self)
                do {
                    return try await route.handle(visit)
                } catch {
                    return try visit.answer(to: error, log: log)
                }
            }
        }
    }
}

extension Visit {
    /// A page that says what happened, whether anything was lost, and what to do now.
    func answer(to error: any Error, log: Logger) throws -> Response {
        switch error {
        case let problem as Problem:
            if case .signInNeeded = problem, access != .partner, !wantsJSON { return signInFirst() }
            return try tell(problem)
        case let errors as FieldErrors: return try tell(.invalid(errors))
        case let refusal as Refusal: throw refusal
        case is CancellationError: throw error
        default:
            let reference = String(platform.world.newIdentifier().suffix(8))
            log.error("fault", metadata: ["reference": "\(reference)", "what": "\(String(reflecting: error))"])
            let screen = ProblemScreen(code: "fault", reference: reference)
            return wantsJSON
                ? try Response.json(["code": "fault", "reference": reference], status: .internalServerError)
                : try show(screen, status: .internalServerError)
        }
    }

    private func tell(_ problem: Problem) throws -> Response {
        if wantsJSON { return try Response.json(["code": problem.code], status: problem.status) }
        return try show(ProblemScreen(code: problem.code, reference: nil), status: problem.status)
    }

    private func signInFirst() -> Response {
        guard request.method == .get, let here = SitePath(untrusted: request.uri.path), here.string != "/" else {
            return .seeOther("/sign-in")
        }
        return .seeOther("/sign-in?next=\(here.string)")
    }

    /// Whether a script asks, which wants data rather than a page.
    var wantsJSON: Bool { request.headers[.accept]?.contains("json") == true }
}

extension Problem {
    /// The HTTP status that says the same.
    package var status: HTTPResponse.Status {
        switch self {
        case .notFound: .notFound
        case .notAllowed: .forbidden
        case .signInNeeded: .unauthorized
        case .invalid: .unprocessableContent
        case .conflict, .stale: .conflict
        case .consentNeeded: .forbidden
        case .tooMany: .tooManyRequests
        }
    }
}

/// Says what went wrong in plain words.
struct ProblemScreen: Screen {
    static let template = "problem"
    let code: String
    let reference: String?

    func title(_ words: Words) -> String { words("problems.title") }

    func shown(_ words: Words) -> Value {
        ["invalid": false, "text": .text(words("problems.\(code)")), "reference": Value(reference)]
    }
}

extension Platform {
    /// A router with everything a request passes on its way in, and every route.
    package func router(at place: Place, log: Logger) -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        mount(on: router, at: place, log: log)
        return router
    }
}
