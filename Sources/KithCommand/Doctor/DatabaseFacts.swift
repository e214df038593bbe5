import Kith
import Storage

/// What `kith doctor` asks of a database. It changes nothing, and names nobody.
struct DatabaseFacts: Sendable {
    /// One organization, by its short name.
    struct House: Sendable, Equatable {
        let slug: String
        /// How many people can sign in and administer it.
        let administrators: Int
    }

    var engine: EngineFacts
    /// The steps it has not had yet.
    var pending: [String] = []
    /// Whether there is no Kith in it yet.
    var isNew = false
    var newestEvent: Instant?
    var houses: [House] = []
    /// When the newest backup was made that came back whole in a trial.
    var goodTrial: Instant?
    /// Why the last trial failed; nil where it went well, or where there was none.
    var failedTrial: String?
    /// The name of the master key that it was written with.
    var neededKey: String?

    init(engine: EngineFacts) { self.engine = engine }

    /// - Throws: ``OpenError`` for a database of a newer Kith.
    init(of store: Store, steps: [Migration]) async throws {
        var facts = DatabaseFacts(engine: try await store.facts())
        facts.pending = try await store.pendingMigrations(steps).map(\.id)
        facts.isNew = facts.pending.count == steps.count
        // What is asked below stands in tables that may not be there yet.
        guard facts.pending.isEmpty else {
            self = facts
            return
        }
        self = try await store.read { [facts] reader in
            var found = facts
            found.newestEvent = try reader.values(
                """
                SELECT (SELECT e.at FROM event e WHERE e.organization_id = o.id ORDER BY e.id DESC LIMIT 1)
                FROM organization o
                """, as: Instant?.self
            ).compactMap { $0 }.max()
            found.houses = try reader.all(
                """
                SELECT o.slug, (SELECT count(DISTINCT m.person_id) FROM membership m
                    JOIN account a ON a.organization_id = m.organization_id AND a.person_id = m.person_id
                    WHERE m.organization_id = o.id AND m.role = 'administrator' AND m.ended_at IS NULL
                    AND a.disabled_at IS NULL) AS administrators
                FROM organization o ORDER BY o.slug
                """
            ) { House(slug: try $0["slug"], administrators: try $0["administrators"]) }
            found.goodTrial = try reader.value(
                """
                SELECT made_at FROM backup_drill WHERE problem IS NULL AND made_at <> '' ORDER BY made_at DESC LIMIT 1
                """)
            found.failedTrial =
                try reader.value(
                    "SELECT problem FROM backup_drill ORDER BY id DESC LIMIT 1", as: String?.self) ?? nil
            found.neededKey = try Vault.needed(in: reader)
            return found
        }
    }
}
