import Foundation
import Schedules
import Web

/// What clocks on the wall show where an organization is, in days and moments of Kith.
package struct LocalClock: Sendable {
    private let clock: WallClock

    /// - Parameter zone: an IANA name, `America/New_York`; UTC for a name nobody knows.
    package init(zone: String) { clock = WallClock(zone: TimeZone(identifier: zone) ?? .gmt) }

    /// The moment at which clocks show this. Of an hour that comes twice, the first; in an hour that is skipped, as much
    /// later as the clocks were put forward.
    package func instant(_ day: Day, hour: Int, minute: Int) -> Instant {
        let wall = day.daysSince1970 * 86_400 + hour * 3_600 + minute * 60
        return Instant(milliseconds: Int64(clock.seconds(showing: wall)) * 1_000)
    }

    /// The first moment of a day.
    package func start(of day: Day) -> Instant { instant(day, hour: 0, minute: 0) }

    /// What clocks show at a moment: the day, and minutes after its midnight.
    package func reading(at instant: Instant) -> (day: Day, minutes: Int) {
        let utc = Int((Double(instant.milliseconds) / 1_000).rounded(.down))
        let seconds = utc + clock.offset(at: utc)
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        return (Day(daysSince1970: days), (seconds - days * 86_400) / 60)
    }

    /// The calendar day of a moment.
    package func day(of instant: Instant) -> Day { reading(at: instant).day }
}

/// What says, behind an hour of twelve, which half of the day it is: `am`, `pm`, `p. m.`, and in Arabic `ص` and `م`.
enum HalfOfDay {
    private static let marks = [("am", 0), ("pm", 12), ("ص", 0), ("م", 12)]

    /// - Parameter text: in small letters, without blanks and full stops.
    /// - Returns: how many letters the mark has, and how many hours it adds; nil where there is none.
    static func mark(endingIn text: String) -> (letters: Int, hours: Int)? {
        marks.first { text.hasSuffix($0.0) }.map { ($0.0.count, $0.1) }
    }
}

/// A time of day as people type it.
package struct TimeOfDay: Sendable, Equatable, CustomStringConvertible {
    package let hour: Int
    package let minute: Int

    /// Reads `14:30`, and `2:30 pm` or `2:30 م` from browsers that show a plain box; nil for anything else.
    package init?(_ text: String) {
        var clock = text.withWesternDigits.lowercased().filter { !$0.isWhitespace && $0 != "." }
        let mark = HalfOfDay.mark(endingIn: clock)
        let half = mark?.hours
        if let mark { clock.removeLast(mark.letters) }
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60
        else { return nil }
        if let half {
            guard (1...12).contains(hour) else { return nil }
            self.hour = hour % 12 + half
        } else {
            guard hour < 24 else { return nil }
            self.hour = hour
        }
        self.minute = minute
    }

    /// `14:30`, as HTML's time field has it.
    package init(minutes: Int) {
        (hour, minute) = (minutes / 60, minutes % 60)
    }

    package var description: String {
        "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }
}
