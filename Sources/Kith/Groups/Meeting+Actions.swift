import Storage

extension Meeting {
    /// Puts down a single meeting of a group.
    /// - Throws: ``Problem/invalid(_:)`` for `date` and `minutes`.
    package static func plan(_ group: Group, at startsAt: Instant, minutes: Int, in db: Writing) throws -> ID {
        try GroupType.checkCoordinates(group.program, db)
        guard group.isOpen else { throw Problem.conflict("group.ended") }
        var errors: [String: String] = [:]
        if startsAt <= db.now { errors["date"] = "not-in-future" }
        if !Self.minutes.contains(minutes) { errors["minutes"] = "not-a-number" }
        try Problem.check(errors)
        // The same once more is a second click.
        let same = try db.value(
            """
            SELECT id FROM meeting WHERE organization_id = \(group.organization) AND group_id = \(group.id)
            AND starts_at = \(startsAt) AND state IN ('planned', 'moved') ORDER BY number LIMIT 1
            """, as: ID.self)
        if let same { return same }
        let ids = try write([Slot(at: startsAt)], minutes: minutes, of: group, in: nil, db)
        db.record(group.event(.meetingsPlanned, ["count": "1"]))
        return ids[0]
    }

    /// Writes meetings down, each with the next number and the group's facilitators; those of a series that are there
    /// already are left as they are.
    /// - Returns: the new ones.
    static func write(
        _ slots: [Slot], minutes: Int, of group: Group, in series: GroupSeries.ID?, _ db: Writing
    ) throws -> [ID] {
        guard !slots.isEmpty else { return [] }
        var number =
            try db.value(
                """
                SELECT coalesce(max(number), 0) FROM meeting WHERE organization_id = \(group.organization)
                AND group_id = \(group.id)
                """) ?? 0
        let rows: [SQL] = slots.map { slot in
            number += 1
            let slotAt = series == nil ? nil : slot.startsAt
            return """
                (\(group.organization), \(db.newID() as ID), \(group.id), \(series), \(series == nil ? nil : slot.text),
                \(slotAt), \(number), \(slot.startsAt), \(slot.startsAt.adding(minutes: minutes)), \(State.planned),
                \(db.now), \(db.actor.logName))
                """
        }
        let made = try db.values(
            """
            INSERT INTO meeting (organization_id, id, group_id, series_id, slot, slot_at, number, starts_at, ends_at, state,
                changed_at, changed_by)
            VALUES \(SQL.joined(rows)) RETURNING id
            """, as: ID.self)
        try db.run(
            """
            INSERT INTO meeting_facilitator (organization_id, meeting_id, person_id, is_cover)
            SELECT m.organization_id, m.id, f.person_id, FALSE FROM meeting m
            JOIN group_facilitator f ON f.organization_id = m.organization_id AND f.group_id = m.group_id
                AND f.ended_at IS NULL AND NOT f.is_cover
            WHERE m.organization_id = \(group.organization) AND m.id IN \(list: made)
            """)
        return made
    }

    /// What whoever leads a group changes of a single meeting.
    package struct Change: Sendable, Equatable {
        package var startsAt: Instant
        package var minutes: Int
        /// nil where it is the group's.
        package var place: String?
        package var address: String?

        package init(startsAt: Instant, minutes: Int, place: String? = nil, address: String? = nil) {
            (self.startsAt, self.minutes, self.place, self.address) = (startsAt, minutes, place, address)
        }
    }

    /// Moves this one meeting to another time or place; the series goes on as it was.
    /// - Throws: ``Problem/invalid(_:)`` for `date`, `minutes`, `address`; ``Problem/conflict(_:)`` with `meeting.over`.
    package func move(to change: Change, in db: Writing) throws {
        try checkMayChange(db)
        var errors: [String: String] = [:]
        if change.startsAt <= db.now { errors["date"] = "not-in-future" }
        if !Self.minutes.contains(change.minutes) { errors["minutes"] = "not-a-number" }
        if let address = change.address, !address.hasPrefix("https://") { errors["address"] = "not-a-link" }
        try Problem.check(errors)
        guard isComing else { throw Problem.conflict("meeting.over") }
        guard change != Change(startsAt: startsAt, minutes: minutes, place: place, address: address) else { return }
        let isMoved = change.startsAt != (slotAt ?? change.startsAt)
        try db.run(
            """
            UPDATE meeting SET starts_at = \(change.startsAt),
                ends_at = \(change.startsAt.adding(minutes: change.minutes)), place = \(change.place),
                address = \(change.address), state = \(isMoved ? State.moved : .planned), revision = revision + 1,
                changed_at = \(db.now), changed_by = \(db.actor.logName)
            WHERE organization_id = \(organization) AND id = \(id)
            """)
        try recordChange(.meetingMoved, in: db)
    }

    /// Calls this one off. Its number stays its own, and whoever had a seat has none any more.
    package func cancel(in db: Writing) throws {
        try checkMayChange(db)
        if state == .canceled { return }
        guard isComing else { throw Problem.conflict("meeting.over") }
        try db.run(
            """
            UPDATE meeting SET state = \(State.canceled), revision = revision + 1, changed_at = \(db.now),
                changed_by = \(db.actor.logName)
            WHERE organization_id = \(organization) AND id = \(id)
            """)
        try recordChange(.meetingCanceled, in: db)
    }

    /// Calls off all that lies ahead of a group, or of one of its series: one statement. Whoever calls has established
    /// their right to it.
    static func cancelAll(of group: Group, in series: GroupSeries.ID? = nil, db: Writing) throws {
        let only: SQL = series.map { "AND series_id = \($0)" } ?? ""
        try change("state = \(State.canceled)", where: "TRUE \(only)", of: group, as: "canceled", in: db)
    }

    /// A group is to meet elsewhere, or by other clocks: its meetings that keep to that count as changed, so that calendars
    /// take them for newer.
    static func follow(_ plan: Group.Plan, of group: Group, in db: Writing) throws {
        let before = group.plan
        var which: [SQL] = []
        if plan.place != before.place || plan.dialIn != before.dialIn { which.append("place IS NULL") }
        if plan.address != before.address { which.append("address IS NULL") }
        if plan.timeZone != before.timeZone || plan.setting != before.setting { which.append("TRUE") }
        guard !which.isEmpty else { return }
        try change(nil, where: "(\(SQL.joined(which, separator: " OR ")))", of: group, as: "place", in: db)
    }

    private static func change(
        _ assignment: SQL?, where condition: SQL, of group: Group, as what: String, in db: Writing
    ) throws {
        let assigned: SQL = assignment.map { "\($0)," } ?? ""
        let changed = try db.run(
            """
            UPDATE meeting SET \(assigned) revision = revision + 1, changed_at = \(db.now),
                changed_by = \(db.actor.logName)
            WHERE organization_id = \(group.organization) AND group_id = \(group.id) AND starts_at > \(db.now)
            AND state IN ('planned', 'moved') AND \(condition)
            """)
        if changed > 0 { db.record(group.event(.meetingsChanged, ["as": what, "count": "\(changed)"])) }
    }

    /// Says who facilitates this one meeting: those of the group who can, and whoever covers.
    /// - Throws: ``Problem/invalid(_:)`` for `facilitators`, when somebody neither facilitates nor covers the group.
    package func staff(with people: [Person.ID], in db: Writing) throws {
        try checkMayChange(db)
        guard isComing else { throw Problem.conflict("meeting.over") }
        let group = try Group.load(group, of: organization, in: db)
        let known = try group.facilitators(in: db)
        let chosen = known.filter { people.contains($0.person) }
        guard chosen.count == Set(people).count else { throw Problem.invalid("facilitators", "not-a-choice") }
        let before = try facilitators(in: db)
        guard Set(before.map(\.person)) != Set(people) else { return }
        try db.run("DELETE FROM meeting_facilitator WHERE organization_id = \(organization) AND meeting_id = \(id)")
        if !chosen.isEmpty {
            let rows: [SQL] = chosen.map { "(\(organization), \(id), \($0.person), \($0.isCover))" }
            try db.run(
                """
                INSERT INTO meeting_facilitator (organization_id, meeting_id, person_id, is_cover)
                VALUES \(SQL.joined(rows))
                """)
        }
        db.record(group.event(.meetingStaffed, of: id.text))
    }

    /// Takes somebody from the coming meetings that a condition on the row names.
    static func release(
        _ person: Person.ID, from condition: SQL, of organization: Organization.ID, in db: Writing
    ) throws {
        try db.run(
            """
            DELETE FROM meeting_facilitator WHERE organization_id = \(organization) AND person_id = \(person)
            AND meeting_id IN (SELECT id FROM meeting WHERE organization_id = \(organization) AND \(condition)
                AND starts_at > \(db.now) AND state IN ('planned', 'moved'))
            """)
    }

    private func checkMayChange(_ db: Reading) throws {
        if db.isProgramItself { return }
        let relations = try Group.find(group, in: db).relations
        guard !relations.isDisjoint(with: [.coordinator, .facilitator, .supervisor]) else { throw Problem.notAllowed }
    }

    private func recordChange(_ kind: EventKind, in db: Writing) throws {
        let group = try Group.load(group, of: organization, in: db)
        db.record(group.event(kind, of: id.text))
    }
}
