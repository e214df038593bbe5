import Foundation

/// Logistic regression held near what was believed before: log(p / (1 - p)) = intercept + Σ coefficient · feature.
///
/// The coefficients b make −Σ [y ln p + (1 − y) ln(1 − p)] + penalty / 2 · Σ (b − center)² smallest. The penalty does not
/// touch the intercept. That is ridge regression (S. le Cessie, J. C. van Houwelingen, Ridge estimators in logistic
/// regression, Applied Statistics 41, 1992) around a center, and the same as a belief, before any data, that a
/// coefficient lies about 1 / √penalty from its center. A feature of which the rows say nothing stays at its center, and
/// rows that a line parts perfectly have an answer too.
///
/// Found by Newton's method, which here is iteratively reweighted least squares (P. McCullagh, J. A. Nelder, Generalized
/// Linear Models, 2nd ed. 1989, 4.4), with steps halved while they lead uphill: the function is strictly convex, so
/// there is one answer. The same rows in the same order give the same answer.
package struct LogisticRegression: Equatable, Sendable {
    package let intercept: Double
    package let coefficients: [Double]
    /// The inverse of the second derivatives at the answer, the intercept first: how far the rows and the belief before
    /// leave it open (normal approximation; A. Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, 4.1).
    package let covariance: [[Double]]
    /// How many steps were needed.
    package let iterations: Int

    package static let maximumIterations = 100

    /// - Parameters:
    ///   - rows: the features of each case.
    ///   - outcomes: for each case 1 for yes, 0 for no, or between the two for a half-hearted answer.
    ///   - penalty: more than 0.
    ///   - center: where the coefficients are without any data; all 0 when not given.
    package init(
        _ rows: [[Double]], outcomes: [Double], penalty: Double, center: [Double]? = nil
    ) throws(LogisticRegressionError) {
        let width = rows.first?.count ?? 0
        let center = center ?? Array(repeating: 0, count: width)
        try Self.check(rows, outcomes, penalty, center, width)
        var fit = Fit(rows: rows, outcomes: outcomes, penalty: penalty, center: center)
        iterations = try fit.solve()
        intercept = fit.answer[0]
        coefficients = Array(fit.answer.dropFirst())
        covariance = try fit.covariance()
    }

    package var interceptError: Double { covariance[0][0].squareRoot() }
    /// The standard error of each coefficient.
    package var standardErrors: [Double] { coefficients.indices.map { covariance[$0 + 1][$0 + 1].squareRoot() } }

    /// The probability of yes; nil when there are more or fewer features than coefficients.
    package func probability(of features: [Double]) -> Double? {
        guard features.count == coefficients.count else { return nil }
        return logistic(zip(features, coefficients).reduce(intercept) { $0 + $1.0 * $1.1 })
    }

    private static func check(
        _ rows: [[Double]], _ outcomes: [Double], _ penalty: Double, _ center: [Double], _ width: Int
    ) throws(LogisticRegressionError) {
        guard penalty > 0, penalty.isFinite else { throw .penalty }
        guard center.count == width, center.allSatisfy(\.isFinite) else { throw .center }
        guard outcomes.count == rows.count else { throw .unequal(rows: rows.count, outcomes: outcomes.count) }
        guard rows.count > width else { throw .tooFewRows(rows.count, needed: width + 1) }
        for (index, row) in rows.enumerated() {
            guard row.count == width else { throw .ragged(row: index) }
            guard row.allSatisfy(\.isFinite) else { throw .notFinite(row: index) }
        }
        // NaN is in no range.
        if let index = outcomes.firstIndex(where: { !(0...1).contains($0) }) { throw .outcome(row: index) }
        guard outcomes.contains(where: { $0 > 0 }), outcomes.contains(where: { $0 < 1 }) else { throw .oneOutcome }
    }
}

/// Why there is no answer.
package enum LogisticRegressionError: Error, Equatable {
    /// Not a number above 0.
    case penalty
    /// Not one number for each feature.
    case center
    case unequal(rows: Int, outcomes: Int)
    /// No more rows than features.
    case tooFewRows(Int, needed: Int)
    case ragged(row: Int)
    /// Infinite, or no number.
    case notFinite(row: Int)
    /// Not between 0 and 1.
    case outcome(row: Int)
    /// Every outcome is a whole yes, or every one a whole no: the intercept would have no end.
    case oneOutcome
    /// Numbers too far apart in size.
    case notConverged
}

/// 1 / (1 + e^-x), without overflow.
private func logistic(_ x: Double) -> Double {
    x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
}

private struct Fit {
    let rows: [[Double]]
    let outcomes: [Double]
    let penalty: Double
    let center: [Double]
    /// The intercept, then the coefficients.
    var answer: [Double]

    init(rows: [[Double]], outcomes: [Double], penalty: Double, center: [Double]) {
        (self.rows, self.outcomes, self.penalty, self.center) = (rows, outcomes, penalty, center)
        answer = [0] + center
    }

    private func predictor(_ row: [Double], at point: [Double]) -> Double {
        var sum = point[0]
        for (index, feature) in row.enumerated() { sum += feature * point[index + 1] }
        return sum
    }

    /// What is to be smallest. ln(1 + e^x) is written so that it cannot overflow.
    private func loss(at point: [Double]) -> Double {
        var sum = 0.0
        for (row, outcome) in zip(rows, outcomes) {
            let x = predictor(row, at: point)
            sum += max(x, 0) + log1p(exp(-abs(x))) - outcome * x
        }
        for (index, middle) in center.enumerated() {
            sum += penalty / 2 * (point[index + 1] - middle) * (point[index + 1] - middle)
        }
        return sum
    }

    private func derivatives() -> (first: [Double], second: [[Double]]) {
        let size = answer.count
        var first = [Double](repeating: 0, count: size)
        var second = [[Double]](repeating: first, count: size)
        for (row, outcome) in zip(rows, outcomes) {
            let p = logistic(predictor(row, at: answer))
            let features = [1] + row
            for i in 0..<size {
                first[i] += (p - outcome) * features[i]
                for j in 0...i { second[i][j] += p * (1 - p) * features[i] * features[j] }
            }
        }
        for (index, middle) in center.enumerated() {
            first[index + 1] += penalty * (answer[index + 1] - middle)
            second[index + 1][index + 1] += penalty
        }
        return (first, second)
    }

    mutating func solve() throws(LogisticRegressionError) -> Int {
        var now = loss(at: answer)
        for iteration in 1...LogisticRegression.maximumIterations {
            let (first, second) = derivatives()
            guard let root = Cholesky(second) else { throw .notConverged }
            let step = root.solve(first)
            // Half the squared Newton decrement: how much lower the answer can still be.
            let gain = zip(first, step).reduce(0) { $0 + $1.0 * $1.1 } / 2
            guard gain.isFinite, now.isFinite else { throw .notConverged }
            let isLast = gain <= 1e-14 * (1 + abs(now))
            var length = 1.0
            while true {
                let point = zip(answer, step).map { $0 - length * $1 }
                let there = loss(at: point)
                if there <= now || isLast {
                    (answer, now) = (point, there)
                    break
                }
                length /= 2
                if length < 1e-12 { throw .notConverged }
            }
            if isLast { return iteration }
        }
        throw .notConverged
    }

    func covariance() throws(LogisticRegressionError) -> [[Double]] {
        guard let root = Cholesky(derivatives().second) else { throw .notConverged }
        return answer.indices.map { index in
            root.solve(answer.indices.map { $0 == index ? 1 : 0 })
        }
    }
}

/// A symmetric positive matrix as a lower triangle times itself turned; only the lower half is read.
private struct Cholesky {
    private var lower: [[Double]]

    init?(_ matrix: [[Double]]) {
        lower = matrix
        for i in matrix.indices {
            for j in 0...i {
                var sum = matrix[i][j]
                for k in 0..<j { sum -= lower[i][k] * lower[j][k] }
                if i == j {
                    guard sum > 0, sum.isFinite else { return nil }
                    lower[i][i] = sum.squareRoot()
                } else {
                    lower[i][j] = sum / lower[j][j]
                }
            }
        }
    }

    func solve(_ right: [Double]) -> [Double] {
        var x = right
        for i in x.indices {
            for k in 0..<i { x[i] -= lower[i][k] * x[k] }
            x[i] /= lower[i][i]
        }
        for i in x.indices.reversed() {
            for k in i + 1..<x.count { x[i] -= lower[k][i] * x[k] }
            x[i] /= lower[i][i]
        }
        return x
    }
}
