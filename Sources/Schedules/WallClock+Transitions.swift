import Foundation

extension WallClock {
    /// A moment at which clocks are put forward or back.
    struct Transition: Hashable {
        let instant: Date
        /// Seconds ahead of UTC before and after.
        let before: Int
        let after: Int
        let isDaylight: Bool
        let name: String
    }

    /// The changes of the clocks within a range, in order. At most 1,000, which no zone has in our years.
    func transitions(from begin: Date, through end: Date) -> [Transition] {
        let first = Date(timeIntervalSince1970: TimeInterval(Self.clamped(begin)))
        let last = Date(timeIntervalSince1970: TimeInterval(Self.clamped(end)))
        var found: [Transition] = []
        var moment = first
        while found.count < 1_000, let next = zone.nextDaylightSavingTimeTransition(after: moment), next > moment,
            next <= last
        {
            let (before, after) = (zone.secondsFromGMT(for: next - 1), zone.secondsFromGMT(for: next))
            // A new name, or summer time by law at the same hour, changes no clock.
            if before != after {
                found.append(
                    Transition(
                        instant: next, before: before, after: after, isDaylight: zone.isDaylightSavingTime(for: next),
                        name: zone.abbreviation(for: next) ?? ""))
            }
            moment = next
        }
        return found
    }
}

extension ContentLines {
    /// A time zone as it is in a range: how it begins, and each change of its clocks by date. No rule is told for what
    /// comes after, since rules change; who needs more asks again.
    mutating func add(_ clock: WallClock, from first: Date, through last: Date) {
        add("BEGIN", "VTIMEZONE")
        add("TZID", clock.name)
        // Some time before it is needed, so that what comes first is told without doubt.
        let begin = first - 400 * 86_400
        let offset = clock.zone.secondsFromGMT(for: begin)
        let isDaylight = clock.zone.isDaylightSavingTime(for: begin)
        add(
            observances: [
                WallClock.Transition(
                    instant: begin, before: offset, after: offset, isDaylight: isDaylight,
                    name: clock.zone.abbreviation(for: begin) ?? "")
            ])
        var (order, alike): ([[Int]], [[Int]: [WallClock.Transition]]) = ([], [:])
        for transition in clock.transitions(from: begin, through: max(last, first + 400 * 86_400)) {
            let key = [transition.before, transition.after, transition.isDaylight ? 1 : 0]
            if alike[key] == nil { order.append(key) }
            alike[key, default: []].append(transition)
        }
        for key in order { add(observances: alike[key] ?? []) }
        add("END", "VTIMEZONE")
    }

    /// Changes that are alike but for their date.
    private mutating func add(observances: [WallClock.Transition]) {
        guard let first = observances.first else { return }
        // On the wall as it was until then.
        func wall(_ transition: WallClock.Transition) -> String {
            WallTime(utc: transition.instant + TimeInterval(transition.before)).compact
        }
        let kind = first.isDaylight ? "DAYLIGHT" : "STANDARD"
        add("BEGIN", kind)
        add("DTSTART", wall(first))
        for further in observances.dropFirst() { add("RDATE", wall(further)) }
        add("TZOFFSETFROM", Self.offset(first.before))
        add("TZOFFSETTO", Self.offset(first.after))
        if !first.name.isEmpty { add("TZNAME", escaping: first.name) }
        add("END", kind)
    }

    /// `-0500`; with seconds where there are any.
    private static func offset(_ seconds: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let size = abs(seconds)
        let rest = size % 60 == 0 ? "" : two(size % 60)
        return (seconds < 0 ? "-" : "+") + two(size / 3_600) + two(size / 60 % 60) + rest
    }
}
