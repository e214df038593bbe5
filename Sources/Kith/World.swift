import Crypto
import Foundation

/// The outside as closures: time, identifiers, randomness. A test states everything it lets happen, and a program
/// year can be replayed from a seed.
package struct World: Sendable {
    package var now: @Sendable () -> Instant
    /// A fresh UUIDv7.
    package var newIdentifier: @Sendable () -> String
    /// So many bytes that nobody can guess.
    package var randomBytes: @Sendable (Int) -> [UInt8]
    /// Signs links that work without an account. Kept in the database, made at its first opening.
    package var linkKey = Secret([])
    /// Wraps the keys of people's texts.
    package var vault = Vault()
    /// The channels on which something can be sent from here; without any, nothing is put in the outbox.
    package var carries: Set<ContactChannel.Kind> = []
    /// What meetings by video stand on, beside this program.
    package var video = VideoServers()
    /// The calling code of telephone numbers that name no country.
    package var countryCode = "1"
    /// How text messages that people send come in; nil where none do.
    package var textDesk: TextDesk?

    package init(
        now: @escaping @Sendable () -> Instant, newIdentifier: @escaping @Sendable () -> String,
        randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.now = now
        self.newIdentifier = newIdentifier
        self.randomBytes = randomBytes
    }

    /// The real world.
    package static func real() -> World {
        let now: @Sendable () -> Instant = {
            Instant(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
        }
        let random: @Sendable (Int) -> [UInt8] = { count in
            // Eight bytes at a time: each number is a call to the system.
            var generator = SystemRandomNumberGenerator()
            var bytes: [UInt8] = []
            bytes.reserveCapacity(count + 8)
            while bytes.count < count { withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) } }
            return Array(bytes.prefix(count))
        }
        return World(now: now, newIdentifier: { Self.identifier(at: now(), random(10)) }, randomBytes: random)
    }

    /// A UUIDv7 (RFC 9562, section 5.7) of a moment and ten random bytes.
    package static func identifier(at instant: Instant, _ random: [UInt8]) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        for index in 0..<6 { bytes[index] = UInt8(truncatingIfNeeded: instant.milliseconds >> (40 - 8 * index)) }
        for index in 0..<10 { bytes[6 + index] = index < random.count ? random[index] : 0 }
        bytes[6] = bytes[6] & 0x0f | 0x70
        bytes[8] = bytes[8] & 0x3f | 0x80
        var text: [UInt8] = []
        text.reserveCapacity(36)
        let digits = Array("0123456789abcdef".utf8)
        for (index, byte) in bytes.enumerated() {
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A secret of 256 bits in URL-safe letters: for sessions, links, tokens.
    package func newSecret() -> Secret { Secret(randomBytes(32)) }
}

/// A secret as its owner holds it. The database only ever sees its hash.
package struct Secret: Sendable, Equatable {
    package let text: String

    package init(_ bytes: [UInt8]) {
        text = Data(bytes).base64EncodedString(options: [.base64URLAlphabet, .omitPaddingCharacter])
    }

    /// Takes a secret as somebody presents it.
    package init(presented text: String) {
        self.text = text
    }

    /// SHA-256 in hexadecimal: what is stored and compared.
    package var hash: String {
        let digits = Array("0123456789abcdef".utf8)
        var hexadecimal: [UInt8] = []
        hexadecimal.reserveCapacity(64)
        for byte in SHA256.hash(data: Array(text.utf8)) {
            hexadecimal.append(digits[Int(byte >> 4)])
            hexadecimal.append(digits[Int(byte & 15)])
        }
        return String(decoding: hexadecimal, as: UTF8.self)
    }

    /// Compares without telling by its time how much was right.
    package func matches(_ other: String) -> Bool {
        let (mine, theirs) = (Array(text.utf8), Array(other.utf8))
        guard mine.count == theirs.count else { return false }
        return zip(mine, theirs).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// A second secret that only the owner of this one can know, bound to a purpose: the form token of a session.
    package func derived(for purpose: String) -> Secret {
        let key = SymmetricKey(data: Data(text.utf8))
        return Secret(Array(HMAC<SHA256>.authenticationCode(for: Data(purpose.utf8), using: key)))
    }
}
