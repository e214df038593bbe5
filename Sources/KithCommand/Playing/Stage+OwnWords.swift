import Kith
import Storage

extension Stage {
    /// The participant whose sign-in is printed wrote down what they want to work on, and their story; both may be read by
    /// their supporter.
    func writeDown() async throws {
        guard let part = SignIns.supported(of: demonstration), let pair = try await pair(of: part) else { return }
        let day = now.adding(days: -2)
        try await act(pair.person, at: day) { try GoalList.keep(strengths: Self.strengths, in: $0) }
        var moment = day
        for (words, steps) in Self.goals {
            moment = moment.adding(minutes: 2)
            let goal = try await act(pair.person, at: moment) { db in
                let goal: Goal.ID = db.newID()
                try Goal.add(words, as: goal, in: db)
                return goal
            }
            for step in steps {
                moment = moment.adding(minutes: 1)
                try await act(pair.person, at: moment) { try Goal.Step.add(step, as: $0.newID(), to: goal, in: $0) }
            }
        }
        try await act(pair.person, at: moment.adding(minutes: 3)) { db in
            let steps = try GoalList.mine(in: db).goals.flatMap(\.steps)
            try steps.first?.set(done: true, in: db)
            try steps.dropFirst().first?.remind(Goal.Reminder(.weekly([3]), minutes: 18 * 60), in: db)
            try StorySheet(Self.story).keep(in: db)
        }
        try await act(pair.person, at: day.adding(minutes: 20)) { db in
            try GoalList.share(true, by: pair.match, in: db)
            try StorySheet.share(true, by: pair.match, in: db)
        }
    }

    /// Somebody who was just called said how they are, and may need a clinic: the coordinator whose sign-in is printed owes
    /// them a talk about it.
    func sayHowTheyAre() async throws {
        guard let code = demonstration.house.coordinators.first?.program else { return }
        let program = try program(code)
        let moment = now.adding(minutes: -40)
        let referral = try await platform.store.read { [organization] db in
            try db.first(
                """
                SELECT * FROM referral WHERE organization_id = \(organization) AND program_id = \(program)
                AND queue IN (\(Referral.Queue.consent), \(Referral.Queue.matching)) AND received_at < \(moment)
                ORDER BY received_at DESC, id LIMIT 1
                """, Referral.init(row:))
        }
        guard let referral, let owner = referral.owner else { return }
        try await act(owner, at: moment) { db in
            try NeedsCheck.keep(
                [.safe: "yes", .soon: "week", .days: "hard", .leanOn: "sometimes", .health: "yes"], of: referral,
                by: .coordinator, as: db.newID(), in: db)
        }
    }

    private func pair(of part: ParticipantPart) async throws -> (person: Person.ID, match: Match.ID)? {
        try await platform.store.read { [organization] db in
            try db.first(
                """
                SELECT m.id, m.participant_id FROM account a JOIN match m ON m.organization_id = a.organization_id
                    AND m.participant_id = a.person_id AND m.status = 'active'
                WHERE a.organization_id = \(organization) AND a.login_key = \(Account.key(part.login))
                ORDER BY m.started_at, m.id LIMIT 1
                """
            ) { (person: try $0["participant_id"], match: try $0["id"]) }
        }
    }

    private static let strengths = "I keep my word. Walking clears my head, and my brother picks up when I call."

    private static let goals: [(String, [String])] = [
        (
            "Leave the house more often",
            [
                "Look up when the library has its open hour", "Go once, and stay for ten minutes",
                "Say hello to one person there"
            ]
        ),
        (
            "Be asleep before midnight",
            ["Leave the phone in the kitchen at ten", "Put out tomorrow’s things before dinner"]
        )
    ]

    private static let story: [StorySheet.Part: String] = [
        .life: "It has been a long year, and most of it happened at home. Some days I talk to nobody until evening.",
        .unasked: "Money. I will bring it up myself.",
        .helped: "Short plans. People who do not give advice right away.",
        .wish: "When I go quiet I am not angry. Ask me once, then let it be.",
        .note: "Being alone a lot"
    ]
}
