import HTTPTypes
import Hummingbird
import Web

/// One address of the product: method, path, who may call it, and what happens. There is no route without an access.
package struct Route: Sendable {
    package let method: HTTPRequest.Method
    /// As Hummingbird writes it: `/referrals/{id}/acceptance`.
    package let path: String
    package let access: Access
    package let handle: @Sendable (Visit) async throws -> Response
    /// Whether a form that anybody may send is limited by address; see ``PublicPosts``.
    package private(set) var isPaced = true
    /// Whether whoever comes must have proved who they are in the last minutes; see ``Reading/checkFreshProof()``.
    package private(set) var needsFreshProof = false
    /// Whether calling it shows that somebody is there, so that their session goes on.
    package private(set) var isPresence = true

    /// The same route, for a form that has a limit of its own or needs none.
    package func unpaced() -> Route {
        var route = self
        route.isPaced = false
        return route
    }

    /// The same route, for what a session left open must not be enough for: whoever comes is asked first to prove who
    /// they are, and then led back here. Put it on the page with the form, too, so that nothing typed is lost.
    package func afterFreshProof() -> Route {
        var route = self
        route.needsFreshProof = true
        return route
    }

    /// The same route, for what a script calls by itself.
    package func unattended() -> Route {
        var route = self
        route.isPresence = false
        return route
    }

    package static func get(
        _ path: String, _ access: Access, _ handle: @escaping @Sendable (Visit) async throws -> Response
    ) -> Route { Route(method: .get, path: path, access: access, handle: handle) }

    package static func post(
        _ path: String, _ access: Access, _ handle: @escaping @Sendable (Visit) async throws -> Response
    ) -> Route { Route(method: .post, path: path, access: access, handle: handle) }

    package static func put(
        _ path: String, _ access: Access, _ handle: @escaping @Sendable (Visit) async throws -> Response
    ) -> Route { Route(method: .put, path: path, access: access, handle: handle) }

    /// Any other method; pages need the three above only.
    package static func on(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access,
        _ handle: @escaping @Sendable (Visit) async throws -> Response
    ) -> Route { Route(method: method, path: path, access: access, handle: handle) }
}
