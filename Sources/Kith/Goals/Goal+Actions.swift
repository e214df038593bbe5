import Storage

extension Goal {
    /// The person asking writes a goal down. The same twice is once.
    /// - Throws: ``Problem/conflict(_:)`` with `goal.too-many`.
    package static func add(_ words: String, as id: ID, in db: Writing) throws {
        let (organization, me) = (try db.organization, try db.me)
        let count = try db.value(
            """
            SELECT count(*) FROM goal WHERE organization_id = \(organization) AND person_id = \(me) AND id <> \(id)
            """, as: Int.self)
        guard count ?? 0 < most else { throw Problem.conflict("goal.too-many") }
        let sealed = try db.writingKey(of: me, in: organization).seal(words, as: place(of: id))
        let added = try db.run(
            """
            INSERT INTO goal (organization_id, id, person_id, words, state, made_at, changed_at)
            VALUES (\(organization), \(id), \(me), \(sealed), \(State.open), \(db.now), \(db.now))
            ON CONFLICT DO NOTHING
            """)
        guard added > 0 else {
            // It is there, or somebody else's has this name.
            let isMine = try db.exists(
                "SELECT 1 FROM goal WHERE organization_id = \(organization) AND person_id = \(me) AND id = \(id)")
            return isMine ? () : try add(words, as: db.newID(), in: db)
        }
        db.record(Event(.goalKept, of: id.text, about: me))
    }

    /// Says it in other words.
    package func change(to words: String, in db: Writing) throws {
        guard words != self.words else { return }
        let (organization, me) = (try db.organization, try db.me)
        let sealed = try db.writingKey(of: me, in: organization).seal(words, as: Self.place(of: id))
        try db.run(
            """
            UPDATE goal SET words = \(sealed), changed_at = \(db.now)
            WHERE organization_id = \(organization) AND person_id = \(me) AND id = \(id)
            """)
        db.record(Event(.goalKept, of: id.text, about: me))
    }

    /// Sets it aside, says that it is reached, or takes it up again. While it is not open, nobody is reminded of its
    /// steps.
    package func set(_ state: State, in db: Writing) throws {
        guard state != self.state else { return }
        let (organization, me) = (try db.organization, try db.me)
        try db.run(
            """
            UPDATE goal SET state = \(state), changed_at = \(db.now)
            WHERE organization_id = \(organization) AND person_id = \(me) AND id = \(id)
            """)
        db.record(Event(.goalKept, of: id.text, about: me))
        try Step.plan(of: me, in: organization, "goal_id = \(id)", db)
    }

    /// Deletes a goal of the person asking with its steps; a second time changes nothing.
    package static func delete(_ id: ID, in db: Writing) throws {
        let (organization, me) = (try db.organization, try db.me)
        // Steps go first: not every engine counts what a foreign key takes along.
        try db.run(
            "DELETE FROM goal_step WHERE organization_id = \(organization) AND person_id = \(me) AND goal_id = \(id)")
        let deleted = try db.run(
            "DELETE FROM goal WHERE organization_id = \(organization) AND person_id = \(me) AND id = \(id)")
        guard deleted > 0 else { return }
        db.record(Event(.goalDeleted, of: id.text, about: me))
        try GoalList.closeIfEmpty(in: db)
    }
}

extension Goal.Step {
    /// The person asking adds a small step to a goal of theirs. The same twice is once.
    /// - Throws: ``Problem/notFound``; ``Problem/conflict(_:)`` with `goal.too-many-steps`.
    package static func add(_ words: String, as id: ID, to goal: Goal.ID, in db: Writing) throws {
        let (organization, me) = (try db.organization, try db.me)
        _ = try Goal.own(goal, in: db)
        let count = try db.value(
            """
            SELECT count(*) FROM goal_step WHERE organization_id = \(organization) AND goal_id = \(goal) AND id <> \(id)
            """, as: Int.self)
        guard count ?? 0 < most else { throw Problem.conflict("goal.too-many-steps") }
        let sealed = try db.writingKey(of: me, in: organization).seal(words, as: place(of: id))
        let added = try db.run(
            """
            INSERT INTO goal_step (organization_id, id, goal_id, person_id, words, made_at)
            VALUES (\(organization), \(id), \(goal), \(me), \(sealed), \(db.now)) ON CONFLICT DO NOTHING
            """)
        guard added > 0 else {
            let isMine = try db.exists(
                "SELECT 1 FROM goal_step WHERE organization_id = \(organization) AND person_id = \(me) AND id = \(id)")
            return isMine ? () : try add(words, as: db.newID(), to: goal, in: db)
        }
        db.record(Event(.stepKept, of: id.text, about: me))
    }

    /// Says it in other words.
    package func change(to words: String, in db: Writing) throws {
        guard words != self.words else { return }
        let (organization, me) = (try db.organization, try db.me)
        let sealed = try db.writingKey(of: me, in: organization).seal(words, as: Self.place(of: id))
        try update("words = \(sealed)", db)
        db.record(Event(.stepKept, of: id.text, about: me))
    }

    /// Ticks it as done, or not done after all.
    package func set(done: Bool, in db: Writing) throws {
        guard done != isDone else { return }
        let (organization, me) = (try db.organization, try db.me)
        let doneAt = done ? db.now : nil
        try update("done_at = \(doneAt), next_day = NULL, next_at = NULL", db)
        db.record(Event(.stepKept, of: id.text, about: me))
        try Self.plan(of: me, in: organization, "id = \(id)", db)
    }

    /// Sets when to be reminded of it, instead of what was set before; nil: no more.
    /// - Throws: ``Problem/invalid(_:)`` for `date` when that time has passed.
    package func remind(_ reminder: Goal.Reminder?, in db: Writing) throws {
        guard reminder != self.reminder else { return }
        let (organization, me) = (try db.organization, try db.me)
        guard let reminder else {
            try update(
                """
                remind_on = NULL, remind_minutes = NULL, next_day = NULL, next_at = NULL, told_day = NULL,
                told_for = NULL, told_at = NULL
                """, db)
            return db.record(Event(.stepReminderEnded, of: id.text, about: me))
        }
        let zone = try Goal.zone(of: me, in: organization, db)
        guard reminder.next(after: db.now, told: nil, in: zone) != nil else {
            throw Problem.invalid("date", "in-the-past")
        }
        try update(
            """
            remind_on = \(reminder.rule), remind_minutes = \(reminder.minutes), next_day = NULL, next_at = NULL,
            told_day = NULL, told_for = NULL, told_at = NULL
            """, db)
        db.record(Event(.stepReminderSet, of: id.text, about: me))
        try Self.plan(of: me, in: organization, "id = \(id)", db)
    }

    /// Deletes a step of the person asking; a second time changes nothing.
    package static func delete(_ id: ID, in db: Writing) throws {
        let (organization, me) = (try db.organization, try db.me)
        let deleted = try db.run(
            "DELETE FROM goal_step WHERE organization_id = \(organization) AND person_id = \(me) AND id = \(id)")
        guard deleted > 0 else { return }
        db.record(Event(.stepDeleted, of: id.text, about: me))
    }

    private func update(_ assignments: SQL, _ db: Writing) throws {
        try db.run(
            """
            UPDATE goal_step SET \(assignments)
            WHERE organization_id = \(db.organization) AND person_id = \(db.me) AND id = \(id)
            """)
    }
}

extension GoalList {
    /// Writes down what the person asking is good at and what helps them; nothing deletes it.
    package static func keep(strengths words: String, in db: Writing) throws {
        let (organization, me) = (try db.organization, try db.me)
        if words.isEmpty {
            let deleted = try db.run(
                "DELETE FROM goal_strengths WHERE organization_id = \(organization) AND person_id = \(me)")
            guard deleted > 0 else { return }
        } else {
            let sealed = try db.writingKey(of: me, in: organization).seal(words, as: place(of: me))
            try db.run(
                """
                INSERT INTO goal_strengths (organization_id, person_id, words, changed_at)
                VALUES (\(organization), \(me), \(sealed), \(db.now))
                ON CONFLICT (organization_id, person_id) DO UPDATE SET words = excluded.words,
                    changed_at = excluded.changed_at
                """)
        }
        db.record(Event(.strengthsKept, of: me.text, about: me))
        if words.isEmpty { try closeIfEmpty(in: db) }
    }

    /// Lets the supporter of a match read all of it, or no longer.
    /// - Throws: ``Problem/notFound`` unless it is a match of theirs as a participant; ``Problem/conflict(_:)`` with
    ///   `goal.none` when there is nothing to share, and `goal.over` when the two are not in touch.
    package static func share(_ isShared: Bool, by match: Match.ID, in db: Writing) throws {
        let (organization, me) = (try db.organization, try db.me)
        let found = try db.first(
            """
            SELECT program_id, status FROM match
            WHERE organization_id = \(organization) AND id = \(match) AND participant_id = \(me)
            """
        ) { (program: try $0["program_id"] as Program.ID, status: try $0["status"] as Match.Status) }
        guard let found else { throw Problem.notFound }
        let changed: Int
        if isShared {
            guard try isThere(in: db) else { throw Problem.conflict("goal.none") }
            guard found.status == .active else { throw Problem.conflict("goal.over") }
            changed = try db.run(
                """
                INSERT INTO goal_share (organization_id, match_id, person_id, since)
                VALUES (\(organization), \(match), \(me), \(db.now)) ON CONFLICT DO NOTHING
                """)
        } else {
            changed = try db.run(
                "DELETE FROM goal_share WHERE organization_id = \(organization) AND match_id = \(match)")
        }
        guard changed > 0 else { return }
        db.record(Event(isShared ? .goalsShared : .goalsUnshared, of: match.text, about: me, in: found.program))
    }

    private static func isThere(in db: Reading) throws -> Bool {
        let (organization, me) = (try db.organization, try db.me)
        return try db.exists(
            """
            SELECT 1 FROM goal WHERE organization_id = \(organization) AND person_id = \(me)
            UNION ALL SELECT 1 FROM goal_strengths WHERE organization_id = \(organization) AND person_id = \(me)
            """)
    }

    /// What is written after all was deleted is new, and nobody else's until they choose again.
    fileprivate static func closeIfEmpty(in db: Writing) throws {
        let (organization, me) = (try db.organization, try db.me)
        guard try !isThere(in: db) else { return }
        let ended = try db.values(
            """
            DELETE FROM goal_share WHERE organization_id = \(organization) AND person_id = \(me) RETURNING match_id
            """, as: Match.ID.self)
        for match in ended { db.record(Event(.goalsUnshared, of: match.text, about: me)) }
    }
}
