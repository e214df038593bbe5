import Kith
import KithTestSupport
import Testing

@Suite("How often a password may be tried")
struct SignInTriesTests {
    private let start = TestWorld.start

    /// How many wrong tries of a thousand are let through.
    private func wrong(
        _ tries: SignInTries, _ login: (Int) -> String, from client: (Int) -> String, at now: Instant
    ) -> Int {
        (1...1_000).count { (try? tries.begin(login($0), from: client($0), at: now)) != nil }
    }

    @Test("An address may try twenty times, whatever the names")
    func address() throws {
        let tries = SignInTries()
        #expect(wrong(tries, { "name\($0)" }, from: { _ in "one" }, at: start) == 20)
        #expect(wrong(tries, { "name\($0)" }, from: { _ in "one" }, at: start.adding(seconds: 60)) == 2)
        _ = try tries.begin("name1", from: "other", at: start)
    }

    @Test("An account may be tried six times from one address, spelled in any way")
    func pair() throws {
        let tries = SignInTries()
        #expect(wrong(tries, { $0 % 2 == 0 ? "ben" : " BEN " }, from: { _ in "one" }, at: start) == 6)
        // What was refused was not counted against the address.
        #expect(wrong(tries, { "name\($0)" }, from: { _ in "one" }, at: start) == 14)
        #expect(wrong(tries, { _ in "ben" }, from: { _ in "one" }, at: start.adding(minutes: 2)) == 1)
    }

    @Test("From many addresses an account may be tried a hundred times, then every ten seconds")
    func account() {
        let tries = SignInTries()
        #expect(wrong(tries, { _ in "ben" }, from: { "\($0)" }, at: start) == 100)
        #expect(wrong(tries, { _ in "ben" }, from: { "\($0)" }, at: start.adding(seconds: 30)) == 3)
    }

    @Test("Whatever strangers try, somebody who signed in from where they are can do so again")
    func familiar() throws {
        let tries = SignInTries()
        let first = try tries.begin("ben", from: "home", at: start)
        #expect(!first.isFamiliar)
        tries.succeed(first, at: start)
        // From everywhere, and from the same house.
        #expect(wrong(tries, { _ in "ben" }, from: { "\($0)" }, at: start) == 100)
        #expect(wrong(tries, { "name\($0)" }, from: { _ in "home" }, at: start) == 20)
        #expect(throws: Problem.tooMany) { try tries.begin("ben", from: "elsewhere", at: start) }
        for _ in 1...50 {
            let again = try tries.begin("ben", from: "home", at: start)
            #expect(again.isFamiliar)
            tries.succeed(again, at: start)
        }
        // Even there, guessing ends.
        #expect(wrong(tries, { _ in "ben" }, from: { _ in "home" }, at: start) == 6)
        let months = start.adding(days: 100)
        #expect(try tries.begin("ben", from: "home", at: months).isFamiliar == false)
    }

    @Test("Signing in to an account of one's own gives no more tries at others")
    func ownAccount() throws {
        let tries = SignInTries()
        #expect(wrong(tries, { "name\($0)" }, from: { $0 <= 19 ? "one" : "other" }, at: start) == 39)
        tries.succeed(try tries.begin("mine", from: "one", at: start), at: start)
        #expect(wrong(tries, { "more\($0)" }, from: { _ in "one" }, at: start) == 1)
    }

    @Test("A try that was not looked at does not count")
    func undone() throws {
        let tries = SignInTries()
        for _ in 1...200 { tries.undo(try tries.begin("ben", from: "one", at: start), at: start) }
        #expect(wrong(tries, { _ in "ben" }, from: { _ in "one" }, at: start) == 6)
    }
}
