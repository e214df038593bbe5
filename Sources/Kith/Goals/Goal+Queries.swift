import Storage

extension Goal {
    static func place(of id: ID) -> TextPlace { TextPlace("goal.words", id.text) }

    /// A goal of the person asking, without its steps.
    /// - Throws: ``Problem/notFound``.
    package static func own(_ id: ID, in db: Reading) throws -> Goal {
        let (organization, me) = (try db.organization, try db.me)
        let found = try db.first(
            """
            SELECT g.id, g.words, g.state, \(TextKey.wrapped(of: "g.person_id", in: "g.organization_id")) AS wrapped_key
            FROM goal g WHERE g.organization_id = \(organization) AND g.person_id = \(me) AND g.id = \(id)
            """
        ) { try Goal(row: $0, db.key($0["wrapped_key"], of: me)) }
        guard let found else { throw Problem.notFound }
        return found
    }

    init(row: Row, _ key: TextKey?) throws {
        let id: ID = try row["id"]
        self.init(id: id, words: key?.open(try row["words"], from: Self.place(of: id)), state: try row["state"])
    }
}

extension Goal.Step {
    static func place(of id: ID) -> TextPlace { TextPlace("goal_step.words", id.text) }

    /// A step of the person asking, and whether its goal is open.
    /// - Throws: ``Problem/notFound``.
    package static func own(_ id: ID, in db: Reading) throws -> (step: Self, isOpen: Bool) {
        let (organization, me) = (try db.organization, try db.me)
        let found = try db.first(
            """
            SELECT s.*, g.state, \(TextKey.wrapped(of: "s.person_id", in: "s.organization_id")) AS wrapped_key
            FROM goal_step s JOIN goal g ON g.organization_id = s.organization_id AND g.id = s.goal_id
            WHERE s.organization_id = \(organization) AND s.person_id = \(me) AND s.id = \(id)
            """
        ) { row in
            let state: Goal.State = try row["state"]
            return (step: try Self(row: row, db.key(row["wrapped_key"], of: me)), isOpen: state == .open)
        }
        guard let found else { throw Problem.notFound }
        return found
    }

    init(row: Row, _ key: TextKey?) throws {
        let id: ID = try row["id"]
        let (doneAt, rule): (Instant?, Goal.Reminder.Rule?) = (try row["done_at"], try row["remind_on"])
        let minutes: Int? = try row["remind_minutes"]
        func occurrence(_ day: String, _ at: String) throws -> Goal.Reminder.Occurrence? {
            guard let day: Day = try row[day], let at: Instant = try row[at] else { return nil }
            return Goal.Reminder.Occurrence(day: day, at: at)
        }
        self.init(
            id: id, goal: try row["goal_id"], words: key?.open(try row["words"], from: Self.place(of: id)),
            isDone: doneAt != nil, reminder: rule.map { Goal.Reminder($0, minutes: minutes ?? 0) },
            next: try occurrence("next_day", "next_at"), told: try occurrence("told_day", "told_for"))
    }

    /// The first few open steps of the person asking, those of which they are reminded next before all others.
    package static func upNext(limit: Int, in db: Reading) throws -> [Self] {
        let (organization, me) = (try db.organization, try db.me)
        return try db.all(
            """
            SELECT s.*, \(TextKey.wrapped(of: "s.person_id", in: "s.organization_id")) AS wrapped_key
            FROM goal_step s JOIN goal g ON g.organization_id = s.organization_id AND g.id = s.goal_id
            WHERE s.organization_id = \(organization) AND s.person_id = \(me) AND s.done_at IS NULL
            AND g.state = 'open'
            ORDER BY CASE WHEN s.told_for > \(db.now.adding(hours: -24)) THEN 0 ELSE 1 END, s.next_at NULLS LAST,
                s.made_at, s.id LIMIT \(limit)
            """
        ) { try Self(row: $0, db.key($0["wrapped_key"], of: me)) }
    }
}

extension GoalList {
    static func place(of person: Person.ID) -> TextPlace { TextPlace("goal_strengths.words", person.text) }

    /// What the person asking wrote down.
    package static func mine(in db: Reading) throws -> GoalList { try kept(of: db.me, in: db.organization, db) }

    /// What somebody wrote down, in four statements. Whoever calls has established their right to it.
    static func kept(of person: Person.ID, in organization: Organization.ID, _ db: Reading) throws -> GoalList {
        let key = try db.textKey(of: person, in: organization)
        let strengths = try db.first(
            "SELECT words FROM goal_strengths WHERE organization_id = \(organization) AND person_id = \(person)"
        ) { Strengths(words: key?.open(try $0["words"], from: place(of: person))) }
        let steps = try db.all(
            """
            SELECT * FROM goal_step WHERE organization_id = \(organization) AND person_id = \(person)
            ORDER BY made_at, id
            """
        ) { try Goal.Step(row: $0, key) }
        let ofGoal = Dictionary(grouping: steps, by: \.goal)
        let goals = try db.all(
            """
            SELECT * FROM goal WHERE organization_id = \(organization) AND person_id = \(person)
            ORDER BY made_at, id
            """
        ) { row in
            var goal = try Goal(row: row, key)
            goal.steps = ofGoal[goal.id] ?? []
            return goal
        }
        return GoalList(strengths: strengths, goals: goals)
    }

    /// The supporters of the person asking, with who of them may read it.
    package static func readers(in db: Reading) throws -> [SheetReader] {
        try SheetReader.all(choosingBy: "goal_share", in: db)
    }

    /// The list of the participant of a match, if they share it with the person asking, its supporter.
    /// - Throws: ``Problem/notFound`` for everybody else, and when the two are no longer in touch.
    package static func shared(by match: Match.ID, in db: Reading) throws -> (name: String, list: GoalList) {
        let organization = try db.organization
        let found = try db.first(
            """
            SELECT m.participant_id, coalesce(p.called, p.name) AS name FROM match m
            JOIN goal_share s ON s.organization_id = m.organization_id AND s.match_id = m.id
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.participant_id
            WHERE m.organization_id = \(organization) AND m.id = \(match) AND m.status = 'active'
            AND m.apart_at IS NULL
            AND \(db.reach(.goals, of: .pair("m"), as: [.supporter]))
            """
        ) { (try $0["participant_id"] as Person.ID, try $0["name"] as String) }
        guard let (person, name) = found else { throw Problem.notFound }
        let list = try kept(of: person, in: organization, db)
        guard !list.isEmpty else { throw Problem.notFound }
        db.disclose(.goals, of: person)
        return (name, list)
    }
}
