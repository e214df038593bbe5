/// What an authenticator says about itself and about what just happened (WebAuthn, section 6.1).
package struct AuthenticatorData: Sendable {
    package let relyingPartyHash: [UInt8]
    package let flags: UInt8
    package let counter: UInt32
    /// The new credential, where one was made.
    package let credential: (id: [UInt8], key: COSEKey, keyBytes: [UInt8])?

    package var isPresent: Bool { flags & 0x01 != 0 }
    package var isVerified: Bool { flags & 0x04 != 0 }

    /// - Throws: ``WebAuthnError/malformed`` or ``WebAuthnError/unsupported``. It never traps, whatever the bytes.
    package init(_ bytes: [UInt8]) throws(WebAuthnError) {
        guard bytes.count >= 37 else { throw .malformed }
        relyingPartyHash = Array(bytes[..<32])
        flags = bytes[32]
        counter = bytes[33..<37].reduce(0) { $0 << 8 | UInt32($1) }
        var rest = bytes[37...]
        if flags & 0x40 != 0 {
            // The model's number, then the length and the identifier of the credential, then its key.
            guard rest.count >= 18 else { throw .malformed }
            let start = rest.startIndex + 16
            let length = Int(rest[start]) << 8 | Int(rest[start + 1])
            rest = rest.dropFirst(18)
            guard (1...1_023).contains(length), rest.count > length else { throw .malformed }
            let id = Array(rest.prefix(length))
            rest = rest.dropFirst(length)
            let before = rest
            let fields = try CBOR(takingFrom: &rest)
            credential = (id, try COSEKey(fields), Array(before.prefix(before.count - rest.count)))
        } else {
            credential = nil
        }
        if flags & 0x80 != 0 {
            guard case .map = try CBOR(takingFrom: &rest) else { throw .malformed }
        }
        guard rest.isEmpty else { throw .malformed }
    }
}
