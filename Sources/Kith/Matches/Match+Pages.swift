import Storage
import Web

/// A match as each of its people may see it: the participant reads about the supporter, the supporter about what
/// support is wished for, and the coordinator where it stands.
package struct MatchScreen: Screen {
    package static let template = "matches/match"

    enum Part: Sendable {
        case participant(Supporter?)
        case supporter(MatchQuestion.Asking, topics: [Topic])
        case staff(Supporter, mayAct: Bool)
    }

    let match: Match
    let people: MatchPeople
    let part: Part
    /// Where the person asking stands; nil for staff.
    let side: Match.Side?
    /// The pause that the participant takes now.
    let pause: SupportPause?

    package init(_ id: Match.ID, in db: Reading) throws {
        match = try Match.find(id, in: db)
        people = try MatchPeople(of: match, in: db)
        side = match.side(of: db.actor.person)
        pause =
            match.status == .active ? try SupportPause.standing(of: match.participant, in: match.organization, db) : nil
        switch side {
        case .participant:
            // What is over is over: then nothing more is told of the supporter.
            let audiences: [Supporter.Statement.Audience] =
                match.status == .active && !match.isApart ? [.anyone, .matched] : [.anyone]
            part = .participant(
                match.isOpen ? try Supporter.load(match.supporter, showing: audiences, in: db) : nil)
        case .supporter:
            let referral = try Referral.load(match.referral, of: match.organization, in: db)
            part = .supporter(
                try MatchQuestion.Asking(of: referral, in: db), topics: try Program.topics(of: match.program, in: db))
        case nil:
            part = .staff(
                try Supporter.load(match.supporter, showing: [.anyone], in: db),
                mayAct: db.actor.has(.coordinator, in: match.program))
        }
    }

    package func title(_ words: Words) -> String { match.title(words) }

    package func shown(_ words: Words) -> Value {
        var page = MatchPage(id: match.id)
        switch part {
        case .participant(let supporter): page.fill(forParticipantOf: match, with: supporter, people, words)
        case .supporter(let asking, let topics):
            page.fill(forSupporterOf: match, asking, topics, people, words)
        case .staff(let supporter, let mayAct):
            page.fill(forStaffOf: match, with: supporter, people, mayAct: mayAct, words)
        }
        page.tellOfStandIn(match, to: side, people, words)
        if let pause { page.tell(of: pause, to: side, words) }
        return page.shown
    }
}

extension Match {
    /// A suggestion until both have said yes; then it is support, also when it is over.
    fileprivate func title(_ words: Words) -> String {
        words(status == .active || status == .ended ? "match.title-support" : "match.title")
    }
}

/// Names and answers of the two.
struct MatchPeople: Sendable {
    let participant: String
    let participantCalled: String
    let supporter: String
    let supporterCalled: String
    let answers: [Match.Side: Match.Answer]
    let participantHasAccount: Bool

    init(of match: Match, in db: Reading) throws {
        let found = try db.first(
            """
            SELECT p.name AS participant, coalesce(p.called, p.name) AS participant_called, s.name AS supporter,
                coalesce(s.called, s.name) AS supporter_called,
                (SELECT answer FROM match_answer a WHERE a.organization_id = m.organization_id AND a.match_id = m.id
                    AND a.side = 'participant') AS participant_answer,
                (SELECT answer FROM match_answer a WHERE a.organization_id = m.organization_id AND a.match_id = m.id
                    AND a.side = 'supporter') AS supporter_answer,
                (SELECT count(*) FROM account a WHERE a.organization_id = m.organization_id
                    AND a.person_id = m.participant_id AND a.disabled_at IS NULL) AS accounts
            FROM match m
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.participant_id
            JOIN person s ON s.organization_id = m.organization_id AND s.id = m.supporter_id
            WHERE m.organization_id = \(match.organization) AND m.id = \(match.id)
            """, Self.init(row:))
        guard let found else { throw Problem.notFound }
        self = found
    }

    private init(row: Row) throws {
        participant = try row["participant"]
        participantCalled = try row["participant_called"]
        supporter = try row["supporter"]
        supporterCalled = try row["supporter_called"]
        var answers: [Match.Side: Match.Answer] = [:]
        answers[.participant] = try row["participant_answer"]
        answers[.supporter] = try row["supporter_answer"]
        self.answers = answers
        participantHasAccount = try (row["accounts"] as Int) > 0
    }
}

/// The parts of the page, filled in for whoever reads it.
struct MatchPage {
    let id: Match.ID
    var heading = ""
    var notice: String?
    var introduction: String?
    var facts: [(label: String, text: String)] = []
    var reasons: [String] = []
    /// What stands before the two buttons; none: no buttons.
    var question: String?
    /// After a yes, until the other side has answered.
    var mayChangeMind = false
    /// Ways to end it: reason codes with the button's text.
    var endings: [(reason: String, text: String)] = []
    /// What follows from it, before the buttons.
    var endingsHint: String?
    var referral: Referral.ID?
    /// Whether the participant is shown the way to ask for support anew.
    var mayAskAgain = false

    var shown: Value {
        [
            "match": .text(id.text), "heading": .text(heading), "notice": Value(notice),
            "introduction": Value(introduction?.isEmpty == true ? nil : introduction),
            "hasFacts": .flag(facts.contains { !$0.text.isEmpty }),
            "facts": .list(
                facts.filter { !$0.text.isEmpty }.map { ["label": .text($0.label), "text": .text($0.text)] }),
            "hasReasons": .flag(!reasons.isEmpty), "reasons": .list(reasons.map(Value.text)),
            "question": Value(question), "mayChangeMind": .flag(mayChangeMind),
            "hasEndings": .flag(!endings.isEmpty), "endingsHint": Value(endingsHint),
            "endings": .list(endings.map { ["reason": .text($0.reason), "text": .text($0.text)] }),
            "referral": Value(referral?.text), "mayAskAgain": .flag(mayAskAgain)
        ]
    }
}

extension MatchPage {
    mutating func fill(
        forParticipantOf match: Match, with supporter: Supporter?, _ people: MatchPeople, _ words: Words
    ) {
        let name = ["name": people.supporterCalled]
        guard let supporter else {
            heading = match.title(words)
            notice = words("match.participant.\(match.status.rawValue)")
            mayAskAgain = match.status == .ended
            return
        }
        introduction = supporter.profile.introduction
        facts = [
            (words("match.facts.languages"), words.list(supporter.profile.languages.map(words.language))),
            (words("match.facts.formats"), words.list(supporter.profile.formats.map(words.format))),
            (words("match.facts.lived"), words.list(supporter.livedThrough))
        ]
        reasons = match.reasons.compactMap { $0.said(words, naming: supporter.namedTopics, to: .participant) }
        if match.status == .active {
            heading = words("match.participant.active-title", name)
            notice = words(match.isApart ? "match.participant.apart" : "match.participant.active", name)
            endings = [(Match.EndReason.asked.rawValue, words("match.participant.ask-other"))]
            endingsHint = words("match.participant.ask-other-hint")
        } else {
            heading = words("match.participant.title", name)
            ask(people.answers[.participant], words("match.participant.question", name), words)
        }
    }

    mutating func fill(
        forSupporterOf match: Match, _ asking: MatchQuestion.Asking, _ topics: [Topic], _ people: MatchPeople,
        _ words: Words
    ) {
        let name = ["name": people.participantCalled]
        guard match.isOpen else {
            heading = match.title(words)
            notice = words("match.supporter.\(match.status.rawValue)")
            return
        }
        if match.isApart {
            heading = words("match.supporter.active-title", name)
            notice = words("match.supporter.apart", name)
            endings = [(Match.EndReason.away.rawValue, words("match.supporter.cannot-go-on"))]
            endingsHint = words("match.supporter.cannot-go-on-hint", name)
            return
        }
        let names = Dictionary(topics.map { ($0.code, $0.name) }) { first, _ in first }
        let wishes = asking.wishes
        facts = [
            (words("match.facts.topics"), words.list(wishes.topics.compactMap { names[$0] })),
            (words("match.facts.languages"), words.list(asking.languages.map(words.language))),
            (words("match.facts.formats"), words.list(wishes.formats.map(words.format))),
            (words("match.facts.hours"), words.list(wishes.hours.map(words.hours)))
        ]
        if match.status == .active {
            heading = words("match.supporter.active-title", name)
            notice = words("match.supporter.active", name)
            endings = [(Match.EndReason.away.rawValue, words("match.supporter.cannot-go-on"))]
            endingsHint = words("match.supporter.cannot-go-on-hint", name)
        } else {
            heading = words("match.supporter.title", name)
            ask(people.answers[.supporter], words("match.supporter.question"), words)
        }
    }

    mutating func fill(
        forStaffOf match: Match, with supporter: Supporter, _ people: MatchPeople, mayAct: Bool, _ words: Words
    ) {
        heading = words("match.staff.title", ["participant": people.participant, "supporter": people.supporter])
        referral = match.referral
        reasons = match.reasons.compactMap { $0.said(words, naming: supporter.namedTopics, to: .staff) }
        guard match.isOpen else {
            // Not whose no it was: the next suggestion is all that is needed.
            notice = words("match.staff.\(match.status.rawValue)")
            return
        }
        facts = [
            (people.participant, words("match.staff.answer.\(people.answers[.participant]?.rawValue ?? "open")")),
            (people.supporter, words("match.staff.answer.\(people.answers[.supporter]?.rawValue ?? "open")"))
        ]
        if match.status == .active { notice = words(match.isApart ? "match.staff.apart" : "match.staff.active") }
        guard mayAct else { return }
        let asked = Match.EndReason.asked.rawValue
        if match.status == .active {
            endings = [
                (asked, words("match.staff.end.asked")),
                (Match.EndReason.away.rawValue, words("match.staff.end.away"))
            ]
        } else {
            endings = [(asked, words("match.staff.withdraw"))]
            if !people.participantHasAccount, people.answers[.participant] == nil {
                question = words("match.staff.question", ["name": people.participantCalled])
            }
        }
    }

    private mutating func ask(_ answer: Match.Answer?, _ text: String, _ words: Words) {
        if answer == .yes {
            notice = words("match.said-yes")
            mayChangeMind = true
        } else {
            question = text
        }
    }
}
