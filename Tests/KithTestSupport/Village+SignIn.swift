import Kith
import Storage

extension Village {
    /// Gives somebody a password to sign in with: their sign-in name is their first name at their house,
    /// `ben@riverside.example`.
    package func give(_ neighbor: Neighbor, password: String) async throws {
        let hash = try await Password.hash(password, in: platform.world)
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
