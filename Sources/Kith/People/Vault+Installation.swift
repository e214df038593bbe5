import Storage

/// Which master key a database was last written with stands in the database, by its name: so a start with another key
/// ends at once, and not at the first text that cannot be opened.
extension Vault {
    /// The name of the key that a database needs; nil when nothing was written yet.
    package static func needed(in reader: Reader) throws -> String? {
        try reader.value("SELECT secret FROM installation_key WHERE name = 'master-key-name'")
    }

    /// Notes the newest key in a new database; in any other, sees that the one it needs is here.
    func check(in writer: Writer) throws {
        guard let newest = keys.first else { throw OpenError("There is no master key to keep people's texts with.") }
        guard let needed = try Self.needed(in: writer) else {
            try note(newest, in: writer)
            return
        }
        guard keys.contains(where: { $0.name == needed }) else {
            throw OpenError(
                "The database was written with the master key \(needed), and the one given is \(newest.name). "
                    + "Bring back the key file that belongs to it; without it, nobody can read what people wrote.")
        }
    }

    /// Unwraps every key of people, and throws at the first that does not open.
    /// - Returns: how many there are.
    func openEveryKey(in reader: Reader) throws -> Int {
        let found = try reader.all("SELECT person_id, wrapped FROM person_key WHERE wrapped IS NOT NULL") { row in
            try unwrap(row["wrapped"], of: row["person_id"])
        }
        return found.count
    }

    /// The key that signs checkpoints is wrapped like those of people.
    private func rewrapSigner(in writer: Writer) throws {
        let name = "audit-signer"
        guard
            let wrapped = try writer.value("SELECT secret FROM installation_key WHERE name = \(name)", as: String.self)
        else { return }
        try writer.run(
            "UPDATE installation_key SET secret = \(wrap(unwrap(wrapped, of: name), of: name)) WHERE name = \(name)")
    }

    private func note(_ key: MasterKey, in writer: Writer) throws {
        try writer.run(
            """
            INSERT INTO installation_key (name, secret) VALUES ('master-key-name', \(key.name))
            ON CONFLICT (name) DO UPDATE SET secret = excluded.secret
            """)
    }

    /// Wraps up to `limit` keys of people by the newest master key that an older one wraps now.
    /// - Returns: how many there were; fewer than `limit` when none is left.
    package func rewrap(limit: Int = 1_000, in store: Store) async throws -> Int {
        try await store.write { [self] writer in
            guard let newest = keys.first else { throw Fault("there is no master key") }
            let old = try writer.all(
                """
                SELECT organization_id, person_id, wrapped FROM person_key
                WHERE wrapped IS NOT NULL AND wrapped NOT LIKE \(newest.name + ".%") LIMIT \(limit)
                """
            ) { row in
                (
                    organization: try row["organization_id"] as String, person: try row["person_id"] as String,
                    wrapped: try row["wrapped"] as String
                )
            }
            for item in old {
                let key = try unwrap(item.wrapped, of: item.person)
                try writer.run(
                    """
                    UPDATE person_key SET wrapped = \(wrap(key, of: item.person))
                    WHERE organization_id = \(item.organization) AND person_id = \(item.person)
                    AND wrapped = \(item.wrapped)
                    """)
            }
            try rewrapSigner(in: writer)
            try note(newest, in: writer)
            return old.count
        }
    }
}
