import Storage
import Web

/// The supporter's first screen: who do I look after today?
struct TodayScreen: Screen {
    static let template = "home/supporter"

    struct Person: Sendable {
        let match: Match.ID
        let name: String
        let conversation: Conversation.ID?
        let unread: Int
        let lastContact: Instant?
        /// Whether they let the person asking read their plan for hard days.
        let sharesPlan: Bool
        /// Whether they let them read what they wrote down before an appointment.
        let sharesSheet: Bool
        /// Whether they let them read what they want to work on.
        let sharesGoals: Bool
        /// Whether they let them read what they told once.
        let sharesStory: Bool
        /// The pause that they take now.
        let pause: SupportPause?
    }

    /// How many unfinished notes are shown; the rest is behind a link.
    static let notesShown = 12

    let planned: [Encounter]
    let unwritten: [Note.Unfinished]
    let people: [Person]
    /// Proposals that wait for an answer; those they have said yes to wait for the other's.
    let proposals: [(match: Match.ID, name: String, hasSaidYes: Bool)]

    /// The meetings of groups that they facilitate, in the next seven days.
    let meetings: [Meeting.Line]

    /// Who died that was close to them or to somebody they support, until they have answered.
    let losses: [Mourner]

    /// Talks they are offered after a concern.
    let debriefs: [(id: Concern.ID, by: String)]

    /// Matches that they are asked to look back on.
    let lookingBack: [(match: Match.ID, name: String)]

    /// What was decided lately about something they wrote or reported.
    let told: [RaisedWork.Line]

    /// While nobody new is suggested to them, and the talk that they asked for or can ask for.
    let breather: Breather?
    let talk: Talk?
    let talkChoices: [Talk.Choice]

    init(in db: Reading) throws {
        told = try RaisedWork.late(for: .supporter, in: db)
        (breather, talk) = (try Breather.mine(in: db), try Talk.mine(in: db))
        talkChoices = try Talk.choices(in: db)
        losses = try Mourner.told(of: [.supportedThem, .supportsCarer], in: db)
        lookingBack = try MatchFeedback.asked(in: db)
        debriefs = try Concern.offeredDebriefs(in: db)
        meetings = try Meeting.ahead(as: [.facilitator, .cover], days: 7, limit: 10, in: db)
        let (organization, me) = (try db.organization, try db.me)
        planned = try Encounter.ahead(limit: 30, in: db)
        unwritten = try Note.unfinished(limit: Self.notesShown + 1, in: db)
        let supported = try db.all(
            """
            SELECT m.id, m.participant_id, coalesce(p.called, p.name) AS name, c.id AS conversation,
                \(Conversation.unread(by: "b")) AS unread,
                (SELECT max(e.starts_at) FROM encounter e WHERE e.organization_id = m.organization_id
                    AND e.supporter_id = m.supporter_id AND e.match_id = m.id AND e.status = 'done') AS last_contact,
                h.since AS plan_since, s.since AS sheet_since, w.since AS goals_since, t.since AS story_since,
                z.id AS pause_id, z.since AS pause_since, z.returns_on AS pause_returns_on
            FROM match m
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.participant_id
            LEFT JOIN conversation c ON c.organization_id = m.organization_id AND c.match_id = m.id
            LEFT JOIN conversation_member b ON b.organization_id = c.organization_id AND b.conversation_id = c.id
                AND b.person_id = m.supporter_id
            LEFT JOIN hard_day_plan_share h ON h.organization_id = m.organization_id AND h.match_id = m.id
            LEFT JOIN preparation_sheet_share s ON s.organization_id = m.organization_id AND s.match_id = m.id
            LEFT JOIN goal_share w ON w.organization_id = m.organization_id AND w.match_id = m.id
            LEFT JOIN story_sheet_share t ON t.organization_id = m.organization_id AND t.match_id = m.id
            LEFT JOIN support_pause z ON z.organization_id = m.organization_id AND z.person_id = m.participant_id
                AND z.ended_at IS NULL
            WHERE m.organization_id = \(organization) AND m.supporter_id = \(me) AND m.status = 'active'
            ORDER BY p.name, m.id LIMIT 50
            """
        ) { row in
            func isShared(_ column: String) throws -> Bool { (try row[column] as Instant?) != nil }
            return (
                try row["participant_id"] as Kith.Person.ID,
                Person(
                    match: try row["id"], name: try row["name"], conversation: try row["conversation"],
                    unread: try row["unread"], lastContact: try row["last_contact"],
                    sharesPlan: try isShared("plan_since"), sharesSheet: try isShared("sheet_since"),
                    sharesGoals: try isShared("goals_since"), sharesStory: try isShared("story_since"),
                    pause: try SupportPause(joined: row, of: try row["participant_id"]))
            )
        }
        people = supported.map(\.1)
        for (person, _) in supported { db.disclose(.listed, of: person) }
        let proposed = try db.all(
            """
            SELECT m.id, m.participant_id, coalesce(p.called, p.name) AS name,
                EXISTS (SELECT 1 FROM match_answer a WHERE a.organization_id = m.organization_id
                    AND a.match_id = m.id AND a.side = 'supporter') AS answered
            FROM match m
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.participant_id
            WHERE m.organization_id = \(organization) AND m.supporter_id = \(me) AND m.status = 'proposed'
            ORDER BY m.proposed_at LIMIT 10
            """
        ) { row in
            (
                person: try row["participant_id"] as Kith.Person.ID, match: try row["id"] as Match.ID,
                name: try row["name"] as String, hasSaidYes: try row["answered"] as Bool
            )
        }
        proposals = proposed.map { ($0.match, $0.name, $0.hasSaidYes) }
        for proposal in proposed { db.disclose(.listed, of: proposal.person) }
    }

    func title(_ words: Words) -> String { words("today.title") }

    func shown(_ words: Words) -> Value {
        let today = words.day(of: words.now)
        let late = planned.filter { $0.startsAt < words.now }
        let coming = planned.filter { $0.startsAt >= words.now }
        return [
            "date": .text(words.day(words.now)),
            "groups": meetings.isEmpty ? .nothing : ["meetings": .list(meetings.map { $0.shown(words) })],
            "told": .list(told.map { $0.shown(words) }),
            "breather": shownBreather(words), "heavy": .flag(breather?.isOfToday(words) != true),
            "losses": .list(losses.map { $0.told(words) }),
            "debriefs": .list(
                debriefs.map {
                    [
                        "text": .text(words("today.debrief.text", ["name": $0.by])),
                        "path": .text("/concerns/\($0.id)/debrief/answer")
                    ]
                }),
            "lookingBack": .list(
                lookingBack.map {
                    [
                        "question": .text(words("look-back.question", ["name": $0.name])),
                        "path": .text("/matches/\($0.match)/look-back")
                    ]
                }),
            "late": .list(late.map { shown($0, words) }),
            "today": .list(coming.filter { words.day(of: $0.startsAt) == today }.map { shown($0, words) }),
            "week": .list(coming.filter { words.day(of: $0.startsAt) != today }.map { shown($0, words) }),
            "unwritten": .list(
                unwritten.prefix(Self.notesShown).map { note in
                    shown(note.encounter, words).merging([
                        "step": .text(words("today.note.\(note.state?.rawValue ?? "none")")),
                        "waits": .flag(note.state == .offered)
                    ])
                }),
            "moreNotes": .flag(unwritten.count > Self.notesShown),
            "proposals": .list(proposals.filter { !$0.hasSaidYes }.map { shown($0.match, $0.name) }),
            "answered": .list(proposals.filter(\.hasSaidYes).map { shown($0.match, $0.name) }),
            "people": .list(
                people.map { person in
                    [
                        "name": .text(person.name), "aboutPath": .text("/matches/\(person.match)"),
                        "writePath": person.conversation.map { .text("/conversations/\($0)") } ?? .nothing,
                        "planPath": .text("/encounters/new?match=\(person.match)"),
                        "hardDaysPath": person.sharesPlan ? .text("/matches/\(person.match)/hard-days") : .nothing,
                        "preparationPath": person.sharesSheet
                            ? .text("/matches/\(person.match)/preparation") : .nothing,
                        "goalsPath": person.sharesGoals ? .text("/matches/\(person.match)/goals") : .nothing,
                        "storyPath": person.sharesStory ? .text("/matches/\(person.match)/my-story") : .nothing,
                        "unread": Conversation.shown(unread: person.unread, words),
                        "pause": Value(person.pause?.said(words)),
                        "last": .text(
                            person.lastContact.map { words("today.last", ["when": words.ago($0)]) }
                                ?? words("today.no-contact-yet"))
                    ]
                }),
            "quiet": .flag(planned.isEmpty && unwritten.isEmpty && proposals.isEmpty && people.isEmpty)
        ]
    }

    /// What follows from what was heavy, as long as it does.
    private func shownBreather(_ words: Words) -> Value {
        guard breather != nil || talk != nil else { return .nothing }
        let asks = talk == nil && breather?.isAnswered == false && !talkChoices.isEmpty
        return [
            "until": breather.map { .text(words("breather.until", ["day": words.day($0.endsAt)])) } ?? .nothing,
            "talk": talk.map { .text(words("breather.talk.asked", ["when": words.ago($0.askedAt)])) } ?? .nothing,
            "asks": .flag(asks),
            "choices": .list(asks ? talkChoices.map { $0.shown(amongSeveral: talkChoices.count > 1, words) } : [])
        ]
    }

    private func shown(_ proposal: Match.ID, _ name: String) -> Value {
        ["path": .text("/matches/\(proposal)"), "name": .text(name)]
    }

    private func shown(_ contact: Encounter, _ words: Words) -> Value {
        [
            "path": .text("/encounters/\(contact.id)"), "name": .text(contact.participantName),
            "when": .text(words.dayAndTime(contact.startsAt)), "time": .text(words.time(contact.startsAt)),
            "mode": .text(words("formats.\(contact.mode)"))
        ]
    }
}
