import Kith
import Storage
import Synchronization

extension Village {
    /// Gives somebody a password to sign in with: their sign-in name is their first name at their house,
    /// `ben@riverside.example`.
    package func give(_ neighbor: Neighbor, password: String) async throws {
        let hash = try await Hashes.of(password, in: platform.world)
        try await platform.store.write { writer in
            try writer.run("UPDATE account SET password = \(hash) WHERE person_id = \(neighbor.id)")
        }
    }

    /// Signs somebody in, as the sign-in page does, and returns their session.
    package func session(
        of neighbor: Neighbor, in house: House? = nil, isShared: Bool = false
    ) async throws -> Secret {
        let secret = platform.world.newSecret()
        let door = Session.Door(
            organization: (house ?? riverside).organization, person: neighbor.id, hash: "none")
        try await platform.write(as: .nobody, access: .anyone) {
            _ = try Session.open(for: door, secret: secret, isShared: isShared, in: $0)
        }
        return secret
    }

    /// Opens somebody's session again that ended when a role was given to them or taken away, for tests about what the
    /// role means.
    package func signBackIn(_ neighbor: Neighbor) async throws {
        try await platform.store.write { writer in
            try writer.run("UPDATE session SET ended_at = NULL WHERE token_hash = \(neighbor.session.hash)")
        }
    }
}

/// Hashes are slow by intent, and wait for each other: those that many tests share are made once.
private enum Hashes {
    private static let made = Mutex<[String: Task<String, any Error>]>([:])

    static func of(_ password: String, in world: World) async throws -> String {
        let making = made.withLock { made in
            let task = made[password] ?? Task { try await Password.hash(password, in: world) }
            made[password] = task
            return task
        }
        return try await making.value
    }
}
