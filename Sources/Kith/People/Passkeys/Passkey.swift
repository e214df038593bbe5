import Foundation
import Storage
import WebAuthn

/// A key that a phone, a computer or a small device keeps, and opens by finger, face or PIN: it stands for a password
/// and a code together.
package struct Passkey: Named {
    package let id: ID
    /// What kind of browser it was made with, for its owner's eyes.
    package let browser: String?
    package let since: Instant
    package let usedAt: Instant?

    /// How many one person may have.
    package static let most = 10

    init(row: Row) throws {
        id = try row["id"]
        browser = try row["browser"]
        since = try row["created_at"]
        usedAt = try row["used_at"]
    }

    /// The account holder's own.
    package static func own(in db: Reading) throws -> [Passkey] {
        try db.all(
            """
            SELECT id, browser, created_at, used_at FROM passkey
            WHERE organization_id = \(db.organization) AND person_id = \(db.accountHolder)
            ORDER BY created_at, id LIMIT \(most)
            """, Passkey.init(row:))
    }

    /// Keeps a new one of the account holder. With the first, the account has a second factor.
    /// - Returns: recovery codes to be shown once, where there were none.
    /// - Throws: ``Problem/conflict(_:)`` when there are too many, or somebody has this one already.
    package static func add(_ made: RelyingParty.Passkey, browser: String?, in db: Writing) throws -> [String] {
        try db.checkFreshProof()
        guard try own(in: db).count < most else { throw Problem.conflict("passkey.too-many") }
        let id: ID = db.newID()
        let kept = try db.run(
            """
            INSERT INTO passkey (organization_id, id, person_id, credential, public_key, counter, browser, created_at)
            VALUES (\(db.organization), \(id), \(db.accountHolder), \(made.id.base64URL), \(made.key),
                \(Int(made.counter)), \(browser), \(db.now))
            ON CONFLICT (credential) DO NOTHING
            """)
        guard kept > 0 else { throw Problem.conflict("passkey.used-already") }
        db.record(Event(.passkeyAdded, of: id.text, about: try db.accountHolder))
        return try SecondFactor.isOn(in: db) ? [] : SecondFactor.turnOn(in: db)
    }

    /// Takes one away. Nobody signs in with it any more.
    package static func end(_ id: ID, in db: Writing) throws {
        try db.checkFreshProof()
        let ended = try db.run(
            """
            DELETE FROM passkey
            WHERE organization_id = \(db.organization) AND person_id = \(db.accountHolder) AND id = \(id)
            """)
        guard ended > 0 else { throw Problem.notFound }
        db.record(Event(.passkeyEnded, of: id.text, about: try db.accountHolder))
        try SecondFactor.settle(in: db)
    }
}

extension Passkey {
    /// What a browser sends to sign in.
    struct Assertion: Sendable {
        let credential: [UInt8]
        let client: [UInt8]
        let authenticator: [UInt8]
        let signature: [UInt8]
        /// Whom the authenticator keeps the key for; not every one says.
        let user: [UInt8]
    }

    /// Whose passkey it is, once all that the browser sent is right. The counter moves on with it.
    /// - Throws: ``Problem/invalid(_:)`` for anything that is not right; it is not said what.
    static func check(
        _ sent: Assertion, for challenge: Challenge.Purpose, of binder: Secret, at site: RelyingParty, in db: Writing
    ) throws -> Session.Door {
        let found = try db.first(
            """
            SELECT p.organization_id, p.person_id, p.public_key, p.counter FROM passkey p
            JOIN account a ON a.organization_id = p.organization_id AND a.person_id = p.person_id
            WHERE p.credential = \(sent.credential.base64URL) AND a.disabled_at IS NULL
            """
        ) {
            (
                door: Session.Door(organization: try $0["organization_id"], person: try $0["person_id"], hash: ""),
                key: try $0["public_key"] as [UInt8], counter: try $0["counter"] as Int
            )
        }
        guard let found, sent.user.isEmpty || sent.user == Array(found.door.person.text.utf8) else { throw refused }
        let counter: UInt32
        do {
            let expected = try Challenge.take(from: sent.client, for: challenge, of: binder, in: db)
            let passkey = RelyingParty.Passkey(
                id: sent.credential, key: found.key, counter: UInt32(clamping: found.counter))
            counter = try site.verify(
                client: sent.client, authenticator: sent.authenticator, signature: sent.signature,
                challenge: expected, with: passkey)
        } catch is WebAuthnError {
            throw refused
        }
        try db.run(
            """
            UPDATE passkey SET counter = \(Int(counter)), used_at = \(db.now)
            WHERE credential = \(sent.credential.base64URL)
            """)
        return found.door
    }

    static let refused = Problem.invalid("passkey", "passkey-refused")
}

extension [UInt8] {
    var base64URL: String { Secret(self).text }
}

extension EventKind {
    package static let passkeyAdded = EventKind("passkey.added")
    package static let passkeyEnded = EventKind("passkey.ended")
}
