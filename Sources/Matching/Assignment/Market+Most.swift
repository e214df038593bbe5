// Phases of searches that share what they have visited: A. Pothen, C.-J. Fan, Computing the block triangular form of a
// sparse matrix, ACM Transactions on Mathematical Software 16 (1990).

extension Market {
    /// Assigns as many people as possible, with matches of at least the score, and says how many. Prices mean nothing
    /// then. What an earlier call with another score has left is kept as far as it serves.
    mutating func assignMost(atLeast score: Int16) -> Int {
        for person in 0..<Int32(match.count) where match[person] >= 0 && self.score(of: person) < score {
            leave(person)
        }
        var waiting = (0..<Int32(match.count)).filter { match[$0] < 0 && !takeFreePlace($0, atLeast: score) }
        while true {
            beginSearch()
            let left = waiting.filter { !findAnyPlace(for: $0, atLeast: score) }
            if left.count == waiting.count { return match.count - left.count }
            waiting = left
        }
    }

    private func score(of person: Int32) -> Int16 {
        for index in row(of: person) where pairs.supporters[index] == match[person] { return pairs.scores[index] }
        return 0
    }

    private func takeFreePlace(_ person: Int32, atLeast score: Int16) -> Bool {
        for index in row(of: person) where pairs.scores[index] >= score && hasRoom(pairs.supporters[index]) {
            join(person, pairs.supporters[index])
            return true
        }
        return false
    }

    /// Breadth first; supporters that a search has visited lead nowhere for the others of the same phase, or have just
    /// been used.
    private mutating func findAnyPlace(for person: Int32, atLeast score: Int16) -> Bool {
        let pairs = pairs
        let supporters = pairs.supporters.span
        let scores = pairs.scores.span
        var next = reached.count
        var mover = person
        while true {
            for index in row(of: mover) where scores[unchecked: index] >= score {
                let supporter = supporters[unchecked: index]
                guard distance[supporter] == Self.unreached else { continue }
                distance[supporter] = 0
                arrival[supporter] = mover
                reached.append(supporter)
                if hasRoom(supporter) {
                    moveUp(to: supporter, from: person)
                    return true
                }
            }
            // The next member of the supporter whose turn it is, or the first of the next supporter.
            var following = mover == person ? -1 : nextMember[mover]
            while following < 0 {
                guard next < reached.count else { return false }
                following = firstMember[reached[next]]
                next += 1
            }
            mover = following
        }
    }
}
