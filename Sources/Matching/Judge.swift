/// The rules and points for one person asking, with everything worked out once that depends on that person only.
///
/// Each hard rule is one small function, used both to decide quickly and to give reasons.
struct Judge: Sendable {
    let seeker: Seeker
    let weights: Weights
    /// With the preferred one.
    let languages: CodeSet
    /// With the preferred ones.
    let formats: Formats
    /// What a candidate's boundaries must not contain.
    let topics: CodeSet
    /// Where a meeting in person is possible; none if anywhere is.
    let reachable: CodeSet?
    /// The wanted experiences of at least low, medium and high importance: who shares one of high importance is found
    /// in all three, and so counts three times.
    let wanted: (low: CodeSet, medium: CodeSet, high: CodeSet)
    /// The importance of all wanted experiences together.
    let wantedImportance: Int
    let preferences: [(attribute: Attribute, aim: Wish.Aim)]
    let musts: [(attribute: Attribute, aim: Wish.Aim)]

    init(for seeker: Seeker, weights: Weights) {
        self.seeker = seeker
        self.weights = weights
        languages = seeker.languages.union(CodeSet(CollectionOfOne(seeker.preferredLanguage).compactMap(\.self)))
        formats = seeker.formats.union(seeker.preferredFormats)
        func wanted(from importance: WantedExperience.Importance) -> CodeSet {
            CodeSet(seeker.experiences.filter { $0.importance.rawValue >= importance.rawValue }.map(\.code))
        }
        self.wanted = (wanted(from: .low), wanted(from: .medium), wanted(from: .high))
        wantedImportance = self.wanted.low.count + self.wanted.medium.count + self.wanted.high.count
        topics = seeker.topics.union(self.wanted.low)
        reachable =
            switch (seeker.area, seeker.reach) {
            case (nil, _), (_, .anywhere): nil
            case (let area?, .sameArea): [area]
            case (let area?, .neighboring(let neighbors)): neighbors.union([area])
            }
        preferences = Attribute.allCases.compactMap {
            if case .prefer(let aim) = seeker.wishes[$0] { ($0, aim) } else { nil }
        }
        musts = Attribute.allCases.compactMap {
            if case .must(let aim) = seeker.wishes[$0] { ($0, aim) } else { nil }
        }
    }

    func verdict(on candidate: borrowing Candidate) -> Verdict {
        let exclusions = exclusions(of: candidate)
        return exclusions.isEmpty ? .eligible(score(of: candidate)) : .excluded(exclusions)
    }

    /// Whether no hard rule is broken. The rules cheapest to check, and likeliest to fail, come first.
    func isEligible(_ candidate: borrowing Candidate) -> Bool {
        sharesProgram(candidate) && isAgeCleared(candidate) && !isPaused(candidate) && isBelowLimit(candidate)
            && speaksLanguage(candidate) && !usableFormats(candidate).isEmpty && meetsMusts(candidate)
            && staysWithinBoundaries(candidate)
            && !seeker.keptApart.contains(candidate.id) && !seeker.declined.contains(candidate.id)
    }

    /// Every hard rule that is broken, with what is needed to put it in words.
    func exclusions(of candidate: borrowing Candidate) -> [Exclusion] {
        var exclusions: [Exclusion] = []
        if !sharesProgram(candidate) { exclusions.append(.wrongProgram(offered: candidate.programs)) }
        if !speaksLanguage(candidate) { exclusions.append(.noCommonLanguage(spoken: candidate.languages)) }
        let shared = sharedFormats(candidate)
        if shared.isEmpty { exclusions.append(.noCommonFormat(offered: candidate.formats)) }
        if shared == .inPerson, !isReachable(candidate) { exclusions.append(.tooFar(served: candidate.areas)) }
        if !shared.contains(.messages), commonHours(candidate).isEmpty { exclusions.append(.noCommonHour) }
        if !isBelowLimit(candidate) { exclusions.append(.atLimit(limit: candidate.limit, load: candidate.load)) }
        if let pause = candidate.pause { exclusions.append(.paused(until: pause.until)) }
        for (attribute, aim) in musts {
            let (own, theirs) = (seeker.attributes[attribute], candidate.attributes[attribute])
            if !aim.isMet(own: own, theirs: theirs, within: attribute.tolerance) {
                exclusions.append(.wishNotMet(attribute, aim, known: aim.isKnown(own: own, theirs: theirs)))
            }
        }
        if seeker.keptApart.contains(candidate.id) { exclusions.append(.keptApart) }
        if seeker.declined.contains(candidate.id) { exclusions.append(.saidNoBefore) }
        if !staysWithinBoundaries(candidate) {
            exclusions.append(.outsideBoundaries(topics: topics.intersection(candidate.boundaries)))
        }
        if !isAgeCleared(candidate) { exclusions.append(.ageNotCleared) }
        return exclusions
    }
}

// MARK: - Hard rules

extension Judge {
    private func sharesProgram(_ candidate: borrowing Candidate) -> Bool {
        !seeker.programs.isDisjoint(with: candidate.programs)
    }

    private func isPaused(_ candidate: borrowing Candidate) -> Bool { candidate.pause != nil }

    private func isBelowLimit(_ candidate: borrowing Candidate) -> Bool { candidate.load < candidate.limit }

    private func speaksLanguage(_ candidate: borrowing Candidate) -> Bool {
        !languages.isDisjoint(with: candidate.languages)
    }

    private func sharedFormats(_ candidate: borrowing Candidate) -> Formats {
        formats.intersection(candidate.formats)
    }

    private func isReachable(_ candidate: borrowing Candidate) -> Bool {
        reachable.map { !$0.isDisjoint(with: candidate.areas) } ?? true
    }

    func commonHours(_ candidate: borrowing Candidate) -> WeekHours {
        seeker.availability.intersection(candidate.availability)
    }

    /// The shared formats that distance and hours leave possible. None are left exactly when there is no common
    /// format, or the only one is in person and too far, or all need a common hour and there is none.
    func usableFormats(_ candidate: borrowing Candidate) -> Formats {
        var formats = sharedFormats(candidate)
        if !formats.isDisjoint(with: .live), commonHours(candidate).isEmpty { formats.subtract(.live) }
        if formats.contains(.inPerson), !isReachable(candidate) { formats.remove(.inPerson) }
        return formats
    }

    private func meetsMusts(_ candidate: borrowing Candidate) -> Bool {
        for (attribute, aim) in musts {
            let (own, theirs) = (seeker.attributes[attribute], candidate.attributes[attribute])
            if !aim.isMet(own: own, theirs: theirs, within: attribute.tolerance) { return false }
        }
        return true
    }

    /// Whoever is under age is supported by somebody who is cleared. Nobody else is supported by somebody under age:
    /// whoever seeks support is never cleared.
    private func isAgeCleared(_ candidate: borrowing Candidate) -> Bool {
        seeker.isMinor ? candidate.isClearedForMinors : !candidate.isMinor
    }

    private func staysWithinBoundaries(_ candidate: borrowing Candidate) -> Bool {
        topics.isDisjoint(with: candidate.boundaries)
    }
}
