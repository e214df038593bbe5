import Storage

/// The course that a group goes through, and how far it has come.
package struct GroupCourse: Sendable {
    /// A session of it, and the meeting that was or will be it.
    package struct Step: Sendable {
        package let place: Int
        package let title: String
        /// nil where it was not asked for.
        package let text: String?
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

    /// How far somebody has come.
    package struct Standing: Sendable {
        package let needed: Int
        /// How many sessions were held.
        package let held: Int
        /// To how many of those they came.
        package let attended: Int
        package let completedAt: Instant?
    }

    /// Of which sessions the text is read, which can be as long as ``Markdown/longest``.
    package enum Texts: Sendable {
        case none
        case of(Meeting.ID)
        case all

        fileprivate var column: SQL {
            switch self {
            case .none: "CAST(NULL AS TEXT)"
            case .of(let meeting): "CASE WHEN n.id = \(meeting) THEN s.text END"
            case .all: "s.text"
            }
        }
    }

    /// Of the person it was read for.
    package var standing: Standing {
        Standing(
            needed: needed, held: steps.count(where: \.isHeld), attended: steps.count(where: \.came),
            completedAt: completedAt)
    }

    /// The first that was not held yet; nil when all were.
    package var next: Step? { steps.first { !$0.isHeld } }

    /// What is read by members: what was held, and what comes next.
    package func isOpen(_ step: Step) -> Bool { step.isHeld || step.place == next?.place }

    package func step(of meeting: Meeting.ID) -> Step? { steps.first { $0.meeting == meeting } }

    /// The meetings of groups since these have their courses, numbered as sessions: first those that were held, then what
    /// lies ahead. What was called off or did not take place is none.
    /// - Parameter groups: the right side of `IN`.
    fileprivate static func meetings(of groups: SQL, in organization: Organization.ID) -> SQL {
        """
        (SELECT m.id, m.group_id, m.starts_at, m.state, row_number() OVER (PARTITION BY m.group_id
                ORDER BY CASE m.state WHEN 'held' THEN 0 WHEN 'running' THEN 1 ELSE 2 END, m.starts_at, m.id) AS place
            FROM meeting m JOIN support_group q ON q.organization_id = m.organization_id AND q.id = m.group_id
            WHERE m.organization_id = \(organization) AND m.group_id IN \(groups) AND m.starts_at >= q.course_since
            AND m.state IN ('held', 'running', 'planned', 'moved'))
        """
    }

    private static func meetings(of group: Group) -> SQL { meetings(of: "(\(group.id))", in: group.organization) }

    /// nil where a group has none. Whoever calls has established their right to it.
    package static func find(
        of group: Group, for person: Person.ID?, texts: Texts = .none, in db: Reading
    ) throws -> GroupCourse? {
        guard let course = group.plan.course else { return nil }
        let person = person ?? Person.ID("")
        let found = try db.all(
            """
            SELECT c.title AS course_title, c.language, c.needed, s.place, s.title, \(texts.column) AS text,
                n.id AS meeting_id, n.starts_at, n.state, a.came, k.completed_at
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
    /// How far somebody has come in a course of a group they are or were in.
    package struct KeptCourse: Sendable {
        package let group: String
        package let title: String
        package let standing: GroupCourse.Standing
    }

    /// The course of each group they are or were in, and each they completed: one statement. Whoever calls has established
    /// their right to it.
    package static func courses(
        of person: Person.ID, in organization: Organization.ID, db: Reading
    ) throws -> [KeptCourse] {
        let mine: SQL = """
            (SELECT group_id FROM group_member
                WHERE organization_id = \(organization) AND person_id = \(person) AND joined_at IS NOT NULL)
            """
        return try db.all(
            """
            SELECT g.name AS group_name, c.title, c.needed, k.completed_at, coalesce(h.held, 0) AS held,
                coalesce(h.attended, 0) AS attended
            FROM (SELECT id AS group_id, course_id FROM support_group
                    WHERE organization_id = \(organization) AND id IN \(mine) AND course_id IS NOT NULL
                UNION SELECT group_id, course_id FROM course_completion
                    WHERE organization_id = \(organization) AND person_id = \(person)) p
            JOIN support_group g ON g.organization_id = \(organization) AND g.id = p.group_id
            JOIN course c ON c.organization_id = g.organization_id AND c.id = p.course_id
            LEFT JOIN course_completion k ON k.organization_id = g.organization_id AND k.group_id = g.id
                AND k.course_id = c.id AND k.person_id = \(person)
            LEFT JOIN (SELECT q.id AS group_id, q.course_id, count(*) AS held,
                    count(CASE WHEN a.came THEN 1 END) AS attended
                FROM \(GroupCourse.meetings(of: mine, in: organization)) n
                JOIN support_group q ON q.organization_id = \(organization) AND q.id = n.group_id
                LEFT JOIN meeting_attendance a ON a.organization_id = q.organization_id AND a.meeting_id = n.id
                    AND a.person_id = \(person)
                WHERE n.state = 'held' AND n.place <= (SELECT count(*) FROM course_session s
                    WHERE s.organization_id = q.organization_id AND s.course_id = q.course_id)
                GROUP BY q.id, q.course_id) h ON h.group_id = g.id AND h.course_id = c.id
            ORDER BY g.name, g.id, c.title, c.id
            """
        ) { row in
            let (needed, attended, completedAt): (Int, Int, Instant?) = (
                try row["needed"], try row["attended"], try row["completed_at"]
            )
            // A group that goes through another course by now no longer counts what was attended of this one.
            let standing = GroupCourse.Standing(
                needed: needed, held: try row["held"], attended: completedAt == nil ? attended : max(attended, needed),
                completedAt: completedAt)
            return KeptCourse(group: try row["group_name"], title: try row["title"], standing: standing)
        }
    }
}
