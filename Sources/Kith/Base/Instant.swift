import Storage

/// A moment, to the millisecond. Stored as fixed-width UTC text, `2026-11-21T21:40:05.123Z`, so that it sorts.
package struct Instant: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Reads the stored spelling, with or without milliseconds; nil for anything else.
    package init?(_ text: String) {
        let utf8 = Array(text.utf8)
        guard utf8.count == 24 || utf8.count == 20, utf8.last == UInt8(ascii: "Z") else { return nil }
        func number(_ start: Int, _ count: Int) -> Int64? {
            var result: Int64 = 0
            for byte in utf8[start..<start + count] {
                guard byte >= 48, byte <= 57 else { return nil }
                result = result * 10 + Int64(byte - 48)
            }
            return result
        }
        guard utf8[4] == 45, utf8[7] == 45, utf8[10] == 84, utf8[13] == 58, utf8[16] == 58,
            let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
            let date = Day(year: Int(year), month: Int(month), day: Int(day)),
            let hour = number(11, 2), hour < 24, let minute = number(14, 2), minute < 60,
            let second = number(17, 2), second < 61,
            let fraction = utf8.count == 24 ? (utf8[19] == 46 ? number(20, 3) : nil) : 0
        else { return nil }
        let seconds = Int64(date.daysSince1970) * 86_400 + hour * 3_600 + minute * 60 + second
        milliseconds = seconds * 1_000 + fraction
    }

    package static func < (first: Self, second: Self) -> Bool { first.milliseconds < second.milliseconds }

    package func adding(seconds: Int = 0, minutes: Int = 0, hours: Int = 0, days: Int = 0) -> Instant {
        let total = Int64(seconds) + Int64(minutes) * 60 + Int64(hours) * 3_600 + Int64(days) * 86_400
        return Instant(milliseconds: milliseconds + total * 1_000)
    }

    /// Whole minutes from `earlier` to this moment; negative when it is later.
    package func minutes(since earlier: Instant) -> Int {
        Int((milliseconds - earlier.milliseconds) / 60_000)
    }

    package var description: String {
        let (seconds, fraction) = milliseconds.quotientAndRemainderFlooring(1_000)
        let (days, rest) = seconds.quotientAndRemainderFlooring(86_400)
        var text: [UInt8] = Array(Day(daysSince1970: Int(days)).description.utf8)
        func put(_ number: Int64, _ width: Int, after mark: Unicode.Scalar) {
            text.append(UInt8(ascii: mark))
            var divisor: Int64 = width == 3 ? 100 : 10
            while divisor > 0 {
                text.append(UInt8(48 + number / divisor % 10))
                divisor /= 10
            }
        }
        put(rest / 3_600, 2, after: "T")
        put(rest / 60 % 60, 2, after: ":")
        put(rest % 60, 2, after: ":")
        put(fraction, 3, after: ".")
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }
}

extension Instant: SQLConvertible, SQLDecodable {
    package var sqlValue: SQLValue { .text(description) }
    package static func decode(_ cell: Cell) throws(StoreError) -> Instant {
        guard let value = Instant(try cell.text()) else { throw cell.unreadable(as: "instant") }
        return value
    }
}

extension Int64 {
    fileprivate func quotientAndRemainderFlooring(_ divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
