import Storage

/// The course that a group goes through, and how far it has come.
package struct GroupCourse: Sendable {
    /// A session of it, and the meeting that was or will be it.
    package struct Step: Sendable {
        package let place: Int
        package let title: String
        package let text: String
        package let meeting: Meeting.ID?
        package let startsAt: Instant?
        package let isHeld: Bool
        /// Whether the person it was read for came.
        package let came: Bool
    }

    package let title: String
    package let language: String
    /// To how many sessions somebody comes who completes it.
    package let needed: Int
    package let steps: [Step]
    /// When the person it was read for had come to as many.
    package let completedAt: Instant?

    package var attended: Int { steps.count(where: \.came) }
    /// The first that was not held yet; nil when all were.
    package var next: Step? { steps.first { !$0.isHeld } }

    /// What is read by members: what was held, and what comes next.
    package func isOpen(_ step: Step) -> Bool { step.isHeld || step.place == next?.place }

    package func step(of meeting: Meeting.ID) -> Step? { steps.first { $0.meeting == meeting } }

    /// The meetings of a group since it has its course, numbered as sessions: first those that were held, then what lies
    /// ahead. What was called off or did not take place is none.
    private static func meetings(of group: Group) -> SQL {
        """
        (SELECT m.id, m.starts_at, m.state, row_number() OVER (ORDER BY CASE m.state WHEN 'held' THEN 0
                WHEN 'running' THEN 1 ELSE 2 END, m.starts_at, m.id) AS place
            FROM meeting m WHERE m.organization_id = \(group.organization) AND m.group_id = \(group.id)
            AND m.starts_at >= \(group.courseSince) AND m.state IN ('held', 'running', 'planned', 'moved'))
        """
    }

    /// nil where a group has none. Whoever calls has established their right to it.
    package static func find(of group: Group, for person: Person.ID?, in db: Reading) throws -> GroupCourse? {
        guard let course = group.plan.course else { return nil }
        let person = person ?? Person.ID("")
        let found = try db.all(
            """
            SELECT c.title AS course_title, c.language, c.needed, s.place, s.title, s.text, n.id AS meeting_id,
                n.starts_at, n.state, a.came, k.completed_at
            FROM course c JOIN course_session s ON s.organization_id = c.organization_id AND s.course_id = c.id
            LEFT JOIN \(meetings(of: group)) n ON n.place = s.place
            LEFT JOIN meeting_attendance a ON a.organization_id = c.organization_id AND a.meeting_id = n.id
                AND a.person_id = \(person)
            LEFT JOIN course_completion k ON k.organization_id = c.organization_id AND k.group_id = \(group.id)
                AND k.course_id = c.id AND k.person_id = \(person)
            WHERE c.organization_id = \(group.organization) AND c.id = \(course) ORDER BY s.place
            """
        ) { row in
            let (state, came): (Meeting.State?, Bool?) = (try row["state"], try row["came"])
            return (
                title: try row["course_title"] as String, language: try row["language"] as String,
                needed: try row["needed"] as Int, completedAt: try row["completed_at"] as Instant?,
                step: Step(
                    place: try row["place"], title: try row["title"], text: try row["text"],
                    meeting: try row["meeting_id"], startsAt: try row["starts_at"], isHeld: state == .held,
                    came: state == .held && came == true)
            )
        }
        return found.first.map {
            GroupCourse(
                title: $0.title, language: $0.language, needed: $0.needed, steps: found.map(\.step),
                completedAt: $0.completedAt)
        }
    }

    /// Who came to which session, by person. Whoever calls has established their right to the group.
    package static func attendance(of group: Group, in db: Reading) throws -> [Person.ID: Set<Int>] {
        guard let course = group.plan.course else { return [:] }
        let found = try db.all(
            """
            SELECT a.person_id, n.place FROM \(meetings(of: group)) n
            JOIN meeting_attendance a ON a.organization_id = \(group.organization) AND a.meeting_id = n.id AND a.came
            WHERE n.state = 'held' AND n.place <= (SELECT count(*) FROM course_session s
                WHERE s.organization_id = \(group.organization) AND s.course_id = \(course))
            """
        ) { (person: try $0["person_id"] as Person.ID, place: try $0["place"] as Int) }
        return Dictionary(grouping: found, by: \.person).mapValues { Set($0.map(\.place)) }
    }

    /// Writes down who has completed it with a meeting that was just closed; once for each.
    static func follow(_ meeting: Meeting.ID, of group: Group, in db: Writing) throws {
        guard let course = group.plan.course else { return }
        let completed = try db.values(
            """
            INSERT INTO course_completion (organization_id, group_id, course_id, person_id, completed_at)
            SELECT c.organization_id, \(group.id), c.id, a.person_id, \(db.now) FROM course c
            JOIN meeting_attendance a ON a.organization_id = c.organization_id AND a.came
            JOIN \(meetings(of: group)) n ON n.id = a.meeting_id AND n.state = 'held'
            WHERE c.organization_id = \(group.organization) AND c.id = \(course)
            AND n.place <= (SELECT count(*) FROM course_session s WHERE s.organization_id = c.organization_id
                AND s.course_id = c.id)
            AND a.person_id IN (SELECT t.person_id FROM meeting_attendance t
                WHERE t.organization_id = \(group.organization) AND t.meeting_id = \(meeting) AND t.came)
            GROUP BY c.organization_id, c.id, c.needed, a.person_id HAVING count(*) >= c.needed
            ON CONFLICT (organization_id, group_id, course_id, person_id) DO NOTHING RETURNING person_id
            """, as: Person.ID.self)
        for person in completed.sorted() {
            var event = group.event(.courseCompleted)
            event.subject = person
            db.record(event)
        }
    }
}

extension GroupMember {
    /// How far somebody has come in the course of a group they are or were in.
    package struct KeptCourse: Sendable {
        package let group: String
        package let course: GroupCourse
    }

    /// Likewise, of each group. Whoever calls has established their right to it.
    package static func courses(
        of person: Person.ID, in organization: Organization.ID, db: Reading
    ) throws -> [KeptCourse] {
        let groups = try db.all(
            """
            \(Group.everything(db)) WHERE g.organization_id = \(organization) AND g.course_id IS NOT NULL
            AND g.id IN (SELECT r.group_id FROM group_member r WHERE r.organization_id = \(organization)
                AND r.person_id = \(person) AND r.joined_at IS NOT NULL)
            ORDER BY g.name, g.id
            """
        ) { try Group(row: $0, actor: db.actor) }
        return try groups.compactMap { group in
            try GroupCourse.find(of: group, for: person, in: db).map { KeptCourse(group: group.plan.name, course: $0) }
        }
    }
}
