import Matching

extension MatchReason {
    /// The reason as a sentence; nil when the reader may see nothing of it.
    /// - Parameter names: the topics that may be named to the reader, by code.
    func said(_ words: Words, naming names: [String: String], to reader: Match.Reader) -> String? {
        switch kind {
        case .experience:
            let topics = words.list(codes.compactMap { names[$0] })
            // Whoever keeps an experience to themselves is not to be guessed at by those they may support.
            let more = sharesMore && reader == .staff
            if topics.isEmpty { return more ? words("match.reason.experience-unnamed") : nil }
            return words(more ? "match.reason.experience-and-more" : "match.reason.experience", ["topics": topics])
        case .language:
            return words("match.reason.language", ["language": words.list(codes.map(words.language))])
        case .hours: return words("match.reason.hours", count: count)
        case .format:
            let formats = codes.compactMap(Format.init(rawValue:)).map(words.format)
            return words("match.reason.format", ["formats": words.list(formats)])
        case .area: return area.map { words("match.reason.area", ["area": $0]) }
        case .wishes:
            return codes.isEmpty ? nil : words.list(codes.map { words("match.reason.wish.\($0)") })
        case .continuity:
            return words(reader == .staff ? "match.reason.continuity" : "match.reason.continuity-you")
        case .room: return reader == .staff ? words("match.reason.room", count: count) : nil
        case .new: return reader == .staff ? words("match.reason.new-supporter") : nil
        }
    }
}

extension MatchObstacle {
    /// Why not, as a sentence for coordinators.
    func said(_ words: Words) -> String {
        switch self {
        case .noCommonLanguage(let spoken):
            words("match.obstacle.language", ["languages": words.list(spoken.map(words.language))])
        case .noCommonFormat(let offered):
            words("match.obstacle.format", ["formats": words.list(offered.map(words.format))])
        case .tooFar: words("match.obstacle.too-far")
        case .noCommonHour: words("match.obstacle.hours")
        case .full(let load, let limit):
            words("match.obstacle.full", ["load": String(load), "limit": String(limit)])
        case .away(let day):
            day.map { words("match.obstacle.away-until", ["day": words.day($0)]) } ?? words("match.obstacle.away")
        case .wishNotMet(let attribute, known: true): words("match.obstacle.wish.\(attribute.rawValue)")
        case .wishNotMet(let attribute, known: false): words("match.obstacle.wish-unknown.\(attribute.rawValue)")
        case .topicNotTaken: words("match.obstacle.topic")
        case .notForThisPerson: words("match.obstacle.not-for-this-person")
        case .ageNotCleared: words("match.obstacle.age")
        case .noProfile: words("match.obstacle.no-profile")
        }
    }
}

extension Match {
    /// For whom a sentence is.
    enum Reader: Sendable {
        case staff, participant
    }
}

extension Waiting {
    /// How long it may take, no surer than the past allows.
    package func estimateSaid(_ words: Words) -> String {
        if nobodyFits { return words("waiting.nobody-fits") }
        return switch estimate {
        case .days(let days) where days.lowerBound < 2: words("waiting.within", count: days.upperBound)
        case .days(let days):
            words("waiting.between", ["from": String(days.lowerBound), "to": String(days.upperBound)])
        case .atLeast(let days): words("waiting.at-least", count: days)
        case .notEnoughData: words("waiting.not-enough")
        }
    }

    /// The same for the person who waits: their place and how long it may take.
    package func said(_ words: Words) -> String {
        let place =
            position == 1 ? words("progress.next") : words("progress.place", ["number": String(position)])
        return "\(place) \(estimateSaid(words))"
    }

    /// “You are next”, “Number 3 in line”
    package func positionSaid(_ words: Words) -> String {
        position == 1 ? words("waiting.next") : words("waiting.position", ["position": String(position)])
    }
}

extension Supporter {
    /// What may be named of their experiences, by topic code.
    var namedTopics: [String: String] {
        profile.statements.reduce(into: [:]) { names, statement in
            if statement.kind == .lived, let name = statement.name { names[statement.topic] = name }
        }
    }
}
