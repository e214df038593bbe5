/// The supporters among whom to rank, prepared once for any number of people asking.
///
/// How they are stored is nobody else's business, so that columns or indexes can replace the list.
package struct Candidates: Sendable {
    /// In the order of their ids, so that nothing depends on the order they came in.
    let list: [Candidate]

    /// Of candidates with the same id the first is kept. O(n log n), O(n) when already in the order of ids.
    package init(_ candidates: some Sequence<Candidate>) {
        var list = Array(candidates)
        if !zip(list, list.dropFirst()).allSatisfy({ $0.id < $1.id }) {
            var seen: Set<Int> = []
            list = list.filter { seen.insert($0.id).inserted }.sorted { $0.id < $1.id }
        }
        self.list = list
    }

    package var count: Int { list.count }

    /// O(log n).
    package subscript(id id: Int) -> Candidate? {
        var lower = 0
        var upper = list.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if list[middle].id < id { lower = middle + 1 } else { upper = middle }
        }
        return lower < list.count && list[lower].id == id ? list[lower] : nil
    }
}
