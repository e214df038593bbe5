import Hummingbird
import Storage
import Web

/// Proving anew who one is, before something that a session left open must not be enough for.
enum Proof {
    static let routes: [Route] = [
        .get("/proof", .signedIn) { visit in
            let next = try visit.query["next"].flatMap(SitePath.init(untrusted:)) ?? "/"
            return try await visit.show { try ProofScreen(next: next, in: $0) }
        },
        .post("/proof", .signedIn, prove)
    ]

    private static func prove(_ visit: Visit) async throws -> Response {
        let form = try await visit.form()
        let next = form["next"].flatMap(SitePath.init(untrusted:)) ?? "/"
        let login = try await visit.read { try Account.ownLogin(in: $0) }
        var errors = FieldErrors()
        do {
            if try await Session.check(form["password"] ?? "", for: login, visit) != nil {
                try await visit.write { try Session.prove(by: .password, in: $0) }
                return .seeOther(next)
            }
            errors.add("wrong-password", for: "password")
        } catch Problem.tooMany {
            errors.add("too-many-tries", for: "password")
        }
        let said = errors
        return try await visit.show(status: .unprocessableContent) { try ProofScreen(next: next, said, in: $0) }
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
        db.record(Event(.identityProved, about: try db.me, ["by": kind.rawValue]))
    }
}

/// Asks for a proof, and leads back.
struct ProofScreen: Screen {
    static let template = "people/proof"

    let login: String
    let next: SitePath
    let errors: FieldErrors

    init(next: SitePath, _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        login = try Account.ownLogin(in: db)
        self.next = next
        self.errors = errors
    }

    func title(_ words: Words) -> String { words("proof.title") }

    func shown(_ words: Words) -> Value {
        let fields = [
            Field(
                "password", .password, "sign-in.password", required: true, autocomplete: "current-password",
                in: Form(), errors, words)
        ]
        return [
            "form": shownForm(fields), "invalid": .flag(!errors.isEmpty), "login": .text(login),
            "next": .text(next.string)
        ]
    }
}
