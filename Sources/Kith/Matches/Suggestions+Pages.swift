import Matching
import Storage
import Web

/// The coordinator's page to find a supporter for one person: the best three with reasons, and why not the others.
package struct SuggestionsScreen: Screen {
    package static let template = "matches/suggestions"

    enum Body: Sendable {
        case choose(Suggestions, Waiting?)
        /// Somebody is proposed or supports them already.
        case matched(Match.ID)
        /// They have not been asked yet, or it is over.
        case notNow
    }

    let referral: Referral
    let body: Body

    package init(_ id: Referral.ID, in db: Reading) throws {
        referral = try Referral.find(id, in: db)
        // Supervisors find the referral too, but matching is the coordinator's.
        guard db.actor.has(.coordinator, in: referral.program) else { throw Problem.notFound }
        switch referral.queue {
        case .matching: body = .choose(try Suggestions(for: referral, in: db), nil)
        case .waiting:
            let suggestions = try Suggestions(for: referral, in: db)
            body = .choose(suggestions, try Waiting.of(referral, among: suggestions.fitting, in: db))
        case .answers, .firstContact, .support:
            body = try Match.forReferral(referral, in: db).map { .matched($0.id) } ?? .notNow
        case .intake, .consent, .cancellation, nil: body = .notNow
        }
    }

    package func title(_ words: Words) -> String { words("suggestions.title") }

    package func shown(_ words: Words) -> Value {
        var fields: [String: Value] = [
            "referral": .text(referral.id.text), "reference": .text(referral.reference), "choose": .nothing,
            "match": .nothing, "notNow": .flag(false)
        ]
        switch body {
        case .choose(let suggestions, let waiting): fields["choose"] = shown(suggestions, waiting, words)
        case .matched(let id): fields["match"] = .text(id.text)
        case .notNow: fields["notNow"] = .flag(true)
        }
        return .object(Fields(fields))
    }

    private func shown(_ suggestions: Suggestions, _ waiting: Waiting?, _ words: Words) -> Value {
        let excluded = suggestions.shownExcluded(words)
        let considered = suggestions.eligibleCount + excluded.count
        return [
            "name": .text(suggestions.asking.name),
            "wishes": .list(suggestions.asking.shownWishes(words)),
            "how": .text(
                words("suggestions.how", count: suggestions.eligibleCount, ["considered": String(considered)])),
            "nobody": .flag(suggestions.eligibleCount == 0),
            "best": .list(suggestions.best.map { $0.shown(words) }),
            "excludedCount": excluded.isEmpty
                ? .nothing : .text(words("suggestions.excluded", count: excluded.count)),
            "excluded": .list(excluded),
            "hasOpenings": .flag(!suggestions.openings.isEmpty),
            "openingsHint": .text(
                words("suggestions.openings-hint", ["called": suggestions.asking.called])),
            "openings": .list(
                suggestions.openings.map { opening in
                    .text(
                        words(
                            "suggestions.opening.\(opening.wish)", count: opening.count,
                            ["names": words.list(opening.names)]))
                }),
            "waiting": waiting.map { waiting in
                [
                    "position": .text(waiting.positionSaid(words)), "estimate": .text(waiting.estimateSaid(words)),
                    "since": .text(words.ago(waiting.since))
                ]
            } ?? .nothing,
            "waitText": .text(words(waiting == nil ? "suggestions.wait" : "suggestions.wait-on")),
            "waitHint": .text(words(waiting == nil ? "suggestions.wait-hint" : "suggestions.wait-on-hint"))
        ]
    }
}

extension Suggestions {
    /// Everybody who cannot be asked, by name. Whoever has no profile has no page either.
    fileprivate func shownExcluded(_ words: Words) -> [Value] {
        func shown(_ name: String, _ path: String?, _ obstacles: [MatchObstacle]) -> Value {
            [
                "path": Value(path), "name": .text(name),
                "obstacles": .list(obstacles.map { .text($0.said(words)) })
            ]
        }
        let refused = excluded.map { refusal in
            let supporter = refusal.supporter
            return (
                supporter.name, supporter.person,
                shown(supporter.name, "/supporters/\(supporter.person)", refusal.obstacles)
            )
        }
        let profileless = withoutProfile.map { ($0.name, $0.person, shown($0.name, nil, [.noProfile])) }
        return (refused + profileless).sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
    }
}

extension Suggestions.Suggestion {
    fileprivate func shown(_ words: Words) -> Value {
        [
            "supporter": supporter.shownLine(words), "person": .text(supporter.person.text),
            "rank": .number(rank),
            "introduction": Value(supporter.profile.introduction.isEmpty ? nil : supporter.profile.introduction),
            "reasons": .list(
                reasons.compactMap { $0.said(words, naming: supporter.namedTopics, to: .staff) }.map(Value.text))
        ]
    }
}

extension MatchQuestion.Asking {
    /// What the person wished for. Topics are left to the referral's page: beside an unnamed shared experience they
    /// would give it a name.
    fileprivate func shownWishes(_ words: Words) -> [Value] {
        var facts: [Value] = []
        func add(_ key: String, _ text: String?) {
            if let text, !text.isEmpty { facts.append(["label": .text(words(key)), "text": .text(text)]) }
        }
        add("suggestions.wish.languages", words.list(languages.map(words.language)))
        add("suggestions.wish.formats", words.list(wishes.formats.map(words.format)))
        add("suggestions.wish.area", wishes.area ?? area)
        add("suggestions.wish.hours", words.list(wishes.hours.map(words.hours)))
        for attribute in MatchAttribute.allCases where wishes[attribute].kind != .none {
            let wish = wishes[attribute]
            add(
                "suggestions.wish.\(attribute.rawValue)",
                words("suggestions.wish.\(wish.must ? "must" : "prefer").\(wish.kind.rawValue)"))
        }
        add("suggestions.wish.words", wishes.words)
        return facts
    }
}
