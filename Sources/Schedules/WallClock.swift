package import Foundation

/// What clocks on the wall show in a time zone, with every change of the clocks.
package struct WallClock: Hashable, Sendable {
    package let zone: TimeZone

    /// - Parameter name: an IANA name, `America/New_York`, or `UTC`.
    package init(_ name: String) throws(RecurrenceError) {
        guard name.utf8.count <= 64, name == "UTC" || name.contains("/"), let zone = TimeZone(identifier: name) else {
            throw .unknownTimeZone
        }
        self.init(zone: zone)
    }

    package init(zone: TimeZone) { self.zone = zone }

    package var name: String { zone.identifier == "GMT" ? "UTC" : zone.identifier }

    /// The moment at which clocks show this.
    ///
    /// Where the clocks are put back and show it twice, the first time. Where they are put forward and never show it, as
    /// much later as they were put forward: what stands at 2:30 takes place when they show 3:30. That is what RFC 5545
    /// says of a date with a time zone (3.3.5), and what calendars on phones do. By the same rule what stands on a day
    /// that a country left out, as Samoa did on 30 December 2011, falls together with the day after.
    package func instant(of wall: WallTime) -> Date {
        Date(timeIntervalSince1970: TimeInterval(seconds(showing: wall.seconds)))
    }

    /// The same in seconds after 1970 in UTC, of what clocks show in seconds after 1970-01-01 00:00, in any year.
    package func seconds(showing wall: Int) -> Int {
        // No zone changes twice within two days, so one of these is right unless the clocks never showed it.
        let (before, after) = (offset(at: wall - 86_400), offset(at: wall + 86_400))
        let isOnlyAfter = offset(at: wall - before) != before && offset(at: wall - after) == after
        return wall - (isOnlyAfter ? after : before)
    }

    /// What clocks show at a moment. A moment outside the years reckoned with counts as their first or last.
    package func reading(at instant: Date) -> WallTime {
        let utc = Self.clamped(instant)
        let seconds = utc + offset(at: utc)
        let day = Int((Double(seconds) / 86_400).rounded(.down))
        return WallTime(known: day, second: seconds - day * 86_400)
    }

    /// Seconds after 1970 in UTC, within the years reckoned with. `Int` of a date without end would stop the program.
    static func clamped(_ instant: Date) -> Int {
        let bounds = Double(WallTime.days.lowerBound * 86_400)...Double((WallTime.days.upperBound + 1) * 86_400)
        return Int(min(max(instant.timeIntervalSince1970, bounds.lowerBound), bounds.upperBound).rounded(.down))
    }

    /// Seconds ahead of UTC at so many seconds after 1970.
    package func offset(at seconds: Int) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(seconds)))
    }
}
