import Hummingbird
import Web

extension HalfSignIn {
    static let routes: [Route] = [
        .get("/sign-in/code", .anyone) { visit in
            let next = try visit.query["next"].flatMap(SitePath.init(untrusted:))?.string
            do {
                return try await visit.show { db in
                    _ = try HalfSignIn.find(visit.halfSignIn, in: db)
                    return CodeScreen(next: next, failure: nil)
                }
            } catch Problem.signInNeeded {
                // From the beginning, and not back here.
                return .seeOther("/sign-in")
            }
        },
        // Limited by wrong codes instead.
        .post("/sign-in/code", .anyone, complete).unpaced()
    ]

    private static func complete(_ visit: Visit) async throws -> Response {
        let form = try await visit.form()
        let next = form["next"].flatMap(SitePath.init(untrusted:))?.string
        guard let secret = visit.halfSignIn else { throw Problem.signInNeeded }
        let person = try await visit.read { try HalfSignIn.find(secret, in: $0).person }
        do {
            try visit.platform.codeTries.begin(person, at: visit.platform.world.now())
        } catch {
            return try visit.show(CodeScreen(next: next, failure: "too-many-codes"), status: .tooManyRequests)
        }
        let typed = form["code"] ?? ""
        guard let (door, isShared) = try await visit.write({ try complete(secret, by: typed, in: $0) }) else {
            return try visit.show(CodeScreen(next: next, failure: "wrong-code"), status: .unprocessableContent)
        }
        visit.platform.codeTries.succeed(person)
        var response = try await Session.enter(visit, door, isShared: isShared, next: next)
        response.remove(visit.place.halfCookie)
        return response
    }
}

extension Visit {
    /// What a browser holds between the two halves of signing in.
    var halfSignIn: Secret? {
        place.halfCookie.value(in: request).flatMap { $0.isEmpty ? nil : Secret(presented: $0) }
    }
}

/// The second half of signing in.
struct CodeScreen: Screen {
    static let template = "people/code"
    let next: String?
    let failure: String?

    func title(_ words: Words) -> String { words("code.title") }

    func shown(_ words: Words) -> Value {
        var errors = FieldErrors()
        if let failure { errors.add(failure, for: "code") }
        let field = Field(
            "code", .code, "code.code", hinted: true, required: true, autocomplete: "one-time-code", in: Form(),
            errors, words)
        return [
            "form": shownForm([field]), "invalid": .flag(failure != nil), "next": Value(next),
            "passkeyPath": "/sign-in/passkey", "challengePath": "/sign-in/passkey/challenge"
        ]
    }
}
