import Foundation
import Glibc
import Matching

/// What `kith match` says of an answer: one line of JSON, with the names that others who solve the same instances use.
struct MatchReport: Encodable {
    let job: String
    /// Seconds of the clock and of the processor from what the files hold, in memory, to the answer.
    private(set) var total = 0.0
    private(set) var processor = 0.0
    /// Seconds of the clock of these for preparing what is solved.
    var build: Double?
    /// The most memory the process had, in megabytes.
    private(set) var memory = 0
    var pairs: Int?
    var assigned: Int?
    var score: Int?
    var lowestScore: Int?
    /// What every match had to reach for fairness.
    var floor: Int?
    /// By how much the answer could fall short of the best: 0 is proof that it does not.
    var gap: Int?
    /// How many of each group have a supporter, what that cost, and whether it is as even as it can be.
    var served: [Int]?
    var loss: Int?
    var isEven: Bool?
    var checksum: UInt32?
    /// Whether the checksum is the one in manifest.json.
    var agrees: Bool?
    var signature: UInt64?
    /// Seconds of the processor for each kind of change.
    var repairs: [String: Double]?
    private(set) var middle: Double?
    private(set) var slow: Double?

    enum CodingKeys: String, CodingKey {
        case job, pairs, assigned, score, gap, floor, repairs, served, loss
        case isEven = "even"
        case total = "total_s"
        case processor = "cpu_s"
        case build = "build_s"
        case memory = "rss_peak_mb"
        case lowestScore = "min_score"
        case checksum = "edges_crc32"
        case agrees = "edges_crc32_agrees"
        case signature = "sig"
        case middle = "p50_us"
        case slow = "p99_us"
    }

    init(job: MatchJob) { self.job = job.rawValue }

    mutating func stop(_ watch: Stopwatch) {
        total = watch.elapsed
        processor = watch.processor
        memory = Self.peak()
    }

    /// Not `getrusage`, which also counts what the process was started from.
    private static func peak() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
    }

    mutating func note(_ assignment: Assignment, of pairs: Pairs) {
        self.pairs = pairs.count
        assigned = assignment.assignedCount
        score = assignment.totalScore
        lowestScore = assignment.lowestScore
    }

    /// How long single answers took, in seconds.
    mutating func note(_ times: [Double]) {
        let sorted = times.sorted()
        guard let last = sorted.last else { return }
        middle = sorted[sorted.count / 2] * 1e6
        slow = (sorted.count < 100 ? last : sorted[sorted.count * 99 / 100]) * 1e6
    }

    var line: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return ((try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}") + "\n"
    }
}

/// Time since it was made, in seconds: of the clock, and of the processor, which is what to compare on a busy machine.
struct Stopwatch {
    private let began = Self.now(CLOCK_MONOTONIC)
    private let processorBegan = Self.now(CLOCK_PROCESS_CPUTIME_ID)

    var elapsed: Double { Self.now(CLOCK_MONOTONIC) - began }
    var processor: Double { Self.now(CLOCK_PROCESS_CPUTIME_ID) - processorBegan }

    private static func now(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

/// A number that is the same where online answers are the same: of each answer the sum of the supporters' numbers and
/// the sum of the scores, folded one after the other.
struct Signature {
    private(set) var value: UInt64 = 0

    mutating func add(_ suggestions: [Pool.Suggestion]) {
        let numbers = suggestions.reduce(0) { $0 + UInt64($1.supporter) }
        let scores = suggestions.reduce(0) { $0 + UInt64($1.points.score) }
        let folded = UInt128(value) * 1_000_003 + UInt128(numbers) * 31 + UInt128(scores)
        value = UInt64(folded % (1 << 61))
    }
}

/// The checksum of gzip and PNG (ISO 3309), by which edges.bin is told apart.
enum Checksum {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0xEDB8_8320 : rest >> 1 }
    }

    static func crc32(_ bytes: Data) -> UInt32 {
        let table = table
        return ~bytes.reduce(UInt32.max) { sum, byte in
            sum >> 8 ^ table[Int(truncatingIfNeeded: (sum ^ UInt32(byte)) & 0xFF)]
        }
    }
}
