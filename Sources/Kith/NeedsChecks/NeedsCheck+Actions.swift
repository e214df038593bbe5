import Foundation
import Storage

extension NeedsCheck {
    /// Who says it: the person, or a coordinator who writes down what they say.
    package enum Teller: Sendable { case themselves, coordinator }

    /// Keeps what was said about how somebody is, and does what follows by the rules of their program, all at once: where
    /// they are not safe, people are called before the answer leaves. The same twice is once.
    /// - Parameter id: names the page it was sent from.
    /// - Throws: ``Problem/conflict(_:)`` with `referral.already-closed`; ``Problem/invalid(_:)`` where nothing was said.
    package static func keep(
        _ answers: [Question: String], of referral: Referral, by teller: Teller, as id: ID, in db: Writing
    ) throws {
        guard referral.isOpen else { throw Problem.conflict("referral.already-closed") }
        let published = try PublishedPolicy.current(of: referral.program, in: db)
        let rules = published.policy.needs
        let answers = answers.filter { rules.asked.contains($0.key) && $0.key.answers.contains($0.value) }
        guard !answers.isEmpty else { throw Problem.invalid(Question.safe.rawValue, "one-answer") }
        let (house, person) = (referral.organization, referral.person)
        let consequences = rules.consequences(of: answers)
        let talkDue = consequences[.clinic] == nil ? nil : db.now.adding(hours: hoursToTalk)
        var writer: Person.ID?
        if teller == .coordinator { writer = try db.me }
        let added = try db.run(
            """
            INSERT INTO needs_check (organization_id, id, referral_id, person_id, answers, policy_version, said_at,
                written_by, talk_due_at)
            VALUES (\(house), \(id), \(referral.id), \(person),
                \(db.writingKey(of: person, in: house).seal(json(answers), as: place(of: id))), \(published.version),
                \(db.now), \(writer), \(talkDue)) ON CONFLICT DO NOTHING
            """)
        guard added > 0 else {
            // It is there, or somebody else's has this name.
            let isTheirs = try db.exists(
                "SELECT 1 FROM needs_check WHERE organization_id = \(house) AND id = \(id) AND person_id = \(person)")
            return try isTheirs ? () : keep(answers, of: referral, by: teller, as: db.newID(), in: db)
        }
        db.record(referral.event(.needsChecked))
        if consequences[.sooner] != nil { try referral.comeSooner(in: db) }
        if let owner = referral.owner { db.announce(.person(owner)) }
        guard consequences[.people] != nil else { return }
        let concern = try raise(for: referral, by: teller, once: id.text, in: db)
        try db.run("UPDATE needs_check SET concern_id = \(concern) WHERE organization_id = \(house) AND id = \(id)")
    }

    private static func raise(
        for referral: Referral, by teller: Teller, once: String, in db: Writing
    ) throws -> Concern.ID {
        var draft = Concern.Draft(in: referral.program, about: referral.person, kind: .danger, once: once)
        draft.source = .needsCheck
        if teller == .coordinator { return try Concern.raise(draft, in: db) }
        // In their own name, whatever role they have by now: nothing may keep this from being heard.
        let own = SignedLink(
            .progress, of: referral.organization, to: referral.id.text, until: db.now.adding(minutes: 1))
        return try Concern.raise(draft, by: own, in: db)
    }

    /// The coordinator asking talked with the person about their clinic. A second time changes nothing.
    /// - Returns: the request that it is about, where it goes on.
    /// - Throws: ``Problem/notFound`` for whoever does not coordinate its program.
    package static func talked(_ id: ID, in db: Writing) throws -> Referral.ID {
        let organization = try db.organization
        guard let goesOn = try whereItGoesOn(id, in: db) else { throw Problem.notFound }
        let changed = try db.run(
            """
            UPDATE needs_check SET talked_at = \(db.now), talked_by = \(db.me)
            WHERE organization_id = \(organization) AND id = \(id) AND talk_due_at IS NOT NULL AND talked_at IS NULL
            """)
        if changed > 0 {
            try db.record(Referral.load(goesOn, of: organization, in: db).event(.needsTalked))
        }
        return goesOn
    }

    private static func json(_ answers: [Question: String]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let codes = Dictionary(uniqueKeysWithValues: answers.map { ($0.rawValue, $1) })
        return String(decoding: try encoder.encode(codes), as: UTF8.self)
    }
}
