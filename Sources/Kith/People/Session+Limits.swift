import Storage

extension Session {
    /// How long a session lasts.
    package struct Limits: Sendable, Equatable {
        /// Whatever is done in it.
        package var hours: Int
        /// Without anything done; nil where only its whole length counts.
        package var idleMinutes: Int?

        package init(hours: Int, idleMinutes: Int?) {
            self.hours = hours
            self.idleMinutes = idleMinutes
        }

        /// What holds at a computer that others use too, whatever somebody's roles allow.
        package static let shared = Limits(hours: 12, idleMinutes: 15)

        /// Those that satisfy both.
        func and(_ other: Limits) -> Limits {
            let idle = [idleMinutes, other.idleMinutes].compactMap(\.self).min()
            return Limits(hours: min(hours, other.hours), idleMinutes: idle)
        }
    }

    /// The strictest limits of the roles somebody has.
    static func limits(
        of person: Person.ID, in organization: Organization.ID, isShared: Bool, db: Reading
    ) throws -> Limits {
        let roles = try db.values(
            """
            SELECT DISTINCT role FROM membership
            WHERE organization_id = \(organization) AND person_id = \(person) AND ended_at IS NULL ORDER BY role
            """, as: Role.self)
        let rules = try SignInRule.all(of: organization, in: db)
        let found = rules.filter { roles.contains($0.role) }.map(\.limits)
        // Whoever has no role yet stays for as long as staff may.
        let usual = found.reduce(found.first ?? .shared) { $0.and($1) }
        return isShared ? usual.and(.shared) : usual
    }
}

extension SessionState {
    /// Writes down that something was done. No event: it happens every minute and says nothing.
    func noteSeen(at now: Instant, in writer: Writer) throws {
        try writer.run("UPDATE session SET seen_at = \(now) WHERE token_hash = \(tokenHash) AND ended_at IS NULL")
    }
}
