import Foundation
import Testing
import WebAuthn

/// Passkeys of each kind as another implementation writes them; see `scripts/passkey-vectors`.
struct Vector: Decodable, Sendable, CustomTestStringConvertible {
    struct Registration: Decodable, Sendable {
        let client: String
        let attestation: String
    }

    struct Assertion: Decodable, Sendable {
        let client: String
        let authenticator: String
        let signature: String
    }

    let algorithm: String
    let key: String
    let registrations: [String: Registration]
    let assertions: [String: Assertion]

    var testDescription: String { algorithm }

    static let all: [Vector] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "vectors.json")
        return (try? JSONDecoder().decode([Vector].self, from: Data(contentsOf: file))) ?? []
    }()
}

func bytes(_ text: String) throws -> [UInt8] { try #require([UInt8](base64URL: text)) }

@Suite("A site that people sign in to with passkeys")
struct RelyingPartyTests {
    private let site = RelyingParty(id: "support.example", origin: "https://support.example")
    private let toRegister = Array("a challenge to register with".utf8)
    private let toSignIn = Array("a challenge to sign in with".utf8)

    private func register(
        _ vector: Vector, _ form: String, at site: RelyingParty? = nil, challenge: [UInt8]? = nil
    ) throws -> RelyingParty.Passkey {
        let sent = try #require(vector.registrations[form])
        return try (site ?? self.site).register(
            client: bytes(sent.client), attestation: bytes(sent.attestation), challenge: challenge ?? toRegister)
    }

    private func verify(
        _ vector: Vector, _ name: String, counter: UInt32 = 6, at site: RelyingParty? = nil
    ) throws -> UInt32 {
        let sent = try #require(vector.assertions[name])
        let passkey = RelyingParty.Passkey(id: [], key: try bytes(vector.key), counter: counter)
        return try (site ?? self.site).verify(
            client: bytes(sent.client), authenticator: bytes(sent.authenticator), signature: bytes(sent.signature),
            challenge: toSignIn, with: passkey)
    }

    @Test("There are three kinds of keys")
    func kinds() {
        #expect(Vector.all.map(\.algorithm) == ["ES256", "EdDSA", "RS256"])
    }

    @Test("A new passkey is taken, with or without words about its model", arguments: Vector.all)
    func registering(vector: Vector) throws {
        for form in ["none", "packed", "extensions"] {
            let passkey = try register(vector, form)
            #expect(passkey.id == Array("credential \(vector.algorithm)".utf8) && passkey.counter == 0)
            #expect(passkey.key == (try bytes(vector.key)))
        }
    }

    @Test("A new passkey is refused for another challenge, page or site, and unverified", arguments: Vector.all)
    func refusing(vector: Vector) throws {
        #expect(throws: WebAuthnError.wrongChallenge) { try register(vector, "none", challenge: toSignIn) }
        #expect(throws: WebAuthnError.notVerified) { try register(vector, "unverified") }
        let elsewhere = RelyingParty(id: "support.example", origin: "https://support.example:8443")
        #expect(throws: WebAuthnError.wrongOrigin) { try register(vector, "none", at: elsewhere) }
        let other = RelyingParty(id: "example", origin: "https://support.example")
        #expect(throws: WebAuthnError.wrongRelyingParty) { try register(vector, "none", at: other) }
        // A statement that is not the key's own.
        let own = try #require(vector.registrations["packed"])
        var changed = try bytes(own.attestation)
        let place = try #require(changed.firstRange(of: Array("credential".utf8))).lowerBound
        changed[place] ^= 1
        let sent = changed
        #expect(throws: WebAuthnError.wrongSignature) {
            try site.register(client: bytes(own.client), attestation: sent, challenge: toRegister)
        }
    }

    @Test("Signing in: only the good case passes", arguments: Vector.all)
    func signingIn(vector: Vector) throws {
        #expect(try verify(vector, "right") == 7)
        let faults: [(String, WebAuthnError)] = [
            ("unverified", .notVerified), ("absent", .notPresent), ("other site", .wrongRelyingParty),
            ("other origin", .wrongOrigin), ("in a frame", .wrongOrigin), ("other type", .wrongType),
            ("other challenge", .wrongChallenge)
        ]
        for (name, error) in faults { #expect(throws: error, "\(name)") { try verify(vector, name) } }
        #expect(Set(faults.map(\.0) + ["right", "uncounted"]) == Set(vector.assertions.keys), "each is looked at")
    }

    @Test("A counter never goes back, and may stay at nothing", arguments: Vector.all)
    func counter(vector: Vector) throws {
        for last: UInt32 in [7, 8, .max] {
            #expect(throws: WebAuthnError.counterRollback) { try verify(vector, "right", counter: last) }
        }
        #expect(try verify(vector, "uncounted", counter: 0) == 0)
        #expect(throws: WebAuthnError.counterRollback) { try verify(vector, "uncounted", counter: 1) }
    }

    @Test("Every bit of what is signed counts", arguments: Vector.all)
    func everyBit(vector: Vector) throws {
        let sent = try #require(vector.assertions["right"])
        let (client, authenticator) = (try bytes(sent.client), try bytes(sent.authenticator))
        let signature = try bytes(sent.signature)
        let passkey = RelyingParty.Passkey(id: [], key: try bytes(vector.key), counter: 6)
        for index in 0..<signature.count {
            var forged = signature
            forged[index] ^= 1
            #expect(throws: WebAuthnError.self) {
                try site.verify(
                    client: client, authenticator: authenticator, signature: forged, challenge: toSignIn, with: passkey)
            }
        }
        for index in 0..<authenticator.count {
            var forged = authenticator
            forged[index] ^= 0x10
            #expect(throws: WebAuthnError.self) {
                try site.verify(
                    client: client, authenticator: forged, signature: signature, challenge: toSignIn, with: passkey)
            }
        }
        for other in Vector.all where other.algorithm != vector.algorithm {
            let stranger = RelyingParty.Passkey(id: [], key: try bytes(other.key), counter: 6)
            #expect(throws: WebAuthnError.wrongSignature) {
                try site.verify(
                    client: client, authenticator: authenticator, signature: signature, challenge: toSignIn,
                    with: stranger)
            }
        }
    }
}
