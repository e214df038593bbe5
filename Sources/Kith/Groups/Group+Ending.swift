import Storage

extension Group {
    /// It is over: nothing of it lies ahead any more. Whoever took part finds nothing of it afterwards but its
    /// conversation, which is closed. Whoever took part costs a statement each, and four where mail can leave.
    /// - Throws: ``Problem/conflict(_:)`` with `group.meeting-runs` while one of its meetings takes place.
    package func end(in db: Writing) throws {
        try GroupType.checkCoordinates(program, db)
        guard isOpen else { return }
        let runs = try db.exists(
            """
            SELECT 1 FROM meeting WHERE organization_id = \(organization) AND group_id = \(id)
            AND state = \(Meeting.State.running)
            """)
        guard !runs else { throw Problem.conflict("group.meeting-runs") }
        let conversation = try db.value(
            """
            UPDATE support_group SET state = \(State.ended), ended_at = \(db.now)
            WHERE organization_id = \(organization) AND id = \(id) RETURNING conversation_id
            """, as: Conversation.ID?.self)
        if let conversation = conversation ?? nil {
            try Conversation.close(conversation, of: organization, db: db)
        }
        try Meeting.cancelAll(of: self, db: db)
        try db.run(
            """
            UPDATE group_series SET ended_at = \(db.now)
            WHERE organization_id = \(organization) AND group_id = \(id) AND ended_at IS NULL
            """)
        try endMembers(in: db)
        try db.run(
            """
            UPDATE group_facilitator SET ended_at = \(db.now)
            WHERE organization_id = \(organization) AND group_id = \(id) AND ended_at IS NULL
            """)
        db.record(event(.groupEnded))
    }

    /// Their seats stay with the meetings that are called off: by them calendars know who is to be told.
    private func endMembers(in db: Writing) throws {
        let ended = try db.all(
            """
            UPDATE group_member SET ended_at = \(db.now), ending = \(GroupMember.Ending.removed), words = NULL
            WHERE organization_id = \(organization) AND group_id = \(id) AND ended_at IS NULL RETURNING id, person_id
            """
        ) { (member: try $0["id"] as GroupMember.ID, person: try $0["person_id"] as Person.ID) }
        for (member, person) in ended {
            var event = Event(.memberEnded, of: member.text, about: person, in: program)
            event.details["ending"] = GroupMember.Ending.removed.rawValue
            db.record(event)
            db.announce(.person(person))
        }
    }
}
