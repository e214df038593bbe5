import Foundation
import Storage
import WebAuthn

/// What a passkey signs, so that nothing it signed before is of any use: made for one purpose and one browser, good for
/// a few minutes, and taken once. It proves itself, so only those that were taken are remembered.
enum Challenge {
    enum Purpose: String, Sendable {
        case register, signIn, proof
    }

    /// For how many minutes somebody may look for their key.
    static let minutes = 5

    /// - Parameter binder: a secret that only this browser holds.
    static func make(for purpose: Purpose, of binder: Secret, in world: World) -> [UInt8] {
        let expires = world.now().adding(minutes: minutes).milliseconds
        let head = (0..<8).reversed().map { UInt8(truncatingIfNeeded: expires >> ($0 * 8)) } + world.randomBytes(16)
        return head + seal(head, purpose, binder, world)
    }

    /// The challenge that a browser says was signed, if it is one of ours, for this browser, in time and not taken yet.
    /// - Throws: ``WebAuthnError/wrongChallenge``
    static func take(
        from client: [UInt8], for purpose: Purpose, of binder: Secret, in db: Writing
    ) throws -> [UInt8] {
        struct Client: Decodable { let challenge: String }
        guard let said = try? JSONDecoder().decode(Client.self, from: Data(client)),
            let challenge = [UInt8](base64URL: said.challenge), challenge.count > 24
        else { throw WebAuthnError.wrongChallenge }
        let head = Array(challenge[..<24])
        let expires = Instant(milliseconds: head[..<8].reduce(0) { $0 << 8 | Int64($1) })
        guard Secret(seal(head, purpose, binder, db.world)).matches(Array(challenge[24...]).base64URL),
            db.now < expires
        else { throw WebAuthnError.wrongChallenge }
        try db.run("DELETE FROM taken_challenge WHERE expires_at <= \(db.now)")
        let taken = try db.run(
            """
            INSERT INTO taken_challenge (hash, expires_at) VALUES (\(Secret(challenge).hash), \(expires))
            ON CONFLICT (hash) DO NOTHING
            """)
        guard taken > 0 else { throw WebAuthnError.wrongChallenge }
        return challenge
    }

    private static func seal(_ head: [UInt8], _ purpose: Purpose, _ binder: Secret, _ world: World) -> [UInt8] {
        let text = "passkey|\(purpose.rawValue)|\(binder.hash)|\(head.base64URL)"
        return [UInt8](base64URL: world.linkKey.derived(for: text).text) ?? []
    }
}
