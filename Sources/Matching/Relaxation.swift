/// One thing that a person could want differently, if they were asked.
package enum Relaxation: Hashable, Sendable {
    /// What has to be met would only be liked.
    case wish(Attribute)
    /// Any way to talk, write or meet.
    case formats
    /// Any hour of the week.
    case hours
    /// Meeting in any area.
    case area

    package static let all: [Relaxation] = Attribute.allCases.map(Relaxation.wish) + [.formats, .hours, .area]
}

extension Seeker {
    /// The same person wanting one thing less; nil where they want nothing that could be given up. What they would like
    /// stays as it is and goes on earning points.
    package func relaxing(_ relaxation: Relaxation) -> Seeker? {
        var relaxed = self
        switch relaxation {
        case .wish(let attribute):
            guard case .must(let aim) = wishes[attribute] else { return nil }
            relaxed.wishes[attribute] = .prefer(aim)
        case .formats: relaxed.formats = [.inPerson, .phone, .video, .messages]
        case .hours: relaxed.availability = .always
        case .area: relaxed.reach = .anywhere
        }
        return relaxed == self ? nil : relaxed
    }
}

extension Ranking {
    /// What giving up one thing would open.
    package struct Opening: Equatable, Sendable {
        package let relaxation: Relaxation
        /// Who could be suggested then and cannot now, the best first.
        package let candidates: [Int]
    }

    /// For each single thing that the person could want differently, whom it would open; nothing for what opens nobody.
    /// What opens most comes first. O(n log n) for each thing wanted.
    package func openings() -> [Opening] {
        let now = Set(eligible())
        return Relaxation.all.compactMap { relaxation -> Opening? in
            guard let relaxed = seeker.relaxing(relaxation) else { return nil }
            let opened = relaxing(to: relaxed).eligible().filter { !now.contains($0) }
            return opened.isEmpty ? nil : Opening(relaxation: relaxation, candidates: opened)
        }.sorted { $0.candidates.count > $1.candidates.count }
    }
}
