internal import HTTPTypes
package import Hummingbird

/// Refuses requests for any host but the site's own: without it, a page on another name that points here could make a
/// browser talk to this server as if it were that site. A host in the request line counts as well (`ServerLimits`
/// sees to it).
package struct HostAllowList<Context: RequestContext>: RouterMiddleware {
    private let hosts: Set<String>

    /// - Parameter hosts: Names such as `kith.example.org`, `localhost` or `[::1]`, for any port; or with a port, for
    ///   that port only. Case does not matter.
    package init(_ hosts: [String]) { self.hosts = Set(hosts.map { $0.lowercased() }) }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        // A second Host field is left among the headers; which of them counts would be anybody's guess.
        // So is a whole URL as the path, which only HTTP/2 lets through to here.
        guard let host = request.head.authority, allows(host), !request.headers.contains(.secondHost),
            request.head.path?.utf8.first == UInt8(ascii: "/")
        else {
            throw Refusal(.badRequest, "This server does not know the site you asked for. Please check the address.")
        }
        return try await next(request, context)
    }

    private func allows(_ authority: String) -> Bool {
        let authority = authority.lowercased()
        return hosts.contains(authority) || hosts.contains(Self.withoutPort(authority))
    }

    /// `[::1]:8080` → `[::1]`. Anything after the last colon that is not a port stays, and so matches nothing.
    private static func withoutPort(_ authority: String) -> String {
        guard let colon = authority.lastIndex(of: ":"), authority.last != "]" else { return authority }
        let port = authority[authority.index(after: colon)...]
        return port.allSatisfy(\.isWholeNumber) ? String(authority[..<colon]) : authority
    }
}
