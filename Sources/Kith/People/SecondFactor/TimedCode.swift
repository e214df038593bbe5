import Crypto
import Foundation

/// One-time codes that a phone shows: TOTP (RFC 6238) over HOTP (RFC 4226), as every authenticator app knows them, with
/// SHA-1, six digits and thirty seconds.
package enum TimedCode {
    /// For how many seconds a code is shown.
    package static let seconds = 30
    package static let digits = 6

    /// The number of the code shown at a moment.
    package static func step(at moment: Instant) -> Int { Int(moment.milliseconds / 1_000) / seconds }

    /// The code with a number (RFC 4226, section 5.3).
    package static func code(_ secret: [UInt8], step: Int, digits: Int = TimedCode.digits) -> String {
        let counter = (0..<8).reversed().map { UInt8(truncatingIfNeeded: step >> ($0 * 8)) }
        let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let start = Int(mac[19] & 15)
        let number = mac[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } & 0x7fff_ffff
        let text = String(number % (0..<digits).reduce(1) { all, _ in all * 10 })
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// The number of the code that was typed, if it is the one shown now, just before or just after: clocks differ.
    /// - Parameter last: the number of the last code that was taken; no code is taken twice.
    package static func match(_ typed: String, _ secret: [UInt8], at now: Instant, after last: Int?) -> Int? {
        let now = step(at: now)
        var found: Int?
        // All three are looked at, so that the time does not tell which it was.
        for step in [now - 1, now, now + 1] {
            let isRight = Secret(presented: code(secret, step: step)).matches(typed)
            if isRight, last.map({ step > $0 }) ?? true { found = step }
        }
        return found
    }

    /// The address in which apps take over a secret, by camera or by hand.
    package static func address(_ secret: [UInt8], issuer: String, account: String) -> String {
        func encoded(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        }
        let label = "\(encoded(issuer)):\(encoded(account))"
        return "otpauth://totp/\(label)?secret=\(base32(secret))&issuer=\(encoded(issuer))"
    }

    /// RFC 4648, section 6, without padding.
    package static func base32(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        var (text, held, bits) = ([UInt8](), 0, 0)
        for byte in bytes {
            (held, bits) = (held << 8 | Int(byte), bits + 8)
            while bits >= 5 {
                bits -= 5
                text.append(letters[held >> bits & 31])
            }
            held &= (1 << bits) - 1
        }
        if bits > 0 { text.append(letters[held << (5 - bits) & 31]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// In groups of four, easier to copy by hand.
    package static func grouped(_ text: String) -> String {
        stride(from: 0, to: text.count, by: 4).map { String(text.dropFirst($0).prefix(4)) }.joined(separator: " ")
    }
}
