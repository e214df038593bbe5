import Storage

/// A while in which a supporter is suggested to nobody new, because something was heavy. They say so with one tap and no
/// word more, and nobody else is told: to whoever looks for a supporter they read as somebody who has no free place.
///
/// Only the latest is kept. How often somebody had one is kept nowhere, so it can never count for or against them.
package struct Breather: Sendable, Equatable {
    /// How long it lasts from the last tap on, unless the supporter ends it earlier.
    package static let days = 14

    package let since: Instant
    package let endsAt: Instant
    /// Whether they have answered the offer of a talk.
    package let isAnswered: Bool

    init(row: Row) throws {
        since = try row["since"]
        endsAt = try row["ends_at"]
        isAnswered = try row["is_answered"]
    }

    /// Whether somebody has one at this moment: a condition. It ends by itself.
    package static func lasts(for person: SQL, in organization: SQL, at now: Instant) -> SQL {
        """
        EXISTS (SELECT 1 FROM breather h WHERE h.organization_id = \(organization) AND h.person_id = \(person)
            AND h.ended_at IS NULL AND h.ends_at > \(now))
        """
    }

    /// How many people somebody can support as everybody but themselves is told.
    /// - Parameters:
    ///   - limit: how many they are willing to support.
    ///   - load: how many they support, proposals included.
    package static func shown(_ limit: Int, carrying load: Int, whileLasting: Bool) -> Int {
        whileLasting ? min(limit, load) : limit
    }
}

extension EventKind {
    /// Says no more than that a supporter changed something about how they can be asked, so that the log tells nobody.
    package static let roomChanged = EventKind("supporter.room-changed")
}
