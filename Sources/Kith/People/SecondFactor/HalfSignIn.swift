import Storage
import Synchronization

/// A sign-in whose password was right and whose second half is still to come. It is no session and carries no right at
/// all: its cookie opens the page that asks for the code, for a few minutes.
package struct HalfSignIn: Sendable {
    /// How long the second half may take.
    package static let minutes = 10

    package let organization: Organization.ID
    package let person: Person.ID
    package let isShared: Bool

    /// Begins one for somebody whose password was right.
    package static func begin(for door: Session.Door, secret: Secret, isShared: Bool, in db: Writing) throws {
        try db.run(
            """
            INSERT INTO half_sign_in (token_hash, organization_id, person_id, is_shared, created_at, expires_at)
            VALUES (\(secret.hash), \(door.organization), \(door.person), \(isShared), \(db.now),
                \(db.now.adding(minutes: minutes)))
            """)
        var event = Event(.halfSignedIn, about: door.person)
        event.organization = door.organization
        db.record(event)
    }

    /// The one a browser holds.
    /// - Throws: ``Problem/signInNeeded`` when there is none, or its time is over.
    package static func find(_ secret: Secret?, in db: Reading) throws -> HalfSignIn {
        let found = try secret.flatMap { secret in
            try db.first(
                """
                SELECT h.organization_id, h.person_id, h.is_shared FROM half_sign_in h
                JOIN account a ON a.organization_id = h.organization_id AND a.person_id = h.person_id
                WHERE h.token_hash = \(secret.hash) AND h.ended_at IS NULL AND h.expires_at > \(db.now)
                AND a.disabled_at IS NULL
                """
            ) {
                HalfSignIn(
                    organization: try $0["organization_id"], person: try $0["person_id"],
                    isShared: try $0["is_shared"])
            }
        }
        guard let found else { throw Problem.signInNeeded }
        return found
    }

    /// The code was right: this is over, and a session begins.
    static func complete(_ secret: Secret, by typed: String, in db: Writing) throws -> (Session.Door, Bool)? {
        let half = try find(secret, in: db)
        guard try SecondFactor.accept(typed, of: half.person, in: half.organization, db: db) != nil else { return nil }
        try end(secret, in: db)
        var event = Event(.identityProved, about: half.person, ["by": Session.ProofKind.code.rawValue])
        event.organization = half.organization
        db.record(event)
        return (Session.Door(organization: half.organization, person: half.person, hash: ""), half.isShared)
    }

    static func end(_ secret: Secret, in db: Writing) throws {
        try db.run("UPDATE half_sign_in SET ended_at = \(db.now) WHERE token_hash = \(secret.hash)")
    }

    /// Ends those of somebody whose password or access changed.
    static func endAll(of person: Person.ID, of organization: Organization.ID, in db: Writing) throws {
        try db.run(
            """
            UPDATE half_sign_in SET ended_at = \(db.now)
            WHERE organization_id = \(organization) AND person_id = \(person) AND ended_at IS NULL
            """)
    }
}

/// How often a code may be tried: five wrong ones of an account, from wherever they come, and one more every five
/// minutes. Only who has the password comes this far, so that nobody can make a stranger wait.
package final class CodeTries: Sendable {
    private let wrong = Mutex(Allowance(burst: 5, secondsForOne: 300))

    package init() {}

    /// Counts a try as wrong until it turns out otherwise.
    /// - Throws: ``Problem/tooMany``
    func begin(_ person: Person.ID, at now: Instant) throws(Problem) {
        guard wrong.withLock({ $0.take(person.text, at: now) }) else { throw .tooMany }
    }

    /// The code was right.
    func succeed(_ person: Person.ID) { wrong.withLock { $0.forget(person.text) } }
}

extension EventKind {
    package static let halfSignedIn = EventKind("session.half-opened")
}
