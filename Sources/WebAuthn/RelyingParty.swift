import Crypto
import Foundation

/// A site that people sign in to with passkeys (Web Authentication, levels 2 and 3): checks what browsers send. It keeps
/// nothing; that a challenge is taken once, and that no two people have one credential, is for whoever asks it.
package struct RelyingParty: Sendable {
    /// The name of the host, which passkeys belong to.
    package let id: String
    /// Scheme, host and port of the pages, as browsers write it.
    package let origin: String

    package init(id: String, origin: String) {
        (self.id, self.origin) = (id, origin)
    }

    /// A passkey that was made.
    package struct Passkey: Sendable {
        package let id: [UInt8]
        /// The public key, in COSE's spelling.
        package let key: [UInt8]
        package let counter: UInt32

        package init(id: [UInt8], key: [UInt8], counter: UInt32) {
            (self.id, self.key, self.counter) = (id, key, counter)
        }
    }

    /// Takes a new passkey (section 7.1).
    /// - Parameters:
    ///   - client: the bytes of the browser's `clientDataJSON`.
    ///   - attestation: the bytes of the `attestationObject`; it may say nothing about the model, or be signed by the
    ///     new key itself.
    package func register(
        client: [UInt8], attestation: [UInt8], challenge: [UInt8]
    ) throws(WebAuthnError) -> Passkey {
        try check(client, type: "webauthn.create", challenge: challenge)
        let object = try CBOR(attestation)
        guard let format = object[.text("fmt")]?.asText, let statement = object[.text("attStmt")],
            let bytes = object[.text("authData")]?.asBytes
        else { throw .malformed }
        let data = try AuthenticatorData(bytes)
        try check(data)
        guard let credential = data.credential else { throw .malformed }
        switch format {
        case "none":
            guard statement == .map([:]) else { throw .malformed }
        case "packed":
            guard statement[.text("x5c")] == nil, let signature = statement[.text("sig")]?.asBytes,
                statement[.text("alg")]?.asInteger == credential.key.algorithm
            else { throw .unsupported }
            guard credential.key.verifies(signature, over: bytes + SHA256.hash(data: client)) else {
                throw .wrongSignature
            }
        default: throw .unsupported
        }
        return Passkey(id: credential.id, key: credential.keyBytes, counter: data.counter)
    }

    /// Takes a sign-in with a passkey that is known (section 7.2).
    /// - Parameters:
    ///   - authenticator: the bytes of the `authenticatorData`.
    ///   - passkey: as it was kept, with the counter of the last time.
    /// - Returns: the counter to keep.
    package func verify(
        client: [UInt8], authenticator: [UInt8], signature: [UInt8], challenge: [UInt8], with passkey: Passkey
    ) throws(WebAuthnError) -> UInt32 {
        try check(client, type: "webauthn.get", challenge: challenge)
        let data = try AuthenticatorData(authenticator)
        try check(data)
        let key = try COSEKey(passkey.key)
        guard key.verifies(signature, over: authenticator + SHA256.hash(data: client)) else { throw .wrongSignature }
        // Those that are kept in step between devices do not count, and always say zero.
        guard data.counter > passkey.counter || data.counter == 0 && passkey.counter == 0 else {
            throw .counterRollback
        }
        return data.counter
    }

    private struct Client: Decodable {
        let type: String
        let challenge: String
        let origin: String
        let crossOrigin: Bool?
    }

    private func check(_ client: [UInt8], type: String, challenge: [UInt8]) throws(WebAuthnError) {
        guard client.count <= 4_096, let said = try? JSONDecoder().decode(Client.self, from: Data(client)) else {
            throw .malformed
        }
        guard said.type == type else { throw .wrongType }
        guard let given = [UInt8](base64URL: said.challenge), given == challenge else { throw .wrongChallenge }
        guard said.origin == origin, said.crossOrigin != true else { throw .wrongOrigin }
    }

    private func check(_ data: AuthenticatorData) throws(WebAuthnError) {
        guard data.relyingPartyHash == Array(SHA256.hash(data: Array(id.utf8))) else { throw .wrongRelyingParty }
        guard data.isPresent else { throw .notPresent }
        guard data.isVerified else { throw .notVerified }
    }
}

extension [UInt8] {
    /// Reads the URL-safe alphabet of RFC 4648, section 5, without padding; nil for anything else.
    package init?(base64URL text: String) {
        var values: [UInt8] = []
        var (held, bits) = (0, 0)
        for byte in text.utf8 {
            let value: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - 65
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - 71
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte + 4
            case UInt8(ascii: "-"): value = 62
            case UInt8(ascii: "_"): value = 63
            default: return nil
            }
            (held, bits) = (held << 6 | Int(value), bits + 6)
            if bits >= 8 {
                bits -= 8
                values.append(UInt8(held >> bits & 255))
                held &= (1 << bits) - 1
            }
        }
        // One letter alone is no byte, and what is left over must be nothing.
        guard bits < 6, held == 0 else { return nil }
        self = values
    }
}

/// Every parser of this target on the same bytes, for tests that throw anything at them: it must come back.
package enum WebAuthnParsers {
    package static func readAll(_ bytes: [UInt8]) {
        _ = try? CBOR(bytes)
        _ = try? COSEKey(bytes)
        _ = try? AuthenticatorData(bytes)
        let site = RelyingParty(id: "localhost", origin: "http://localhost")
        _ = try? site.register(client: bytes, attestation: bytes, challenge: [])
        let client = Array(#"{"type":"webauthn.create","challenge":"","origin":"http://localhost"}"#.utf8)
        _ = try? site.register(client: client, attestation: bytes, challenge: [])
    }
}
