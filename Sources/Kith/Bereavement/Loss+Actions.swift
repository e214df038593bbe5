import Storage

extension Loss {
    /// Writes down that somebody died, who was referred to a program or supports people there. Their requests, matches,
    /// visits and seats end, nothing goes out to them any more, and whoever was close to them is to be spoken with: all of
    /// it in this transaction.
    /// - Returns: the one from before where it is written down already.
    /// - Throws: ``Problem/notAllowed`` unless a coordinator of the program asks; ``Problem/invalid(_:)`` for `died-on`
    ///   in the future.
    @discardableResult
    package static func record(_ subject: Subject, on day: Day?, in db: Writing) throws -> ID {
        let (person, program) = (subject.person, subject.program)
        guard db.actor.has(.coordinator, in: program) else { throw Problem.notAllowed }
        let organization = try db.organization
        try check(day, db)
        if let earlier = try standing(of: person, in: organization, db) {
            if earlier.state == .told { try earlier.confirm(on: day, in: db) }
            return earlier.id
        }
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO loss (organization_id, id, program_id, person_id, told_by, told_at, died_on, state, settled_by,
                settled_at)
            VALUES (\(organization), \(id), \(program), \(person), \(db.actor.logName), \(db.now),
                \(day), \(State.recorded), \(db.actor.logName), \(db.now))
            """)
        try load(id, of: organization, in: db).spread(in: db)
        return id
    }

    /// The person asking says that somebody they cared for died. From this moment on nothing goes out to them; where Kith
    /// knows them, the program makes sure before anything else ends.
    /// - Throws: ``Problem/notFound`` unless it is they who cared for them; ``Problem/conflict(_:)`` with
    ///   `loss.no-program` for somebody who takes part in nothing; ``Problem/invalid(_:)`` for `died-on`.
    @discardableResult
    package static func tell(_ relation: CareRelation.ID, on day: Day?, in db: Writing) throws -> ID {
        let (organization, me) = (try db.organization, try db.me)
        let cared = try db.first(
            """
            \(CareRelation.selected) WHERE c.organization_id = \(organization) AND c.id = \(relation)
            AND c.caregiver_id = \(me) AND c.ended_at IS NULL
            """, CareRelation.init(row:))
        guard let cared else { throw Problem.notFound }
        let person = cared.caredFor
        try check(day, db)
        if let person, let earlier = try standing(of: person, in: organization, db) {
            try earlier.mourn(me, as: .caredForThem, about: person, in: db)
            return earlier.id
        }
        let program = try db.value(
            """
            SELECT program_id FROM membership WHERE organization_id = \(organization) AND role = \(Role.participant)
            AND ended_at IS NULL AND person_id IN (\(me), \(person ?? me))
            ORDER BY CASE WHEN person_id = \(person ?? me) THEN 0 ELSE 1 END, since DESC LIMIT 1
            """, as: Program.ID.self)
        guard let program else { throw Problem.conflict("loss.no-program") }
        let id: ID = db.newID()
        let isKnown = person != nil
        try db.run(
            """
            INSERT INTO loss (organization_id, id, program_id, person_id, care_relation_id, told_by, told_at, died_on,
                state, due_at)
            VALUES (\(organization), \(id), \(program), \(person), \(relation), \(db.actor.logName), \(db.now), \(day),
                \(isKnown ? State.told : .recorded), \(isKnown ? db.now.adding(hours: hoursToMakeSure) : nil))
            """)
        let loss = try load(id, of: organization, in: db)
        db.record(loss.event(.lossTold))
        if let person {
            try Person.silence(person, of: organization, in: db)
        } else {
            try cared.end(of: organization, in: db)
        }
        try loss.mourn(me, as: .caredForThem, about: person, in: db)
        try loss.tellSupporters(of: me, in: db)
        return id
    }

    /// The program has made sure that it is so.
    package func confirm(on day: Day? = nil, in db: Writing) throws {
        try check(in: db)
        try Self.check(day, db)
        guard state == .told else { return }
        try db.run(
            """
            UPDATE loss SET state = \(State.recorded), due_at = NULL, died_on = coalesce(\(day), died_on),
                settled_by = \(db.actor.logName), settled_at = \(db.now)
            WHERE organization_id = \(organization) AND id = \(id) AND state = \(State.told)
            """)
        try Self.load(id, of: organization, in: db).spread(in: db)
    }

    /// They are alive. They may be contacted and come in again; whoever was told otherwise reads that it was a mistake.
    package func takeBack(in db: Writing) throws {
        try check(in: db)
        guard state != .mistaken else { return }
        try db.run(
            """
            UPDATE loss SET state = \(State.mistaken), due_at = NULL, settled_by = \(db.actor.logName),
                settled_at = \(db.now)
            WHERE organization_id = \(organization) AND id = \(id)
            """)
        // Whoever said it themselves is told nothing.
        if state == .told {
            try db.run(
                """
                DELETE FROM mourner WHERE organization_id = \(organization) AND loss_id = \(id)
                AND bond = \(Mourner.Bond.caredForThem)
                """)
        }
        try db.run(
            """
            UPDATE mourner SET due_at = NULL, answer = NULL, answered_at = NULL
            WHERE organization_id = \(organization) AND loss_id = \(id)
            """)
        db.record(event(.lossMistaken))
        if let person {
            try Person.endSilence(of: person, of: organization, in: db)
            // What ended in the moment it was written down.
            let roles = try db.all(
                """
                SELECT role, program_id FROM membership WHERE organization_id = \(organization)
                AND person_id = \(person) AND ended_at = \(settledAt ?? toldAt)
                """
            ) { (try $0["role"] as Role, try $0["program_id"] as Program.ID) }
            for (role, program) in roles {
                try Person.give(role, in: program, to: person, of: organization, in: db)
            }
        }
        try db.run(
            """
            UPDATE care_relation SET ended_at = NULL WHERE organization_id = \(organization)
            AND (id = \(relation) OR cared_for_id = \(person)) AND ended_at IN (\(toldAt), \(settledAt ?? toldAt))
            """)
    }

    private func check(in db: Writing) throws {
        guard db.actor.has(.coordinator, in: program) else { throw Problem.notAllowed }
    }

    private static func check(_ day: Day?, _ db: Reading) throws(Problem) {
        guard day.map({ $0 <= db.today }) ?? true else { throw .invalid("died-on", "not-past") }
    }

    /// Ends what ran for whoever died, after it is written down who was close to them.
    private func spread(in db: Writing) throws {
        guard let person else { return }
        db.record(event(.lossRecorded))
        try mournAll(in: db)
        try Person.silence(person, of: organization, in: db)
        for relation in try CareRelation.all(of: person, in: organization, db: db) {
            try relation.end(of: organization, in: db)
        }
        for referral in try Referral.open(of: person, of: organization, db: db) { try referral.endWithDeath(in: db) }
        try Person.endWithDeath(person, on: diedOn, of: organization, in: db)
    }
}
