import HTTPTypes
import Hummingbird
import Web

extension SecondFactor {
    /// For everybody's own account, also before the second factor that a role asks for is there.
    static let routes: [Route] = [
        .get("/account/second-factor", .enrolling) { visit in
            try await visit.show { try SecondFactorScreen(in: $0) }
        }.afterFreshProof(),
        .get("/account/second-factor/picture", .enrolling) { visit in
            let text = try await visit.read { try address(in: $0) }
            // Never kept, like every page.
            return .bytes(try QRCode(text).svg.utf8, type: "image/svg+xml")
        }.afterFreshProof().answering(.picture),
        .post("/account/second-factor", .enrolling) { visit in
            _ = try await visit.form()
            try await visit.write { try begin(in: $0) }
            return .seeOther("/account/second-factor")
        }.afterFreshProof(),
        .post("/account/second-factor/confirmation", .enrolling, confirm).afterFreshProof(),
        .post("/account/second-factor/recovery-codes", .signedIn) { visit in
            _ = try await visit.form()
            let codes = try await visit.write { try renewRecoveryCodes(in: $0) }
            return try await visit.show(status: .created) { _ in RecoveryCodesScreen(codes: codes) }
        }.afterFreshProof(),
        .post("/account/second-factor/ending", .signedIn) { visit in
            _ = try await visit.form()
            try await visit.write { try turnOff(in: $0) }
            return .seeOther("/account")
        }.afterFreshProof()
    ]

    private static func confirm(_ visit: Visit) async throws -> Response {
        let typed = try await visit.form()["code"] ?? ""
        let person = try await visit.read { try $0.accountHolder }
        func again(_ code: String, _ status: HTTPResponse.Status) async throws -> Response {
            var errors = FieldErrors()
            errors.add(code, for: "code")
            let said = errors
            return try await visit.show(status: status) { try SecondFactorScreen(said, in: $0) }
        }
        do {
            try visit.platform.codeTries.begin(person, at: visit.platform.world.now())
            let codes = try await visit.write { try confirm(typed, in: $0) }
            visit.platform.codeTries.succeed(person)
            return try await visit.show(status: .created) { _ in RecoveryCodesScreen(codes: codes) }
        } catch Problem.invalid {
            return try await again("wrong-code", .unprocessableContent)
        } catch Problem.tooMany {
            return try await again("too-many-codes", .tooManyRequests)
        }
    }

    /// What the app takes over while it is being set up.
    static func address(in db: Reading) throws -> String {
        let (organization, me) = (try db.organization, try db.accountHolder)
        guard let app = try app(of: me, in: organization, db: db), !app.isInUse else { throw Problem.notFound }
        let login = try Account.ownLogin(in: db)
        return TimedCode.address(app.secret, issuer: db.actor.organizationName, account: login)
    }
}

/// Setting up codes from one's phone, or what can be done once they are in use.
struct SecondFactorScreen: Screen {
    static let template = "people/second-factor"

    let isOn: Bool
    /// While it is being set up: what the app takes over, by hand.
    let secret: String?
    let left: Int
    /// Whether a role asks for it, so that nothing else comes before.
    let isEnrolling: Bool
    let errors: FieldErrors

    init(_ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        let (organization, me) = (try db.organization, try db.accountHolder)
        let app = try SecondFactor.app(of: me, in: organization, db: db)
        isOn = app?.isInUse == true
        secret = app.flatMap { $0.isInUse ? nil : TimedCode.grouped(TimedCode.base32($0.secret)) }
        left = try SecondFactor.recoveryCodesLeft(in: db)
        isEnrolling = db.actor.person == nil
        self.errors = errors
    }

    func title(_ words: Words) -> String { words("second-factor.title") }

    func shown(_ words: Words) -> Value {
        let field = Field(
            "code", .code, "second-factor.code", required: true, autocomplete: "one-time-code", in: Form(), errors,
            words)
        return [
            "isOn": .flag(isOn), "isEnrolling": .flag(isEnrolling), "secret": Value(secret),
            "invalid": .flag(!errors.isEmpty), "form": shownForm([field]),
            "left": .text(words("second-factor.left", count: left))
        ]
    }
}

/// The list of recovery codes, shown once.
struct RecoveryCodesScreen: Screen {
    static let template = "people/recovery-codes"
    let codes: [String]

    func title(_ words: Words) -> String { words("recovery-codes.title") }

    func shown(_ words: Words) -> Value { ["codes": .list(codes.map { .text($0) })] }
}
