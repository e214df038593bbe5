import Kith

/// Chance that is the same for the same person, whenever and wherever the demonstration is played (SplitMix64).
struct Dice {
    private var state: UInt64

    init(_ name: String) {
        state = name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.count))
    }

    mutating func number(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + Double(next() % 10_001) / 10_000 * (range.upperBound - range.lowerBound)
    }

    mutating func comes(_ share: Double) -> Bool { number(in: 0...1) < share }
}

/// When things happen: at times of day at which somebody would do them.
struct Timetable: Sendable {
    enum Hours: Sendable {
        /// Staff: weekdays.
        case office
        /// When one calls or answers people at home.
        case waking
        case given([WeekHours])
    }

    let clock: LocalClock

    init(zone: String) { clock = LocalClock(zone: zone) }

    /// The first moment from `earliest` on that lies in `hours`; for waking and office hours up to so many minutes into
    /// them, so that not everything happens when the door opens.
    func next(_ hours: Hours, from earliest: Instant, spread: Int = 0) -> Instant {
        let today = clock.day(of: earliest)
        for day in (0...14).map({ today.adding(days: $0) }) {
            for (from, to) in windows(hours, on: day) {
                let (start, end) = (moment(day, from), moment(day, to))
                guard end > earliest else { continue }
                return start >= earliest ? min(start.adding(minutes: spread), end.adding(minutes: -1)) : earliest
            }
        }
        return earliest
    }

    /// A time of day of a day, in minutes after midnight.
    func moment(_ day: Day, _ minutes: Int) -> Instant {
        clock.instant(day, hour: minutes / 60, minute: minutes % 60)
    }

    private func windows(_ hours: Hours, on day: Day) -> [(from: Int, to: Int)] {
        switch hours {
        case .office: day.weekday < 5 ? [(8 * 60 + 30, 17 * 60 + 15)] : []
        case .waking: [(8 * 60, 21 * 60 + 15)]
        case .given(let stretches):
            stretches.filter { $0.weekday == day.weekday && $0.from < $0.to }.sorted { $0.from < $1.from }
                .map { ($0.from * 60, $0.to * 60) }
        }
    }
}

extension Instant {
    func adding(hours: Double) -> Instant { Instant(milliseconds: milliseconds + Int64(hours * 3_600_000)) }

    func hours(since earlier: Instant) -> Double { Double(milliseconds - earlier.milliseconds) / 3_600_000 }
}
