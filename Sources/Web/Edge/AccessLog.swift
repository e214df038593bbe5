internal import HTTPTypes
package import Hummingbird
package import Logging

/// One line for each request: method, route, status and milliseconds until the response's head was ready.
///
/// The route is its pattern (`/referrals/{id}`), never the path asked for: no identifiers, no query, no address, no
/// cookie and no browser name are logged.
package struct AccessLog<Context: RequestContext>: RouterMiddleware {
    private let level: Logger.Level

    package init(level: Logger.Level = .info) { self.level = level }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await answer(request, context: context, next: next)
        context.logger.log(
            level: level, "request",
            metadata: [
                "method": "\(Self.name(of: request.method))",
                "route": "\(context.endpointPath ?? "none")",
                "status": "\(response.status.code)",
                "ms": "\((ContinuousClock.now - start).milliseconds)"
            ])
        return response
    }

    /// Methods are free text, too.
    private static func name(of method: HTTPRequest.Method) -> String {
        let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
        return known.contains(method) ? method.rawValue : "other"
    }
}
