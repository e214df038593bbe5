package import Crypto
import CryptoExtras
import Foundation

/// A public key as authenticators write it (RFC 9052, section 7), of one of the three kinds that passkeys use.
package enum COSEKey: Sendable {
    case es256(P256.Signing.PublicKey)
    case edDSA(Curve25519.Signing.PublicKey)
    /// Modulus and exponent.
    case rs256(n: [UInt8], e: [UInt8])

    /// COSE's numbers of the algorithms, the best first.
    package static let algorithms = [-7, -8, -257]

    /// - Throws: ``WebAuthnError/malformed``, or ``WebAuthnError/unsupported`` for another kind of key.
    package init(_ bytes: [UInt8]) throws(WebAuthnError) {
        try self.init(CBOR(bytes))
    }

    init(_ fields: CBOR) throws(WebAuthnError) {
        // Labels: 1 is the kind, 3 the algorithm; of curves -1 is the name, -2 and -3 the point; of RSA -1 and -2.
        guard case .map = fields, let kind = fields[.integer(1)]?.asInteger,
            let algorithm = fields[.integer(3)]?.asInteger
        else { throw .malformed }
        let first = fields[.integer(-1)]
        let (second, third) = (fields[.integer(-2)]?.asBytes, fields[.integer(-3)]?.asBytes)
        switch (kind, algorithm) {
        case (2, -7):
            guard first?.asInteger == 1, let x = second, let y = third, x.count == 32, y.count == 32,
                let key = try? P256.Signing.PublicKey(x963Representation: [4] + x + y)
            else { throw .malformed }
            self = .es256(key)
        case (1, -8):
            guard first?.asInteger == 6, let x = second, x.count == 32,
                let key = try? Curve25519.Signing.PublicKey(rawRepresentation: x)
            else { throw .malformed }
            self = .edDSA(key)
        case (3, -257):
            // Shorter keys are no longer safe, longer ones are none of an authenticator's.
            guard let n = first?.asBytes, let e = second, (256...512).contains(n.count), (1...4).contains(e.count),
                (try? _RSA.Signing.PublicKey(n: n, e: e)) != nil
            else { throw .malformed }
            self = .rs256(n: n, e: e)
        default: throw .unsupported
        }
    }

    var algorithm: Int64 {
        switch self {
        case .es256: -7
        case .edDSA: -8
        case .rs256: -257
        }
    }

    /// Whether `signature` is this key's, over `message`.
    package func verifies(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        switch self {
        case .es256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: message)
        case .edDSA(let key): return key.isValidSignature(signature, for: message)
        case .rs256(let n, let e):
            guard let key = try? _RSA.Signing.PublicKey(n: n, e: e) else { return false }
            let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
            return key.isValidSignature(signature, for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5)
        }
    }
}
