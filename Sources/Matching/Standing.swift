/// Where a candidate stands among the eligible: all that decides the order, and nothing that needs memory of its own.
struct Standing: Sendable {
    var total: Int
    let load: Int
    /// A candidate who never had a match has waited longest.
    let lastMatchDay: Int
    let id: Int
    /// Where the candidate is found in the list.
    let index: Int

    init(total: Int, of candidate: borrowing Candidate, at index: Int) {
        self.total = total
        load = candidate.load
        lastMatchDay = candidate.lastMatchDay ?? .min
        id = candidate.id
        self.index = index
    }

    /// More points, then fewer people supported now, then longer since the last match, then the smaller id.
    func isAhead(of other: Standing) -> Bool {
        if total != other.total { return total > other.total }
        if load != other.load { return load < other.load }
        if lastMatchDay != other.lastMatchDay { return lastMatchDay < other.lastMatchDay }
        return id < other.id
    }
}

/// The best few of many standings, as a heap with the last of them on top: O(log k) for each one seen.
struct Best: Sendable {
    private var heap: [Standing] = []
    private let capacity: Int

    init(_ capacity: Int) {
        self.capacity = max(capacity, 0)
        heap.reserveCapacity(self.capacity)
    }

    mutating func insert(_ standing: Standing) {
        if heap.count < capacity {
            heap.append(standing)
            siftUp()
        } else if let last = heap.first, standing.isAhead(of: last) {
            heap[0] = standing
            siftDown()
        }
    }

    /// The best first.
    var inOrder: [Standing] { heap.sorted { $0.isAhead(of: $1) } }

    private mutating func siftUp() {
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[parent].isAhead(of: heap[child]) else { return }
            heap.swapAt(parent, child)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var last = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[last].isAhead(of: heap[child]) { last = child }
            }
            guard last != parent else { return }
            heap.swapAt(parent, last)
            parent = last
        }
    }
}
