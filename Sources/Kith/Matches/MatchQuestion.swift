import Foundation
import Matching
import Storage

/// Who could support one person: their wishes and the supporters of the program, translated into the numbers that
/// matching works with, and its answers translated back. A supporter's number is their place in `supporters`.
struct MatchQuestion: Sendable {
    let asking: Asking
    let supporters: [Supporter]
    let seeker: Seeker
    let candidates: Candidates
    private let languages: Interning
    private let topics: Interning

    /// The person asking, as far as matching is concerned.
    struct Asking: Sendable {
        let name: String
        let called: String
        let wishes: Wishes
        /// Those they wish for; else the one they are down for. Where that is only the language of the pages they read, nobody
        /// has said that they speak no English.
        let languages: [String]
        let area: String?
        let gender: String?
        let birthYear: Int?
        let culture: String?
        let age: AgeBand
    }

    /// Four statements, however many supporters there are.
    init(for referral: Referral, only supporter: Person.ID? = nil, in db: Reading) throws {
        let asking = try Asking(of: referral, in: db)
        let past = try MatchHistory(of: referral.person, of: referral.organization, in: db)
        let everybody = try Supporter.all(of: [referral.program], only: supporter, in: db)
        self.init(
            asking, past, among: everybody.filter { $0.person != referral.person }, in: db.now.countedDay.parts.year)
    }

    /// - Parameter year: by which ages count.
    init(_ asking: Asking, _ past: MatchHistory, among supporters: [Supporter], in year: Int) {
        var (languages, topics, areas) = (Interning(), Interning(), Interning())
        var (genders, cultures) = (Interning(), Interning())
        let wishes = asking.wishes

        func attributes(_ gender: String?, _ birthYear: Int?, _ culture: String?) -> Attributes<Int?> {
            // An empty answer tells nothing.
            Attributes(
                gender: gender.flatMap { $0.trimmed.isEmpty ? nil : genders.number(of: $0) },
                birthYear: birthYear,
                culture: culture.flatMap { $0.trimmed.isEmpty ? nil : cultures.number(of: $0) })
        }

        let spoken = asking.languages.map(Language.key)
        let formats = Formats(wishes.formats.isEmpty ? Format.allCases : wishes.formats)
        let area = (wishes.area ?? asking.area).flatMap { $0.trimmed.isEmpty ? nil : areas.number(of: $0) }
        func numbers(where isOne: (Person.ID) -> Bool) -> CodeSet {
            CodeSet(supporters.indices.filter { isOne(supporters[$0].person) })
        }
        seeker = Seeker(
            programs: [0], languages: languages.set(spoken),
            preferredLanguage: spoken.first.map { languages.number(of: $0) }, formats: formats,
            preferredFormats: wishes.formats.isEmpty ? [] : formats, area: area, reach: .sameArea,
            availability: wishes.hours.isEmpty ? .always : Matching.WeekHours(wishes.hours),
            experiences: wishes.topics.enumerated().map { place, topic in
                WantedExperience(code: topics.number(of: topic), importance: Self.importance(at: place))
            },
            attributes: attributes(asking.gender, asking.birthYear, asking.culture),
            wishes: Attributes(
                gender: Wish(wishes.gender), birthYear: Wish(wishes.age), culture: Wish(wishes.culture)),
            keptApart: numbers(where: past.apart.contains), declined: numbers(where: past.declined.contains),
            previousSupporter: supporters.firstIndex { $0.person == past.previous }, isMinor: asking.age == .minor)
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
                    attributes: attributes(supporter.gender, supporter.birthYear, supporter.culture),
                    limit: profile.limit, load: supporter.load,
                    pause: supporter.pause.map { Pause(until: $0.returnsOn?.daysSince1970) },
                    lastMatchDay: supporter.lastProposed.map { Int($0.milliseconds / 86_400_000) },
                    isNew: supporter.lastProposed == nil,
                    isMinor: AgeBand(birthYear: supporter.birthYear, in: year) == .minor,
                    isClearedForMinors: supporter.isClearedForMinors)
            })
        (self.asking, self.supporters, self.languages, self.topics) = (asking, supporters, languages, topics)
    }

    /// The supporters who could be suggested now or later, as soon as they have room and are not away.
    var fitting: Set<Person.ID> {
        Set(
            Ranking(of: candidates, for: seeker, weights: .standard, best: 0).fitting().map { supporters[$0].person })
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

extension MatchQuestion {
    /// The reasons that earned points, and wishes that had to be met.
    func reasons(_ score: Score, for index: Int) -> [MatchReason] {
        score.parts.compactMap { part in
            var reason = MatchReason(MatchReason.Kind(part.reason.criterion), part)
            switch part.reason {
            case .experience(let shared):
                let shown = supporters[index].profile.statements.filter { $0.shownTo == .anyone }.map(\.topic)
                let all = topics.codes(of: shared)
                reason.codes = all.filter(shown.contains)
                reason.sharesMore = reason.codes.count < all.count
            case .language:
                reason.codes = seeker.preferredLanguage.map { [languages.codes[$0]] } ?? []
            case .hours(let common): reason.count = common.count
            case .format(let preferred): reason.codes = Format.allCases.filter(preferred.contains).map(\.rawValue)
            case .area: reason.area = asking.wishes.area ?? asking.area
            case .wishes(let met): reason.codes = wishesMet(met)
            case .room(let load): reason.count = load
            case .continuity, .newSupporter: break
            }
            let isGiven = part.points > 0 || reason.kind == .wishes && !reason.codes.isEmpty
            return isGiven ? reason : nil
        }
    }

    /// `gender.same`, `age.different`: what was wished and is so, as a wish or as a must.
    private func wishesMet(_ met: [Attribute]) -> [String] {
        Attribute.allCases.compactMap { attribute in
            let name = MatchAttribute(attribute)
            let wish = asking.wishes[name]
            return wish.kind != .none && (wish.must || met.contains(attribute))
                ? "\(name.rawValue).\(wish.kind.rawValue)" : nil
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
}

extension MatchQuestion.Asking {
    /// One statement.
    init(of referral: Referral, in db: Reading) throws {
        let found = try db.first(
            """
            SELECT p.name, coalesce(p.called, p.name) AS called, p.language, p.language_said_at, p.area, p.gender,
                p.birth_year, p.culture,
                w.wishes, \(TextKey.wrapped(of: "p.id", in: "p.organization_id")) AS wrapped_key
            FROM person p
            LEFT JOIN referral_wish w ON w.organization_id = p.organization_id AND w.referral_id = \(referral.id)
            WHERE p.organization_id = \(referral.organization) AND p.id = \(referral.person)
            """
        ) { try Self(row: $0, of: referral.id, referral.person, db) }
        guard let found else { throw Problem.notFound }
        self = found
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
    fileprivate init(_ criterion: Criterion) {
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
