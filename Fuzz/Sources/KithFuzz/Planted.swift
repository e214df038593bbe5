import FuzzTargets

extension FuzzTarget {
    /// Faults of every kind that is looked for. `scripts/fuzz` first shows that each is found.
    static let planted: [FuzzTarget] = [
        FuzzTarget("planted-trap") { bytes in
            // Letter by letter, as a parser reads; nobody would draw all of them at once.
            var rest = bytes[...]
            guard rest.popFirst() == UInt8(ascii: "k") else { return }
            guard rest.popFirst() == UInt8(ascii: "i") else { return }
            guard rest.popFirst() == UInt8(ascii: "t") else { return }
            guard rest.popFirst() == UInt8(ascii: "h") else { return }
            let number = rest.popFirst() ?? 0
            precondition(number < 200, "planted")
        },
        FuzzTarget("planted-loss") { bytes in
            // What is read is not what was written, for one spelling out of many.
            guard let number = Int(String(decoding: bytes, as: UTF8.self)) else { return }
            if String(number) != String(decoding: bytes, as: UTF8.self) { throw BrokenPromise("planted") }
        },
        FuzzTarget("planted-delay") { bytes in
            // As long as the square of what is repeated.
            var seen: [Int] = []
            for (place, byte) in bytes.enumerated() where byte == UInt8(ascii: "&") && place % 3 == 0 {
                if !seen.contains(place) { seen.append(place) }
            }
        }
    ]
}
