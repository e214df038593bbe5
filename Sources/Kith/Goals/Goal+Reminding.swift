import Storage

/// Telling people of a step when they asked to be. Here it is found out who is due; what leaves, to where and at which
/// hour, is the outbox's. Where nothing can leave, it is looked after all the same.
extension Goal {
    /// Where the clocks stand that somebody's reminders go by.
    static func zone(of person: Person.ID, in organization: Organization.ID, _ db: Reading) throws -> String {
        try ContactPreference.kept(for: person, of: organization, in: db).preference.timeZone
    }

    /// The program in whose name somebody may be written to: one in which they agreed to be, before any other; nil where
    /// they are in none.
    static func program(of person: Person.ID, in organization: Organization.ID, _ db: Reading) throws -> Program.ID? {
        try db.value(
            """
            SELECT m.program_id FROM membership m WHERE m.organization_id = \(organization) AND m.person_id = \(person)
            AND m.ended_at IS NULL
            ORDER BY CASE WHEN EXISTS (SELECT 1 FROM consent c WHERE c.organization_id = m.organization_id
                AND c.person_id = m.person_id AND c.program_id = m.program_id AND c.granted AND c.ended_at IS NULL
                AND c.purpose IN (\(Consent.Purpose.contactByEmail), \(Consent.Purpose.contactByText)))
                THEN 0 ELSE 1 END, CASE WHEN m.role = \(Role.participant) THEN 0 ELSE 1 END, m.since, m.program_id
            LIMIT 1
            """, as: Program.ID.self)
    }

    /// How the person asking could be told of a step; nil where they are in no program.
    static func reachability(in db: Reading) throws -> Reachability? {
        let (organization, me) = (try db.organization, try db.me)
        return try program(of: me, in: organization, db).map {
            try Reachability.of(me, in: $0, of: organization, db: db)
        }
    }
}

extension Goal.Step {
    /// Reckons anew when reminders come next, of those steps of somebody that a condition holds for.
    static func plan(
        of person: Person.ID, in organization: Organization.ID, _ condition: SQL, _ db: Writing
    ) throws {
        let steps = try db.all(
            """
            SELECT id, remind_on, remind_minutes, told_day, done_at, (SELECT g.state FROM goal g
                WHERE g.organization_id = goal_step.organization_id AND g.id = goal_step.goal_id) AS state
            FROM goal_step WHERE organization_id = \(organization) AND person_id = \(person)
            AND remind_on IS NOT NULL AND \(condition) ORDER BY id
            """
        ) { row in
            let (state, doneAt): (Goal.State, Instant?) = (try row["state"], try row["done_at"])
            return (
                id: try row["id"] as ID,
                reminder: Goal.Reminder(try row["remind_on"], minutes: try row["remind_minutes"]),
                told: try row["told_day"] as Day?, isWanted: state == .open && doneAt == nil
            )
        }
        guard !steps.isEmpty else { return }
        let zone = try Goal.zone(of: person, in: organization, db)
        for step in steps {
            let next = step.isWanted ? step.reminder.next(after: db.now, told: step.told, in: zone) : nil
            try db.run(
                """
                UPDATE goal_step SET next_day = \(next?.day), next_at = \(next?.at)
                WHERE organization_id = \(organization) AND id = \(step.id)
                """)
        }
    }

    /// Somebody's clock stands elsewhere now, so their reminders come at another moment.
    static func followClock(_ event: Event, in db: Writing) throws {
        guard let person = event.subject, let organization = db.actor.organization ?? event.organization else { return }
        try plan(of: person, in: organization, "next_at IS NOT NULL", db)
    }

    /// Whether somebody is still to be told what a message put in at `moment` was to tell: of a step that is not done and
    /// whose reminder stands, not too late.
    static func awaitReminder(
        _ person: Person.ID, in organization: Organization.ID, putAt moment: Instant, db: Reading
    ) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM goal_step s JOIN goal g ON g.organization_id = s.organization_id AND g.id = s.goal_id
            WHERE s.organization_id = \(organization) AND s.person_id = \(person) AND s.told_at = \(moment)
            AND s.told_for > \(db.now.adding(hours: -Goal.Reminder.hoursGood)) AND s.done_at IS NULL
            AND s.remind_on IS NOT NULL AND g.state = 'open'
            """)
    }

    /// What a message that has not left was to tell, one put in now tells as well.
    static func carryOver(
        _ person: Person.ID, in organization: Organization.ID, putAt moment: Instant, db: Writing
    ) throws {
        try db.run(
            """
            UPDATE goal_step SET told_at = \(db.now) WHERE organization_id = \(organization)
            AND person_id = \(person) AND told_at = \(moment)
            """)
    }

    /// How many one transaction takes on.
    private static let mostReminders = 200

    /// Those whose time has come in an organization: each is told, or it is too late to, and each is planned anew.
    fileprivate static func remind(in organization: Organization.ID, _ db: Writing) throws {
        let now = db.now
        let due = try db.all(
            """
            SELECT s.id, s.person_id, s.remind_on, s.remind_minutes, s.next_day, s.next_at, s.told_for,
                coalesce(c.time_zone, o.time_zone) AS zone
            FROM goal_step s JOIN organization o ON o.id = s.organization_id
            LEFT JOIN contact_preference c ON c.organization_id = s.organization_id AND c.person_id = s.person_id
            WHERE s.organization_id = \(organization) AND s.next_at <= \(now) ORDER BY s.next_at, s.id
            LIMIT \(mostReminders)
            """
        ) { row in
            let reminder = Goal.Reminder(try row["remind_on"], minutes: try row["remind_minutes"])
            let planned = Goal.Reminder.Occurrence(day: try row["next_day"], at: try row["next_at"])
            let toldFor: Instant? = try row["told_for"]
            return (
                id: try row["id"] as ID, person: try row["person_id"] as Person.ID, planned: planned,
                turn: reminder.turn(from: planned, at: now, in: try row["zone"]),
                // After a restore: they have most likely been told.
                wasTold: toldFor == planned.at
            )
        }
        var told: [Person.ID: Bool] = [:]
        for step in due {
            let (turn, isTold) = (step.turn, step.turn.isTold && !step.wasTold)
            // Another process may look at the same moment.
            let changed = try db.run(
                """
                UPDATE goal_step SET next_day = \(turn.next?.day), next_at = \(turn.next?.at),
                    told_day = \(turn.due.day), told_for = \(turn.due.at), told_at = \(isTold ? now : nil)
                WHERE organization_id = \(organization) AND id = \(step.id) AND next_at = \(step.planned.at)
                """)
            if changed > 0 { told[step.person] = told[step.person] ?? false || isTold }
        }
        for (person, isTold) in told.sorted(by: { $0.key < $1.key }) {
            var event = Event(
                isTold ? .stepReminderDue : .stepReminderMissed, of: person.text, about: person,
                in: isTold ? try Goal.program(of: person, in: organization, db) : nil)
            event.organization = organization
            db.record(event)
        }
    }

    /// Where the time of a reminder has come.
    fileprivate static func reminding(at now: Instant, in db: Reader) throws -> [Organization.ID] {
        try db.values(
            "SELECT DISTINCT organization_id FROM goal_step WHERE next_at <= \(now) ORDER BY 1 LIMIT 500",
            as: Organization.ID.self)
    }

    /// After a restore: whoever was due by now has most likely been told.
    static func skipReminders(at now: Instant) -> SQL {
        "UPDATE goal_step SET told_day = next_day, told_for = next_at, told_at = NULL WHERE next_at <= \(now)"
    }
}

extension Platform {
    /// Reminds people of steps, each at the time that they set.
    /// - Throws: the first failure, after all organizations have had their turn.
    package func remindOfSteps() async throws {
        let now = world.now()
        let due = try await store.read { try Goal.Step.reminding(at: now, in: $0) }
        try await inTurn(due) { organization in
            try await write(as: .system(organization), access: .anyone) {
                try Goal.Step.remind(in: organization, $0)
            }
        }
    }
}
