/// The places of all supporters and who holds them, each supporter's weakest hold first: a heap for each.
///
/// A hold is a number whose upper half says how strong it is and whose lower half says whose.
struct Places: ~Copyable {
    private let starts: Column<Int32>
    private let taken: Column<Int32>
    private let holds: Column<Int64>

    /// Nobody needs more places than there are people who might come.
    init(for pairs: borrowing Pairs, _ capacity: borrowing Column<Int32>) {
        let inDemand = Column<Int32>(repeating: 0, count: capacity.count)
        for supporter in pairs.supporters { inDemand[supporter] += 1 }
        starts = Column(repeating: 0, count: capacity.count + 1)
        for supporter in 0..<capacity.count {
            starts[supporter + 1] = starts[supporter] + min(capacity[supporter], inDemand[supporter])
        }
        taken = Column(repeating: 0, count: capacity.count)
        holds = Column(repeating: 0, count: Int(starts[capacity.count]))
    }

    /// The weakest hold when all places are taken; none while there is room. Where there are no places at all,
    /// nothing is strong enough.
    @inline(__always)
    func weakest(of supporter: Int32) -> Int64? {
        let start = starts[supporter]
        let size = starts[supporter + 1] &- start
        guard taken[supporter] == size else { return nil }
        return size == 0 ? Int64.max : holds[start]
    }

    /// Takes a place, from the weakest hold if need be, which is then given back. The hold must be stronger than that.
    func take(_ supporter: Int32, _ hold: Int64) -> Int64? {
        let start = starts[supporter]
        let count = taken[supporter]
        var index: Int32
        if count < starts[supporter + 1] &- start {
            index = count
            while index > 0 {
                let parent = (index &- 1) / 2
                if holds[start &+ parent] <= hold { break }
                holds[start &+ index] = holds[start &+ parent]
                index = parent
            }
            holds[start &+ index] = hold
            taken[supporter] = count &+ 1
            return nil
        }
        let lost = holds[start]
        index = 0
        while true {
            var child = 2 &* index &+ 1
            if child >= count { break }
            if child &+ 1 < count, holds[start &+ child &+ 1] < holds[start &+ child] { child &+= 1 }
            if hold <= holds[start &+ child] { break }
            holds[start &+ index] = holds[start &+ child]
            index = child
        }
        holds[start &+ index] = hold
        return lost
    }

    @inline(__always)
    static func hold(_ strength: Int32, _ low: Int32) -> Int64 { Int64(strength) << 32 | Int64(low) }

    @inline(__always)
    static func strength(of hold: Int64) -> Int32 { Int32(truncatingIfNeeded: hold >> 32) }

    @inline(__always)
    static func low(of hold: Int64) -> Int32 { Int32(truncatingIfNeeded: hold) }
}
