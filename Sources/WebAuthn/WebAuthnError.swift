/// Why a passkey was refused. For tests and the log; the person hears only that it did not work.
package enum WebAuthnError: Error, Hashable, Sendable {
    /// Bytes that no authenticator or browser writes.
    case malformed
    /// Made for the other ceremony: registering in place of signing in, or the reverse.
    case wrongType
    /// Not the challenge that this browser was given.
    case wrongChallenge
    /// On a page of another site.
    case wrongOrigin
    /// For another site.
    case wrongRelyingParty
    /// Nobody touched the authenticator.
    case notPresent
    /// The authenticator did not make sure who touched it, by finger, face or PIN.
    case notVerified
    /// A kind of key, or of statement about it, that this reader does not know.
    case unsupported
    case wrongSignature
    /// The authenticator's counter went back: there may be a copy of it.
    case counterRollback
}
