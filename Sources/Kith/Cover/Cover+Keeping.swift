import Storage

/// Opens a cover for whoever has nobody, and ends it once their supporter is back.
extension Cover {
    private struct Absent {
        let match: Match
        let cause: Cause
        let returnsOn: Day?
    }

    /// Brings covers of the organization in line with who is there. Whatever changed, it comes to the same: done twice it
    /// does nothing.
    /// - Parameter condition: on a row `m` of `match`.
    package static func keep(
        where condition: SQL = "TRUE", of organization: Organization.ID, in db: Writing
    ) throws {
        let absent = try absent("m.status = 'active' AND m.stands_in_for IS NULL AND \(condition)", organization, db)
        let open = try db.all(
            """
            SELECT k.* FROM cover k JOIN match m ON m.organization_id = k.organization_id AND m.id = k.match_id
            WHERE k.organization_id = \(organization) AND k.ended_at IS NULL AND k.cause <> 'left'
            AND m.status = 'active' AND \(condition) ORDER BY k.id
            """, Cover.init(row:))
        let byMatch = Dictionary(open.map { ($0.match, $0) }) { first, _ in first }
        let away = Set(absent.map(\.match.id))
        for cover in open where !away.contains(cover.match) {
            if try cover.isOver(in: db) {
                try cover.end(.returned, in: db)
            } else {
                try cover.goOn(in: db)
            }
        }
        for one in absent {
            if let cover = byMatch[one.match.id] {
                try cover.change(one.cause, returnsOn: one.returnsOn, in: db)
            } else {
                try begin(for: one.match, one.cause, returnsOn: one.returnsOn, in: db)
            }
        }
        // Who stands in and is not there is no help: their place is free for the next.
        let gone = try Self.absent(
            "m.status IN ('proposed', 'active') AND m.stands_in_for IS NOT NULL AND \(condition)", organization, db)
        for one in gone { try one.match.endStandIn(in: db) }
    }

    private static func absent(
        _ condition: SQL, _ organization: Organization.ID, _ db: Reading
    ) throws -> [Absent] {
        try db.all(
            """
            SELECT x.* FROM (SELECT m.*, \(absence(at: db.now)) AS absence, \(returnDay(at: db.now)) AS return_day
                FROM match m WHERE m.organization_id = \(organization) AND \(condition)) AS x
            WHERE x.absence IS NOT NULL ORDER BY x.id
            """
        ) { row in
            let cause: Cause = try row["absence"]
            return Absent(
                match: try Match(row: row), cause: cause, returnsOn: cause == .pause ? try row["return_day"] : nil)
        }
    }

    /// Nobody is told that somebody is back who has not been seen. Whoever was silent is back once this very person has
    /// heard from them, whatever they did elsewhere; whoever took a pause, once they are there.
    private func isOver(in db: Reading) throws -> Bool {
        if cause == .silence { return try hasHeard(in: db) }
        return try missingSince(in: db) == nil
    }

    /// The day of return has come, and nobody has seen them. What else kept them away is over; and once the day is past,
    /// nobody waits for it any more.
    private func goOn(in db: Writing) throws {
        guard cause != .silence else { return }
        if cause != .pause { return try change(.pause, returnsOn: missingSince(in: db), in: db) }
        guard choice == .wait, dayAhead(at: db.now) == nil else { return }
        try db.run(
            """
            UPDATE cover SET choice = NULL, chosen_by = NULL, chosen_at = NULL
            WHERE organization_id = \(organization) AND id = \(id)
            """)
        db.record(event(.coverChanged, ["cause": cause.rawValue, "told": "yes"]))
        db.announce(.person(participant))
    }

    static func begin(
        for match: Match, _ cause: Cause, returnsOn day: Day? = nil, in db: Writing
    ) throws {
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO cover (organization_id, id, match_id, referral_id, program_id, participant_id, supporter_id, cause,
                opened_at, returns_on, due_at)
            VALUES (\(match.organization), \(id), \(match.id), \(match.referral), \(match.program),
                \(match.participant), \(match.supporter), \(cause), \(db.now), \(day), \(db.now))
            """)
        let cover = try load(id, of: match.organization, in: db)
        db.record(cover.event(.coverOpened, ["cause": cause.rawValue]))
        db.announce(.person(match.participant))
        try cover.callOffContacts(in: db)
        try cover.wind(in: db)
    }

    /// Nobody waits for somebody who does not come: what was planned for the time of an absence is called off, and both are
    /// told. What was planned for the day of return or later stays, wherever on earth that day is.
    private func callOffContacts(in db: Writing) throws {
        guard cause == .pause || cause == .account else { return }
        let until: SQL =
            returnsOn.map {
                "AND e.starts_at < \(LocalClock(zone: "UTC").start(of: $0).adding(hours: -14))"
            } ?? ""
        try Encounter.callOff(
            Encounter.planned(where: "e.match_id = \(match) \(until)", of: organization, db),
            because: "supporter-away", in: db)
    }

    /// What is known of the absence has changed. Whoever chose to wait for a day that is not near any more has not chosen
    /// that, nor has whoever wanted somebody until a return that does not come.
    func change(_ cause: Cause, returnsOn day: Day? = nil, in db: Writing) throws {
        guard cause != self.cause || day != returnsOn else { return }
        let isVain = choice == .wait && !Self.isNear(day, at: db.now) || choice == .meanwhile && cause == .left
        let forgotten: SQL = isVain ? ", choice = NULL, chosen_by = NULL, chosen_at = NULL" : ""
        try db.run(
            """
            UPDATE cover SET cause = \(cause), returns_on = \(day) \(forgotten)
            WHERE organization_id = \(organization) AND id = \(id)
            """)
        // That a day has passed is no news.
        let isNews = Self.ahead(day, at: db.now) != dayAhead(at: db.now) || cause == .left
        db.record(event(.coverChanged, ["cause": cause.rawValue, "told": isNews ? "yes" : "no"]))
        db.announce(.person(participant))
        let changed = try Self.load(id, of: organization, in: db)
        try changed.callOffContacts(in: db)
        try changed.wind(in: db)
    }

    /// The cover is over; whoever stood in ends with it, unless they stay.
    func end(_ ending: Ending, in db: Writing) throws {
        let ended = try db.run(
            """
            UPDATE cover SET ended_at = \(db.now), ending = \(ending)
            WHERE organization_id = \(organization) AND id = \(id) AND ended_at IS NULL
            """)
        guard ended > 0 else { return }
        db.record(event(.coverEnded, ["ending": ending.rawValue]))
        db.announce(.person(participant))
        try standIn(in: db)?.endStandIn(in: db)
    }

    /// Sets the clock by where it stands: until somebody is asked, until both have answered, until somebody has looked how
    /// it goes; and for whoever waits until the day after their supporter is to be back. Somebody looks on that day in any
    /// case, for it may have passed without them.
    func wind(in db: Writing) throws { try setDue(windingDue(in: db), in: db) }

    /// As ``wind(in:)``, but never later than it is: nobody puts off the clock by choosing again.
    func windForward(in db: Writing) throws { try setDue(min(dueAt, windingDue(in: db)), in: db) }

    func setDue(_ due: Instant, in db: Writing) throws {
        try db.run("UPDATE cover SET due_at = \(due) WHERE organization_id = \(organization) AND id = \(id)")
    }

    func windingDue(in db: Reading) throws -> Instant {
        let dayAfter = dayAhead(at: db.now).map { LocalClock(zone: "UTC").start(of: $0).adding(hours: 36) }
        if choice == .wait, let dayAfter { return dayAfter }
        let referral = try Referral.load(referral, of: organization, in: db)
        let queue: Referral.Queue =
            switch try standIn(in: db)?.status {
            case .active: .support
            case .proposed: .answers
            default: .matching
            }
        let policy = try PublishedPolicy.version(referral.policyVersion, of: program, in: db).policy
        let due = db.now.adding(hours: policy.hours(in: queue.rawValue, isUrgent: referral.priority == .urgent))
        return dayAfter.map { min($0, due) } ?? due
    }

    func standIn(in db: Reading) throws -> Match? { try Match.standIn(for: match, of: organization, in: db) }
}

extension Platform {
    /// Looks who is not there any more or again, for what only time changes. Each organization has a transaction of its
    /// own; several processes may do it at once.
    /// - Throws: the first failure, after all organizations have had their turn.
    package func keepCovers() async throws {
        let organizations = try await store.read {
            try $0.values("SELECT id FROM organization ORDER BY id", as: Organization.ID.self)
        }
        try await inTurn(organizations) { organization in
            try await write(as: .system(organization), access: .anyone) { db in
                try Cover.keep(of: organization, in: db)
            }
        }
    }
}
