import Storage

extension Talk {
    private static let everything: SQL = """
        SELECT t.*, coalesce(p.called, p.name) AS supporter_name, g.name AS program_name FROM talk t
        JOIN person p ON p.organization_id = t.organization_id AND p.id = t.supporter_id
        JOIN program g ON g.organization_id = t.organization_id AND g.id = t.program_id
        """

    /// What the person asking owes as a supervisor, the most pressing first.
    package static func owed(_ condition: SQL = "", in db: Reading) throws -> [Talk] {
        let found = try db.all(
            """
            \(everything) WHERE t.organization_id = \(db.organization) \(condition) AND \(owing(in: db))
            ORDER BY t.due_at, t.id LIMIT 50
            """, Talk.init(row:))
        for talk in found { db.disclose(.listed, of: talk.supporter) }
        return found
    }

    /// One that the person asking owes.
    static func find(_ id: ID, in db: Reading) throws -> Talk {
        guard let found = try owed("AND t.id = \(id)", in: db).first else { throw Problem.notFound }
        return found
    }

    /// How many wait, and how many of them too long.
    static func waiting(in db: Reading) throws -> [RaisedWork.Question] {
        let owed: SQL = """
            SELECT count(*) FROM talk t WHERE t.organization_id = \(try db.organization) AND \(try owing(in: db))
            """
        return [
            .init("talks.raised.waiting", "\(owed) AND t.due_at >= \(db.now)"),
            .init("talks.raised.late", "\(owed) AND t.due_at < \(db.now)")
        ]
    }

    /// Nobody owes a talk to themselves.
    private static func owing(in db: Reading) throws -> SQL {
        """
        t.program_id IN \(try db.programs(seeing: .talk, as: [.supervisor])) AND t.supporter_id <> \(try db.me)
        """
    }

    /// What the person asking has asked for and not had yet.
    package static func mine(in db: Reading) throws -> Talk? {
        try db.first(
            "\(everything) WHERE t.organization_id = \(db.organization) AND t.supporter_id = \(db.me)",
            Talk.init(row:))
    }

    /// Where the person asking supports people, and who would talk with them there. Programs where nobody would are left
    /// out.
    package static func choices(in db: Reading) throws -> [Choice] {
        let programs = db.actor.roles.filter { $0.role == .supporter }.map(\.program)
        let found = try db.all(
            """
            SELECT m.program_id, g.name AS program_name, coalesce(p.called, p.name) AS called FROM membership m
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.person_id
            JOIN program g ON g.organization_id = m.organization_id AND g.id = m.program_id
            WHERE m.organization_id = \(db.organization) AND m.program_id IN \(list: programs)
                AND m.role = \(Role.supervisor) AND m.ended_at IS NULL AND m.person_id <> \(db.me)
            ORDER BY g.name, m.program_id, called, m.person_id LIMIT 200
            """
        ) {
            (
                program: try $0["program_id"] as Program.ID, name: try $0["program_name"] as String,
                called: try $0["called"] as String
            )
        }
        var choices: [Choice] = []
        for (program, name, called) in found {
            let before = choices.last?.program == program ? choices.removeLast().supervisors : []
            choices.append(Choice(program: program, name: name, supervisors: before + [called]))
        }
        return choices
    }
}
