import Schedules
import Storage

extension CalendarFeed {
    /// How many times one mail carries at most; the soonest.
    static let mostByMail = 10

    /// What mail about a visit carries along for whoever asked for it: each time that is planned and that they were not
    /// sent yet, was moved since, or was called off. The same message sent again carries the same.
    ///
    /// It goes with the notice that leaves anyway, so the one rule of who may be written to, when and where, decides.
    static func enclose(_ enclosing: Enclosing, in db: Writing) throws -> [Letter.CalendarPart] {
        let message = enclosing.message
        guard message.notice == .visit,
            let feed = try of(message.person, in: message.organization, db: db), feed.isByMail
        else { return [] }
        let sent = try sent(to: feed, db)
        var parts: [Letter.CalendarPart] = []
        for time in try PlannedTime.all(for: feed, in: db) where time.startsAt > db.now && parts.count < mostByMail {
            let before = sent[time.id]
            let isNew = before.map { $0.sequence < time.sequence || $0.message == message.id } ?? !time.isCanceled
            guard isNew, let part = feed.part(time, enclosing) else { continue }
            parts.append(part)
            try db.run(
                """
                INSERT INTO calendar_mail (organization_id, person_id, planned_id, sequence, message_id)
                VALUES (\(feed.organization), \(feed.person), \(time.id), \(time.sequence), \(message.id))
                ON CONFLICT (organization_id, person_id, planned_id) DO UPDATE SET sequence = excluded.sequence,
                    message_id = excluded.message_id
                """)
        }
        return parts
    }

    /// With which message, and as which version, a time was sent last.
    private static func sent(
        to feed: CalendarFeed, _ db: Reading
    ) throws -> [String: (sequence: Int, message: OutgoingMessage.ID)] {
        let rows = try db.all(
            """
            SELECT planned_id, sequence, message_id FROM calendar_mail WHERE organization_id = \(feed.organization)
            AND person_id = \(feed.person)
            """
        ) {
            (
                try $0["planned_id"] as String,
                (sequence: try $0["sequence"] as Int, message: try $0["message_id"] as OutgoingMessage.ID)
            )
        }
        return Dictionary(rows) { one, _ in one }
    }

    private func part(_ time: PlannedTime, _ enclosing: Enclosing) -> Letter.CalendarPart? {
        let title = title ?? enclosing.words("calendar.usual-title")
        guard var entry = time.entry(at: enclosing.host, title: title, showsPlace: showsPlaces) else { return nil }
        // Nobody reads answers: whoever cannot come says so in Kith, and no mail about it exists.
        entry.organizer = (title, "no-reply@\(enclosing.host)")
        entry.attendee = enclosing.address
        let method: CalendarFile.Method = time.isCanceled ? .cancel : .request
        let file = CalendarFile(
            method, by: Self.product, through: time.startsAt.adding(days: 400).date, [entry])
        return Letter.CalendarPart(method: method.rawValue, text: file.text)
    }
}
