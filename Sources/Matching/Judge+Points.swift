extension Judge {
    /// The points of a candidate who is eligible, without reasons and without allocating.
    func total(of candidate: borrowing Candidate) -> Int {
        let usable = usableFormats(candidate)
        return experiencePoints(candidate) + languagePoints(candidate) + hoursPoints(candidate, usable)
            + formatPoints(usable) + areaPoints(nearness(candidate, usable)) + wishesPoints(candidate)
            + continuityPoints(candidate) + roomPoints(candidate) + newSupporterPoints(candidate)
    }

    /// The same points one by one, each with its reason.
    func score(of candidate: borrowing Candidate) -> Score {
        var parts: [Score.Part] = []
        for criterion in Criterion.allCases {
            parts.append(part(criterion, of: candidate))
        }
        return Score(total: parts.reduce(0) { $0 + $1.points }, parts: parts)
    }

    func part(_ criterion: Criterion, of candidate: borrowing Candidate) -> Score.Part {
        let usable = usableFormats(candidate)
        let (reason, points): (Reason, Int) =
            switch criterion {
            case .experience:
                (.experience(shared: wanted.low.intersection(candidate.experiences)), experiencePoints(candidate))
            case .language: (.language, languagePoints(candidate))
            case .hours: (.hours(common: commonHours(candidate, usable)), hoursPoints(candidate, usable))
            case .format: (.format(preferred: usable.intersection(seeker.preferredFormats)), formatPoints(usable))
            case .area: (.area(nearness(candidate, usable)), areaPoints(nearness(candidate, usable)))
            case .wishes: (.wishes(met: wishesMet(candidate)), wishesPoints(candidate))
            case .continuity: (.continuity, continuityPoints(candidate))
            case .room: (.room(load: candidate.load), roomPoints(candidate))
            case .newSupporter: (.newSupporter, newSupporterPoints(candidate))
            }
        return Score.Part(reason: reason, points: points, maximum: maximum(criterion))
    }

    /// What anybody could earn for this person.
    private func maximum(_ criterion: Criterion) -> Int {
        let counts =
            switch criterion {
            case .experience: wantedImportance > 0
            case .language: seeker.preferredLanguage != nil
            case .hours: !formats.isDisjoint(with: .live)
            case .format: !seeker.preferredFormats.isEmpty
            case .area: seeker.area != nil && formats.contains(.inPerson)
            case .wishes: !preferences.isEmpty
            case .continuity: seeker.previousSupporter != nil
            case .room, .newSupporter: true
            }
        return counts ? weights[criterion] : 0
    }
}

// MARK: - One function for each criterion, rounding down

extension Judge {
    /// In proportion to the importance of what is shared.
    private func experiencePoints(_ candidate: borrowing Candidate) -> Int {
        guard wantedImportance > 0 else { return 0 }
        let shared =
            wanted.low.countShared(with: candidate.experiences)
            + wanted.medium.countShared(with: candidate.experiences)
            + wanted.high.countShared(with: candidate.experiences)
        return weights[.experience] * shared / wantedImportance
    }

    private func languagePoints(_ candidate: borrowing Candidate) -> Int {
        guard let language = seeker.preferredLanguage else { return 0 }
        return candidate.languages.contains(language) ? weights[.language] : 0
    }

    /// Hours count only for people who can speak or meet.
    private func commonHours(_ candidate: borrowing Candidate, _ usable: Formats) -> WeekHours {
        usable.isDisjoint(with: .live) ? WeekHours() : commonHours(candidate)
    }

    /// In proportion up to enough hours to choose from, so that nobody needs to be free all week.
    private func hoursPoints(_ candidate: borrowing Candidate, _ usable: Formats) -> Int {
        weights[.hours] * min(commonHours(candidate, usable).count, weights.ampleHours) / weights.ampleHours
    }

    private func formatPoints(_ usable: Formats) -> Int {
        usable.isDisjoint(with: seeker.preferredFormats) ? 0 : weights[.format]
    }

    /// Distance matters only to people who can meet in person.
    private func nearness(_ candidate: borrowing Candidate, _ usable: Formats) -> Reason.Nearness {
        guard let area = seeker.area, usable.contains(.inPerson) else { return .elsewhere }
        if candidate.areas.contains(area) { return .same }
        if case .neighboring = seeker.reach { return .neighboring }
        return .elsewhere
    }

    private func areaPoints(_ nearness: Reason.Nearness) -> Int {
        switch nearness {
        case .same: weights[.area]
        case .neighboring: weights[.area] / 2
        case .elsewhere: 0
        }
    }

    private func wishesMet(_ candidate: borrowing Candidate) -> [Attribute] {
        let (own, theirs) = (seeker.attributes, candidate.attributes)
        return preferences.compactMap { attribute, aim in
            aim.isMet(own: own[attribute], theirs: theirs[attribute], within: attribute.tolerance) ? attribute : nil
        }
    }

    /// Each wish counts the same, whatever its aim.
    private func wishesPoints(_ candidate: borrowing Candidate) -> Int {
        guard !preferences.isEmpty else { return 0 }
        var met = 0
        for (attribute, aim) in preferences {
            let (own, theirs) = (seeker.attributes[attribute], candidate.attributes[attribute])
            if aim.isMet(own: own, theirs: theirs, within: attribute.tolerance) { met += 1 }
        }
        return weights[.wishes] * met / preferences.count
    }

    private func continuityPoints(_ candidate: borrowing Candidate) -> Int {
        candidate.id == seeker.previousSupporter ? weights[.continuity] : 0
    }

    private func roomPoints(_ candidate: borrowing Candidate) -> Int {
        let load = min(max(candidate.load, 0), weights.heavyLoad)
        return weights[.room] * (weights.heavyLoad - load) / weights.heavyLoad
    }

    private func newSupporterPoints(_ candidate: borrowing Candidate) -> Int {
        candidate.isNew ? weights[.newSupporter] : 0
    }
}
