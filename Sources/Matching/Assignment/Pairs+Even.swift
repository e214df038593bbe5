extension Pairs {
    /// An assignment in which groups of people wait about equally long.
    package struct Even: Equatable, Sendable {
        package let assignment: Assignment
        /// How many of each group are assigned.
        package let served: [Int]
        /// What it costs: how far the total score is below that of the best assignment.
        package let loss: Int
        /// Whether groups are as even as they can be; else the loss would have become too high.
        package let isEven: Bool
    }

    /// The most people assigned, and among groups as evenly as a loss of total score allows.
    ///
    /// Where places go on being given away like this, somebody of a group of which one in `n` is assigned each time waits
    /// `n` times on average. So the share of each group that is assigned is evened out: each place goes to the group of
    /// which the smallest share has one, and of equal ones to the one whose share is then smallest. Of all ways to do
    /// that, the one with the highest total is found.
    ///
    /// From the best assignment, places are moved from group to group as long as that makes it more even, those first
    /// that cost least, until one costs more than may be lost. Which sets of people can be assigned is a matroid, so how
    /// many of each group can is an M-convex set: where no single place can be moved for the better, no other way is
    /// better (K. Murota, Discrete Convex Analysis, 2003). At every point the total is the highest for what each group
    /// has.
    ///
    /// Meant for the waiting list of a program: O(places moved · groups · supporters · pairs) at worst, mostly much less.
    /// - Parameters:
    ///   - groups: each person's group, 0..<`groupCount`.
    ///   - percent: how much of the total may be lost, 0...100.
    /// - Throws: ``GroupsError``.
    package func evenAssignment(
        over groups: [Int], count groupCount: Int, losing percent: Int
    ) throws(GroupsError) -> Even {
        for person in 0..<peopleCount {
            guard groups.indices.contains(person) else { throw .unknownGroup(person: person, group: -1) }
            guard (0..<max(0, groupCount)).contains(groups[person]) else {
                throw .unknownGroup(person: person, group: groups[person])
            }
        }
        let best: Assignment
        do throws(PairsError) { best = try optimum().assignment } catch { throw .tooMany }
        var holders = Holders(self, Array(groups.prefix(peopleCount)), groupCount, best)
        let allowed = best.totalScore * min(max(percent, 0), 100) / 100
        var (loss, isEven) = (0, false)
        while true {
            guard let exchange = holders.bestExchange(in: self) else {
                isEven = true
                break
            }
            guard loss - exchange.gain <= allowed else { break }
            loss -= exchange.gain
            holders.make(exchange)
        }
        return Even(
            assignment: Assignment(holders.supporters, in: self), served: holders.served, loss: loss, isEven: isEven)
    }
}

/// What keeps groups from being evened out.
package enum GroupsError: Error, Equatable {
    /// A group that was not announced; -1 where a person has none.
    case unknownGroup(person: Int, group: Int)
    /// As ``PairsError/tooMany``.
    case tooMany
}

/// Who holds which place, and what each group has.
struct Holders {
    let groups: [Int]
    /// How many there are of each group.
    let sizes: [Int]
    /// How many of each group have a place.
    private(set) var served: [Int]
    /// Each person's supporter, or -1.
    private(set) var supporters: [Int32]
    private var members: [[Int]]
    private var room: [Int32]
    private var people: [[Int]]

    init(_ pairs: Pairs, _ groups: [Int], _ groupCount: Int, _ assignment: Assignment?) {
        self.groups = groups
        people = Array(repeating: [], count: max(0, groupCount))
        for (person, group) in groups.enumerated() { people[group].append(person) }
        sizes = people.map(\.count)
        served = Array(repeating: 0, count: people.count)
        supporters = assignment?.supporters ?? Array(repeating: -1, count: pairs.peopleCount)
        members = Array(repeating: [], count: pairs.supporterCount)
        room = pairs.capacities
        for (person, supporter) in supporters.enumerated() where supporter >= 0 {
            members[Int(supporter)].append(person)
            room[Int(supporter)] -= 1
            served[groups[person]] += 1
        }
    }

    private mutating func put(_ person: Int, with supporter: Int32) {
        let before = supporters[person]
        if before >= 0 {
            members[Int(before)].removeAll { $0 == person }
            room[Int(before)] += 1
            served[groups[person]] -= 1
        }
        supporters[person] = supporter
        guard supporter >= 0 else { return }
        members[Int(supporter)].append(person)
        room[Int(supporter)] -= 1
        served[groups[person]] += 1
    }
}

// MARK: - Moving a place from one group to another

extension Holders {
    /// A chain of changes by which a group gets a place that another had.
    struct Exchange {
        /// What it adds to the total; mostly less than nothing.
        let gain: Int
        /// Who goes where, in the order in which it is done; -1 for nowhere.
        fileprivate let moves: [(person: Int, supporter: Int32)]
    }

    mutating func make(_ exchange: Exchange) {
        for move in exchange.moves { put(move.person, with: move.supporter) }
    }

    /// Of all exchanges that make it more even, or leave it as even with a higher total, the one that costs least.
    func bestExchange(in pairs: Pairs) -> Exchange? {
        var best: Exchange?
        for group in served.indices where served[group] < sizes[group] {
            let exchange = exchange(giving: group, in: pairs)
            if let exchange, exchange.gain > best?.gain ?? .min { best = exchange }
        }
        return best
    }

    /// Whether a place is better with one group than with another; nil where it is the same.
    private func isBetter(with one: Int, than other: Int) -> Bool? {
        // The shares without the place, then the shares with it.
        for extra in [0, 1] {
            let (first, second) = (
                (served[one] + extra) * sizes[other], (served[other] - 1 + extra) * sizes[one]
            )
            if first != second { return first < second }
        }
        return nil
    }

    /// The longest path from a group to another, over people who come in, change or leave. There is no gainful circle,
    /// because the total is the highest for what each group has, so looking again at what has become better ends
    /// (Bellman and Ford).
    private func exchange(giving group: Int, in pairs: Pairs) -> Exchange? {
        let supporterCount = members.count
        // Nodes are supporters who must let somebody go, and after them groups of which somebody may come in.
        var gain = [Int](repeating: .min, count: supporterCount + served.count)
        var cameBy = [(node: Int, person: Int)](repeating: (-1, -1), count: gain.count)
        var (queue, isQueued) = ([Int](), [Bool](repeating: false, count: gain.count))
        func reach(_ node: Int, _ value: Int, from origin: Int, by person: Int) {
            guard value > gain[node] else { return }
            (gain[node], cameBy[node]) = (value, (origin, person))
            if !isQueued[node] {
                isQueued[node] = true
                queue.append(node)
            }
        }
        reach(supporterCount + group, 0, from: -1, by: -1)
        var next = 0
        while next < queue.count {
            let node = queue[next]
            next += 1
            isQueued[node] = false
            let now = gain[node]
            if node >= supporterCount {
                for person in people[node - supporterCount] where supporters[person] < 0 {
                    for index in pairs.row(of: Int32(person)) {
                        reach(Int(pairs.supporters[index]), now + Int(pairs.scores[index]), from: node, by: person)
                    }
                }
                continue
            }
            for person in members[node] {
                let row = pairs.row(of: Int32(person))
                guard let own = row.first(where: { Int(pairs.supporters[$0]) == node }) else { continue }
                let without = now - Int(pairs.scores[own])
                reach(supporterCount + groups[person], without, from: node, by: person)
                for index in row where index != own {
                    reach(Int(pairs.supporters[index]), without + Int(pairs.scores[index]), from: node, by: person)
                }
            }
        }
        let ends = served.indices.filter { other in
            guard other != group, served[other] > 0, gain[supporterCount + other] > .min else { return false }
            return isBetter(with: group, than: other) ?? (gain[supporterCount + other] > 0)
        }
        guard let end = ends.max(by: { gain[supporterCount + $0] < gain[supporterCount + $1] }) else { return nil }
        var (moves, node) = ([(person: Int, supporter: Int32)](), supporterCount + end)
        while cameBy[node].node >= 0 {
            moves.append((cameBy[node].person, node >= supporterCount ? -1 : Int32(node)))
            node = cameBy[node].node
        }
        return Exchange(gain: gain[supporterCount + end], moves: moves)
    }
}
