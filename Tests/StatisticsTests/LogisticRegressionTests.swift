import Foundation
import Statistics
import Testing

@Suite("Logistic regression")
struct LogisticRegressionTests {
    private func rows(_ count: Int, _ width: Int, _ draw: inout Draw) -> [[Double]] {
        (0..<count).map { _ in (0..<width).map { _ in draw.normal() } }
    }

    private func answers(
        _ rows: [[Double]], _ intercept: Double, _ coefficients: [Double], _ draw: inout Draw
    ) -> [Double] {
        rows.map { row in
            let x = zip(row, coefficients).reduce(intercept) { $0 + $1.0 * $1.1 }
            return Double.random(in: 0..<1, using: &draw) < 1 / (1 + exp(-x)) ? 1 : 0
        }
    }

    @Test("At the answer the slope is 0 in every direction, as reckoned here, and everywhere near it is higher")
    func slope() throws {
        var draw = Draw(seed: 1)
        for penalty in [0.01, 1, 30] {
            let rows = rows(60, 4, &draw)
            let outcomes: [Double] = rows.map { _ in Double(Int.random(in: 0...2, using: &draw)) / 2 }
            let center: [Double] = [0.5, -1, 0, 2]
            let fit = try LogisticRegression(rows, outcomes: outcomes, penalty: penalty, center: center)
            func loss(_ intercept: Double, _ b: [Double]) -> Double {
                var sum: Double = zip(b, center).reduce(0) { $0 + penalty / 2 * pow($1.0 - $1.1, 2) }
                for (row, y) in zip(rows, outcomes) {
                    let x: Double = zip(row, b).reduce(intercept) { $0 + $1.0 * $1.1 }
                    let p: Double = 1 / (1 + exp(-x))
                    sum -= y * log(p) + (1 - y) * log(1 - p)
                }
                return sum
            }
            let least = loss(fit.intercept, fit.coefficients)
            for index in 0...4 {
                func moved(by step: Double) -> Double {
                    var b = fit.coefficients
                    if index > 0 { b[index - 1] += step }
                    return loss(fit.intercept + (index == 0 ? step : 0), b)
                }
                #expect(abs(moved(by: 1e-4) - moved(by: -1e-4)) / 2e-4 < 1e-5)
                #expect(moved(by: 0.1) > least && moved(by: -0.1) > least)
                // The curvature the other way round: its inverse, by differences, is the covariance on the diagonal
                // when all else is held; the marginal one is never smaller.
                let curvature = (moved(by: 1e-3) - 2 * least + moved(by: -1e-3)) / 1e-6
                #expect(fit.covariance[index][index] >= 1 / curvature * 0.999)
            }
        }
    }

    @Test("A table of four: the coefficient is the log of the odds ratio, its error the root of the sum of 1/n")
    func fourfold() throws {
        // With the feature 30 yes and 12 no, without it 15 yes and 25 no.
        let cases = [(1.0, 1.0, 30), (1, 0, 12), (0, 1, 15), (0, 0, 25)]
        let rows = cases.flatMap { Array(repeating: [$0.0], count: $0.2) }
        let outcomes = cases.flatMap { Array(repeating: $0.1, count: $0.2) }
        let fit = try LogisticRegression(rows, outcomes: outcomes, penalty: 1e-9)
        #expect(abs(fit.coefficients[0] - log(30.0 * 25 / (12 * 15))) < 1e-6)
        #expect(abs(fit.intercept - log(15.0 / 25)) < 1e-6)
        #expect(abs(fit.standardErrors[0] - sqrt(1 / 30.0 + 1 / 12.0 + 1 / 15.0 + 1 / 25.0)) < 1e-6)
        #expect(abs(fit.interceptError - sqrt(1 / 15.0 + 1 / 25.0)) < 1e-6)
        #expect(abs((fit.probability(of: [1]) ?? 0) - 30.0 / 42) < 1e-6)
        #expect(fit.probability(of: []) == nil && fit.probability(of: [1, 2]) == nil)
        // The same cases as shares: half a yes twice is a yes and a no.
        let shares = try LogisticRegression(
            rows + [[1], [1]], outcomes: outcomes + [0.5, 0.5], penalty: 1e-9)
        let whole = try LogisticRegression(rows + [[1], [1]], outcomes: outcomes + [1, 0], penalty: 1e-9)
        #expect(abs(shares.coefficients[0] - whole.coefficients[0]) < 1e-9)
    }

    @Test("What the rows say nothing of stays where it was believed to be, exactly as unsure as before")
    func noEvidence() throws {
        var draw = Draw(seed: 2)
        let rows = rows(100, 1, &draw).map { $0 + [0] }
        let outcomes = answers(rows, 0, [1, 0], &draw)
        let fit = try LogisticRegression(rows, outcomes: outcomes, penalty: 4, center: [0, 0.7])
        #expect(fit.coefficients[1] == 0.7)
        #expect(abs(fit.standardErrors[1] - 0.5) < 1e-12)
        // A stronger penalty leaves it nearer to the belief.
        let distances = try [0.1, 1, 10, 100, 1e6].map { penalty in
            abs(try LogisticRegression(rows, outcomes: outcomes, penalty: penalty, center: [-1, 0]).coefficients[0] + 1)
        }
        #expect(distances == distances.sorted(by: >) && distances[4] < 1e-3 && distances[0] > 1)
        #expect(
            try LogisticRegression(rows, outcomes: outcomes, penalty: 4)
                == LogisticRegression(rows, outcomes: outcomes, penalty: 4))
    }

    @Test("Rows that a line parts perfectly have an answer: the one at which the two pulls are equal")
    func separable() throws {
        let rows = [[-1.0], [-1], [1], [1]]
        let fit = try LogisticRegression(rows, outcomes: [0, 0, 1, 1], penalty: 0.5)
        // By symmetry the intercept is 0, and 4 (1 - p) = penalty · b.
        #expect(abs(fit.intercept) < 1e-9)
        let b = fit.coefficients[0]
        #expect(abs(4 / (1 + exp(b)) - 0.5 * b) < 1e-8 && b > 1)
        let far = try LogisticRegression([[-1e6], [1e6]], outcomes: [0, 1], penalty: 1e-3)
        #expect(far.coefficients[0].isFinite && far.coefficients[0] > 0)
    }

    @Test("From 20,000 drawn cases the truth comes back, and 95 intervals in 100 hold it")
    func simulation() throws {
        var draw = Draw(seed: 3)
        let truth = [1.0, -0.5, 0, 2]
        let many = rows(20_000, 4, &draw)
        let fit = try LogisticRegression(many, outcomes: answers(many, -0.3, truth, &draw), penalty: 1)
        #expect(abs(fit.intercept + 0.3) < 0.1)
        for (found, wanted) in zip(fit.coefficients, truth) { #expect(abs(found - wanted) < 0.1) }
        #expect(fit.standardErrors.allSatisfy { $0 > 0.01 && $0 < 0.04 })

        var held = 0
        for _ in 0..<400 {
            let rows = rows(300, 2, &draw)
            let fit = try LogisticRegression(rows, outcomes: answers(rows, 0.2, [0.8, -0.4], &draw), penalty: 0.01)
            for (index, wanted) in [0.8, -0.4].enumerated()
            where abs(fit.coefficients[index] - wanted) < 1.96 * fit.standardErrors[index] {
                held += 1
            }
        }
        #expect((735...785).contains(held), "\(held) of 800")
    }

    @Test("What has no answer says why")
    func errors() {
        typealias E = LogisticRegressionError
        func fails(
            with error: E, _ rows: [[Double]], _ outcomes: [Double], penalty: Double = 1, center: [Double]? = nil,
            at location: SourceLocation = #_sourceLocation
        ) {
            #expect(throws: error, sourceLocation: location) {
                try LogisticRegression(rows, outcomes: outcomes, penalty: penalty, center: center)
            }
        }
        fails(with: .penalty, [[1], [2]], [0, 1], penalty: 0)
        fails(with: .penalty, [[1], [2]], [0, 1], penalty: .nan)
        fails(with: .penalty, [[1], [2]], [0, 1], penalty: .infinity)
        fails(with: .center, [[1], [2]], [0, 1], center: [])
        fails(with: .center, [[1], [2]], [0, 1], center: [.nan])
        fails(with: .unequal(rows: 2, outcomes: 1), [[1], [2]], [0])
        fails(with: .tooFewRows(0, needed: 1), [], [])
        fails(with: .tooFewRows(2, needed: 3), [[1, 2], [3, 4]], [0, 1])
        fails(with: .ragged(row: 1), [[1], [], [2]], [0, 1, 1])
        fails(with: .notFinite(row: 2), [[1], [2], [.nan]], [0, 1, 1])
        fails(with: .notFinite(row: 0), [[.infinity], [2]], [0, 1])
        fails(with: .outcome(row: 1), [[1], [2]], [0, .nan])
        fails(with: .outcome(row: 0), [[1], [2]], [-0.1, 1])
        fails(with: .oneOutcome, [[1], [2]], [1, 1])
        fails(with: .oneOutcome, [[1], [2]], [0, 0])
        fails(with: .notConverged, [[1e300], [-1e300], [1]], [0, 1, 1])
    }
}
