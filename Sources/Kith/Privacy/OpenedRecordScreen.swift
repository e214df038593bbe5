import Storage
import Web

/// One person's whole record, for whoever opened it, while it is open. Each look is noted as one at an opened record.
struct OpenedRecordScreen: Screen {
    static let template = "privacy/opened-record"

    /// How many contacts, and messages of each conversation, are shown.
    static let shownAtMost = 50

    let opening: Opening
    let details: PersonDraft
    let care: [CareRelation]
    let requests: [(reference: String, reason: String?, wishes: String?, receivedAt: Instant)]
    let answers: [Consent.Entry]
    let encounters: [Encounter]
    let notes: [Encounter.ID: Note]
    let conversations: [(with: String, messages: [Message])]
    let person: Person.ID

    /// - Throws: ``Problem/notFound`` for anybody else, and once it is over.
    init(_ id: Opening.ID, in db: Reading) throws {
        opening = try Opening.open(id, in: db)
        person = opening.person
        let (organization, person, program) = (try db.organization, opening.person, opening.program)
        details = try Person.details(of: person, in: organization, db: db)
        care = try CareRelation.all(of: person, in: organization, db: db)
        let key = try db.textKey(of: person, in: organization)
        requests = try db.all(
            """
            SELECT r.*, w.wishes FROM referral r
            LEFT JOIN referral_wish w ON w.organization_id = r.organization_id AND w.referral_id = r.id
            WHERE r.organization_id = \(organization) AND r.person_id = \(person) AND r.program_id = \(program)
                AND \(db.reach(.request, of: .referral("r"), as: [.opened]))
            ORDER BY r.received_at DESC, r.id LIMIT \(Self.shownAtMost)
            """
        ) { row in
            let referral = try Referral(row: row)
            let wishes = try Wishes(stored: row["wishes"], of: referral.id, with: key)
            return (referral.reference, referral.reason(with: key), wishes.words, referral.receivedAt)
        }
        answers = try Consent.history(of: person, in: program, db: db)
        encounters = try db.all(
            """
            \(Encounter.everything) WHERE e.organization_id = \(organization) AND e.participant_id = \(person)
                AND e.program_id = \(program) AND \(db.reach(.encounter, of: .pair("e"), as: [.opened]))
            ORDER BY e.starts_at DESC, e.id LIMIT \(Self.shownAtMost)
            """, Encounter.init(row:))
        let found = try Note.all(on: encounters, in: db).filter { $0.isVisible(on: [.opened]) }
        notes = Dictionary(found.map { ($0.encounter, $0) }) { first, _ in first }
        conversations = try Conversation.opened(of: person, in: program, limit: Self.shownAtMost, db: db)
        db.disclose(.opened, of: person)
    }

    func title(_ words: Words) -> String { words("openings.record.title") }

    func shown(_ words: Words) -> Value {
        [
            "id": .text(opening.id.text), "name": .text(details.name),
            "reason": .text(opening.reason ?? words("text.unreadable")),
            "until": .text(words("openings.until", ["when": words.dayAndTime(opening.endsAt)])),
            "facts": .list(facts(words)),
            "requests": .list(
                requests.map {
                    [
                        "reference": .text($0.reference), "reason": .text($0.reason ?? words("text.unreadable")),
                        "wishes": Value($0.wishes),
                        "when": .text(words.day($0.receivedAt))
                    ]
                }),
            "answers": .list(
                answers.map { entry in
                    let consent = entry.consent
                    let state = consent.granted && consent.endedAt == nil ? "yes" : "no"
                    return [
                        "purpose": .text(words("consent.purpose.\(consent.purpose.rawValue).title")),
                        "state": .text(words("consent.state.\(state)", ["day": words.day(consent.givenAt)]))
                    ]
                }),
            "contacts": .list(encounters.map { shown($0, words) }),
            "conversations": .list(
                conversations.map { conversation in
                    [
                        "with": .text(words("openings.messages-with", ["name": conversation.with])),
                        "messages": .list(
                            conversation.messages.map { message in
                                [
                                    "who": .text(message.sender == person ? details.name : conversation.with),
                                    "when": .text(words.dayAndTime(message.sentAt)),
                                    "body": .text(
                                        [message.body ?? words(message.goneKey), message.attachment?.said(words) ?? ""]
                                            .filter { !$0.isEmpty }.joined(separator: "\n"))
                                ]
                            })
                    ]
                })
        ]
    }

    private func facts(_ words: Words) -> [Value] {
        var facts = details.channels.map {
            (words("channels.\($0.kind.rawValue)"), "\($0.address)")
        }
        if details.doNotContact { facts = [(words("person.do-not-contact"), words("openings.yes"))] }
        facts += care.map { (words("referrals.facts.care"), $0.said(of: person, words)) }
        return facts.map { ["label": .text($0.0), "value": .text($0.1)] }
    }

    private func shown(_ encounter: Encounter, _ words: Words) -> Value {
        let note = notes[encounter.id]
        return [
            "when": .text(words.dayAndTime(encounter.startsAt)), "with": .text(encounter.supporterName),
            "status": .text(words("encounters.status.\(encounter.status.rawValue)")),
            "place": Value(encounter.place), "note": Value(note?.text),
            "words": Value(note.flatMap { $0.personsWords.isEmpty ? nil : $0.personsWords })
        ]
    }
}
