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
    /// What a request may bring and what its answer is made of.
    package private(set) var contract = Contract()

    /// What the description of the API says of a route beyond its method, path and access. The names are not only said:
    /// a handler is shown no others.
    package struct Contract: Sendable {
        /// The fields of the form it takes; nil where none are declared. A name that ends in `*` stands for all that
        /// begin so.
        package var fields: [String]?
        /// The fields of the form in which files may come; none on most routes, which take no such form at all.
        package var files: [String] = []
        /// The most bytes of a form with files.
        package var largestUpload = 0
        /// The names it reads behind the question mark; nil where none are declared.
        package var query: [String]?
        /// The types of FHIR resources that it takes.
        package var resources: [String] = []
        package var answer = AnswerKind.page
    }

    /// What an answer is made of when all goes well.
    package enum AnswerKind: Sendable {
        case page, text, json, events, fhir, picture, record, calendar, table, script
        /// What somebody sent: a picture, or a voice note.
        case file
    }

    /// The same route, which takes a form with these fields. A name that ends in `*` stands for all that begin so.
    package func taking(_ fields: String...) -> Route { declaring { $0.fields = fields } }

    /// The same route, which may also be sent a file in one of these fields: `multipart/form-data`. Its handler reads the
    /// form with ``Visit/formWithFile()``.
    /// - Parameter limit: the most bytes of all that is sent.
    package func takingFile(_ fields: String..., upTo limit: Int) -> Route {
        declaring { ($0.files, $0.largestUpload) = (fields, limit) }
    }

    /// The same route, which reads these names behind the question mark.
    package func asking(_ names: String...) -> Route { declaring { $0.query = names } }

    /// The same route, which takes FHIR resources of these types.
    package func taking(resources: [String]) -> Route { declaring { $0.resources = resources } }

    /// The same route, which does not answer with a page.
    package func answering(_ kind: AnswerKind) -> Route { declaring { $0.answer = kind } }

    private func declaring(_ change: (inout Contract) -> Void) -> Route {
        var route = self
        change(&route.contract)
        return route
    }

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
