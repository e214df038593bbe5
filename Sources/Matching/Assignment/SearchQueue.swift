/// Supporters by distance, nearest first: a binary heap of distance and supporter in one number.
///
/// A supporter whose distance has shrunk is simply put in again; whoever takes them out passes over the older entry.
struct SearchQueue: ~Copyable {
    private var entries: [UInt64] = []

    var isEmpty: Bool { entries.isEmpty }

    mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

    mutating func insert(_ supporter: Int32, at distance: Int32) {
        let entry = UInt64(UInt32(bitPattern: distance)) << 32 | UInt64(UInt32(bitPattern: supporter))
        var index = entries.count
        entries.append(entry)
        entries.withUnsafeMutableBufferPointer { heap in
            while index > 0 {
                let parent = (index &- 1) / 2
                if heap[parent] <= entry { break }
                heap[index] = heap[parent]
                index = parent
            }
            heap[index] = entry
        }
    }

    mutating func removeNearest() -> (supporter: Int32, distance: Int32)? {
        guard let last = entries.popLast() else { return nil }
        guard let first = entries.first else { return Self.parts(of: last) }
        let count = entries.count
        entries.withUnsafeMutableBufferPointer { heap in
            var index = 0
            while true {
                var child = 2 &* index &+ 1
                if child >= count { break }
                if child &+ 1 < count, heap[child &+ 1] < heap[child] { child &+= 1 }
                if last <= heap[child] { break }
                heap[index] = heap[child]
                index = child
            }
            heap[index] = last
        }
        return Self.parts(of: first)
    }

    private static func parts(of entry: UInt64) -> (supporter: Int32, distance: Int32) {
        (Int32(truncatingIfNeeded: entry), Int32(truncatingIfNeeded: entry >> 32))
    }
}
