import HTTPTypes
import Hummingbird
import Logging
import Web

extension Platform {
    /// Every route of every feature, in order.
    package var routes: [Route] { features.flatMap(\.routes) }

    /// Mounts the features' routes on a router. Problems become pages, faults become a number and a log line.
    package func mount(on router: Router<SiteContext>, at place: Place, log: Logger) {
        for route in routes {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                let visit = Visit(request, context, at: place, through: route, on: self)
                do {
                    if route.isPaced, route.method == .post, route.access == .anyone {
                        try publicPosts.take(for: visit.client, at: world.now())
                    }
                    if route.access == .setup {
                        try setup.check(visit.parameter("token"), from: visit.client, at: world.now())
                    }
                    return try await route.handle(visit)
                } catch {
                    return try visit.answer(to: await visit.refusal(before: error), log: log)
                }
            }
        }
    }
}

extension Visit {
    /// Whoever may not be here hears that first, not what is wrong with their form: a form is read before the store is
    /// asked who sent it, so this is made up for where something went wrong.
    fileprivate func refusal(before error: any Error) async -> any Error {
        switch error {
        case is FieldErrors, Problem.invalid, Problem.notFound, Problem.stale:
            do {
                try await read { _ in }
                return error
            } catch let refusal {
                return refusal
            }
        default: return error
        }
    }

    /// A page that says what happened, whether anything was lost, and what to do now.
    func answer(to error: any Error, log: Logger) throws -> Response {
        switch error {
        case let problem as Problem:
            if case .signInNeeded = problem, access != .partner, !wantsJSON { return signInFirst() }
            if case .secondFactorNeeded = problem, !wantsJSON { return .seeOther("/account/second-factor") }
            if case .proofNeeded = problem, !wantsJSON { return .seeOther("/proof?next=\(pageAsked)") }
            return try tell(problem)
        case let errors as FieldErrors: return try tell(.invalid(errors))
        case let refusal as Refusal: throw refusal
        case is CancellationError: throw error
        default:
            let (breakdown, reference) = (Breakdown(error), String(platform.world.newIdentifier().suffix(8)))
            log.error("fault", metadata: ["reference": "\(reference)", "what": "\(String(reflecting: error))"])
            var response =
                wantsJSON
                ? try Response.json(["code": breakdown.rawValue, "reference": reference], status: breakdown.status)
                : try show(ProblemScreen(code: breakdown.rawValue, reference: reference), status: breakdown.status)
            response.headers[.retryAfter] = breakdown.retryAfter.map(String.init)
            return response
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

    /// The page somebody asked for, or the one whose form they sent, to come back to.
    private var pageAsked: String {
        if request.method == .get { return SitePath(untrusted: request.uri.string)?.string ?? "/" }
        let from = request.headers[.referer] ?? ""
        let path = from.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }
        return SitePath(untrusted: String(path))?.string ?? "/"
    }

    /// Whether a script asks, which wants data rather than a page.
    var wantsJSON: Bool { request.headers[.accept]?.contains("json") == true }
}

extension Problem {
    /// The HTTP status that says the same.
    package var status: HTTPResponse.Status {
        switch self {
        case .notFound: .notFound
        case .notAllowed, .proofNeeded, .secondFactorNeeded: .forbidden
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
    package func router(at place: Place, log: Logger) -> Router<SiteContext> {
        let router = Router(context: SiteContext.self)
        router.add(middleware: AnswerApart())
        router.add(middleware: AccessLog(level: .debug))
        router.add(middleware: SecurityHeaders(https: place.isSecure))
        router.add(middleware: ProblemPages(platform: self, place: place, log: log))
        router.add(middleware: HostAllowList(place.hosts))
        router.add(middleware: Deadline())
        // Partners' systems and the gateway for text messages carry a secret, which no other site's page can send; and
        // a mail program that stops mail for its owner carries nothing but the link (RFC 8058).
        router.add(
            middleware: CrossSiteCheck(exempt: { request in
                ["/fhir", "/stop/", "/text-messages"].contains { request.uri.path.hasPrefix($0) }
            }))
        shelf.assets.addRoutes(to: router)
        mount(on: router, at: place, log: log)
        return router
    }
}

/// Turns what the edge refuses, and addresses that do not exist, into pages for people.
private struct ProblemPages: RouterMiddleware {
    let platform: Platform
    let place: Place
    let log: Logger

    func handle(
        _ request: Request, context: SiteContext,
        next: (Request, SiteContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound || error.status == .methodNotAllowed {
            let visit = Visit(request, context, at: place, access: .anyone, on: platform)
            return try visit.answer(to: Problem.notFound, log: log)
        } catch let refusal as Refusal where request.headers[.accept]?.contains("html") == true {
            let visit = Visit(request, context, at: place, access: .anyone, on: platform)
            var response = try visit.show(RefusalScreen(sentence: refusal.sentence), status: refusal.status)
            if refusal.closesConnection { response.headers[.connection] = "close" }
            return response
        }
    }
}

/// Says what the edge refused, in the edge's own words.
private struct RefusalScreen: Screen {
    static let template = "problem"
    let sentence: String

    func title(_ words: Words) -> String { words("problems.title") }

    func shown(_ words: Words) -> Value { ["text": .text(sentence), "reference": .nothing] }
}
