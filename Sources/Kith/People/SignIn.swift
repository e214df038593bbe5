import HTTPTypes
import Hummingbird
import Web

/// The sign-in page.
struct SignInScreen: Screen {
    static let template = "people/sign-in"
    let form: Form
    /// What went wrong, as a key below `errors` in the texts.
    let failure: String?
    let next: String?

    func title(_ words: Words) -> String { words("sign-in.title") }

    func shown(_ words: Words) -> Value {
        var errors = FieldErrors()
        if let failure { errors.add(failure, for: "login") }
        let fields = [
            Field("login", .line, "sign-in.login", required: true, autocomplete: "username", in: form, errors, words),
            Field(
                "password", .password, "sign-in.password", required: true, autocomplete: "current-password",
                in: Form(), errors, words),
            Field("shared", .check, "sign-in.shared", hinted: true, in: form, errors, words)
        ]
        return [
            "form": shownForm(fields), "invalid": .flag(failure != nil), "next": Value(next),
            "passkeyPath": "/sign-in/passkey", "challengePath": "/sign-in/passkey/challenge"
        ]
    }
}

/// The page behind an invitation: choose a name and a password, or only a new password.
struct InvitationScreen: Screen {
    static let template = "people/invitation"
    let token: String
    let invitation: Invitation
    let form: Form
    let errors: FieldErrors

    private var renews: Bool { invitation.login != nil }

    func title(_ words: Words) -> String { words(renews ? "invitation.renewal.title" : "invitation.title") }

    func shown(_ words: Words) -> Value {
        let login = Field(
            "login", .line, "invitation.login", hinted: true, required: true, autocomplete: "username", in: form,
            errors, words)
        let fields = [
            Field(
                "password", .newPassword, "invitation.password", hinted: true, required: true,
                autocomplete: "new-password", in: Form(), errors, words)
        ]
        let intro = words(
            renews ? "invitation.renewal.intro" : "invitation.intro",
            ["name": invitation.name, "login": invitation.login ?? ""])
        return [
            "form": shownForm(renews ? fields : [login] + fields), "invalid": .flag(!errors.isEmpty),
            "intro": .text(intro), "button": .text(words(renews ? "invitation.renewal.button" : "invitation.button")),
            "actionPath": .text("/invitations/\(token)")
        ]
    }
}

extension Session {
    static let routes: [Route] = [
        .get("/sign-in", .anyone) { visit in
            try visit.show(SignInScreen(form: Form(), failure: nil, next: visit.query["next"].flatMap(safe)))
        }.asking("next"),
        // Limited by wrong tries instead: many people may sign in from one house.
        .post("/sign-in", .anyone, signIn).taking("login", "next", "password", "shared").unpaced(),
        .post("/sign-out", .enrolling, signOut).taking(),
        .get("/leaving", .anyone, leave),
        .post("/presence", .signedIn) { visit in
            _ = try await visit.form()
            try await visit.read { _ in }
            return Response(status: .noContent)
        }.taking(),
        .get("/invitations/{token}", .anyone) { visit in
            let token = try visit.parameter("token")
            return try await visit.show { db in
                let invitation = try Invitation.open(Secret(presented: token).hash, in: db)
                return InvitationScreen(token: token, invitation: invitation, form: Form(), errors: FieldErrors())
            }
        },
        .post("/invitations/{token}", .anyone, accept).taking("login", "password"),
        .post("/language", .anyone, chooseLocale).taking("locale", "next").unpaced()
    ]

    private static func signIn(_ visit: Visit) async throws -> Response {
        let form = try await visit.form()
        let login = form["login"] ?? ""
        let next = form["next"].flatMap(safe)
        do {
            guard let door = try await check(form["password"] ?? "", for: login, visit) else {
                let screen = SignInScreen(form: form, failure: "no-match", next: next)
                return try visit.show(screen, status: .unprocessableContent)
            }
            return try await enter(visit, door, isShared: form["shared"] != nil, next: next)
        } catch Problem.tooMany where !visit.wantsJSON {
            let screen = SignInScreen(form: form, failure: "too-many-tries", next: next)
            return try visit.show(screen, status: .tooManyRequests)
        }
    }

    /// Whom a name and a password let in, within the limits of trying.
    static func check(_ password: String, for login: String, _ visit: Visit) async throws -> Door? {
        let (tries, now) = (visit.platform.tries, visit.platform.world.now())
        let attempt = try tries.begin(login, from: visit.client, at: now)
        do {
            let door = try await visit.read { try Session.door(login: login, in: $0) }
            guard try await Password.verify(password, against: door?.hash, isFamiliar: attempt.isFamiliar), let door
            else { return nil }
            tries.succeed(attempt, at: now)
            return door
        } catch {
            tries.undo(attempt, at: now)
            throw error
        }
    }

    /// Opens a session, or goes on to the second half.
    static func enter(
        _ visit: Visit, _ door: Door, isShared: Bool = false, next: String?
    ) async throws -> Response {
        let secret = visit.platform.world.newSecret()
        if door.needsCode {
            try await visit.write { try HalfSignIn.begin(for: door, secret: secret, isShared: isShared, in: $0) }
            var response = Response.seeOther(next.map { "/sign-in/code?next=\($0)" } ?? "/sign-in/code")
            response.set(visit.place.halfCookie, to: secret.text, maxAge: .seconds(HalfSignIn.minutes * 60))
            return response
        }
        let browser = BrowserName.of(visit.request.headers[.userAgent])
        let brought = visit.session
        let wasToldLanguage = visit.place.localeCookie.value(in: visit.request) != nil
        let (limits, language) = try await visit.write { db in
            try Session.end(brought: brought, in: db)
            return (
                try Session.open(for: door, secret: secret, browser: browser, isShared: isShared, in: db),
                wasToldLanguage ? nil : try Person.knownLanguage(of: door.person, in: door.organization, db: db)
            )
        }
        var response = Response.seeOther(next.flatMap(SitePath.init(untrusted:)) ?? "/")
        response.set(visit.place.sessionCookie, to: secret.text, lasting: limits, isShared: isShared)
        // Not at a computer that others use too: the next one there has a language of their own.
        if let language, !isShared { keep(language, in: &response, visit) }
        return response
    }

    private static func signOut(_ visit: Visit) async throws -> Response {
        _ = try await visit.form()
        var isShared = false
        if let session = visit.session {
            isShared = try await visit.write { db in
                try Session.end(tokenHash: session.hash, in: db)
                return db.actor.session?.isShared == true
            }
        }
        return left(to: "/", visit, isShared: isShared)
    }

    /// Away from here to a site that tells nothing, signed out, and with nothing left in the browser. A link rather than
    /// a form, so that it works without scripts and leads elsewhere; another site cannot sign anybody out with it, for a
    /// browser says where a link was followed.
    private static func leave(_ visit: Visit) async throws -> Response {
        let isOurs = visit.request.headers[values: .secFetchSite].allSatisfy { $0 == "same-origin" }
        if isOurs, let session = visit.session {
            _ = try? await visit.platform.write(as: .session(tokenHash: session.hash)) {
                try Session.end(tokenHash: session.hash, in: $0)
            }
        }
        var response = Response(status: .seeOther, headers: [.location: "https://\(visit.place.exit)"])
        if isOurs {
            response.remove(visit.place.sessionCookie)
            response.headers[.clearSiteData] = #""cache", "storage""#
        }
        return response
    }

    /// Goes on to `path` as a stranger. A browser that others use too forgets all it has kept of this site.
    static func left(to path: SitePath, _ visit: Visit, isShared: Bool) -> Response {
        var response = Response.seeOther(path)
        response.remove(visit.place.sessionCookie)
        if isShared { response.headers[.clearSiteData] = #""cache", "cookies", "storage""# }
        return response
    }

    private static func accept(_ visit: Visit) async throws -> Response {
        let token = try visit.parameter("token")
        let tokenHash = Secret(presented: token).hash
        let form = try await visit.form()
        let world = visit.platform.world
        // Before the costly hash, so that nobody can make us work without an invitation.
        let (known, owner) = try await visit.read { db in
            let invitation = try Invitation.open(tokenHash, in: db)
            return (invitation.login, try Password.Owner.of(invitation, login: invitation.login ?? "", db: db))
        }
        do {
            let (login, password) = try form.read { fields in
                let login = known ?? fields.text("login", required: true, max: 200)
                let password = fields.secret("password", max: Password.longest)
                var owner = owner
                owner.login = login
                fields.judge(password, of: owner, on: visit)
                return (login, password)
            }
            let hash = try await Password.hash(password, in: world)
            let isLong = Password.standsAlone(password)
            let door = try await visit.write {
                try Invitation.accept(tokenHash, login: login, passwordHash: hash, isLong: isLong, in: $0)
            }
            return try await enter(visit, door, next: nil)
        } catch let errors as FieldErrors {
            return try await again(visit, token, form, errors)
        } catch Problem.invalid(let errors) {
            return try await again(visit, token, form, errors)
        }
    }

    private static func again(
        _ visit: Visit, _ token: String, _ form: Form, _ errors: FieldErrors
    ) async throws -> Response {
        try await visit.show(status: .unprocessableContent) { db in
            let invitation = try Invitation.open(Secret(presented: token).hash, in: db)
            return InvitationScreen(token: token, invitation: invitation, form: form, errors: errors)
        }
    }

    private static func chooseLocale(_ visit: Visit) async throws -> Response {
        let form = try await visit.form()
        var response = Response.seeOther(form["next"].flatMap(SitePath.init(untrusted:)) ?? "/")
        guard let locale = form["locale"], keep(locale, in: &response, visit) else { return response }
        if let session = visit.session {
            // Whoever is not signed in any more has chosen for this browser alone.
            do {
                try await visit.platform.write(as: .session(tokenHash: session.hash)) {
                    try Person.read(in: locale, db: $0)
                }
            } catch is Problem {}
        }
        return response
    }

    /// Lets the browser ask for a language from now on, if there are texts in it.
    @discardableResult
    private static func keep(_ locale: String, in response: inout Response, _ visit: Visit) -> Bool {
        guard visit.platform.shelf.translations.locales.contains(locale) else { return false }
        response.set(visit.place.localeCookie, to: locale, maxAge: .seconds(365 * 86_400))
        return true
    }

    /// Only addresses of this site.
    private static func safe(_ next: String) -> String? { SitePath(untrusted: next)?.string }
}

extension FieldReader {
    /// Says what is wrong with a new password.
    mutating func judge(_ password: String, of owner: Password.Owner, on visit: Visit) {
        guard !password.isEmpty else { return }
        let common = visit.platform.shelf.commonPasswords
        if let objection = Password.objection(to: password, of: owner, common: common) { fail("password", objection) }
    }
}

extension Response {
    /// Gives the session cookie its value. At a computer that others use too it goes when the browser is closed.
    mutating func set(_ cookie: SiteCookie, to secret: String, lasting limits: Session.Limits, isShared: Bool) {
        set(cookie, to: secret, maxAge: isShared ? nil : .seconds(limits.hours * 3_600))
    }
}
