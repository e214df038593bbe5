internal import HTTPTypes
package import Hummingbird

/// Refuses requests that change something and were made by a page of another site, so that nobody's cookies can be used
/// against them. Works without scripts and without tokens in the pages.
///
/// Browsers say where a request comes from in `Sec-Fetch-Site`, older ones and those on plain http in `Origin`. A
/// request that says neither is refused, unless `exempt`.
package struct CrossSiteCheck<Context: RequestContext>: RouterMiddleware {
    private let exempt: @Sendable (Request) -> Bool

    /// - Parameter exempt: Requests that carry no cookie but a bearer token, which no other site can make a browser
    ///   send.
    package init(exempt: @escaping @Sendable (Request) -> Bool = { _ in false }) { self.exempt = exempt }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let isSafe = request.method == .get || request.method == .head || request.method == .options
        guard isSafe || comesFromHere(request) || exempt(request) else {
            throw Refusal(
                .forbidden, "This did not come from a page of this site, so nothing was done. Please open it again.")
        }
        return try await next(request, context)
    }

    private func comesFromHere(_ request: Request) -> Bool {
        let sites = request.headers[values: .secFetchSite]
        if !sites.isEmpty { return sites == ["same-origin"] || sites == ["none"] }
        guard let origin = request.headers[.origin]?.lowercased(), let host = request.head.authority?.lowercased(),
            let scheme = origin.firstRange(of: "://")
        else { return false }
        return origin[scheme.upperBound...] == host
    }
}
