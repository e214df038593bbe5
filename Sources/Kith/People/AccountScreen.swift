import Storage
import Web

/// One's own account: where one is signed in, and a new password.
struct AccountScreen: Screen {
    static let template = "people/account"

    struct Line: Sendable {
        let since: Instant
        let browser: String?
        let isThis: Bool
    }

    /// How many sessions are shown; ending them ends all.
    private static let mostShown = 20

    let login: String
    let sessions: [Line]
    let hasSecondFactor: Bool
    let errors: FieldErrors

    /// - Parameter tokenHash: of the session that asks.
    init(_ tokenHash: String, _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        let (organization, me) = (try db.organization, try db.me)
        login = try Account.ownLogin(in: db)
        sessions = try db.all(
            """
            SELECT created_at, browser, token_hash = \(tokenHash) AS is_this FROM session
            WHERE organization_id = \(organization) AND person_id = \(me) AND ended_at IS NULL AND expires_at > \(db.now)
            ORDER BY is_this DESC, created_at DESC, token_hash LIMIT \(Self.mostShown)
            """
        ) { Line(since: try $0["created_at"], browser: try $0["browser"], isThis: try $0["is_this"]) }
        hasSecondFactor = try SecondFactor.isOn(in: db)
        self.errors = errors
    }

    func title(_ words: Words) -> String { words("account.title") }

    func shown(_ words: Words) -> Value {
        let fields = [
            Field(
                "current", .password, "account.current", required: true, autocomplete: "current-password", in: Form(),
                errors, words),
            Field(
                "password", .newPassword, hasSecondFactor ? "account.password-of-two" : "account.password",
                hinted: true,
                required: true,
                autocomplete: "new-password", in: Form(), errors, words)
        ]
        return [
            "hasSecondFactor": .flag(hasSecondFactor), "login": .text(login), "form": shownForm(fields),
            "invalid": .flag(!errors.isEmpty),
            "sessions": .list(
                sessions.map { line in
                    [
                        "name": .text(line.browser ?? words("account.unknown-browser")),
                        "since": .text(words("account.since", ["when": words.dayAndTime(line.since)])),
                        "isThis": .flag(line.isThis)
                    ]
                }),
            "others": .flag(sessions.contains { !$0.isThis })
        ]
    }
}
