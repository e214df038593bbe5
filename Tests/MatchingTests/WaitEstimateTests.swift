import Foundation
import Matching
import Testing

@Suite("Expected wait")
struct WaitEstimateTests {
    @Test("The range is the exact one, worked out by hand and with whole binomial sums")
    func exact() {
        // One wait after 3 places in 28 days: 1 - 0.1^(1/3) = d / (d + 28) gives 32.3 days, rounded outward to 33.
        #expect(WaitEstimate(position: 1, freedPerWeek: [1, 1, 0, 1]) == .days(0...33))
        #expect(WaitEstimate(position: 3, freedPerWeek: [2, 1, 2, 1, 2, 1]) == .days(4...30))
        #expect(WaitEstimate(position: 5, freedPerWeek: Array(repeating: 2, count: 10)) == .days(7...31))
        #expect(WaitEstimate(position: 12, freedPerWeek: Array(repeating: 2, count: 12)) == .days(24...65))
        #expect(WaitEstimate(position: 40, freedPerWeek: Array(repeating: 1, count: 12)) == .atLeast(days: 176))
    }

    @Test("Too few weeks or too few places are not enough data")
    func notEnough() {
        #expect(WaitEstimate(position: 1, freedPerWeek: []) == .notEnoughData(places: 0, weeks: 0))
        #expect(WaitEstimate(position: 1, freedPerWeek: [5, 6, 4]) == .notEnoughData(places: 15, weeks: 3))
        #expect(WaitEstimate(position: 1, freedPerWeek: [0, 1, 0, 1]) == .notEnoughData(places: 2, weeks: 4))
        #expect(WaitEstimate(position: 1, freedPerWeek: [0, -9, 0, -9, 0]) == .notEnoughData(places: 0, weeks: 5))
    }

    @Test("Places that come in batches make the range wider")
    func batches() throws {
        let steady = WaitEstimate(position: 2, freedPerWeek: [1, 2, 1, 2, 1, 2, 1, 2])
        let batches = WaitEstimate(position: 2, freedPerWeek: [0, 0, 6, 0, 0, 0, 0, 6])
        guard case .days(let narrow) = steady, case .days(let wide) = batches else {
            Issue.record("both must give a range")
            return
        }
        #expect(wide.lowerBound <= narrow.lowerBound && wide.upperBound > 2 * narrow.upperBound)
    }

    @Test("A later place never has a shorter wait, and strange numbers do no harm")
    func positions() {
        let counts = [3, 1, 0, 2, 2, 4, 1, 2]
        var last = WaitEstimate(position: 1, freedPerWeek: counts)
        #expect(WaitEstimate(position: -5, freedPerWeek: counts) == last)
        for position in 2..<400 {
            let next = WaitEstimate(position: position, freedPerWeek: counts)
            switch (last, next) {
            case (.days(let before), .days(let after)):
                #expect(after.lowerBound >= before.lowerBound && after.upperBound >= before.upperBound)
            case (.days(let before), .atLeast(let days)): #expect(days >= before.lowerBound)
            case (.atLeast(let before), .atLeast(let after)): #expect(after >= before)
            default: Issue.record("from \(last) to \(next)")
            }
            last = next
        }
        #expect(WaitEstimate(position: .max, freedPerWeek: counts) == .atLeast(days: WaitEstimate.horizonDays))
        #expect(WaitEstimate(position: 1, freedPerWeek: [.max, .max, .max, .max, .max]) == .days(0...1))
    }

    @Test("At least eight waits in ten fall within the range, and not by making it endless", arguments: [0.5, 1.5, 4.0])
    func coverage(perWeek: Double) {
        let seed: UInt64 = 80
        var draw = Draw(seed: seed)
        for position in [1, 4, 12] {
            var (within, given, width) = (0, 0, 0)
            for _ in 0..<1_500 {
                let counts = (0..<12).map { _ in draw.poisson(perWeek) }
                let wait = (0..<position).reduce(0.0) { sum, _ in sum + 7 * draw.exponential(perWeek) }
                switch WaitEstimate(position: position, freedPerWeek: counts) {
                case .days(let range):
                    given += 1
                    width += range.count
                    if wait >= Double(range.lowerBound), wait <= Double(range.upperBound) { within += 1 }
                case .atLeast(let days):
                    given += 1
                    if wait >= Double(days) { within += 1 }
                case .notEnoughData: break
                }
            }
            #expect(given > 1_200)
            #expect(Double(within) >= 0.8 * Double(given), "seed \(seed), \(perWeek) a week, position \(position)")
            let mean = 7 * Double(position) / perWeek
            #expect(Double(width) / Double(given) < 6 * mean + 10, "position \(position)")
        }
    }
}

extension Draw {
    mutating func exponential(_ rate: Double) -> Double {
        -log(1 - Double.random(in: 0..<1, using: &self)) / rate
    }

    mutating func poisson(_ mean: Double) -> Int {
        var (count, time) = (0, exponential(1))
        while time < mean {
            count += 1
            time += exponential(1)
        }
        return count
    }
}
