import Foundation
import Schedules

enum Zones {
    /// Half an hour, three quarters, both hemispheres, changes at midnight, in Ramadan, by a whole day, and none.
    static let all = [
        "America/New_York", "America/Los_Angeles", "America/Phoenix", "America/St_Johns", "America/Santiago",
        "America/Sao_Paulo", "Europe/London", "Europe/Dublin", "Europe/Berlin", "Africa/Cairo", "Africa/Casablanca",
        "Asia/Beirut", "Asia/Tehran", "Asia/Kathmandu", "Asia/Kolkata", "Australia/Lord_Howe", "Australia/Sydney",
        "Pacific/Chatham", "Pacific/Apia", "Pacific/Kiritimati"
    ]
}

/// The same numbers in every run.
struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let mixed = (state ^ (state >> 33)) &* 0xff51_afd7_ed55_8ccd
        return mixed ^ (mixed >> 33)
    }
}

extension Recurrence.Pattern {
    static func random(_ dice: inout Dice) -> Recurrence.Pattern {
        let weekday = Recurrence.Weekday.allCases.randomElement(using: &dice) ?? .monday
        switch Int.random(in: 0..<8, using: &dice) {
        case 0, 1: return .daily
        case 2, 3:
            let more = Recurrence.Weekday.allCases.filter { _ in Bool.random(using: &dice) }
            return .weekly(Set(more + [weekday]))
        case 4: return .monthly(.day(Int.random(in: 1...31, using: &dice)))
        case 5: return .monthly(.lastDay)
        case 6: return .monthly(.nth(Int.random(in: 1...5, using: &dice), weekday))
        default: return .monthly(.last(weekday))
        }
    }
}

func at(_ iso: String) throws -> Date { try Date(iso, strategy: .iso8601) }

func starts(_ recurrence: Recurrence, _ range: Range<Date>) -> [String] {
    recurrence.occurrences(in: range, limit: 10_000).map { $0.start.formatted(.iso8601) }
}
