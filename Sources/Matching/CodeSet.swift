/// A set of integer codes: languages, areas, programs, experiences, or identifiers.
///
/// Codes 0..<128 are the bits of one wide number, so comparing two sets is an `and`; any other code, negative ones
/// included, is kept in a sorted list. Number the common codes from zero and every question takes constant time.
package struct CodeSet: Hashable, Sendable {
    private var bits: UInt128 = 0
    private var others: [Int] = []

    /// The empty set.
    package init() {}

    /// Repeated codes count once; the order does not matter.
    package init(_ codes: some Sequence<Int>) {
        for code in codes {
            insert(code)
        }
    }

    package var isEmpty: Bool { bits == 0 && others.isEmpty }

    package var count: Int { bits.nonzeroBitCount + others.count }

    /// The codes in ascending order. Allocates: meant for explaining, not for comparing.
    package var codes: [Int] {
        let low = (0..<UInt128.bitWidth).filter { bits & Self.bit($0) != 0 }
        guard let first = others.first, first < 0 else { return low + others }
        return others.prefix { $0 < 0 } + low + others.drop { $0 < 0 }
    }

    package func contains(_ code: Int) -> Bool {
        Self.isSmall(code) ? bits & Self.bit(code) != 0 : Self.has(code, in: others)
    }

    package mutating func insert(_ code: Int) {
        if Self.isSmall(code) {
            bits |= Self.bit(code)
        } else {
            let index = Self.position(of: code, in: others)
            if index == others.count || others[index] != code { others.insert(code, at: index) }
        }
    }

    package func isDisjoint(with other: CodeSet) -> Bool {
        if bits & other.bits != 0 { return false }
        if others.isEmpty || other.others.isEmpty { return true }
        return !others.contains { Self.has($0, in: other.others) }
    }

    package func intersection(_ other: CodeSet) -> CodeSet {
        var shared = CodeSet()
        shared.bits = bits & other.bits
        shared.others = others.filter { Self.has($0, in: other.others) }
        return shared
    }

    package func union(_ other: CodeSet) -> CodeSet {
        var all = self
        all.bits |= other.bits
        for code in other.others {
            all.insert(code)
        }
        return all
    }

    /// The size of the intersection, without building it.
    package func countShared(with other: CodeSet) -> Int {
        let small = (bits & other.bits).nonzeroBitCount
        if others.isEmpty || other.others.isEmpty { return small }
        return small + others.count { Self.has($0, in: other.others) }
    }

    private static func isSmall(_ code: Int) -> Bool { code >= 0 && code < UInt128.bitWidth }

    private static func bit(_ code: Int) -> UInt128 { 1 &<< UInt128(truncatingIfNeeded: code) }

    private static func has(_ code: Int, in sorted: [Int]) -> Bool {
        let index = position(of: code, in: sorted)
        return index < sorted.count && sorted[index] == code
    }

    /// The index of the first code that is not smaller.
    private static func position(of code: Int, in sorted: [Int]) -> Int {
        var lower = 0
        var upper = sorted.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if sorted[middle] < code { lower = middle + 1 } else { upper = middle }
        }
        return lower
    }
}

extension CodeSet: ExpressibleByArrayLiteral {
    package init(arrayLiteral codes: Int...) {
        self.init(codes)
    }
}
