import Foundation
import Kith
import KithTestSupport
import Testing

@Suite("What a password must not be")
struct PasswordObjectionTests {
    private let owner = Password.Owner(
        login: "ben@riverside.example", names: ["Ben Boateng", "Benny", "b.boateng@mail.example"],
        organization: "Riverside Health")

    private func objection(_ password: String, isSecond: Bool = false) throws -> String? {
        var owner = owner
        owner.hasSecondFactor = isSecond
        return Password.objection(to: password, of: owner, common: try Shelf.load().commonPasswords)
    }

    @Test("Fifteen characters alone, eight with a second factor, counted in code points")
    func lengths() throws {
        #expect(try objection("quiet river 12") == "too-short")
        #expect(try objection("quiet river 123") == nil)
        #expect(try objection("river 7", isSecond: true) == "too-short-for-two")
        #expect(try objection("river 79", isSecond: true) == nil)
        #expect(try objection(String(repeating: "quiet river ", count: 22)) == "longer-than-passwords")
        // Fourteen letters with an accent are fourteen, composed or not; an emoji of several code points is several.
        let accents = "eu não sei ahá"
        #expect(accents.unicodeScalars.count == 14)
        #expect(try objection(accents) == "too-short")
        #expect(try objection(accents.decomposedStringWithCanonicalMapping) == "too-short")
        #expect(try objection("тихая река утром") == nil)
        #expect(try objection("静かな川の朝に鳥が鳴くよ今日も") == nil)
        #expect(try objection("👩‍👩‍👧 at the river") == nil)
    }

    @Test("No kind of character is asked for and none is refused")
    func composition() throws {
        for password in ["quietly the river rose", "    spaces    in    it", "!!??__--$$%%&&//((", "730194866205173"] {
            #expect(try objection(password) == nil, "\(password)")
        }
    }

    @Test(
        "What many people use is refused, however it is spelled",
        arguments: ["1qaz2wsx3edc4rfv", "QWERTY123456789", "momsanaladventure", "password standard"])
    func common(password: String) throws {
        #expect(try objection(password) == "too-common")
    }

    @Test(
        "Names that people know are refused, unless there is enough beside them",
        arguments: [
            "benboateng12345", "Riverside Health", "ben@riverside.example", "riversideriverside", "Boateng-Boateng!!",
            "password-riverside"
        ])
    func personal(password: String) throws {
        #expect(try objection(password) == "too-personal")
        #expect(try objection(password + " and herons wade") == nil)
    }

    @Test(
        "The same again and again, the alphabet and the rows of a keyboard are refused",
        arguments: [
            "aaaaaaaaaaaaaaaaaa", "abcabcabcabcabcabc", "abcdefghijklmnopq", "qwertyuiopasdfghjkl",
            "98765432109876543", "dragon99dragon99", "aabbccddeeffgghh"
        ])
    func monotonous(password: String) throws {
        let found = try objection(password)
        #expect(found == "too-easy" || found == "too-common", "\(password)")
    }

    @Test("The list is there: thousands of passwords, and not everything")
    func list() throws {
        let common = try Shelf.load().commonPasswords
        #expect(common.count > 15_000)
        #expect(common.hold("password1") && common.hold("sunshine1"))
        #expect(!common.hold("four quiet words at dawn") && !common.hold(""))
        #expect(throws: Fault.self) { try CommonPasswords(file: "nowhere") }
    }

    @Test("However a keyboard composes it, it is the same password")
    func prepared() async throws {
        let (composed, decomposed) = ("caf\u{e9} au bord de l'eau", "cafe\u{301}\u{a0}au bord de l'eau")
        #expect(Array(composed.utf8) != Array(decomposed.utf8))
        let hash = try await Password.hash(composed, in: TestWorld().world)
        #expect(try await Password.verify(decomposed, against: hash))
        // Full-width letters are others: what looks alike is not made the same.
        #expect(try await Password.verify("ｃaf\u{e9} au bord de l'eau", against: hash) == false)
    }
}
