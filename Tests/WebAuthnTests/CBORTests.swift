import Testing
import WebAuthn

@Suite("CBOR, as authenticators write it")
struct CBORTests {
    @Test("Values of RFC 8949, appendix A, that authenticators use")
    func values() throws {
        let known: [([UInt8], CBOR)] = [
            ([0x00], .integer(0)), ([0x17], .integer(23)), ([0x18, 0x18], .integer(24)),
            ([0x19, 0x03, 0xe8], .integer(1_000)), ([0x1a, 0x00, 0x0f, 0x42, 0x40], .integer(1_000_000)),
            ([0x1b, 0, 0, 0, 0xe8, 0xd4, 0xa5, 0x10, 0], .integer(1_000_000_000_000)), ([0x20], .integer(-1)),
            ([0x38, 0x63], .integer(-100)), ([0x40], .bytes([])), ([0x44, 1, 2, 3, 4], .bytes([1, 2, 3, 4])),
            ([0x60], .text("")), ([0x62, 0xc3, 0xbc], .text("\u{fc}")), ([0x80], .array([])),
            ([0x83, 1, 2, 3], .array([.integer(1), .integer(2), .integer(3)])), ([0xa0], .map([:])),
            ([0xa2, 1, 2, 3, 4], .map([.integer(1): .integer(2), .integer(3): .integer(4)])),
            ([0xf4], .boolean(false)), ([0xf5], .boolean(true)), ([0xf6], .null)
        ]
        for (bytes, value) in known { #expect(try CBOR(bytes) == value) }
        #expect(try CBOR([0x1b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]) == .integer(.max))
        #expect(try CBOR([0x3b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]) == .integer(.min))
    }

    @Test(
        "What could be read in two ways, or does not end, is refused",
        arguments: [
            [], [0x18], [0x18, 0x17], [0x19, 0x00, 0xff], [0x1a, 0, 0, 0xff, 0xff], [0x1b, 0, 0, 0, 0, 1, 0, 0, 0],
            [0x1b, 0x80, 0, 0, 0, 0, 0, 0, 0], [0x1c], [0x1f], [0x41], [0x5f, 0x41, 0, 0xff], [0x61, 0xff],
            [0x9f, 0xff], [0xbf, 0xff], [0x82, 1], [0xa1, 1], [0xa2, 1, 1, 1, 2], [0xc0, 0x60], [0xf7],
            [0xf9, 0, 0], [0xff], [0x00, 0x00],
            [0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            [0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            [0xbb, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            [UInt8](repeating: 0x81, count: 8) + [0], [UInt8](repeating: 0x81, count: 100_000)
        ] as [[UInt8]])
    func refused(bytes: [UInt8]) {
        #expect(throws: WebAuthnError.malformed) { try CBOR(bytes) }
    }

    @Test("A hundred thousand changed inputs are read or refused, and never stop the program")
    func mutations() throws {
        var seeds = try Vector.all.flatMap { vector in
            try [bytes(vector.key)] + vector.registrations.values.map { try bytes($0.attestation) }
                + vector.assertions.values.map { try bytes($0.authenticator) }
        }
        #expect(seeds.count > 30)
        seeds.append([0xa1, 1, 2])
        var random = SplitMix(state: 7)
        var (taken, refused) = (0, 0)
        for round in 0..<100_000 {
            var input = seeds[round % seeds.count]
            for _ in 0...Int.random(in: 0...3, using: &random) {
                let place = Int.random(in: 0...input.count, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0 where place < input.count: input[place] = .random(in: .min ... .max, using: &random)
                case 1 where place < input.count: input.remove(at: place)
                case 2: input.insert(.random(in: .min ... .max, using: &random), at: place)
                default: input.removeLast(min(input.count, Int.random(in: 0...8, using: &random)))
                }
            }
            if (try? CBOR(input)) != nil { taken += 1 } else { refused += 1 }
            WebAuthnParsers.readAll(input)
        }
        #expect(taken > 1_000 && refused > 1_000, "both happen: \(taken), \(refused)")
    }

    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }
}
