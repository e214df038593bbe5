import Crypto
import Foundation
import Storage

/// The seal of a log's last page, signed: small enough to keep in many places. Whoever holds one can tell later
/// whether the log was written anew or cut off before it.
package struct Checkpoint: Codable, Sendable, Equatable {
    package let organization: String
    /// The number of the page, and so how many there were.
    package let page: Int
    package let hash: String
    package let sealedAt: String
    /// The installation's public key (Ed25519), in base64.
    package let key: String
    /// Over ``signed``, in base64.
    package let signature: String

    init(_ page: AuditPage, of organization: Organization.ID, signedWith key: Curve25519.Signing.PrivateKey) throws {
        self.organization = organization.text
        self.page = page.number
        hash = page.hash
        sealedAt = page.sealedAt.description
        self.key = key.publicKey.rawRepresentation.base64EncodedString()
        let text = Self.signed(self.organization, self.page, hash, sealedAt)
        signature = try key.signature(for: text).base64EncodedString()
    }

    /// Whether the signature is the one of the key that stands with it.
    package var isGenuine: Bool {
        guard let key = Data(base64Encoded: key), let signature = Data(base64Encoded: signature),
            let publicKey = try? Curve25519.Signing.PublicKey(rawRepresentation: key)
        else { return false }
        return publicKey.isValidSignature(signature, for: Self.signed(organization, page, hash, sealedAt))
    }

    /// Five lines, each ended by a line feed.
    private static func signed(_ organization: String, _ page: Int, _ hash: String, _ sealedAt: String) -> Data {
        Data("kith audit checkpoint\n\(organization)\n\(page)\n\(hash)\n\(sealedAt)\n".utf8)
    }
}

extension Platform {
    /// The seal of an organization's last page, signed; nil when nothing was recorded yet. Seals first.
    package func checkpoint(of organization: Organization.ID) async throws -> Checkpoint? {
        unsealed.note(organization)
        try await seal()
        let world = world
        return try await store.write { writer in
            let page = try writer.first(
                "SELECT * FROM audit_page WHERE organization_id = \(organization) ORDER BY number DESC LIMIT 1",
                AuditPage.init(row:))
            return try page.map { try Checkpoint($0, of: organization, signedWith: Audit.signer(in: writer, world)) }
        }
    }

    /// Reads an organization's whole log again. Seals what is loose first.
    package func verifyAudit(
        of organization: Organization.ID, against checkpoints: [Checkpoint] = []
    ) async throws -> Audit.Findings {
        unsealed.note(organization)
        try await seal()
        let known = checkpoints.filter { $0.organization == organization.text }.map { ($0.page, $0.hash) }
        return try await store.read {
            try Audit.verify(organization, against: Dictionary(known, uniquingKeysWith: { $1 }), in: $0)
        }
    }
}

extension Writing {
    /// Signs what the installation vouches for.
    func auditSigner() throws -> Curve25519.Signing.PrivateKey { try Audit.signer(in: writer, world) }
}

extension Audit {
    /// The key that signs checkpoints, made at first use and kept wrapped like the keys of people.
    static func signer(in writer: Writer, _ world: World) throws -> Curve25519.Signing.PrivateKey {
        let name = "audit-signer"
        if let wrapped = try writer.value("SELECT secret FROM installation_key WHERE name = \(name)", as: String.self) {
            let key = try world.vault.unwrap(wrapped, of: name)
            return try Curve25519.Signing.PrivateKey(rawRepresentation: key.withUnsafeBytes { Array($0) })
        }
        let fresh = SymmetricKey(data: world.randomBytes(32))
        try writer.run(
            """
            INSERT INTO installation_key (name, secret) VALUES (\(name), \(world.vault.wrap(fresh, of: name)))
            """)
        return try Curve25519.Signing.PrivateKey(rawRepresentation: fresh.withUnsafeBytes { Array($0) })
    }
}
