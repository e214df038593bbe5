import Storage

extension Encounter {
    /// Plans a contact. The referral counts as scheduled from now on.
    /// - Throws: ``Problem/consentNeeded(_:)`` for `take-part`, and for `contact-phone` where it would be a call;
    ///   ``Problem/invalid(_:)`` for `mode`, `date`, `place`; ``Problem/conflict(_:)`` with `encounter.match-apart`.
    package static func plan(_ plan: Plan, with match: ActiveMatch, in db: Writing) throws -> ID {
        if match.isApart { throw Problem.conflict("encounter.match-apart") }
        try checkConsent(of: match.participant, in: match.program, of: match.organization, db)
        try check(plan, with: match, db)
        if let same = try same(.planned, plan.mode, at: plan.startsAt, with: match, db) { return same }
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO encounter (organization_id, id, program_id, referral_id, match_id, supporter_id, participant_id,
                status, mode, starts_at, place, created_at, created_by, due_at)
            VALUES (\(match.organization), \(id), \(match.program), \(match.referral), \(match.id),
                \(match.supporter), \(match.participant), \(Status.planned), \(plan.mode.rawValue), \(plan.startsAt),
                \(plan.place), \(db.now), \(db.actor.logName), \(plan.startsAt.adding(days: Due.telling)))
            """)
        let encounter = try load(id, of: match.organization, db)
        db.record(encounter.event(.encounterPlanned, ["mode": plan.mode.rawValue], by: db.actor))
        try encounter.follow(.planned, in: db)
        db.announce(.person(match.participant))
        return id
    }

    /// Notes a contact that was not planned: it is planned and done in one.
    /// - Parameter startsAt: when it began; at most two weeks ago.
    package static func record(_ held: Held, at startsAt: Instant, with match: ActiveMatch, in db: Writing) throws -> ID
    {
        try checkConsent(of: match.participant, in: match.program, of: match.organization, db)
        var errors = held.errors
        if startsAt > db.now { errors["date"] = "in-the-future" }
        if startsAt < db.now.adding(days: -14) { errors["date"] = "too-long-ago" }
        try Problem.check(errors)
        if let same = try same(.done, held.mode, at: startsAt, with: match, db) { return same }
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO encounter (organization_id, id, program_id, referral_id, match_id, supporter_id, participant_id,
                status, mode, starts_at, minutes, daily_management, emotional_support, linkage_to_care,
                ongoing_availability, created_at, created_by, settled_at, settled_by, due_at)
            VALUES (\(match.organization), \(id), \(match.program), \(match.referral), \(match.id),
                \(match.supporter), \(match.participant), \(Status.done), \(held.mode.rawValue), \(startsAt),
                \(held.minutes), \(held.functions.contains(.dailyManagement)),
                \(held.functions.contains(.emotionalSupport)), \(held.functions.contains(.linkageToCare)),
                \(held.functions.contains(.ongoingAvailability)), \(db.now), \(db.actor.logName), \(db.now),
                \(db.actor.logName), \(db.now.adding(days: Due.note)))
            """)
        let encounter = try load(id, of: match.organization, db)
        db.record(encounter.event(.encounterDone, held.details.merging(["unplanned": "yes"]) { $1 }, by: db.actor))
        try encounter.follow(.done, in: db)
        return id
    }

    /// Notes that somebody was not reached, though nothing was planned.
    static func recordNoAnswer(_ mode: Format, at startsAt: Instant, with match: ActiveMatch, in db: Writing) throws {
        try checkConsent(of: match.participant, in: match.program, of: match.organization, db)
        if try same(.noAnswer, mode, at: startsAt, with: match, db) != nil { return }
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO encounter (organization_id, id, program_id, referral_id, match_id, supporter_id, participant_id,
                status, mode, starts_at, created_at, created_by, settled_at, settled_by)
            VALUES (\(match.organization), \(id), \(match.program), \(match.referral), \(match.id),
                \(match.supporter), \(match.participant), \(Status.noAnswer), \(mode.rawValue), \(startsAt),
                \(db.now), \(db.actor.logName), \(db.now), \(db.actor.logName))
            """)
        let encounter = try load(id, of: match.organization, db)
        db.record(encounter.event(.encounterNoAnswer, by: db.actor))
        try encounter.follow(.noAnswer, in: db)
    }

    /// Plans it for another time, place or way.
    package func reschedule(to plan: Plan, in db: Writing) throws {
        let match = try checkMayGoOn(db)
        try Self.check(plan, with: match, db)
        // What it is planned for already is a second click.
        guard status != .planned || plan != Plan(mode: mode, startsAt: startsAt, place: place) else { return }
        let changed = try db.run(
            """
            UPDATE encounter SET mode = \(plan.mode.rawValue), starts_at = \(plan.startsAt), place = \(plan.place),
                due_at = \(plan.startsAt.adding(days: Due.telling))
            WHERE organization_id = \(organization) AND id = \(id) AND status = \(Status.planned)
            """)
        guard changed > 0 else { throw Problem.conflict("encounter.already-settled") }
        db.record(event(.encounterRescheduled, ["mode": plan.mode.rawValue], by: db.actor))
        try follow(.planned, in: db)
        db.announce(.person(participant))
    }

    /// Calls it off. Needs no consent and no active match: ending something always stays possible.
    package func cancel(in db: Writing) throws {
        try checkMayEnter(db)
        try settle(as: .cancelled, in: db)
        db.record(event(.encounterCancelled, by: db.actor))
        if isMatched { try follow(.cancelled, in: db) }
        db.announce(.person(participant))
    }

    /// The person it is planned with calls it off.
    func callOffByPerson(in db: Writing) throws {
        guard db.actor.person == participant else { throw Problem.notAllowed }
        try settle(as: .cancelled, in: db)
        db.record(event(.encounterCancelled, by: db.actor))
        // The program follows, as in all that a person ends.
        if isMatched { try follow(.cancelled, by: .recipient, in: db) }
    }

    /// It took place. From the first one on the referral is in support, and each starts that clock anew; of two who
    /// have parted since, only what was is noted.
    /// - Throws: ``Problem/invalid(_:)`` for `minutes`, `functions`.
    package func done(_ held: Held, in db: Writing) throws {
        let goesOn = try checkMayTell(db)
        try Problem.check(held.errors)
        // Where it took place before its time, it began when it must have.
        let began = startsAt > db.now ? db.now.adding(minutes: -held.minutes) : startsAt
        try settle(
            as: .done,
            with: """
                , mode = \(held.mode.rawValue), starts_at = \(began), minutes = \(held.minutes),
                daily_management = \(held.functions.contains(.dailyManagement)),
                emotional_support = \(held.functions.contains(.emotionalSupport)),
                linkage_to_care = \(held.functions.contains(.linkageToCare)),
                ongoing_availability = \(held.functions.contains(.ongoingAvailability)),
                due_at = \(db.now.adding(days: Due.note))
                """, in: db)
        db.record(event(.encounterDone, held.details, by: db.actor))
        if goesOn { try follow(.done, in: db) }
        try settleWhereNobodyWrites(in: db)
    }

    /// It was time and nobody came or answered. Nobody is blamed; the next try is the supporter's.
    package func noAnswer(in db: Writing) throws {
        let goesOn = try checkMayTell(db)
        guard startsAt <= db.now else { throw Problem.conflict("encounter.not-yet") }
        try settle(as: .noAnswer, in: db)
        db.record(event(.encounterNoAnswer, by: db.actor))
        if goesOn { try follow(.noAnswer, in: db) }
    }

    private func settle(as status: Status, with assignments: SQL = ", due_at = NULL", in db: Writing) throws {
        let changed = try db.run(
            """
            UPDATE encounter SET status = \(status), settled_at = \(db.now), settled_by = \(db.actor.logName)
            \(assignments) WHERE organization_id = \(organization) AND id = \(id) AND status = \(Status.planned)
            """)
        guard changed > 0 else { throw Problem.conflict("encounter.already-settled") }
    }

    /// The supporter enters, or a coordinator for them.
    private func checkMayEnter(_ db: Reading) throws {
        let mayEnter = !relations(of: db.actor).isDisjoint(with: [.supporter, .coordinator])
        guard mayEnter || db.isProgramItself else { throw Problem.notAllowed }
    }

    /// Nothing goes on but between two who are matched, and only while the person takes part.
    @discardableResult
    private func checkMayGoOn(_ db: Reading) throws -> ActiveMatch {
        try checkMayEnter(db)
        try Self.checkConsent(of: participant, in: program, of: organization, db)
        guard let match = try ActiveMatch.first(match, db) else { throw Problem.conflict("encounter.match-ended") }
        if match.isApart { throw Problem.conflict("encounter.match-apart") }
        return match
    }

    /// What has been can be told even after the two have parted or the person's yes has ended; else the record would say
    /// that it never was. What lies ahead needs both.
    /// - Returns: whether the two go on, so that the referral follows.
    private func checkMayTell(_ db: Reading) throws -> Bool {
        if startsAt > db.now {
            try checkMayGoOn(db)
            return true
        }
        try checkMayEnter(db)
        return try isMatched && Consent.stands(.takePart, for: participant, in: program, of: organization, db: db)
    }

    /// The contact that was written down already: two people do not meet twice at one moment, but somebody clicks twice.
    private static func same(
        _ status: Status, _ mode: Format, at startsAt: Instant, with match: ActiveMatch, _ db: Reading
    ) throws -> ID? {
        try db.value(
            """
            SELECT id FROM encounter WHERE organization_id = \(match.organization)
            AND supporter_id = \(match.supporter) AND status = \(status) AND starts_at = \(startsAt)
            AND match_id = \(match.id) AND mode = \(mode.rawValue) ORDER BY id LIMIT 1
            """, as: ID.self)
    }

    /// - Throws: ``Problem/consentNeeded(_:)`` unless the person takes part at this moment.
    static func checkConsent(
        of person: Person.ID, in program: Program.ID, of organization: Organization.ID, _ db: Reading
    ) throws {
        guard try Consent.stands(.takePart, for: person, in: program, of: organization, db: db) else {
            throw Problem.consentNeeded(Consent.Purpose.takePart.rawValue)
        }
    }

    /// A planned call reaches out by phone, so it needs a yes to calls; and nothing is planned for the time of a pause.
    private static func check(_ plan: Plan, with match: ActiveMatch, _ db: Reading) throws {
        try Problem.check(plan.errors(at: db.now))
        let pause = try SupportPause.standing(of: match.participant, in: match.organization, db)
        if pause?.covers(plan.startsAt) == true { throw Problem.invalid("date", "in-their-pause") }
        guard plan.mode == .phone else { return }
        let mayCall = try Consent.mayContact(
            match.participant, by: .phone, in: match.program, of: match.organization, db: db)
        guard mayCall else { throw Problem.consentNeeded(Consent.Purpose.contactByPhone.rawValue) }
    }

    private static func load(_ id: ID, of organization: Organization.ID, _ db: Reading) throws -> Encounter {
        let found = try db.first(
            "\(everything) WHERE e.organization_id = \(organization) AND e.id = \(id)", Encounter.init(row:))
        guard let found else { throw Problem.notFound }
        return found
    }

    func event(_ kind: EventKind, _ details: [String: String] = [:], by actor: Actor) -> Event {
        let enteredBy =
            switch actor.person {
            case supporter: "supporter"
            case participant: "participant"
            case nil: "system"
            default: "coordinator"
            }
        return Event(
            kind, of: id.text, about: participant, in: program, details.merging(["entered_by": enteredBy]) { $1 })
    }
}

extension Encounter {
    /// After how many days a coordinator begins to look after what its supporter has not got to.
    package enum Due {
        /// Days after its time, to say what became of a contact.
        package static let telling = 3
        /// Days after it took place, to finish its note.
        package static let note = 14
    }
}

extension Encounter.Held {
    fileprivate var details: [String: String] {
        [
            "mode": mode.rawValue, "minutes": "\(minutes)",
            "functions": functions.map(\.rawValue).sorted().joined(separator: " ")
        ]
    }
}
