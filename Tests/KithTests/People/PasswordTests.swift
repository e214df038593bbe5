import Kith
import KithTestSupport
import Testing

@Suite("Passwords")
struct PasswordTests {
    private let words = "four quiet words at dawn"
    /// The same words, hashed with other parameters.
    private let other =
        "$argon2id$v=19$m=64,t=3,p=2$c2FsdG9mYXRlc3RzYWx0IQ$PrBMxM5KiDJYjjg9QGQdA+EmVNtEl3DdRUCbYyDaNzY"

    @Test("A hash names the way it was made, and two of the same password differ")
    func parameters() async throws {
        let world = TestWorld().world
        let (one, two) = (try await Password.hash(words, in: world), try await Password.hash(words, in: world))
        #expect(one.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$") && two.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(one != two && !one.contains("quiet"))
        for hash in [one, two] {
            #expect(try await Password.verify(words, against: hash))
            #expect(try await Password.verify(words + " ", against: hash) == false)
        }
    }

    @Test("A hash is checked the way it says it was made")
    func honored() async throws {
        #expect(try await Password.verify(words, against: other))
        for change in [("t=3", "t=2"), ("m=64", "m=128"), ("p=2", "p=1")] {
            #expect(try await Password.verify(words, against: other.replacing(change.0, with: change.1)) == false)
        }
    }

    @Test("Where there is no hash, no password is right")
    func nobody() async throws {
        for password in ["", words] { #expect(try await Password.verify(password, against: nil) == false) }
        #expect(try await Password.verify("", against: "none") == false)
    }

    @Test("Only so many wait, half of the places are for people known there, and those who wait are answered")
    func desk() async throws {
        let desk = Password.Desk(places: 8)
        let hash = try await Password.hash(words, in: TestWorld().world)
        func flood(_ count: Int, isFamiliar: Bool) async -> (right: Int, refused: Int) {
            await withTaskGroup(of: Bool?.self) { group in
                for _ in 0..<count {
                    group.addTask {
                        try? await Password.verify(words, against: hash, isFamiliar: isFamiliar, on: desk)
                    }
                }
                return await group.reduce(into: (0, 0)) { sum, answer in
                    if answer == true { sum.0 += 1 } else if answer == nil { sum.1 += 1 }
                }
            }
        }
        let strangers = await flood(60, isFamiliar: false)
        #expect(strangers.right >= 4 && strangers.refused > 0 && strangers.right + strangers.refused == 60)
        let few = await flood(4, isFamiliar: false)
        #expect(few.right == 4)
        let known = await flood(8, isFamiliar: true)
        #expect(known.right == 8)
        // Afterwards every place is free again.
        #expect(try await Password.verify(words, against: other, on: desk))
    }
}
