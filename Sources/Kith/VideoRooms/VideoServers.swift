import Crypto
import Foundation

/// What an operator set up for meetings by video, beside Kith itself. Nothing of it is needed for a room: without a relay
/// two browsers that cannot reach each other stay silent, and nobody can hide their address from the others.
package struct VideoServers: Sendable, Equatable {
    /// A TURN server that passes on what browsers say to each other, so that neither learns the other's address.
    package struct Relay: Sendable, Equatable {
        /// `turn:turn.example.org:3478`, `turns:turn.example.org:5349?transport=tcp`
        package let addresses: [String]
        /// The server's `static-auth-secret`.
        let secret: String

        package init(_ addresses: [String], secret: String) { (self.addresses, self.secret) = (addresses, secret) }

        /// A name and password for one place in one room, by the TURN REST scheme (draft-uberti-behave-turn-rest-00):
        /// the relay checks them by itself and lets nobody in with them once they are over.
        /// - Parameter id: tells the relay nothing of who it is.
        package func credentials(for id: String, until expires: Instant) -> (username: String, password: String) {
            let username = "\(expires.milliseconds / 1_000):\(id)"
            let code = HMAC<Insecure.SHA1>.authenticationCode(
                for: Data(username.utf8), using: SymmetricKey(data: Data(secret.utf8)))
            return (username, Data(code).base64EncodedString())
        }
    }

    package var relay: Relay?
    /// STUN servers, which tell a browser its own address: `stun:turn.example.org:3478`.
    package var finders: [String] = []
    package var jitsi: Jitsi?

    package init() {}

    /// Whether a meeting's link is one that Kith gives each person a token of their own for.
    package func signs(_ address: String?) -> Bool { address.flatMap { jitsi?.room(at: $0) } != nil }
}

/// A Jitsi server for meetings of more people than a room of Kith's own takes. It lets in whoever brings a token.
package struct Jitsi: Sendable, Equatable {
    /// `https://meet.example.org`, without a slash at its end.
    package let address: String
    /// Its `app_id`.
    let app: String
    /// Its `app_secret`.
    let secret: String

    package init(_ address: String, app: String, secret: String) {
        (self.address, self.app, self.secret) = (address, app, secret)
    }

    /// For how long a token opens a door; whoever is in stays in.
    static let seconds = 120

    /// The name of the room that an address leads to; nil for an address elsewhere.
    func room(at address: String) -> String? {
        guard address.hasPrefix(self.address + "/") else { return nil }
        let name = address.dropFirst(self.address.count + 1).prefix { $0 != "?" && $0 != "#" }
        return name.isEmpty || name.contains("/") ? nil : String(name)
    }

    /// The address of a room with a token for one person: who they are called there, and whether they lead.
    /// - Returns: nil for an address elsewhere.
    package func link(_ address: String, for name: String, leads: Bool, at now: Instant) throws -> String? {
        guard let room = room(at: address) else { return nil }
        return try "\(self.address)/\(room)?jwt=\(token(room, for: name, leads: leads, at: now))"
    }

    private struct Claims: Encodable {
        struct Context: Encodable { let user: User }
        struct User: Encodable {
            let name: String
            let moderator: Bool
            /// What `mod_token_affiliation` goes by.
            let affiliation: String
        }
        let aud = "jitsi"
        let iss: String
        let sub: String
        let room: String
        let nbf: Int64
        let exp: Int64
        let moderator: Bool
        let context: Context
    }

    /// A JSON Web Token (RFC 7519), signed by HMAC with SHA-256.
    func token(_ room: String, for name: String, leads: Bool, at now: Instant) throws -> String {
        let seconds = now.milliseconds / 1_000
        let host = String(address.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != ":" && $0 != "/" })
        let claims = Claims(
            iss: app, sub: host, room: room.removingPercentEncoding ?? room, nbf: seconds - 10,
            exp: seconds + Int64(Self.seconds), moderator: leads,
            context: .init(user: .init(name: name, moderator: leads, affiliation: leads ? "owner" : "member")))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let parts = [Data(#"{"alg":"HS256","typ":"JWT"}"#.utf8), try encoder.encode(claims)]
        let text = parts.map { Secret(Array($0)).text }.joined(separator: ".")
        let key = SymmetricKey(data: Data(secret.utf8))
        return text + "." + Secret(Array(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key))).text
    }
}
