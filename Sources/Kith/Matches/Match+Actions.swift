import Foundation
import Matching
import Storage

extension Match {
    /// Offers a supporter to the person of a referral, and the person to the supporter. The hard rules, consent and the
    /// supporter's limit are checked here once more, in the transaction that writes.
    /// - Parameter original: the active match of the referral, for somebody who is to stand in until its supporter is back.
    /// - Throws: ``Problem/consentNeeded(_:)`` for `take-part`; `.conflict("match.not-possible")` when a rule says no
    ///   by now, `.conflict("referral.not-now")` when the referral is not to be matched; `.notFound` for somebody who
    ///   does not support people in this program.
    @discardableResult
    package static func propose(
        _ supporter: Person.ID, for referral: Referral, standingInFor original: Match? = nil, in db: Writing
    ) throws -> Match {
        guard db.isProgramItself || db.actor.has(.coordinator, in: referral.program) else { throw Problem.notAllowed }
        let organization = referral.organization
        guard
            try Consent.stands(.takePart, for: referral.person, in: referral.program, of: organization, db: db)
        else { throw Problem.consentNeeded(Consent.Purpose.takePart.rawValue) }
        guard original.map({ $0.mayBeStoodInFor(of: referral) }) ?? [.matching, .waiting].contains(referral.queue)
        else {
            throw Problem.conflict("referral.not-now")
        }
        let question = try MatchQuestion(for: referral, only: supporter, in: db)
        guard let candidate = question.candidates[id: 0] else { throw Problem.notFound }
        guard case .eligible(let score) = judge(question.seeker, candidate, weights: question.weights) else {
            throw Problem.conflict("match.not-possible")
        }
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO match (organization_id, id, referral_id, program_id, participant_id, supporter_id, status,
                points, reasons, parts, weights_version, proposed_by, proposed_at, stands_in_for)
            VALUES (\(organization), \(id), \(referral.id), \(referral.program), \(referral.person), \(supporter),
                \(Status.proposed), \(score.total), \(try question.reasons(score, for: 0).json),
                \(try score.stored), \(question.weights.version), \(db.actor.logName), \(db.now), \(original?.id))
            """)
        let match = try load(id, of: organization, in: db)
        db.record(match.event(.matchProposed, about: match.participant))
        if original == nil { try referral.place(.answers, in: db) }
        return match
    }

    /// Says yes or no for one side, without a reason. A no ends the proposal and sends the referral back to matching;
    /// a second yes begins the support. A yes may become a no as long as the other side has not answered.
    ///
    /// Each of the two answers for themselves. For a participant without an account a coordinator of the program notes
    /// what they said; nobody ever answers for a supporter.
    package func answer(_ answer: Answer, for side: Side, in db: Writing) throws {
        guard try mayAnswer(for: side, in: db) else { throw Problem.notAllowed }
        switch (status, answer) {
        case (.active, .yes), (.declined, .no): return  // sent twice
        case (.proposed, _): break
        default: throw Problem.conflict("match.settled")
        }
        if answer == .yes, try mustBeApart(in: db) { throw Problem.conflict("match.not-possible") }
        // Said already: nothing has happened, and no clock begins anew.
        if try hasSaid(answer, side, in: db) { return }
        try db.run(
            """
            INSERT INTO match_answer (organization_id, match_id, side, answer, answered_by, at)
            VALUES (\(organization), \(id), \(side), \(answer), \(db.actor.logName), \(db.now))
            ON CONFLICT (organization_id, match_id, side) DO UPDATE SET answer = excluded.answer,
                answered_by = excluded.answered_by, at = excluded.at
            """)
        db.record(
            event(.matchAnswered, about: side == .participant ? participant : supporter, ["side": side.rawValue]))
        switch answer {
        case .no:
            try db.run(
                """
                UPDATE match SET status = \(Status.declined), ended_at = \(db.now)
                WHERE organization_id = \(organization) AND id = \(id)
                """)
            if !isStandIn { try Referral.load(referral, of: organization, in: db).place(.matching, in: db) }
        case .yes:
            if try hasSaid(.yes, side.other, in: db) { try start(in: db) }
        }
    }

    private func mayAnswer(for side: Side, in db: Reading) throws -> Bool {
        if db.isProgramItself || self.side(of: db.actor.person) == side { return true }
        guard side == .participant, db.actor.has(.coordinator, in: program) else { return false }
        return try !db.exists(
            """
            SELECT 1 FROM account WHERE organization_id = \(organization) AND person_id = \(participant)
            AND disabled_at IS NULL
            """)
    }

    private func hasSaid(_ answer: Answer, _ side: Side, in db: Reading) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM match_answer WHERE organization_id = \(organization) AND match_id = \(id)
            AND side = \(side) AND answer = \(answer)
            """)
    }

    private func start(in db: Writing) throws {
        try db.run(
            """
            UPDATE match SET status = \(Status.active), started_at = \(db.now)
            WHERE organization_id = \(organization) AND id = \(id)
            """)
        db.record(event(.matchStarted, about: participant))
        if !isStandIn { try Referral.load(referral, of: organization, in: db).place(.firstContact, in: db) }
    }

    /// Ends the support, or takes the proposal back, and looks for the next one. For a coordinator of the program; the
    /// participant may ask for somebody else at any time, as easily as they said yes, and the supporter may say that
    /// they cannot go on.
    package func end(for reason: EndReason = .asked, in db: Writing) throws {
        let mayEnd =
            db.isProgramItself || db.actor.has(.coordinator, in: program)
            || reason == .asked && db.actor.person == participant
            || reason == .away && db.actor.person == supporter
        guard mayEnd else { throw Problem.notAllowed }
        guard isOpen else { throw Problem.conflict("match.settled") }
        try settle(for: reason, in: db)
        try goOn(in: .matching, db)
    }

    /// Ends an active match, withdraws a proposed one. Where the referral goes next is the caller's matter. Whoever stands
    /// in for its supporter goes on for good, unless the person's support is over as well.
    func settle(for reason: EndReason, in db: Writing) throws {
        let wasActive = status == .active
        try db.run(
            """
            UPDATE match SET status = \(wasActive ? Status.ended : .withdrawn), ended_at = \(db.now),
                end_reason = \(wasActive ? reason : nil)
            WHERE organization_id = \(organization) AND id = \(id) AND status = \(status)
            """)
        db.record(
            wasActive
                ? event(.matchEnded, about: participant, ["reason": reason.rawValue])
                : event(.matchWithdrawn, about: participant))
        if !isStandIn { try settleStandIn(for: reason, in: db) }
    }
}

extension Reading {
    /// Whether the program itself asks: a clock, an import, the demonstration.
    var isProgramItself: Bool { actor.kind == .system }
}

extension [MatchReason] {
    /// As stored.
    fileprivate var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
