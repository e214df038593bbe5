import Foundation
import Storage

/// Everything Kith holds about one person, as that person may see it: what they said, what was written with them, who
/// supported them and who looked. For them to take along, on paper or to another system.
package struct PersonCopy: Sendable {
    package struct Request: Sendable {
        package let referral: Referral
        package let program: String
        package let reason: String?
        package let wishes: Wishes
        package let feedback: String?
    }

    package struct Agreement: Sendable {
        package let id: Consent.ID
        package let program: String
        package let purpose: Consent.Purpose
        package let granted: Bool
        package let signedAs: String
        package let givenAt: Instant
        package let endedAt: Instant?
        /// The words that were read, and answered.
        package let words: String
    }

    package struct Support: Sendable {
        package let supporter: String
        package let startedAt: Instant?
        package let endedAt: Instant?
    }

    package struct SentWords: Sendable {
        package let id: Message.ID
        package let sender: String
        package let isMine: Bool
        package let sentAt: Instant
        /// nil when it can no longer be read.
        package let text: String?
        /// What it speaks of, as its sender wrote.
        package let note: String?
        /// What came with it, and where it can be taken.
        package let attachment: Message.Attachment?
        package let attachmentPath: String?
        let goneKey: String

        func said(_ words: Words) -> String {
            let text = [text ?? words(goneKey), attachment?.said(words) ?? ""].filter { !$0.isEmpty }
                .joined(separator: "\n")
            return note.map { "\(words("conversation.speaks-of", ["what": $0]))\n\(text)" } ?? text
        }
    }

    package struct Contact: Sendable {
        package let encounter: Encounter
        /// nil where there is none, or the supporter is still writing.
        package let note: Note?
        package let addenda: [Note.Addendum]
    }

    package struct Look: Sendable {
        package let at: Instant
        package let who: String?
        package let what: Disclosure.What
    }

    package let person: Person
    package let birthYear: Int?
    package let gender: String?
    package let culture: String?
    package let area: String?
    package let channels: [ContactChannel]
    package let requests: [Request]
    package let agreements: [Agreement]
    package let supports: [Support]
    package let letters: [SentWords]
    /// What they wrote down for hard days.
    package let plan: HardDayPlan?
    /// What they wrote down before an appointment.
    package let preparation: PreparationSheet?
    /// What they want whoever supports them to know.
    package let story: StorySheet?
    /// What they want to work on.
    package let goals: GoalList
    package let contacts: [Contact]
    /// The groups they are or were in, and the meetings of those.
    package let groups: [GroupMember.Kept]
    package let meetings: [GroupMember.KeptMeeting]
    package let courses: [GroupMember.KeptCourse]
    /// Whether they might be with people who are under age, by whose word.
    package let clearances: [Clearance]
    package let looks: [Look]
    /// What features that come later keep.
    package let further: [(name: String, lines: [CopiedPart.Line])]

    /// - Throws: ``Problem/notFound`` unless it is one's own, or the program itself asks for the operator.
    package init(of id: Person.ID, in db: Reading) throws {
        guard db.actor.person == id || db.actor.kind == .system else { throw Problem.notFound }
        let organization = try db.organization
        let found = try db.first("SELECT * FROM person WHERE organization_id = \(organization) AND id = \(id)") { row in
            (
                person: try Person(row: row), birthYear: try row["birth_year"] as Int?,
                about: try ["gender", "culture", "area"].map { try row[$0] as String? }
            )
        }
        guard let found else { throw Problem.notFound }
        (person, birthYear) = (found.person, found.birthYear)
        (gender, culture, area) = (found.about[0], found.about[1], found.about[2])
        let key = try db.textKey(of: id, in: organization)
        channels = try Person.channels(of: id, in: db)
        requests = try Self.requests(of: id, organization, key, db)
        agreements = try Self.agreements(of: id, organization, db)
        supports = try Self.supports(of: id, organization, db)
        letters = try Self.letters(of: id, organization, db)
        plan = try HardDayPlan.kept(of: id, in: organization, db)?.sheet
        preparation = try PreparationSheet.kept(of: id, in: organization, db)?.sheet
        story = try StorySheet.kept(of: id, in: organization, db)?.sheet
        goals = try GoalList.kept(of: id, in: organization, db)
        contacts = try Self.contacts(of: id, organization, db)
        groups = try GroupMember.kept(of: id, in: organization, db: db)
        meetings = try GroupMember.meetings(of: id, in: organization, db: db)
        courses = try GroupMember.courses(of: id, in: organization, db: db)
        clearances = try Clearance.all(of: id, in: organization, db: db)
        looks = try Self.looks(at: id, organization, db)
        further = try Features.copied.map { ($0.name, try $0.lines(id, organization, db)) }
    }
}

extension PersonCopy {
    private static func requests(
        of person: Person.ID, _ organization: Organization.ID, _ key: TextKey?, _ db: Reading
    ) throws -> [Request] {
        try db.all(
            """
            SELECT r.*, g.name AS program_name, w.wishes, f.words AS feedback_words FROM referral r
            JOIN program g ON g.organization_id = r.organization_id AND g.id = r.program_id
            LEFT JOIN referral_wish w ON w.organization_id = r.organization_id AND w.referral_id = r.id
            LEFT JOIN feedback f ON f.organization_id = r.organization_id AND f.referral_id = r.id
            WHERE r.organization_id = \(organization) AND r.person_id = \(person) ORDER BY r.received_at, r.id
            """
        ) { row in
            let (referral, said): (Referral, String?) = (try Referral(row: row), try row["feedback_words"])
            return Request(
                referral: referral, program: try row["program_name"], reason: referral.reason(with: key),
                wishes: try Wishes(stored: row["wishes"], of: referral.id, with: key),
                feedback: said.flatMap { key?.open($0, from: Referral.place(of: referral.id, "feedback")) })
        }
    }

    private static func agreements(
        of person: Person.ID, _ organization: Organization.ID, _ db: Reading
    ) throws -> [Agreement] {
        try db.all(
            """
            SELECT c.id, c.purpose, c.granted, c.signed_as, c.given_at, c.ended_at, g.name, t.body FROM consent c
            JOIN program g ON g.organization_id = c.organization_id AND g.id = c.program_id
            JOIN consent_text t ON t.organization_id = c.organization_id AND t.id = c.text_id
            WHERE c.organization_id = \(organization) AND c.person_id = \(person) ORDER BY c.given_at, c.id
            """
        ) {
            Agreement(
                id: try $0["id"], program: try $0["name"], purpose: try $0["purpose"], granted: try $0["granted"],
                signedAs: try $0["signed_as"], givenAt: try $0["given_at"], endedAt: try $0["ended_at"],
                words: try $0["body"])
        }
    }

    private static func supports(
        of person: Person.ID, _ organization: Organization.ID, _ db: Reading
    ) throws -> [Support] {
        try db.all(
            """
            SELECT coalesce(p.called, p.name) AS supporter, m.started_at, m.ended_at FROM match m
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.supporter_id
            WHERE m.organization_id = \(organization) AND m.participant_id = \(person) AND m.started_at IS NOT NULL
            ORDER BY m.started_at, m.id
            """
        ) { Support(supporter: try $0["supporter"], startedAt: try $0["started_at"], endedAt: try $0["ended_at"]) }
    }

    private static func letters(
        of person: Person.ID, _ organization: Organization.ID, _ db: Reading
    ) throws -> [SentWords] {
        try Message.copied(of: person, organization, db).map { message in
            SentWords(
                id: message.id, sender: message.name, isMine: message.sender == person, sentAt: message.sentAt,
                text: message.body, note: message.note, attachment: message.attachment,
                attachmentPath: message.attachment.map { _ in
                    "/privacy/copy/people/\(message.sender)/messages/\(message.id)/attachment"
                }, goneKey: message.goneKey)
        }
    }

    private static func contacts(
        of person: Person.ID, _ organization: Organization.ID, _ db: Reading
    ) throws -> [Contact] {
        let encounters = try db.all(
            """
            \(Encounter.everything) WHERE e.organization_id = \(organization) AND e.participant_id = \(person)
            ORDER BY e.starts_at, e.id
            """, Encounter.init(row:))
        let notes = try Note.all(of: person, organization, db)
        return encounters.map { encounter in
            let note = notes[encounter.id]
            return Contact(encounter: encounter, note: note?.note, addenda: note?.addenda ?? [])
        }
    }

    private static func looks(
        at person: Person.ID, _ organization: Organization.ID, _ db: Reading
    ) throws -> [Look] {
        try db.all(
            """
            SELECT d.at, d.what, coalesce(p.name, t.name) AS who FROM disclosure d
            LEFT JOIN person p ON p.organization_id = d.organization_id AND d.actor = 'person:' || p.id
            LEFT JOIN partner t ON t.organization_id = d.organization_id AND d.actor = 'partner:' || t.id
            WHERE d.organization_id = \(organization) AND d.subject_id = \(person) ORDER BY d.at, d.id
            """
        ) { Look(at: try $0["at"], who: try $0["who"], what: try $0["what"]) }
    }
}
