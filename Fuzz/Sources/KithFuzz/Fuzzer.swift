import FuzzTargets
import Glibc

/// What libFuzzer calls: once before the first input, to learn which parser it is about, and then for each input.
/// It notices by itself when the process ends; everything else that must not happen ends the process here.
private enum Fuzzer {
    /// Set before the first input and never again.
    nonisolated(unsafe) static var target: FuzzTarget?

    static func choose() {
        let name = getenv("KITH_FUZZ_TARGET").map { String(cString: $0) } ?? ""
        let targets = FuzzTarget.all + FuzzTarget.planted
        target = targets.first { $0.name == name }
        guard target == nil else { return }
        end("KITH_FUZZ_TARGET must be one of: \(targets.map(\.name).joined(separator: " "))", status: 2)
    }

    static func read(_ bytes: [UInt8]) {
        guard let target else { return }
        let first = cost(of: bytes, target)
        // The first time may be slow for other reasons, such as tables that are loaded.
        if !isLinear(first, bytes.count), !isLinear(cost(of: bytes, target), bytes.count) { tooSlow(bytes, first) }
        guard let longer = pumped(bytes) else { return }
        let second = cost(of: longer, target)
        if !isLinear(second, longer.count), !isLinear(cost(of: longer, target), longer.count) {
            tooSlow(longer, second)
        }
    }

    /// Reads the bytes, and gives the processor's time for that, in seconds.
    private static func cost(of bytes: [UInt8], _ target: FuzzTarget) -> Double {
        let start = processorTime()
        do {
            try target.read(bytes)
        } catch {
            end("a promise does not hold: \(error)", status: nil)
        }
        return processorTime() - start
    }

    /// Many times what any target needs here, where each branch is counted and nothing optimized.
    private static func isLinear(_ seconds: Double, _ count: Int) -> Bool { seconds < 0.2 + 20e-6 * Double(count) }

    private static func tooSlow(_ bytes: [UInt8], _ seconds: Double) {
        end("\(bytes.count) bytes took \(seconds) seconds", status: nil)
    }

    /// The input with a part of it repeated until it is long, where one is chosen for that. Its content chooses, so that
    /// it is chosen again when it is replayed; and without a loop, which would count as something new that was reached.
    private static func pumped(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count > 1 else { return nil }
        let (first, middle, last) = (bytes[0], bytes[bytes.count / 2], bytes[bytes.count - 1])
        let mixed = (UInt64(first) << 24 | UInt64(middle) << 16 | UInt64(last) << 8) ^ UInt64(bytes.count)
        let chosen = mixed &* 0x9E37_79B9_7F4A_7C15
        guard chosen >> 52 == 0 else { return nil }
        let start = Int(chosen >> 36 & 0xFFFF) % bytes.count
        let length = 1 + Int(chosen >> 20 & 0xFFFF) % min(bytes.count - start, 64)
        let part = [[UInt8]](repeating: Array(bytes[start..<start + length]), count: 32_768 / length)
        return Array(bytes[..<start]) + part.joined() + bytes[start...]
    }

    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func end(_ words: String, status: Int32?) {
        let line = Array("error: \(words)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        if let status { exit(status) }
        abort()
    }
}

/// Called by libFuzzer before anything else.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutableRawPointer) -> Int32 {
    Fuzzer.choose()
    return 0
}

/// Called by libFuzzer for each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    Fuzzer.read(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
