import CArgon2
import Dispatch

/// Passwords as argon2id hashes in PHC spelling, which names its own parameters, so that stronger ones can come later.
package enum Password {
    /// The shortest password where it is the only factor, in characters (NIST SP 800-63B-4).
    package static let shortest = 15
    /// The longest that is taken; far above the 64 that must be accepted.
    package static let longest = 256

    /// Memory in KiB, passes and lanes: the OWASP minimum for argon2id; about 65 ms on a small server.
    private static let memory: UInt32 = 19_456
    private static let passes: UInt32 = 2

    /// Hashing takes a core for a while. One at a time leaves the other for everybody else.
    private static let queue = DispatchQueue(label: "passwords", qos: .userInitiated)

    /// Hashes `password` with a fresh salt from `world`.
    package static func hash(_ password: String, in world: World) async throws -> String {
        let salt = world.randomBytes(16)
        return try await onQueue {
            let bytes = Array(password.utf8)
            let length = argon2_encodedlen(passes, memory, 1, UInt32(salt.count), 32, Argon2_id)
            var encoded = [CChar](repeating: 0, count: length)
            let code = argon2id_hash_encoded(
                passes, memory, 1, bytes, bytes.count, salt, salt.count, 32, &encoded, encoded.count)
            guard code == ARGON2_OK.rawValue else { throw Fault("argon2 answered \(code)") }
            return String(decoding: encoded.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// Whether `password` is the one behind `hash`. With no hash it takes as long and answers no, so that the time
    /// does not tell whether a sign-in name exists.
    package static func verify(_ password: String, against hash: String?) async throws -> Bool {
        try await onQueue {
            let bytes = Array(password.utf8)
            let matches = argon2id_verify(hash ?? decoy, bytes, bytes.count) == ARGON2_OK.rawValue
            return matches && hash != nil
        }
    }

    /// The hash of a random password, with the same cost as every other.
    private static let decoy =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$kT5Sog6i6oLSdn0aJPxJH7xaIyOEmQyDh5W8ZUkPyEs"

    private static func onQueue<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}
