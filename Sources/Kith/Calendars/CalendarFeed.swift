import Storage

/// The address at which somebody's phone reads what is planned with them. Whoever has it can read it, so nobody can guess
/// it, only its hash is kept, and its owner can end it at any time.
package struct CalendarFeed: Sendable {
    package let organization: Organization.ID
    package let person: Person.ID
    /// IANA name; of the organization.
    package let timeZone: String
    /// What stands in the calendar; nil where the organization chose nothing.
    package let title: String?
    /// Whether its owner wants to see where, too.
    package let showsPlaces: Bool
    /// Whether they want it by mail as well.
    package let isByMail: Bool

    init(row: Row) throws {
        organization = try row["organization_id"]
        person = try row["person_id"]
        timeZone = try row["time_zone"]
        title = try row["appointment"]
        showsPlaces = try row["shows_places"]
        isByMail = try row["by_mail"]
    }

    /// How many days back and ahead it reaches, and how much it holds at most.
    package static let (daysBack, daysAhead, most) = (30, 366, 500)

    /// The calendar behind an address that somebody holds.
    /// - Throws: ``Problem/notFound`` for one that is unknown or ended, and once its owner has left.
    package static func find(_ tokenHash: String, in db: Reading) throws -> CalendarFeed {
        let found = try db.first(
            """
            \(everything) JOIN calendar_feed f ON f.organization_id = p.organization_id AND f.person_id = p.id
            WHERE f.token_hash = \(tokenHash) AND f.ended_at IS NULL AND \(isHere)
            """, CalendarFeed.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }

    /// What is planned with somebody, with or without an address; nil once they have left.
    static func of(_ person: Person.ID, in organization: Organization.ID, db: Reading) throws -> CalendarFeed? {
        try db.first(
            "\(everything) WHERE p.organization_id = \(organization) AND p.id = \(person) AND \(isHere)",
            CalendarFeed.init(row:))
    }

    private static let everything: SQL = """
        SELECT p.organization_id, p.id AS person_id, o.time_zone, n.appointment,
            coalesce(c.shows_places, FALSE) AS shows_places, coalesce(c.by_mail, FALSE) AS by_mail
        FROM person p JOIN organization o ON o.id = p.organization_id
        LEFT JOIN neutral_names n ON n.organization_id = p.organization_id
        LEFT JOIN calendar_choice c ON c.organization_id = p.organization_id AND c.person_id = p.id
        """

    private static let isHere: SQL = """
        EXISTS (SELECT 1 FROM membership m WHERE m.organization_id = p.organization_id AND m.person_id = p.id
            AND m.ended_at IS NULL)
        """

    /// When the person asking made the address they have; nil when they have none.
    package static func made(in db: Reading) throws -> Instant? {
        try db.value(
            """
            SELECT made_at FROM calendar_feed WHERE organization_id = \(db.organization) AND person_id = \(db.me)
            AND ended_at IS NULL
            """)
    }

    /// Gives the person asking a new address. The one before answers no more.
    /// - Parameter secret: stands in the address; the same once more is a second click.
    /// - Throws: ``Problem/conflict(_:)`` with `calendar.ended` for one that was ended since.
    package static func make(_ secret: Secret, in db: Writing) throws {
        let (organization, me) = (try db.organization, try db.me)
        let isEnded = try db.first("SELECT ended_at FROM calendar_feed WHERE token_hash = \(secret.hash)") {
            try $0["ended_at"] as Instant? != nil
        }
        if let isEnded {
            guard !isEnded else { throw Problem.conflict("calendar.ended") }
            return
        }
        try end(of: me, of: organization, db)
        try db.run(
            """
            INSERT INTO calendar_feed (organization_id, id, person_id, token_hash, made_at)
            VALUES (\(organization), \(db.newID() as Identifier<CalendarFeed>), \(me), \(secret.hash), \(db.now))
            """)
        db.record(Event(.calendarMade, about: me))
    }

    /// Ends the address of the person asking. Ending what has ended is no mistake.
    package static func end(in db: Writing) throws {
        if try end(of: db.me, of: db.organization, db) { db.record(Event(.calendarEnded, about: try db.me)) }
    }

    @discardableResult
    private static func end(of person: Person.ID, of organization: Organization.ID, _ db: Writing) throws -> Bool {
        let ended = try db.run(
            """
            UPDATE calendar_feed SET ended_at = \(db.now) WHERE organization_id = \(organization)
            AND person_id = \(person) AND ended_at IS NULL
            """)
        return ended > 0
    }

    /// Whoever is in no program any more has no calendar either.
    static func followRole(_ event: Event, in db: Writing) throws {
        guard let person = event.subject, let organization = db.actor.organization ?? event.organization else { return }
        let isHere = try db.exists(
            """
            SELECT 1 FROM membership WHERE organization_id = \(organization) AND person_id = \(person)
            AND ended_at IS NULL
            """)
        if !isHere { try end(of: person, of: organization, db) }
    }
}

/// What somebody chose of their calendar.
package struct CalendarChoice: Sendable, Equatable {
    package var showsPlaces = false
    /// Mail about a visit carries it along, so that a mail program can put it into a calendar.
    package var isByMail = false

    package init(showsPlaces: Bool = false, isByMail: Bool = false) {
        self.showsPlaces = showsPlaces
        self.isByMail = isByMail
    }

    /// Of the person asking; everything off until they choose.
    package static func mine(in db: Reading) throws -> CalendarChoice {
        let found = try db.first(
            """
            SELECT shows_places, by_mail FROM calendar_choice WHERE organization_id = \(db.organization)
            AND person_id = \(db.me)
            """
        ) { CalendarChoice(showsPlaces: try $0["shows_places"], isByMail: try $0["by_mail"]) }
        return found ?? CalendarChoice()
    }

    package func keep(in db: Writing) throws {
        let (organization, me) = (try db.organization, try db.me)
        guard try Self.mine(in: db) != self else { return }
        try db.run(
            """
            INSERT INTO calendar_choice (organization_id, person_id, shows_places, by_mail, set_at)
            VALUES (\(organization), \(me), \(showsPlaces), \(isByMail), \(db.now))
            ON CONFLICT (organization_id, person_id) DO UPDATE SET shows_places = excluded.shows_places,
                by_mail = excluded.by_mail, set_at = excluded.set_at
            """)
        let details = ["places": showsPlaces ? "yes" : "no", "mail": isByMail ? "yes" : "no"]
        db.record(Event(.calendarChosen, about: me, details))
    }
}

extension EventKind {
    package static let calendarMade = EventKind("calendar.made")
    package static let calendarEnded = EventKind("calendar.ended")
    /// Details: `places`, `mail`.
    package static let calendarChosen = EventKind("calendar.chosen")
}
