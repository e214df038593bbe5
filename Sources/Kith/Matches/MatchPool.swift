import Foundation
import Matching

/// The supporters of a program as matching sees them, and whoever asks translated in the same numbers. A supporter's
/// number is their place in `supporters`.
struct MatchPool: Sendable {
    let supporters: [Supporter]
    let candidates: Candidates
    private var languages: Interning
    private var topics: Interning
    private var areas: Interning
    private var genders: Interning
    private var cultures: Interning

    /// - Parameter now: by which ages count.
    init(_ supporters: [Supporter], at now: Instant) {
        let year = now.countedDay.parts.year
        var (languages, topics, areas) = (Interning(), Interning(), Interning())
        var (genders, cultures) = (Interning(), Interning())
        candidates = Candidates(
            supporters.enumerated().map { index, supporter in
                let profile = supporter.profile
                func topicsStated(_ kind: Supporter.Statement.Kind) -> CodeSet {
                    topics.set(profile.statements.filter { $0.kind == kind }.map(\.topic))
                }
                return Candidate(
                    id: index, programs: [0], languages: languages.set(profile.languages.map(Language.key)),
                    formats: Formats(profile.formats),
                    areas: areas.set(profile.areas), availability: Matching.WeekHours(profile.hours),
                    experiences: topicsStated(.lived), boundaries: topicsStated(.notTaken),
                    attributes: Attributes(
                        gender: genders.told(supporter.gender), birthYear: supporter.birthYear,
                        culture: cultures.told(supporter.culture)),
                    limit: profile.limit, load: supporter.load,
                    pause: supporter.pause.map { Pause(until: $0.returnsOn?.daysSince1970) },
                    lastMatchDay: supporter.lastProposed.map { Int($0.milliseconds / 86_400_000) },
                    isNew: supporter.lastProposed == nil,
                    isMinor: AgeBand(birthYear: supporter.birthYear, in: year) == .minor,
                    isClearedForMinors: supporter.isClearedForMinors)
            })
        self.supporters = supporters
        (self.languages, self.topics, self.areas) = (languages, topics, areas)
        (self.genders, self.cultures) = (genders, cultures)
    }

    /// What somebody asks of these supporters. Several people have the same numbers where they asked of the same pool one
    /// after the other.
    mutating func question(
        of person: Person.ID, _ asking: MatchQuestion.Asking, _ past: MatchHistory, by weights: Weights
    ) -> MatchQuestion {
        var past = past
        // Nobody supports themselves.
        past.apart.insert(person)
        let seeker = seeker(for: asking, past)
        return MatchQuestion(asking, seeker, in: self, by: weights)
    }

    private mutating func seeker(for asking: MatchQuestion.Asking, _ past: MatchHistory) -> Seeker {
        let wishes = asking.wishes
        let spoken = asking.languages.map(Language.key)
        let formats = Formats(wishes.formats.isEmpty ? Format.allCases : wishes.formats)
        func numbers(where isOne: (Person.ID) -> Bool) -> CodeSet {
            CodeSet(supporters.indices.filter { isOne(supporters[$0].person) })
        }
        return Seeker(
            programs: [0], languages: languages.set(spoken),
            preferredLanguage: spoken.first.map { languages.number(of: $0) }, formats: formats,
            preferredFormats: wishes.formats.isEmpty ? [] : formats, area: areas.told(wishes.area ?? asking.area),
            reach: .sameArea,
            availability: wishes.hours.isEmpty ? .always : Matching.WeekHours(wishes.hours),
            experiences: wishes.topics.enumerated().map { place, topic in
                WantedExperience(code: topics.number(of: topic), importance: Self.importance(at: place))
            },
            attributes: Attributes(
                gender: genders.told(asking.gender), birthYear: asking.birthYear,
                culture: cultures.told(asking.culture)),
            wishes: Attributes(
                gender: Wish(wishes.gender), birthYear: Wish(wishes.age), culture: Wish(wishes.culture)),
            keptApart: numbers(where: past.apart.contains), declined: numbers(where: past.declined.contains),
            previousSupporter: supporters.firstIndex { $0.person == past.previous }, isMinor: asking.age == .minor)
    }

    /// What comes first in a list of wishes counts most.
    private static func importance(at place: Int) -> WantedExperience.Importance {
        switch place {
        case 0: .high
        case 1, 2: .medium
        default: .low
        }
    }
}

// MARK: - Answers in the product's words

extension MatchPool {
    /// The reasons that earned points, and wishes that had to be met.
    func reasons(
        _ score: Score, for index: Int, _ asking: MatchQuestion.Asking, _ seeker: Seeker
    ) -> [MatchReason] {
        score.parts.compactMap { part in
            var reason = MatchReason(MatchReason.Kind(part.reason.criterion), part)
            switch part.reason {
            case .experience(let shared):
                let shown = supporters[index].profile.statements.filter { $0.shownTo == .anyone }.map(\.topic)
                // As the person has put them, the most important first.
                let all = asking.wishes.topics.filter { topics.known($0).map(shared.contains) ?? false }
                reason.codes = all.filter(shown.contains)
                reason.sharesMore = reason.codes.count < all.count
            case .language:
                reason.codes = seeker.preferredLanguage.map { [languages.codes[$0]] } ?? []
            case .hours(let common): reason.count = common.count
            case .format(let preferred): reason.codes = Format.allCases.filter(preferred.contains).map(\.rawValue)
            case .area: reason.area = asking.wishes.area ?? asking.area
            case .wishes(let met): reason.codes = asking.wishes.met(met)
            case .room(let load): reason.count = load
            case .continuity, .newSupporter: break
            }
            let isGiven = part.points > 0 || reason.kind == .wishes && !reason.codes.isEmpty
            return isGiven ? reason : nil
        }
    }

    func obstacles(_ exclusions: [Exclusion], for index: Int) -> [MatchObstacle] {
        let supporter = supporters[index]
        return exclusions.reduce(into: []) { obstacles, exclusion in
            let obstacle: MatchObstacle =
                switch exclusion {
                case .wrongProgram, .keptApart, .saidNoBefore: .notForThisPerson
                case .noCommonLanguage: .noCommonLanguage(spoken: supporter.profile.languages)
                case .noCommonFormat: .noCommonFormat(offered: supporter.profile.formats)
                case .tooFar: .tooFar
                case .noCommonHour: .noCommonHour
                case .atLimit(let limit, let load): .full(load: load, limit: limit)
                case .paused: .away(until: supporter.pause?.returnsOn)
                case .wishNotMet(let attribute, _, let known): .wishNotMet(MatchAttribute(attribute), known: known)
                case .outsideBoundaries: .topicNotTaken
                case .ageNotCleared: .ageNotCleared
                }
            if !obstacles.contains(obstacle) { obstacles.append(obstacle) }
        }
    }

    /// Somebody to be looked for, in the program's words.
    func described(_ candidate: Candidate) -> Described {
        Described(
            languages: languages.codes(of: candidate.languages), topics: topics.codes(of: candidate.experiences),
            areas: areas.codes(of: candidate.areas), gender: genders.code(candidate.attributes.gender),
            otherGender: genders.code(candidate.attributes.gender.map { -1 - $0 }),
            birthYear: candidate.attributes.birthYear, culture: cultures.code(candidate.attributes.culture),
            otherCulture: cultures.code(candidate.attributes.culture.map { -1 - $0 }),
            isCleared: candidate.isClearedForMinors)
    }

    /// What a supporter brings, in codes and in people's own words.
    struct Described: Sendable, Equatable {
        let languages: [String]
        let topics: [String]
        let areas: [String]
        let gender: String?
        /// Any but this one.
        let otherGender: String?
        let birthYear: Int?
        let culture: String?
        let otherCulture: String?
        let isCleared: Bool
    }
}

extension Interning {
    /// An empty answer tells nothing.
    fileprivate mutating func told(_ answer: String?) -> Int? {
        answer.flatMap { $0.trimmed.isEmpty ? nil : number(of: $0) }
    }
}

extension Wishes {
    /// `gender.same`, `age.different`: what was wished and is so, as a wish or as a must.
    fileprivate func met(_ met: [Attribute]) -> [String] {
        Attribute.allCases.compactMap { attribute in
            let name = MatchAttribute(attribute)
            let wish = self[name]
            return wish.kind != .none && (wish.must || met.contains(attribute))
                ? "\(name.rawValue).\(wish.kind.rawValue)" : nil
        }
    }
}

extension Wishes {
    subscript(attribute: MatchAttribute) -> Wish {
        switch attribute {
        case .gender: gender
        case .age: age
        case .culture: culture
        }
    }
}

extension Matching.Wish {
    fileprivate init(_ wish: Wishes.Wish) {
        let aim: Aim? =
            switch wish.kind {
            case .none: nil
            case .same: .same
            case .different: .different
            }
        self = aim.map { wish.must ? .must($0) : .prefer($0) } ?? .noPreference
    }
}

extension Formats {
    fileprivate init(_ formats: some Sequence<Format>) {
        self = formats.reduce(into: []) { $0.insert(Self.one($1)) }
    }

    fileprivate func contains(_ format: Format) -> Bool { contains(Self.one(format)) }

    private static func one(_ format: Format) -> Formats {
        switch format {
        case .inPerson: .inPerson
        case .phone: .phone
        case .video: .video
        case .messages: .messages
        }
    }
}

extension Matching.WeekHours {
    fileprivate init(_ stretches: [WeekHours]) {
        self.init()
        for stretch in stretches {
            guard let day = Weekday(rawValue: stretch.weekday), stretch.from < stretch.to else { continue }
            insert(day, minutes: stretch.from * 60..<stretch.to * 60)
        }
    }
}

extension MatchReason.Kind {
    init(_ criterion: Criterion) {
        self =
            switch criterion {
            case .experience: .experience
            case .language: .language
            case .hours: .hours
            case .format: .format
            case .area: .area
            case .wishes: .wishes
            case .continuity: .continuity
            case .room: .room
            case .newSupporter: .new
            }
    }
}
