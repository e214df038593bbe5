import Synchronization

/// How often a password may be tried. Counted by address first, then by account and address together, then by account:
/// so that whoever guesses is stopped, and whoever the guesses are about can still come in.
///
/// - An address has 20 wrong tries, whatever the names, and one more every half minute.
/// - An account has 6 from one address, and one more every two minutes.
/// - An account has 100 from everywhere together, and one more every ten seconds. This is against many addresses at
///   once, and the only limit by which strangers can make somebody wait.
/// - Who signed in to an account from an address before is *familiar* there: only the second limit counts for them.
///
/// In memory only: where people signed in from is nobody's business for longer, and a restart forgives.
package final class SignInTries: Sendable {
    private struct State {
        var addresses = Allowance(burst: 20, secondsForOne: 30)
        var pairs = Allowance(burst: 6, secondsForOne: 120)
        var accounts = Allowance(burst: 100, secondsForOne: 10)
        var familiar: [String: Instant] = [:]
    }

    /// A try that was allowed, and counts as wrong until it turns out otherwise: many at once are no way around a limit.
    package struct Try: Sendable {
        package let isFamiliar: Bool
        fileprivate let account: String
        fileprivate let client: String
        fileprivate var pair: String { "\(client)|\(account)" }
    }

    /// How many familiar pairs of account and address are remembered, and for how many days.
    private static let (mostFamiliar, familiarDays) = (50_000, 90)

    private let state = Mutex(State())

    package init() {}

    /// Begins a try. Names that nobody has are counted like all others.
    /// - Throws: ``Problem/tooMany`` when one of the limits is reached; then nothing was counted.
    package func begin(_ login: String, from client: String, at now: Instant) throws(Problem) -> Try {
        let account = String(Account.key(login).prefix(200))
        let found: Try? = state.withLock { state in
            let seen = state.familiar["\(client)|\(account)"]
            let isFamiliar = seen.map { $0.adding(days: Self.familiarDays) > now } ?? false
            let attempt = Try(isFamiliar: isFamiliar, account: account, client: client)
            if !isFamiliar, !state.addresses.take(client, at: now) { return nil }
            guard state.pairs.take(attempt.pair, at: now) else {
                if !isFamiliar { state.addresses.giveBack(client, at: now) }
                return nil
            }
            if !isFamiliar, !state.accounts.take(account, at: now) {
                state.addresses.giveBack(client, at: now)
                state.pairs.giveBack(attempt.pair, at: now)
                return nil
            }
            return attempt
        }
        guard let found else { throw .tooMany }
        return found
    }

    /// The password was right. What the address has tried at other accounts still counts.
    package func succeed(_ attempt: Try, at now: Instant) {
        state.withLock { state in
            Self.giveBack(attempt, at: now, in: &state)
            state.pairs.forget(attempt.pair)
            if state.familiar.count >= Self.mostFamiliar {
                let kept = state.familiar.sorted { $0.value > $1.value }.prefix(Self.mostFamiliar * 3 / 4)
                state.familiar = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
            }
            state.familiar[attempt.pair] = now
        }
    }

    /// The password was not looked at after all.
    package func undo(_ attempt: Try, at now: Instant) {
        state.withLock { Self.giveBack(attempt, at: now, in: &$0) }
    }

    private static func giveBack(_ attempt: Try, at now: Instant, in state: inout State) {
        state.pairs.giveBack(attempt.pair, at: now)
        guard !attempt.isFamiliar else { return }
        state.addresses.giveBack(attempt.client, at: now)
        state.accounts.giveBack(attempt.account, at: now)
    }
}
