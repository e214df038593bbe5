import Matching
import Testing

@Suite("Sets of codes and hours")
struct SetTests {
    @Test("A code set answers every question as an ordinary set does", arguments: 0..<20 as Range<UInt64>)
    func codeSets(seed: UInt64) {
        var draw = Draw(seed: seed)
        for _ in 0..<200 {
            let range = draw.chance(50) ? -5..<10 : 120..<140
            let (a, b) = (randomCodes(range, &draw), randomCodes(range, &draw))
            let (first, second) = (CodeSet(a), CodeSet(b))
            let (plainFirst, plainSecond) = (Set(a), Set(b))
            #expect(first.codes == plainFirst.sorted(), "seed \(seed)")
            #expect(first.count == plainFirst.count)
            #expect(first.isEmpty == plainFirst.isEmpty)
            #expect(first.isDisjoint(with: second) == plainFirst.isDisjoint(with: plainSecond))
            #expect(first.intersection(second).codes == plainFirst.intersection(plainSecond).sorted())
            #expect(first.union(second).codes == plainFirst.union(plainSecond).sorted())
            #expect(first.countShared(with: second) == plainFirst.intersection(plainSecond).count)
            #expect(range.allSatisfy { first.contains($0) == plainFirst.contains($0) })
            #expect((first == second) == (plainFirst == plainSecond))
        }
    }

    private func randomCodes(_ range: Range<Int>, _ draw: inout Draw) -> [Int] {
        (0..<draw.number(0..<12)).map { _ in draw.number(range) }
    }

    @Test("The greatest and smallest codes are codes like any other")
    func extremeCodes() {
        let set: CodeSet = [.max, .min, 0]
        #expect(set.codes == [.min, 0, .max])
        #expect(set.contains(.max) && !set.contains(.max - 1))
    }

    @Test("Only whole hours within the stretch and within the day count")
    func wholeHours() {
        var week = WeekHours()
        week.insert(.tuesday, minutes: 9 * 60 + 30..<12 * 60 + 15)
        #expect(week.hours.map(\.hour) == [10, 11])
        #expect(week.hours.allSatisfy { $0.day == .tuesday })
        week.insert(.wednesday, minutes: 10 * 60 + 1..<11 * 60 + 59)
        week.insert(.wednesday, minutes: 0..<0)
        #expect(week.count == 2, "neither part of an hour nor nothing is an hour")
        week.insert(.sunday, minutes: 23 * 60..<5_000)
        week.insert(.monday, minutes: -100..<60)
        #expect(week.count == 4)
        #expect(week.contains(.sunday, hour: 23) && week.contains(.monday, hour: 0))
        #expect(!week.contains(.monday, hour: 24) && !week.contains(.sunday, hour: -1))
    }

    @Test("Every hour of the week is its own, and there are 168")
    func hoursAreDistinct() {
        #expect(WeekHours.always.count == 168)
        var week = WeekHours()
        for day in Weekday.allCases {
            for hour in 0..<24 {
                var one = WeekHours()
                one.insert(day, minutes: hour * 60..<hour * 60 + 60)
                #expect(one.count == 1 && one.contains(day, hour: hour))
                #expect(week.intersection(one).isEmpty)
                week = week.union(one)
            }
        }
        #expect(week == .always)
    }
}
