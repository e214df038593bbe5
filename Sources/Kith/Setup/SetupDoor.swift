import Synchronization

/// The link with which an operator sets up a Kith that has no organization yet, and what was answered so far.
///
/// All of it is in memory, of the link only its hash: each start makes a new one, and the one before opens nothing.
/// What counts in the end is the database: where there is an organization, no link opens anything, see
/// ``Access/setup``.
package final class SetupDoor: Sendable {
    /// What was answered on the pages so far; the last one makes something of it.
    struct Answers: Sendable, Equatable {
        var name = ""
        var timeZone = ""
        var locale = ""
        var program: Founding.FirstProgram?

        /// nil while a page was not answered.
        var founding: Founding? {
            guard !name.isEmpty, let program else { return nil }
            return Founding(
                name: name, slug: Founding.slug(of: name), timeZone: timeZone, locale: locale, program: program)
        }
    }

    /// The pages after set-up, for whoever did it: their address works for an hour.
    private struct Sequel {
        let tokenHash: String
        let end: Instant
        let name: String
        let program: String
        var trials = 0
        /// What became of the last test mail, as a word below `setup.mail`.
        var trial: String?
    }

    private struct State {
        var linkHash: String?
        var answers = Answers()
        var sequel: Sequel?
        var mail: (any Carrier)?
    }

    /// How many test mails one set-up may send.
    static let mostTrials = 5

    private let state = Mutex(State())
    /// As many wrong links as passwords from one address, see ``SignInTries``.
    private let tries = PublicPosts(burst: 20, secondsForOne: 30)

    package init() {}

    /// Makes the link. Whoever holds it may set this Kith up.
    /// - Parameter mail: who carries a test mail; nil where no mail server is set.
    package func open(with link: Secret, mail: (any Carrier)? = nil) {
        state.withLock { $0 = State(linkHash: link.hash, mail: mail) }
    }

    /// Lets in whoever holds the link.
    /// - Throws: ``Problem/tooMany``; ``Problem/conflict(_:)`` for another link while set-up is to be done here, and
    ///   ``Problem/notFound`` once it is, or where no link was made. Whoever holds any link then reads that it is done.
    func check(_ token: String, from client: String, at now: Instant) throws(Problem) {
        try tries.take(for: client, at: now)
        let (hash, isDone) = state.withLock { ($0.linkHash, $0.sequel != nil) }
        guard let kept = hash, Self.isSame(token, kept) else {
            throw hash == nil || isDone ? .notFound : .conflict("setup.other-link")
        }
        tries.giveBack(to: client, at: now)
    }

    /// Without telling by its time how much was right.
    private static func isSame(_ token: String, _ hash: String) -> Bool {
        Secret(presented: hash).matches(Secret(presented: token).hash)
    }

    var answers: Answers { state.withLock { $0.answers } }

    func answer(_ change: @Sendable (inout Answers) -> Void) {
        state.withLock { change(&$0.answers) }
    }

    /// It is done; `token` opens the pages after it.
    func finish(_ founding: Founding, token: Secret, at now: Instant) {
        state.withLock {
            $0.answers = Answers()
            $0.sequel = Sequel(
                tokenHash: token.hash, end: now.adding(hours: 1), name: founding.name, program: founding.program.name)
        }
    }

    /// What the pages after set-up tell.
    struct Told: Sendable, Equatable {
        let name: String
        let program: String
        let trial: String?
        let hasMail: Bool
    }

    /// - Throws: ``Problem/notFound`` for any token but the one that ``finish(_:token:at:)`` was given, and after an
    ///   hour.
    func sequel(_ token: String, from client: String, at now: Instant) throws(Problem) -> Told {
        try tries.take(for: client, at: now)
        let told: Told? = state.withLock { state in
            guard let sequel = state.sequel, now < sequel.end, Self.isSame(token, sequel.tokenHash) else { return nil }
            return Told(
                name: sequel.name, program: sequel.program, trial: sequel.trial, hasMail: state.mail != nil)
        }
        guard let told else { throw .notFound }
        tries.giveBack(to: client, at: now)
        return told
    }

    /// Who carries the next test mail.
    /// - Throws: ``Problem/tooMany`` after a few; ``Problem/notFound`` where nobody does.
    func carrierForTrial() throws(Problem) -> any Carrier {
        let (carrier, trials) = state.withLock { state in
            state.sequel?.trials += 1
            return (state.mail, state.sequel?.trials ?? 0)
        }
        guard let carrier else { throw .notFound }
        guard trials <= Self.mostTrials else { throw .tooMany }
        return carrier
    }

    func note(_ trial: String) { state.withLock { $0.sequel?.trial = trial } }
}
