import Foundation
import Storage

extension ErasureWish {
    /// The person asking wants everything about them deleted. Asking twice is asking once.
    /// - Throws: ``Problem/conflict(_:)`` with `erasure.staff-own` for whoever has worked here.
    package static func ask(in db: Writing) throws {
        let me = try db.me
        guard try !Erasure.hasWorked(me, in: db) else { throw Problem.conflict("erasure.staff-own") }
        try ask(for: me, in: db)
    }

    /// Writes down that somebody wants it, for whoever told a coordinator so. Whoever calls has established their right.
    /// - Throws: ``Problem/conflict(_:)`` with `erasure.staff` for whoever has worked here.
    static func note(for person: Person.ID, in db: Writing) throws {
        guard try !Erasure.hasWorked(person, in: db) else { throw Problem.conflict("erasure.staff") }
        try ask(for: person, in: db)
    }

    private static func ask(for person: Person.ID, in db: Writing) throws {
        let id: ID = db.newID()
        let asked = try db.run(
            """
            INSERT INTO erasure_wish (organization_id, id, person_id, asked_at, due_at)
            VALUES (\(db.organization), \(id), \(person), \(db.now), \(db.now.adding(hours: 24 * days)))
            ON CONFLICT (organization_id, person_id) WHERE ended_at IS NULL DO NOTHING
            """)
        if asked > 0 { db.record(Event(.erasureAsked, of: id.text, about: person)) }
    }

    /// The person asking has changed their mind. A second time changes nothing.
    package static func withdraw(in db: Writing) throws { try withdraw(for: db.me, in: db) }

    /// Whoever calls has established that the person said so.
    static func withdraw(for person: Person.ID, in db: Writing) throws {
        let ended = try db.values(
            """
            UPDATE erasure_wish SET ended_at = \(db.now), ended_by = \(db.actor.logName), ending = \(Ending.withdrawn)
            WHERE organization_id = \(db.organization) AND person_id = \(person) AND ended_at IS NULL RETURNING id
            """, as: ID.self)
        for id in ended { db.record(Event(.erasureWithdrawn, of: id.text, about: person)) }
    }

    /// A coordinator says why the record has to stay for now, and until when.
    /// - Throws: ``Problem/conflict(_:)`` with `erasure.answered`.
    package func keep(because reason: Reason, until day: Day, in db: Writing) throws {
        let changed = try db.run(
            """
            UPDATE erasure_wish SET ended_at = \(db.now), ended_by = \(db.actor.logName), ending = \(Ending.kept),
                reason = \(reason), kept_until = \(day)
            WHERE organization_id = \(organization) AND id = \(id) AND ended_at IS NULL
            """)
        guard changed > 0 else { throw Problem.conflict("erasure.answered") }
        db.record(Event(.erasureKept, of: id.text, about: person, ["reason": reason.rawValue]))
        db.announce(.person(person))
    }

    /// Whoever erases them, on a page or as the operator, has answered what they asked.
    static func fulfill(for person: Person.ID, with certificate: Erasure.Certificate, in db: Writing) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(certificate), as: UTF8.self)
        try db.run(
            """
            UPDATE erasure_wish SET ended_at = \(db.now), ended_by = \(db.actor.logName), ending = \(Ending.erased),
                certificate = \(text)
            WHERE organization_id = \(db.organization) AND person_id = \(person) AND ended_at IS NULL
            """)
    }
}

extension Platform {
    /// A coordinator does what somebody asked for: everything about them is deleted, their wish with it.
    /// - Throws: what ``ErasureWish/find(_:in:)`` and ``Erasure`` throw; ``Problem/conflict(_:)`` with
    ///   `erasure.answered`.
    func erase(_ wish: ErasureWish.ID, on visit: Visit) async throws {
        let agreed = try await visit.write { db in
            let wish = try ErasureWish.find(wish, in: db)
            guard wish.isOpen else { throw Problem.conflict("erasure.answered") }
            db.record(Event(.erasureAgreed, of: wish.id.text, about: wish.person))
            return wish
        }
        // The program itself does it, since it ends more than a coordinator may. Should it die in between, the wish is
        // still open and late, and whoever presses again does it once.
        _ = try await erase(agreed.person, of: agreed.organization, answering: wish)
    }
}
