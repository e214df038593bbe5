import CArgon2
import Dispatch
import Synchronization

/// Passwords as argon2id hashes in PHC spelling, which names its own parameters, so that stronger ones can come later.
package enum Password {
    /// The shortest password where it is the only factor, in Unicode code points (NIST SP 800-63B-4).
    package static let shortest = 15
    /// The longest that is taken; far above the 64 that must be accepted.
    package static let longest = 256

    /// Memory in KiB, passes and lanes: the OWASP minimum for argon2id; about 65 ms on a small server.
    private static let memory: UInt32 = 19_456
    private static let passes: UInt32 = 2

    /// Hashes `password` with a fresh salt from `world`.
    /// - Throws: ``Problem/tooMany`` when too many wait for theirs.
    package static func hash(_ password: String, in world: World, on desk: Desk = .shared) async throws -> String {
        let salt = world.randomBytes(16)
        return try await desk.work(isFamiliar: true) {
            let bytes = Array(prepared(password).utf8)
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
    /// - Parameter isFamiliar: whether it comes from where its owner signed in before; then more may wait before it.
    /// - Throws: ``Problem/tooMany`` when too many wait for theirs.
    package static func verify(
        _ password: String, against hash: String?, isFamiliar: Bool = false, on desk: Desk = .shared
    ) async throws -> Bool {
        try await desk.work(isFamiliar: isFamiliar) {
            let bytes = Array(prepared(password).utf8)
            let matches = argon2id_verify(hash ?? decoy, bytes, bytes.count) == ARGON2_OK.rawValue
            return matches && hash != nil
        }
    }

    /// The hash of a random password, with the same cost as every other.
    private static let decoy =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$kT5Sog6i6oLSdn0aJPxJH7xaIyOEmQyDh5W8ZUkPyEs"

    /// Where hashes are made. Each takes a core for a while: one at a time leaves the other for everybody else. Only so
    /// many may wait, for an answer that comes too late is worth nothing; the second half of the places is kept for
    /// people who signed in from where they are before, so that strangers cannot take them all.
    package final class Desk: Sendable {
        package static let shared = Desk(places: 64)

        private let places: Int
        private let waiting = Mutex(0)
        private let queue = DispatchQueue(label: "passwords", qos: .userInitiated)

        package init(places: Int) { self.places = places }

        fileprivate func work<T: Sendable>(
            isFamiliar: Bool, _ work: @escaping @Sendable () throws -> T
        ) async throws -> T {
            let open = isFamiliar ? places : places / 2
            let hasPlace = waiting.withLock { waiting in
                guard waiting < open else { return false }
                waiting += 1
                return true
            }
            guard hasPlace else { throw Problem.tooMany }
            defer { waiting.withLock { $0 -= 1 } }
            return try await withCheckedThrowingContinuation { continuation in
                queue.async { continuation.resume(with: Result(catching: work)) }
            }
        }
    }
}
