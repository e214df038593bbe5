import Foundation
import Storage
import Web

/// What somebody signs in with besides their password: codes from their phone, and a list of codes for the day on which
/// the phone is gone.
package enum SecondFactor {
    /// How many codes are on the list.
    package static let recoveryCodes = 10

    /// What a code turned out to be.
    package enum Kind: String, Sendable {
        case phone, recovery
    }

    /// The secret that an app shows codes for, and whether it is in use or still being set up.
    package struct App: Sendable {
        package let secret: [UInt8]
        package let isInUse: Bool
        let lastStep: Int?
    }

    /// The app of somebody; nil when there is none, or its secret can be read no more.
    package static func app(of person: Person.ID, in organization: Organization.ID, db: Reading) throws -> App? {
        let found = try db.first(
            """
            SELECT a.secret, a.confirmed_at, a.last_step, \(TextKey.wrapped(of: "a.person_id", in: "a.organization_id"))
                AS wrapped FROM authenticator_app a
            WHERE a.organization_id = \(organization) AND a.person_id = \(person)
            """
        ) {
            (
                sealed: try $0["secret"] as String, wrapped: try $0["wrapped"] as String?,
                isInUse: try $0["confirmed_at"] as Instant? != nil, lastStep: try $0["last_step"] as Int?
            )
        }
        guard let found, let text = try db.key(found.wrapped, of: person)?.open(found.sealed, from: place(person)),
            let secret = Data(base64Encoded: text)
        else { return nil }
        return App(secret: Array(secret), isInUse: found.isInUse, lastStep: found.lastStep)
    }

    private static func place(_ person: Person.ID) -> TextPlace { TextPlace("authenticator_app.secret", person.text) }

    /// Whether the account holder asking has one.
    static func isOn(in db: Reading) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM account WHERE organization_id = \(db.organization) AND person_id = \(db.accountHolder)
            AND second_factor_since IS NOT NULL
            """)
    }

    /// How many codes are left on the account holder's list.
    static func recoveryCodesLeft(in db: Reading) throws -> Int {
        try db.value(
            """
            SELECT count(*) FROM recovery_code
            WHERE organization_id = \(db.organization) AND person_id = \(db.accountHolder) AND used_at IS NULL
            """) ?? 0
    }

    /// Begins to set up an app, with a fresh secret. Nothing changes until a code proves that the app has it.
    /// - Throws: ``Problem/conflict(_:)`` while one is in use.
    package static func begin(in db: Writing) throws {
        try db.checkFreshProof()
        let (organization, me) = (try db.organization, try db.accountHolder)
        let secret = try db.writingKey(of: me, in: organization)
            .seal(Data(db.world.randomBytes(20)).base64EncodedString(), as: place(me))
        let changed = try db.run(
            """
            INSERT INTO authenticator_app (organization_id, person_id, secret, created_at)
            VALUES (\(organization), \(me), \(secret), \(db.now))
            ON CONFLICT (organization_id, person_id) DO UPDATE SET secret = excluded.secret,
                created_at = excluded.created_at, last_step = NULL WHERE authenticator_app.confirmed_at IS NULL
            """)
        guard changed > 0 else { throw Problem.conflict("second-factor.on-already") }
        db.record(Event(.secondFactorBegun, about: me))
    }

    /// Puts the app to use with its first code. Every other session ends: they were opened with a password alone.
    /// - Returns: a list of recovery codes, to be shown once.
    /// - Throws: ``Problem/invalid(_:)`` for a code that is not right.
    package static func confirm(_ typed: String, in db: Writing) throws -> [String] {
        try db.checkFreshProof()
        let (organization, me) = (try db.organization, try db.accountHolder)
        guard let app = try app(of: me, in: organization, db: db), !app.isInUse else {
            throw Problem.conflict("second-factor.on-already")
        }
        guard let step = TimedCode.match(plain(typed), app.secret, at: db.now, after: app.lastStep) else {
            throw Problem.invalid("code", "wrong-code")
        }
        try db.run(
            """
            UPDATE authenticator_app SET confirmed_at = \(db.now), last_step = \(step)
            WHERE organization_id = \(organization) AND person_id = \(me)
            """)
        let hadList = try isOn(in: db)
        return hadList ? try writeRecoveryCodes(in: db) : try turnOn(in: db)
    }

    /// Marks the account holder's account as having a second factor.
    static func turnOn(in db: Writing) throws -> [String] {
        let (organization, me) = (try db.organization, try db.accountHolder)
        try db.run(
            """
            UPDATE account SET second_factor_since = coalesce(second_factor_since, \(db.now))
            WHERE organization_id = \(organization) AND person_id = \(me)
            """)
        try Session.endAll(of: me, of: organization, sparing: db.actor.session?.tokenHash, in: db)
        db.record(Event(.secondFactorOn, about: me))
        return try writeRecoveryCodes(in: db)
    }

    /// A new list of recovery codes, to be shown once; the old one is worth nothing any more.
    package static func renewRecoveryCodes(in db: Writing) throws -> [String] {
        try db.checkFreshProof()
        guard try isOn(in: db) else { throw Problem.conflict("second-factor.off-already") }
        return try writeRecoveryCodes(in: db)
    }

    private static func writeRecoveryCodes(in db: Writing) throws -> [String] {
        let (organization, me) = (try db.organization, try db.accountHolder)
        // 120 bits each: nobody guesses one, so a plain hash keeps them.
        let codes = (0..<recoveryCodes).map { _ in TimedCode.base32(db.world.randomBytes(15)) }
        try db.run("DELETE FROM recovery_code WHERE organization_id = \(organization) AND person_id = \(me)")
        for code in codes {
            try db.run(
                """
                INSERT INTO recovery_code (organization_id, person_id, code_hash, created_at)
                VALUES (\(organization), \(me), \(Secret(presented: code).hash), \(db.now))
                """)
        }
        db.record(Event(.recoveryCodesMade, about: me))
        return codes.map(TimedCode.grouped)
    }

    /// Takes a code, once: from the phone, or from the list.
    /// - Returns: nil for one that is not right, or was taken before; then nothing has changed.
    package static func accept(
        _ typed: String, of person: Person.ID, in organization: Organization.ID, db: Writing
    ) throws -> Kind? {
        let typed = plain(typed)
        if let app = try app(of: person, in: organization, db: db), app.isInUse,
            let step = TimedCode.match(typed, app.secret, at: db.now, after: app.lastStep)
        {
            try db.run(
                """
                UPDATE authenticator_app SET last_step = \(step)
                WHERE organization_id = \(organization) AND person_id = \(person)
                """)
            return .phone
        }
        let taken = try db.run(
            """
            UPDATE recovery_code SET used_at = \(db.now) WHERE organization_id = \(organization)
            AND person_id = \(person) AND code_hash = \(Secret(presented: typed).hash) AND used_at IS NULL
            """)
        guard taken > 0 else { return nil }
        var event = Event(.recoveryCodeUsed, about: person)
        event.organization = organization
        db.record(event)
        return .recovery
    }

    /// No more codes from a phone. Whoever has no passkey either is back to the password alone.
    /// - Throws: ``Problem/conflict(_:)`` where a role asks for a second factor, or the password is too short to stand
    ///   alone.
    package static func turnOff(in db: Writing) throws {
        try db.checkFreshProof()
        let (organization, me) = (try db.organization, try db.accountHolder)
        guard try app(of: me, in: organization, db: db)?.isInUse == true else {
            throw Problem.conflict("second-factor.off-already")
        }
        try removeApp(of: me, of: organization, in: db)
        try settle(in: db)
    }

    /// After something of the account holder's was taken away: whether the password stands alone now.
    /// - Throws: as ``turnOff(in:)``.
    static func settle(in db: Writing) throws {
        let (organization, me) = (try db.organization, try db.accountHolder)
        let isLeft = try db.exists(
            """
            SELECT 1 FROM authenticator_app WHERE organization_id = \(organization) AND person_id = \(me)
                AND confirmed_at IS NOT NULL
            UNION SELECT 1 FROM passkey WHERE organization_id = \(organization) AND person_id = \(me)
            """)
        if isLeft { return }
        let rules = try SignInRule.all(of: organization, in: db).filter(\.needsSecondFactor)
        guard !rules.contains(where: { db.actor.has($0.role) }) else { throw Problem.conflict("second-factor.needed") }
        let isLong = try db.value(
            "SELECT password_is_long FROM account WHERE organization_id = \(organization) AND person_id = \(me)",
            as: Bool.self)
        guard isLong == true else { throw Problem.conflict("second-factor.short-password") }
        try end(of: me, of: organization, in: db)
    }

    /// Takes away what somebody lost. They sign in with their password alone, and where a role asks for it set up a new
    /// one before anything else. Whoever does it has made sure that it is them.
    /// - Throws: ``Problem/notAllowed`` unless the program itself asks.
    package static func reset(of person: Person.ID, in db: Writing) throws {
        guard db.actor.kind == .system else { throw Problem.notAllowed }
        let organization = try db.organization
        try removeApp(of: person, of: organization, in: db)
        try db.run("DELETE FROM passkey WHERE organization_id = \(organization) AND person_id = \(person)")
        try end(of: person, of: organization, in: db)
    }

    private static func removeApp(of person: Person.ID, of organization: Organization.ID, in db: Writing) throws {
        try db.run("DELETE FROM authenticator_app WHERE organization_id = \(organization) AND person_id = \(person)")
        db.record(Event(.secondFactorOff, about: person))
    }

    private static func end(of person: Person.ID, of organization: Organization.ID, in db: Writing) throws {
        let changed = try db.run(
            """
            UPDATE account SET second_factor_since = NULL WHERE organization_id = \(organization)
            AND person_id = \(person) AND second_factor_since IS NOT NULL
            """)
        guard changed > 0 else { throw Problem.conflict("second-factor.off-already") }
        try db.run("DELETE FROM recovery_code WHERE organization_id = \(organization) AND person_id = \(person)")
        try Session.endAll(of: person, of: organization, sparing: db.actor.session?.tokenHash, in: db)
    }

    /// A code as it is compared: large letters and digits, whatever keyboard they came from. The few digits that no recovery code has were letters.
    static func plain(_ typed: String) -> String {
        let letters = typed.withWesternDigits.uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        guard letters.count > TimedCode.digits else { return letters }
        return String(letters.map { $0 == "0" ? "O" : $0 == "1" ? "I" : $0 == "8" ? "B" : $0 })
    }
}

extension EventKind {
    package static let secondFactorBegun = EventKind("second-factor.begun")
    package static let secondFactorOn = EventKind("second-factor.on")
    package static let secondFactorOff = EventKind("second-factor.off")
    package static let recoveryCodesMade = EventKind("recovery-codes.made")
    package static let recoveryCodeUsed = EventKind("recovery-codes.used")
}
