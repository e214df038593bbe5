import Storage

extension Breather {
    /// The supporter asking says that something was heavy. On one day twice is once; on a later day it begins anew.
    package static func take(in db: Writing) throws {
        guard db.actor.has(.supporter) else { throw Problem.notAllowed }
        if let mine = try mine(in: db), LocalClock(zone: db.actor.timeZone).day(of: mine.since) == db.today { return }
        let (organization, me) = (try db.organization, try db.me)
        try db.run(
            """
            INSERT INTO breather (organization_id, person_id, since, ends_at)
            VALUES (\(organization), \(me), \(db.now), \(db.now.adding(days: days)))
            ON CONFLICT (organization_id, person_id) DO UPDATE SET since = excluded.since,
                ends_at = excluded.ends_at, ended_at = NULL, is_answered = \(false)
            """)
        try changed(in: db)
    }

    /// The supporter asking has room for somebody new again.
    package static func end(in db: Writing) throws {
        let ended = try db.run(
            """
            UPDATE breather SET ended_at = \(db.now)
            WHERE organization_id = \(db.organization) AND person_id = \(db.me) AND ended_at IS NULL
                AND ends_at > \(db.now)
            """)
        if ended > 0 { try changed(in: db) }
    }

    /// The supporter asking has said whether they would like to talk, and is not asked again.
    package static func answer(in db: Writing) throws {
        let answered = try db.run(
            """
            UPDATE breather SET is_answered = \(true)
            WHERE organization_id = \(db.organization) AND person_id = \(db.me) AND is_answered = \(false)
            """)
        if answered > 0 { try changed(in: db) }
    }

    /// The one that lasts at this moment, of the person asking.
    package static func mine(in db: Reading) throws -> Breather? {
        try db.first(
            """
            SELECT since, ends_at, is_answered FROM breather WHERE organization_id = \(db.organization)
            AND person_id = \(db.me) AND ended_at IS NULL AND ends_at > \(db.now)
            """, Breather.init(row:))
    }

    private static func changed(in db: Writing) throws {
        db.record(Event(.roomChanged, of: try db.me.text, about: try db.me))
    }
}
