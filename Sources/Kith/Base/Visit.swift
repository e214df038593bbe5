import Foundation
import HTTPTypes
import Hummingbird
import Web

/// One request with whoever makes it: what a route's handler is given. Reading and writing go through it, so that who
/// asks is resolved, and the route's access checked, in the transaction that answers.
package struct Visit: Sendable {
    package let request: Request
    package let context: SiteContext
    package let platform: Platform
    package let place: Place
    package let access: Access
    /// What the route has declared of its form and its query.
    private let contract: Route.Contract
    /// The language of the answer.
    package private(set) var locale: String
    /// The secret in the session cookie, valid or not.
    let session: Secret?
    let bearer: Secret?
    private let needsFreshProof: Bool
    private let isPresence: Bool

    init(_ request: Request, _ context: SiteContext, at place: Place, through route: Route, on platform: Platform) {
        self.init(
            request, context, at: place, access: route.access, contract: route.contract, on: platform,
            needsFreshProof: route.needsFreshProof,
            isPresence: route.isPresence)
    }

    init(
        _ request: Request, _ context: SiteContext, at place: Place, access: Access,
        contract: Route.Contract = Route.Contract(), on platform: Platform,
        needsFreshProof: Bool = false, isPresence: Bool = true
    ) {
        (self.needsFreshProof, self.isPresence) = (needsFreshProof, isPresence)
        self.request = request
        self.context = context
        self.platform = platform
        self.place = place
        self.access = access
        self.contract = contract
        locale = platform.shelf.translations.locale(for: request, cookie: place.localeCookie)
        session = place.sessionCookie.value(in: request).flatMap { $0.isEmpty ? nil : Secret(presented: $0) }
        bearer = request.headers[.authorization].flatMap { header in
            header.lowercased().hasPrefix("bearer ") ? Secret(presented: String(header.dropFirst(7)).trimmed) : nil
        }
    }

    /// The same visit, answered in another language than the reader's.
    /// - Throws: ``Problem/notFound`` for a language that Kith does not have.
    package func told(in language: String) throws -> Visit {
        guard platform.shelf.translations.locales.contains(language) else { throw Problem.notFound }
        var visit = self
        visit.locale = language
        return visit
    }

    package var credential: Credential {
        switch access {
        case .partner: bearer.map { .partner(tokenHash: $0.hash) } ?? .nobody
        case .anyone: .nobody
        case .setup: .setup(Organization.ID(platform.world.newIdentifier()))
        case .signedIn, .enrolling, .roles: session.map { .session(tokenHash: $0.hash) } ?? .nobody
        }
    }

    /// Where the request came from, as limits count it.
    package var client: String { context.client(of: request, behind: place.proxies)?.network ?? "here" }

    package var words: Words { Words(platform.shelf.translations[locale], zone: "UTC", now: platform.world.now()) }

    /// The address without what follows the question mark.
    package var path: String { request.uri.path }

    /// An identifier in the path.
    /// - Throws: ``Problem/notFound`` for anything that is none.
    package func id<Thing>(_ name: String = "id", of type: Thing.Type = Thing.self) throws -> Identifier<Thing> {
        guard let text = context.parameters.get(name), let id = Identifier<Thing>(untrusted: text) else {
            throw Problem.notFound
        }
        return id
    }

    /// Text in the path.
    package func parameter(_ name: String) throws -> String { try context.pathParameter(name) }

    /// Names and values behind the question mark, as far as the route declares them.
    package var query: Form {
        get throws {
            let query = try request.query
            return contract.query.map(query.keeping) ?? query
        }
    }

    /// The form sent, as far as the route declares its fields, after its token showed that it is from a page of ours in
    /// this session.
    ///
    /// Where anyone may come, nobody acts by their session, so nothing is gained by sending a form in somebody else's
    /// name. Such a page needs no token: it must work for whoever is signed in, and `CrossSiteCheck` stands before it.
    package func form() async throws -> Form {
        try checked(try await request.form())
    }

    /// What a form brought beside what was typed.
    package enum SentFile: Sendable {
        case none
        case whole(ArraySlice<UInt8>)
        /// It was more than the route takes, and is gone.
        case tooLarge
    }

    /// The same where a file may come with the form. A stranger's file is not taken in: it would cost memory.
    package func formWithFile() async throws -> (form: Form, file: SentFile) {
        guard !contract.files.isEmpty, !request.isPlainForm else { return (try await form(), .none) }
        try await read { _ in }
        let (sent, isCut) = try await request.formWithFiles(upTo: contract.largestUpload)
        let form = try checked(sent.form)
        if isCut { return (form, .tooLarge) }
        let files = contract.files.flatMap { sent.files[$0] ?? [] }
        return (form, files.first.map { .whole($0) } ?? .none)
    }

    private func checked(_ form: Form) throws -> Form {
        if access != .anyone, let formToken {
            guard formToken.matches(form["form-token"] ?? "") else { throw Problem.stale }
        }
        return contract.fields.map(form.keeping) ?? form
    }

    /// What a form of this session must carry.
    var formToken: Secret? { session?.derived(for: "form") }

    /// A secret that one page makes once: the same page with the same answers sent twice makes the same, so that a
    /// second click gives out nothing new. A form without a `once` makes another each time.
    func secret(for form: Form) -> Secret {
        guard form["once"]?.isEmpty == false, let session else { return platform.world.newSecret() }
        let answers = form.names.filter { $0 != "form-token" }.flatMap { [$0] + form.all($0) + [""] }
        return session.derived(for: (["once", path] + answers).joined(separator: "\n"))
    }

    /// - Parameter link: what the visitor holds instead of a session, its signature checked.
    package func read<T: Sendable>(
        by link: SignedLink? = nil, _ work: @escaping @Sendable (Reading) throws -> T
    ) async throws -> T {
        try await platform.read(as: credential(by: link), access: access, isPresence: isPresence) { db in
            if needsFreshProof { try db.checkFreshProof() }
            return try work(db)
        }
    }

    package func write<T: Sendable>(
        by link: SignedLink? = nil, _ work: @escaping @Sendable (Writing) throws -> T
    ) async throws -> T {
        try await platform.write(as: credential(by: link), access: access, isPresence: isPresence) { db in
            if needsFreshProof { try db.checkFreshProof() }
            return try work(db)
        }
    }

    /// The link in the path, good for `purpose`.
    /// - Throws: ``Problem/notFound`` for a forged, foreign or ended one.
    package func link(_ purpose: SignedLink.Purpose) throws -> SignedLink {
        try SignedLink(purpose, token: parameter("token"), in: platform.world)
    }

    private func credential(by link: SignedLink?) -> Credential {
        link.map { .link($0.purpose, of: $0.organization) } ?? credential
    }

    /// Answers with a page: one read, a plain value, a template.
    package func show<S: Screen>(
        status: HTTPResponse.Status = .ok, by link: SignedLink? = nil,
        _ read: @escaping @Sendable (Reading) throws -> S
    ) async throws -> Response {
        let (screen, actor) = try await self.read(by: link) { db in (try read(db), db.actor) }
        return try render(screen, for: actor, status: status)
    }

    /// Answers with a page that needs nothing from the store.
    package func show(_ screen: some Screen, status: HTTPResponse.Status = .ok) throws -> Response {
        try render(screen, for: .visitor, status: status)
    }

    /// Does what a form asks and goes on to `next`; a form with errors comes back with everything typed still in it.
    package func submit<T: Sendable, S: Screen>(
        by link: SignedLink? = nil, _ work: () async throws -> T, next: (T) -> SitePath,
        again: @escaping @Sendable (FieldErrors, Reading) throws -> S
    ) async throws -> Response {
        do {
            return .seeOther(next(try await work()))
        } catch let errors as FieldErrors {
            return try await show(status: .unprocessableContent, by: link) { try again(errors, $0) }
        } catch Problem.invalid(let errors) {
            return try await show(status: .unprocessableContent, by: link) { try again(errors, $0) }
        }
    }

    func render(_ screen: some Screen, for actor: Actor, status: HTTPResponse.Status) throws -> Response {
        let words = Words(platform.shelf.translations[locale], zone: actor.timeZone, now: platform.world.now())
        guard let library = platform.shelf.templates[locale] else { throw Fault("no templates for \(locale)") }
        let title = screen.title(words)
        let frame = Frame(title: title, actor: actor, visit: self, status: status)
        guard case .object(let own) = screen.shown(words) else { throw Fault("a screen shows an object") }
        // `invalid` marks a form that comes back with errors; a screen may know better.
        let invalid = Value.flag(status == .unprocessableContent)
        let value = Value.object(["invalid": invalid, "frame": frame.shown(words), "title": .text(title)]).merging(own)
        return try library.page(type(of: screen).template, value, status: status)
            .response(from: request, context: context)
    }
}

/// Where the product is reached: what cookies and hosts depend on.
package struct Place: Sendable {
    /// The address people type, `https://support.riverside.example`; without a slash at its end.
    package let address: String
    package let sessionCookie: SiteCookie
    package let localeCookie: SiteCookie
    /// Held between the two halves of signing in.
    let halfCookie: SiteCookie
    /// Held while somebody looks for their passkey.
    let passkeyCookie: SiteCookie
    /// Where "Leave this page" leads: a host on https and perhaps a path, of a site that tells nothing.
    package let exit: String

    /// Whose word counts on where a request came from.
    package let proxies: Set<PeerAddress>

    package init(address: String, exit: String = "www.weather.gov", proxies: Set<PeerAddress> = []) {
        self.address = address
        self.exit = exit
        self.proxies = proxies
        let https = address.hasPrefix("https://")
        sessionCookie = SiteCookie("session", https: https)
        localeCookie = SiteCookie("locale", https: https)
        halfCookie = SiteCookie("sign-in", https: https)
        passkeyCookie = SiteCookie("passkey", https: https)
    }

    package var isSecure: Bool { address.hasPrefix("https://") }

    /// The name of this site, without its port.
    var host: String { Self.host(of: address) }

    /// The same of any address that people type.
    static func host(of address: String) -> String {
        let name = address.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != "/" && $0 != ":" }
        return name.isEmpty ? "localhost" : String(name)
    }

    /// The names this site answers to: its own, and this machine's for whoever sits at it.
    var hosts: [String] {
        let name = address.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != "/" }
        return [String(name), "localhost", "127.0.0.1", "[::1]"]
    }
}

extension Form {
    /// Whether an address asks for larger letters, on the screen and on paper: `?type=large`.
    package var asksForLargeType: Bool { self["type"] == "large" }
}
