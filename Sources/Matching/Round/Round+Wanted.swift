extension Round {
    /// A part of a day of the week in which somebody could have time.
    package struct Slot: Hashable, Sendable {
        package enum Part: Int, CaseIterable, Sendable {
            case morning, afternoon, evening

            /// Hours of the day.
            package var hours: Range<Int> {
                switch self {
                case .morning: 8..<12
                case .afternoon: 12..<17
                case .evening: 17..<21
                }
            }
        }

        package let day: Weekday
        package let part: Part

        package init(_ day: Weekday, _ part: Part) {
            (self.day, self.part) = (day, part)
        }

        static let all = Weekday.allCases.flatMap { day in Part.allCases.map { Slot(day, $0) } }

        package var hours: WeekHours {
            var hours = WeekHours()
            hours.insert(day, minutes: part.hours.lowerBound * 60..<part.hours.upperBound * 60)
            return hours
        }
    }

    /// A kind of supporter to look for, described by no more than matters.
    package struct Wanted: Equatable, Sendable {
        /// Languages and what they have lived through; areas only where somebody can be met in no other way, attributes
        /// and being cleared only where fewer people would be served without.
        package let newcomer: Candidate
        /// When they should have time; none where any time is as good, or no single part of a day is enough for
        /// anybody.
        package let slot: Slot?
        package let gain: Gain
        /// Of those who then still wait, for whom this supporter would be possible: they move up. By place in the round.
        package let behind: [Int]
    }

    /// Whom to look for: the kind of supporter by whom most people would be served, then the kind that helps most once
    /// the first is there, and so on until nobody more would be served.
    ///
    /// Kinds come from what the people in this round want, at most `kinds` of them, those wanted by most first. Each
    /// gain is exact, given those before it.
    /// - Parameters:
    ///   - count: how many kinds at most.
    ///   - places: for how many people each would have room.
    package func wanted(_ count: Int = 3, places: Int, kinds: Int = 40) throws(PairsError) -> [Wanted] {
        let all = self.kinds(kinds, places: places)
        var (found, round): ([Wanted], Round) = ([], self)
        while found.count < count, !all.isEmpty {
            let gains = try round.gains(from: all)
            guard
                let best = gains.indices.max(by: {
                    (gains[$0].people, gains[$0].worth, -$0) < (gains[$1].people, gains[$1].worth, -$1)
                }), gains[best].people > 0
            else { break }
            let (newcomer, slot, gain) = try round.plainest(all[best], gaining: gains[best])
            let next = try round.joined(by: newcomer)
            found.append(
                Wanted(newcomer: newcomer, slot: slot, gain: gain, behind: next.round.behind(next.id)))
            round = next.round
        }
        return found
    }

    /// The kinds of supporters that people want, those wanted by most first.
    private func kinds(_ count: Int, places: Int) -> [Candidate] {
        var all: [(kind: Candidate, people: Int)] = []
        for asking in people {
            var kind = Candidate(wantedBy: asking.seeker, limit: places)
            (kind.availability, kind.formats) = (.always, [.inPerson, .phone, .video, .messages])
            if let known = all.firstIndex(where: { $0.kind == kind }) {
                all[known].people += 1
            } else {
                all.append((kind, 1))
            }
        }
        return all.enumerated().sorted { ($1.element.people, $0.offset) < ($0.element.people, $1.offset) }
            .prefix(count).map(\.element.kind)
    }

    /// The same supporter without what serves nobody more.
    private func plainest(
        _ kind: Candidate, gaining gain: Gain
    ) throws(PairsError) -> (newcomer: Candidate, slot: Slot?, gain: Gain) {
        var (plain, gain) = (kind, gain)
        var simpler: [(inout Candidate) -> Void] = [{ $0.areas = [] }, { $0.isClearedForMinors = false }]
        for attribute in Attribute.allCases { simpler.append { $0.attributes[attribute] = nil } }
        for leaveOut in simpler {
            var less = plain
            leaveOut(&less)
            guard less != plain, let left = try gains(from: [less]).first, left.people == gain.people else { continue }
            (plain, gain) = (less, left)
        }
        let atTimes = Slot.all.map { slot in
            var at = plain
            at.availability = slot.hours
            return at
        }
        let slots = try gains(from: atTimes)
        let served = slots.map(\.people)
        // Where all ask for messages only, or have time always, no time needs to be named.
        guard let most = served.max(), most > 0, served.contains(where: { $0 < gain.people }),
            let best = slots.indices.max(by: {
                (slots[$0].people, slots[$0].worth, -$0) < (slots[$1].people, slots[$1].worth, -$1)
            })
        else { return (plain, nil, gain) }
        return (atTimes[best], Slot.all[best], slots[best])
    }

    /// Who waits still and could be with this supporter once they have room.
    private func behind(_ id: Int) -> [Int] {
        guard let candidate = candidates[id: id] else { return [] }
        return left.keys.sorted().filter { person in
            switch judge(people[person].seeker, candidate, weights: weights) {
            case .eligible: true
            case .excluded(let exclusions): exclusions.allSatisfy(\.passes)
            }
        }
    }
}
