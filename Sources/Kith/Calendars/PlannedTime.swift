import Schedules
import Storage

/// One time that is planned with somebody, as a calendar has it: when, and nothing of what.
package struct PlannedTime: Sendable {
    package let id: String
    /// How often it was changed.
    package let sequence: Int
    package let changed: Instant
    package let startsAt: Instant
    package let minutes: Int
    package let zone: String
    package let isCanceled: Bool
    package let place: String?
    /// An address online.
    package let link: String?

    /// How long a contact is put down for, which has no length before it was.
    static let usualMinutes = 60

    /// All that is planned with whoever owns a calendar, in order of time.
    package static func all(for feed: CalendarFeed, in db: Reading) throws -> [PlannedTime] {
        let both = try contacts(of: feed, db) + meetings(of: feed, db)
        return Array(both.sorted { ($0.startsAt, $0.id) < ($1.startsAt, $1.id) }.prefix(CalendarFeed.most))
    }

    /// Meetings of groups they take part in, where seats are limited those they have a seat in; and those they facilitate.
    private static func meetings(of feed: CalendarFeed, _ db: Reading) throws -> [PlannedTime] {
        try db.all(
            """
            SELECT m.id, m.starts_at, m.ends_at, m.state, m.revision, m.changed_at, g.time_zone,
                coalesce(CASE WHEN g.setting <> 'online' THEN coalesce(m.place, g.place) END, g.dial_in) AS place,
                coalesce(m.address, g.address) AS address
            FROM meeting m JOIN support_group g ON g.organization_id = m.organization_id AND g.id = m.group_id
            WHERE m.organization_id = \(feed.organization) AND m.state <> 'not-held'
            AND m.starts_at > \(db.now.adding(days: -CalendarFeed.daysBack))
            AND m.starts_at < \(db.now.adding(days: CalendarFeed.daysAhead))
            AND (m.id IN (SELECT f.meeting_id FROM meeting_facilitator f WHERE f.organization_id = \(feed.organization)
                    AND f.person_id = \(feed.person))
                OR m.group_id IN (SELECT r.group_id FROM group_member r WHERE r.organization_id = \(feed.organization)
                    AND r.person_id = \(feed.person) AND r.joined_at IS NOT NULL
                    AND (r.ended_at IS NULL OR r.ended_at = g.ended_at))
                AND (g.seats IS NULL OR m.id IN (SELECT s.meeting_id FROM meeting_seat s
                    WHERE s.organization_id = \(feed.organization) AND s.person_id = \(feed.person)
                    AND s.seat IS NOT NULL)))
            ORDER BY m.starts_at, m.id LIMIT \(CalendarFeed.most)
            """
        ) { row in
            let (starts, ends): (Instant, Instant) = (try row["starts_at"], try row["ends_at"])
            return PlannedTime(
                id: try row["id"], sequence: try row["revision"], changed: try row["changed_at"], startsAt: starts,
                minutes: ends.minutes(since: starts), zone: try row["time_zone"],
                isCanceled: try row["state"] == "canceled", place: try row["place"], link: try row["address"])
        }
    }

    /// Visits and calls, of both sides.
    private static func contacts(of feed: CalendarFeed, _ db: Reading) throws -> [PlannedTime] {
        func side(_ column: SQL) -> SQL {
            """
            SELECT e.* FROM encounter e WHERE e.organization_id = \(feed.organization) AND \(column) = \(feed.person)
            AND e.status IN ('planned', 'cancelled') AND e.starts_at > \(db.now.adding(days: -CalendarFeed.daysBack))
            AND e.starts_at < \(db.now.adding(days: CalendarFeed.daysAhead))
            """
        }
        return try db.all(
            """
            SELECT e.id, e.starts_at, e.status, e.mode, e.place, coalesce(r.sequence, 0) AS sequence,
                coalesce(r.changed_at, e.created_at) AS changed_at
            FROM (\(side("e.participant_id")) UNION ALL \(side("e.supporter_id"))) AS e
            LEFT JOIN encounter_revision r ON r.organization_id = e.organization_id AND r.encounter_id = e.id
            ORDER BY e.starts_at, e.id LIMIT \(CalendarFeed.most)
            """
        ) { row in
            let (place, mode): (String?, String) = (try row["place"], try row["mode"])
            let isLink = mode == Format.video.rawValue
            return PlannedTime(
                id: try row["id"], sequence: try row["sequence"], changed: try row["changed_at"],
                startsAt: try row["starts_at"], minutes: usualMinutes, zone: feed.timeZone,
                isCanceled: try row["status"] == "cancelled", place: isLink ? nil : place, link: isLink ? place : nil)
        }
    }

    /// A contact is at another time or place, or called off: calendars that have it must take the change for newer.
    static func followContact(_ event: Event, in db: Writing) throws {
        guard let contact = event.object, let organization = db.actor.organization ?? event.organization else { return }
        try db.run(
            """
            INSERT INTO encounter_revision (organization_id, encounter_id, sequence, changed_at)
            VALUES (\(organization), \(contact), 1, \(db.now))
            ON CONFLICT (organization_id, encounter_id) DO UPDATE SET sequence = encounter_revision.sequence + 1,
                changed_at = excluded.changed_at
            """)
    }

    /// - Parameters:
    ///   - host: makes its identifier one in the whole world.
    ///   - title: the same for everything.
    func entry(at host: String, title: String, showsPlace: Bool) -> CalendarEntry? {
        guard let clock = (try? WallClock(zone)) ?? (try? WallClock("UTC")) else { return nil }
        var entry = CalendarEntry(
            "\(id)@\(host)", sequence: sequence, changed: changed.date, at: clock.reading(at: startsAt.date), in: clock,
            minutes: minutes, title: title)
        entry.isCanceled = isCanceled
        if showsPlace { (entry.place, entry.link) = (place ?? link, link) }
        return entry
    }
}

extension CalendarFeed {
    /// The calendar as phones read it. The same times make the same bytes.
    func text(of times: [PlannedTime], at host: String, _ words: Words) -> String {
        let title = title ?? words("calendar.usual-title")
        let entries = times.compactMap { $0.entry(at: host, title: title, showsPlace: showsPlaces) }
        let last = times.map(\.startsAt).max() ?? Instant(milliseconds: 0)
        let file = CalendarFile(
            .publish, by: Self.product, name: title, refreshMinutes: 60, through: last.adding(days: 400).date, entries)
        return file.text
    }

    static let product = "-//Kith//Calendar//EN"
}
