import Storage

extension Wall {
    /// The columns of a record that grounds look at; nil for those that it does not have.
    package struct Record: Sendable {
        package let person: SQL
        package let program: SQL
        package var supporter: SQL?
        package var sender: SQL?

        package init(person: SQL, program: SQL, supporter: SQL? = nil, sender: SQL? = nil) {
            (self.person, self.program, self.supporter, self.sender) = (person, program, supporter, sender)
        }

        /// A row of `referral`, by its name in the query.
        package static func referral(_ row: SQL) -> Record {
            Record(person: "\(row).person_id", program: "\(row).program_id", sender: "\(row).referrer_id")
        }

        /// A row of a table with the two people of a pair, by its name in the query.
        package static func pair(_ row: SQL) -> Record {
            Record(
                person: "\(row).participant_id", program: "\(row).program_id", supporter: "\(row).supporter_id")
        }
    }
}

extension Reading {
    /// Whether the person asking may see `item` of a record: a condition for the `WHERE` of the query that finds it.
    /// - Parameter grounds: those that the page is for; the rules say which of them count for the item.
    package func reach(_ item: Item, of record: Wall.Record, as grounds: Set<Ground>) throws -> SQL {
        let allowed = Wall.grounds(for: item).intersection(grounds)
        let me = try me
        var ways: [SQL] = []
        if allowed.contains(.own) { ways.append("\(record.person) = \(me)") }
        if allowed.contains(.supporter), let supporter = record.supporter {
            ways.append("\(supporter) = \(me) AND \(record.program) IN \(try reach(.supporter))")
        }
        if allowed.contains(.sender), let sender = record.sender {
            ways.append("\(sender) = \(me) AND \(record.program) IN \(try reach(.referrer, .coordinator))")
        }
        if allowed.contains(.opened) {
            ways.append("\(record.person) IN \(try opened) AND \(record.program) IN \(try reach(.supervisor))")
        }
        let roles = allowed.compactMap(\.role)
        var staff: [SQL] = roles.isEmpty ? [] : ["\(record.program) IN \(try reach(roles))"]
        if allowed.contains(.standIn) { staff.append("\(record.program) IN \(try unattended)") }
        if !staff.isEmpty {
            ways.append("(\(SQL.joined(staff, separator: " OR "))) AND NOT \(try isSealed(record))")
        }
        return ways.isEmpty ? "FALSE" : "(\(SQL.joined(ways, separator: " OR ")))"
    }

    /// The programs in which the role of the person asking lets them see `item`, as the right side of `IN`.
    package func programs(seeing item: Item, as grounds: Set<Ground> = Ground.working) throws -> SQL {
        try reach(Wall.grounds(for: item).intersection(grounds).compactMap(\.role))
    }

    /// The programs that the person asking administers while nobody coordinates them, as the right side of `IN`.
    package var unattended: SQL {
        get throws {
            let (organization, me) = (try organization, try me)
            return """
                (SELECT m.program_id FROM membership m WHERE m.organization_id = \(organization) AND m.person_id = \(me)
                AND m.ended_at IS NULL AND m.role = \(Role.administrator) AND NOT EXISTS (SELECT 1 FROM membership c
                    WHERE c.organization_id = m.organization_id AND c.program_id = m.program_id
                    AND c.role = \(Role.coordinator) AND c.ended_at IS NULL))
                """
        }
    }

    /// Whether a record is sealed: it is of a colleague, somebody who works here now and no longer receives support in
    /// that program. Those they work with do not read what they went through.
    private func isSealed(_ record: Wall.Record) throws -> SQL {
        let organization = try organization
        return """
            (EXISTS (SELECT 1 FROM membership k WHERE k.organization_id = \(organization)
                AND k.person_id = \(record.person) AND k.role <> \(Role.participant) AND k.ended_at IS NULL)
            AND NOT EXISTS (SELECT 1 FROM referral w WHERE w.organization_id = \(organization)
                AND w.person_id = \(record.person) AND w.program_id = \(record.program) AND w.queue IS NOT NULL))
            """
    }
}
