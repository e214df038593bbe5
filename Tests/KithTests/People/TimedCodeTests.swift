import Foundation
import Kith
import Testing

@Suite("Codes from a phone")
struct TimedCodeTests {
    /// The secret of both documents' test vectors.
    private let secret = Array("12345678901234567890".utf8)

    @Test("Codes by number are those of RFC 4226, appendix D")
    func counted() {
        let codes = (0...9).map { TimedCode.code(secret, step: $0) }
        #expect(
            codes == [
                "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"
            ])
    }

    @Test(
        "Codes by time are those of RFC 6238, appendix B",
        arguments: [
            (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"), (20_000_000_000, "65353130")
        ])
    func timed(seconds: Int64, expected: String) {
        let step = TimedCode.step(at: Instant(milliseconds: seconds * 1_000))
        #expect(TimedCode.code(secret, step: step, digits: 8) == expected)
        #expect(TimedCode.code(secret, step: step) == expected.suffix(6))
    }

    @Test("A code is good just before, while and just after it is shown, and once")
    func window() {
        let code = TimedCode.code(secret, step: 100)
        func match(_ seconds: Int64, after last: Int? = nil) -> Int? {
            TimedCode.match(code, secret, at: Instant(milliseconds: seconds * 1_000), after: last)
        }
        #expect(match(99 * 30) == 100 && match(100 * 30) == 100 && match(102 * 30 - 1) == 100)
        #expect(match(99 * 30 - 1) == nil && match(102 * 30) == nil)
        #expect(match(100 * 30, after: 99) == 100)
        #expect(match(100 * 30, after: 100) == nil && match(100 * 30, after: 101) == nil)
        for wrong in ["", "00000", code + "0", "abcdef"] {
            #expect(TimedCode.match(wrong, secret, at: Instant(milliseconds: 3_000_000), after: nil) == nil)
        }
    }

    @Test("Secrets are spelled as RFC 4648 says, and apps can take them over")
    func spelling() {
        let expected = ["", "MY", "MZXQ", "MZXW6", "MZXW6YQ", "MZXW6YTB", "MZXW6YTBOI"]
        for (length, text) in expected.enumerated() {
            #expect(TimedCode.base32(Array("foobar".utf8.prefix(length))) == text)
        }
        let address = TimedCode.address(secret, issuer: "Riverside & Co", account: "ben@riverside.example")
        #expect(
            address == "otpauth://totp/Riverside%20%26%20Co:ben%40riverside%2Eexample"
                + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Riverside%20%26%20Co")
        #expect(TimedCode.grouped("GEZDGNBVGY") == "GEZD GNBV GY")
    }
}
