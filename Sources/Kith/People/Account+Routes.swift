import HTTPTypes
import Hummingbird
import Web

extension Account {
    static let routes: [Route] = [
        .get("/account", .signedIn) { visit in
            let hash = try tokenHash(visit)
            return try await visit.show { try AccountScreen(hash, in: $0) }
        },
        .post("/account/sign-outs", .signedIn, signOut).taking("where"),
        .post("/account/password", .signedIn, changePassword).taking("current", "password")
    ]

    private static func tokenHash(_ visit: Visit) throws -> String {
        guard let session = visit.session else { throw Problem.signInNeeded }
        return session.hash
    }

    /// Ends the other sessions of the person asking, or with `where=everywhere` this one too.
    private static func signOut(_ visit: Visit) async throws -> Response {
        let (form, hash) = (try await visit.form(), try tokenHash(visit))
        let everywhere = form["where"] == "everywhere"
        let isShared = try await visit.write { db in
            try Session.endOwn(except: everywhere ? nil : hash, in: db)
            return db.actor.session?.isShared == true
        }
        return everywhere ? Session.left(to: "/sign-in", visit, isShared: isShared) : .seeOther("/account")
    }

    /// Whoever sits at somebody else's open page cannot change its password: the old one is asked for, and counts as a
    /// try to sign in. Every session ends, and this browser gets a fresh one.
    private static func changePassword(_ visit: Visit) async throws -> Response {
        let (form, hash, world) = (try await visit.form(), try tokenHash(visit), visit.platform.world)
        let owner = try await visit.read { db in
            try Password.Owner.of(db.me, in: db.organization, login: ownLogin(in: db), db: db)
        }
        func again(_ errors: FieldErrors, _ status: HTTPResponse.Status) async throws -> Response {
            try await visit.show(status: status) { try AccountScreen(hash, errors, in: $0) }
        }
        do {
            let (current, password) = try form.read { fields in
                let current = fields.secret("current", max: Password.longest)
                let password = fields.secret("password", max: Password.longest)
                fields.judge(password, of: owner, on: visit)
                return (current, password)
            }
            guard let door = try await Session.check(current, for: owner.login, visit) else {
                throw Problem.invalid("current", "wrong-password")
            }
            let passwordHash = try await Password.hash(password, in: world)
            let (secret, isLong) = (world.newSecret(), Password.standsAlone(password))
            let browser = BrowserName.of(visit.request.headers[.userAgent])
            let (limits, isShared) = try await visit.write { db in
                try renew(
                    for: door.person, of: door.organization, replacing: door.hash, passwordHash: passwordHash,
                    isLong: isLong, in: db)
                let isShared = db.actor.session?.isShared == true
                return (
                    try Session.open(for: door, secret: secret, browser: browser, isShared: isShared, in: db), isShared
                )
            }
            var response = Response.seeOther("/account")
            response.set(visit.place.sessionCookie, to: secret.text, lasting: limits, isShared: isShared)
            return response
        } catch let errors as FieldErrors {
            return try await again(errors, .unprocessableContent)
        } catch Problem.invalid(let errors) {
            return try await again(errors, .unprocessableContent)
        } catch Problem.tooMany {
            var errors = FieldErrors()
            errors.add("too-many-tries", for: "current")
            return try await again(errors, .tooManyRequests)
        }
    }
}
