import Hummingbird
import Storage
import Web

/// Proving anew who one is, before something that a session left open must not be enough for.
enum Proof {
    static let routes: [Route] = [
        .get("/proof", .enrolling) { visit in
            let next = try visit.query["next"].flatMap(SitePath.init(untrusted:)) ?? "/"
            return try await visit.show { try ProofScreen(next: next, in: $0) }
        }.asking("next"),
        .post("/proof", .enrolling, prove).taking("code", "next", "password")
    ]

    private static func prove(_ visit: Visit) async throws -> Response {
        let form = try await visit.form()
        let next = form["next"].flatMap(SitePath.init(untrusted:)) ?? "/"
        let typed = form["code"] ?? ""
        let found = try await SecondFactor.plain(typed).isEmpty ? byPassword(form, visit) : byCode(typed, visit)
        guard let errors = found else { return .seeOther(next) }
        return try await visit.show(status: .unprocessableContent) { try ProofScreen(next: next, errors, in: $0) }
    }

    /// - Returns: what was wrong; nil when it is proved.
    private static func byPassword(_ form: Form, _ visit: Visit) async throws -> FieldErrors? {
        let login = try await visit.read { try Account.ownLogin(in: $0) }
        var errors = FieldErrors()
        do {
            if try await Session.check(form["password"] ?? "", for: login, visit) != nil {
                try await visit.write { try Session.prove(by: .password, in: $0) }
                return nil
            }
            errors.add("wrong-password", for: "password")
        } catch Problem.tooMany {
            errors.add("too-many-tries", for: "password")
        }
        return errors
    }

    private static func byCode(_ typed: String, _ visit: Visit) async throws -> FieldErrors? {
        let me = try await visit.read { try $0.accountHolder }
        var errors = FieldErrors()
        do {
            try visit.platform.codeTries.begin(me, at: visit.platform.world.now())
            let isRight = try await visit.write { db in
                guard try SecondFactor.accept(typed, of: me, in: db.organization, db: db) != nil else { return false }
                try Session.prove(by: .code, in: db)
                return true
            }
            if isRight {
                visit.platform.codeTries.succeed(me)
                return nil
            }
            errors.add("wrong-code", for: "code")
        } catch Problem.tooMany {
            errors.add("too-many-codes", for: "code")
        }
        return errors
    }
}

extension Session {
    /// What somebody proved with who they are.
    package enum ProofKind: String, Sendable {
        case password, code, passkey
    }

    /// The person asking has proved who they are, just now.
    package static func prove(by kind: ProofKind, in db: Writing) throws {
        guard let session = db.actor.session else { throw Problem.signInNeeded }
        try db.run("UPDATE session SET proved_at = \(db.now) WHERE token_hash = \(session.tokenHash)")
        db.record(Event(.identityProved, about: try db.accountHolder, ["by": kind.rawValue]))
    }
}

/// Asks for a proof, and leads back.
struct ProofScreen: Screen {
    static let template = "people/proof"

    let login: String
    /// Whether a code from a phone would do as well.
    let takesCode: Bool
    let next: SitePath
    let errors: FieldErrors

    init(next: SitePath, _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        login = try Account.ownLogin(in: db)
        takesCode = try SecondFactor.app(of: db.accountHolder, in: db.organization, db: db)?.isInUse == true
        self.next = next
        self.errors = errors
    }

    func title(_ words: Words) -> String { words("proof.title") }

    func shown(_ words: Words) -> Value {
        let fields = [
            Field(
                "password", .password, "sign-in.password", required: !takesCode, autocomplete: "current-password",
                in: Form(), errors, words),
            Field("code", .code, "code.code", hinted: true, autocomplete: "one-time-code", in: Form(), errors, words)
        ]
        return [
            "form": shownForm(takesCode ? fields : [fields[0]]), "takesCode": .flag(takesCode),
            "invalid": .flag(!errors.isEmpty), "login": .text(login),
            "next": .text(next.string), "passkeyPath": "/proof/passkey",
            "challengePath": "/proof/passkey/challenge"
        ]
    }
}
