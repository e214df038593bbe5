import Storage

/// What an organization asks of everybody who has a role: how long they stay signed in, and whether a password alone
/// will do.
package struct SignInRule: Sendable, Equatable {
    package let role: Role
    package var limits: Session.Limits
    /// Whether they need a code from their phone, or a passkey, besides their password.
    package var needsSecondFactor: Bool

    package init(_ role: Role, limits: Session.Limits, needsSecondFactor: Bool) {
        self.role = role
        self.limits = limits
        self.needsSecondFactor = needsSecondFactor
    }

    /// What holds where an organization has said nothing: who sees other people's records is signed out when they leave
    /// their desk, everybody else stays signed in on their own phone.
    package static func usual(for role: Role) -> SignInRule {
        switch role {
        case .participant, .supporter:
            SignInRule(role, limits: .init(hours: 30 * 24, idleMinutes: nil), needsSecondFactor: false)
        case .coordinator, .supervisor, .administrator, .referrer:
            SignInRule(role, limits: .init(hours: 12, idleMinutes: 15), needsSecondFactor: false)
        }
    }

    /// The rules of an organization, one for each role.
    package static func all(of organization: Organization.ID, in db: Reading) throws -> [SignInRule] {
        let said = try db.all(
            """
            SELECT role, lasting_hours, idle_minutes, second_factor FROM sign_in_rule
            WHERE organization_id = \(organization) ORDER BY role
            """
        ) {
            SignInRule(
                try $0["role"], limits: .init(hours: try $0["lasting_hours"], idleMinutes: try $0["idle_minutes"]),
                needsSecondFactor: try $0["second_factor"])
        }
        return Role.allCases.map { role in said.first { $0.role == role } ?? usual(for: role) }
    }

    /// Sets the rule for a role. How long somebody may stay counts from their next sign-in.
    /// - Throws: ``Problem/notAllowed`` unless the program itself asks; ``Problem/invalid(_:)`` for limits that nobody
    ///   could work with.
    package static func set(_ rule: SignInRule, in db: Writing) throws {
        guard db.actor.kind == .system else { throw Problem.notAllowed }
        let (hours, idle) = (rule.limits.hours, rule.limits.idleMinutes)
        guard (1...2_160).contains(hours) else { throw Problem.invalid("hours", "not-a-choice") }
        guard idle.map({ (5...1_440).contains($0) }) ?? true else { throw Problem.invalid("idle", "not-a-choice") }
        try db.run(
            """
            INSERT INTO sign_in_rule (organization_id, role, lasting_hours, idle_minutes, second_factor, changed_by,
                changed_at)
            VALUES (\(db.organization), \(rule.role), \(hours), \(idle), \(rule.needsSecondFactor),
                \(db.actor.logName), \(db.now))
            ON CONFLICT (organization_id, role) DO UPDATE SET lasting_hours = excluded.lasting_hours,
                idle_minutes = excluded.idle_minutes, second_factor = excluded.second_factor,
                changed_by = excluded.changed_by, changed_at = excluded.changed_at
            """)
        let details = [
            "role": rule.role.rawValue, "hours": "\(hours)", "idle": idle.map { "\($0)" } ?? "none",
            "second-factor": rule.needsSecondFactor ? "yes" : "no"
        ]
        db.record(Event(.signInRuleSet, details))
    }
}
