import Foundation
import HTTPTypes
import Hummingbird
import Web
import WebAuthn

extension Passkey {
    static let routes: [Route] = [
        .post("/sign-in/passkey/challenge", .anyone) { visit in
            let binder = visit.platform.world.newSecret()
            var response = try options(visit, for: .signIn, of: binder)
            response.set(visit.place.passkeyCookie, to: binder.text, maxAge: .seconds(Challenge.minutes * 60))
            return response
        }.unpaced(),
        // Limited by those that are refused: many people may sign in from one house.
        .post("/sign-in/passkey", .anyone, signIn).unpaced(),
        .get("/account/passkeys", .enrolling) { visit in
            try await visit.show { try PasskeysScreen(in: $0) }
        }.afterFreshProof(),
        .post("/account/passkeys/challenge", .enrolling) { visit in
            _ = try await visit.form()
            let (me, login) = try await visit.read { (try $0.accountHolder, try Account.ownLogin(in: $0)) }
            return try options(visit, for: .register, of: try ownBinder(visit), user: (me, login))
        }.afterFreshProof(),
        .post("/account/passkeys", .enrolling, register).afterFreshProof(),
        .post("/account/passkeys/{id}/ending", .signedIn) { visit in
            let id: ID = try visit.id()
            _ = try await visit.form()
            try await visit.write { try end(id, in: $0) }
            return .seeOther("/account/passkeys")
        }.afterFreshProof(),
        .post("/proof/passkey/challenge", .enrolling) { visit in
            _ = try await visit.form()
            try await visit.read { _ in }
            return try options(visit, for: .proof, of: try ownBinder(visit))
        },
        .post("/proof/passkey", .enrolling, prove)
    ]

    /// What a browser needs to know before it asks for a key.
    private struct Options: Encodable {
        let challenge: String
        let site: String
        let name: String
        let user: String?
        let login: String?
        let algorithms: [Int]
    }

    private static func options(
        _ visit: Visit, for purpose: Challenge.Purpose, of binder: Secret, user: (Person.ID, String)? = nil
    ) throws -> Response {
        let site = visit.place.relyingParty
        return try Response.json(
            Options(
                challenge: Challenge.make(for: purpose, of: binder, in: visit.platform.world).base64URL, site: site.id,
                name: visit.words("product.name"), user: user.map { Array($0.0.text.utf8).base64URL }, login: user?.1,
                algorithms: COSEKey.algorithms))
    }

    private static func ownBinder(_ visit: Visit) throws -> Secret {
        guard let session = visit.session else { throw Problem.signInNeeded }
        return session
    }

    private static func signIn(_ visit: Visit) async throws -> Response {
        let form = try await visit.form()
        let next = form["next"].flatMap(SitePath.init(untrusted:))?.string
        let binder = visit.place.passkeyCookie.value(in: visit.request).map { Secret(presented: $0) }
        let site = visit.place.relyingParty
        let (limit, now) = (visit.platform.publicPosts, visit.platform.world.now())
        try limit.take(for: visit.client, at: now)
        do {
            guard let binder, let sent = Assertion(form) else { throw refused }
            let door = try await visit.write { db in
                let door = try check(sent, for: .signIn, of: binder, at: site, in: db)
                var event = Event(.identityProved, about: door.person, ["by": Session.ProofKind.passkey.rawValue])
                event.organization = door.organization
                db.record(event)
                return door
            }
            limit.giveBack(to: visit.client, at: now)
            var response = try await Session.enter(visit, door, isShared: form["shared"] != nil, next: next)
            response.remove(visit.place.passkeyCookie)
            return response
        } catch Problem.invalid {
            let screen = SignInScreen(form: form, failure: "passkey-refused", next: next)
            return try visit.show(screen, status: .unprocessableContent)
        }
    }

    private static func register(_ visit: Visit) async throws -> Response {
        let (form, binder, site) = (try await visit.form(), try ownBinder(visit), visit.place.relyingParty)
        let browser = BrowserName.of(visit.request.headers[.userAgent])
        guard let client = form["client"].flatMap({ [UInt8](base64URL: $0) }),
            let attestation = form["attestation"].flatMap({ [UInt8](base64URL: $0) })
        else { throw Problem.conflict("passkey.refused") }
        let codes = try await visit.write { db in
            do {
                let challenge = try Challenge.take(from: client, for: .register, of: binder, in: db)
                let made = try site.register(client: client, attestation: attestation, challenge: challenge)
                return try add(made, browser: browser, in: db)
            } catch is WebAuthnError {
                throw Problem.conflict("passkey.refused")
            }
        }
        guard !codes.isEmpty else { return .seeOther("/account/passkeys") }
        return try await visit.show(status: .created) { _ in RecoveryCodesScreen(codes: codes) }
    }

    private static func prove(_ visit: Visit) async throws -> Response {
        let (form, binder, site) = (try await visit.form(), try ownBinder(visit), visit.place.relyingParty)
        let next = form["next"].flatMap(SitePath.init(untrusted:)) ?? "/"
        do {
            guard let sent = Assertion(form) else { throw refused }
            try await visit.write { db in
                let door = try check(sent, for: .proof, of: binder, at: site, in: db)
                guard try door.person == db.accountHolder else { throw refused }
                try Session.prove(by: .passkey, in: db)
            }
            return .seeOther(next)
        } catch Problem.invalid {
            var errors = FieldErrors()
            errors.add("passkey-refused", for: "password")
            let said = errors
            return try await visit.show(status: .unprocessableContent) { try ProofScreen(next: next, said, in: $0) }
        }
    }
}

extension Passkey.Assertion {
    init?(_ form: Form) {
        func bytes(_ name: String) -> [UInt8]? { form[name].flatMap { [UInt8](base64URL: $0) } }
        guard let credential = bytes("credential"), let client = bytes("client"),
            let authenticator = bytes("authenticator"), let signature = bytes("signature"), let user = bytes("user")
        else { return nil }
        self.init(
            credential: credential, client: client, authenticator: authenticator, signature: signature, user: user)
    }
}

extension Place {
    /// As passkeys know this site.
    var relyingParty: RelyingParty { RelyingParty(id: host, origin: address.lowercased()) }
}

/// The passkeys of one's own account.
struct PasskeysScreen: Screen {
    static let template = "people/passkeys"
    let passkeys: [Passkey]

    init(in db: Reading) throws {
        passkeys = try Passkey.own(in: db)
    }

    func title(_ words: Words) -> String { words("passkeys.title") }

    func shown(_ words: Words) -> Value {
        [
            "none": .flag(passkeys.isEmpty),
            "passkeys": .list(
                passkeys.map { passkey in
                    [
                        "name": .text(passkey.browser ?? words("account.unknown-browser")),
                        "since": .text(words("passkeys.since", ["when": words.dayAndTime(passkey.since)])),
                        "used": Value(
                            passkey.usedAt.map { words("passkeys.used", ["when": words.dayAndTime($0)]) }),
                        "endPath": .text("/account/passkeys/\(passkey.id)/ending")
                    ]
                })
        ]
    }
}
