import Storage

/// The answer to a text message that somebody sent, on its way. It is put in with what was done about that message, in
/// one transaction; it says nothing of anybody; and the number is forgotten when it has left.
///
/// Whoever wrote a moment ago waits for it, so it goes at any hour, also where the hours somebody chose are closed.
package struct TextReply: Named {
    package let id: ID
    package let number: TextNumber
    package let text: String
    /// Whether it says that no more will come: the one message that may go to a stopped number.
    package let confirmsStop: Bool
    let attempts: Int
    let createdAt: Instant

    /// After so many failed tries it is given up: an answer an hour late answers nothing.
    static let mostAttempts = 7

    /// Puts an answer in the outbox.
    package static func put(_ text: String, to number: TextNumber, confirmingStop: Bool = false, db: Writing) throws {
        guard db.world.carries.contains(.text) else { return }
        let id: ID = db.newID()
        try db.run(
            """
            INSERT INTO text_reply (id, number, body, confirms_stop, state, created_at, due_at)
            VALUES (\(id), \(number.text), \(text), \(confirmingStop), 'waiting', \(db.now), \(db.now))
            """)
        db.announce(.outbox)
    }

    static let migrations = [
        Migration(
            "2026-12-01-text-replies",
            """
            CREATE TABLE text_reply (
                id TEXT PRIMARY KEY,
                number TEXT,
                body TEXT,
                confirms_stop BOOLEAN NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'withheld', 'given-up')),
                created_at TEXT NOT NULL,
                due_at TEXT,
                attempts BIGINT NOT NULL DEFAULT 0,
                claimed_by TEXT,
                claimed_until TEXT,
                failure TEXT,
                ended_at TEXT,
                CHECK ((state = 'waiting') = (number IS NOT NULL)),
                CHECK ((state = 'waiting') = (body IS NOT NULL)),
                CHECK ((state = 'waiting') = (due_at IS NOT NULL)),
                CHECK ((state = 'waiting') = (ended_at IS NULL))
            );
            CREATE INDEX text_reply_due ON text_reply (due_at, id) WHERE state = 'waiting';
            CREATE INDEX text_reply_ended ON text_reply (ended_at) WHERE ended_at IS NOT NULL;
            """)
    ]

    static let orphans = [
        OrphanCheck("answers to text messages that nobody works off, a day after they were due") { now in
            "SELECT id FROM text_reply WHERE state = 'waiting' AND due_at < \(now.adding(days: -1))"
        }
    ]

    /// For how many hours somebody waits for an answer: no longer after a restore, or when nothing could leave.
    static let hoursGood = 2

    fileprivate static let forgotten: SQL = """
        number = NULL, body = NULL, due_at = NULL, claimed_by = NULL, claimed_until = NULL
        """

    /// Answers that have ended are kept for this long, for whoever looks for what went wrong.
    package static let daysKept = 30

    init(row: Row) throws {
        id = try row["id"]
        // Written down as it is compared.
        guard let number = TextNumber(try row["number"], country: "1") else { throw Fault("an answer to no number") }
        self.number = number
        text = try row["body"]
        confirmsStop = try row["confirms_stop"]
        attempts = try row["attempts"]
        createdAt = try row["created_at"]
    }

    struct Leaving: Sendable {
        let reply: TextReply
        let claim: String

        var letter: Letter {
            Letter(
                id: reply.id.text, channel: .text, address: reply.number.text, senderName: "", subject: "",
                text: reply.text, stopAddress: nil)
        }
    }

    /// Whether it may leave at this moment. To a stopped number goes the word that it is stopped, and nothing else; to
    /// somebody whom nobody may contact nothing but that either.
    fileprivate func mayLeave(in db: Reading) throws -> Bool {
        guard createdAt.adding(hours: Self.hoursGood) > db.now else { return false }
        let isStopped = try !TextStop.stopped(among: [number], in: db).isEmpty
        if confirmsStop { return isStopped }
        return try !isStopped && !Person.holders(of: number, in: db).contains(where: \.isProhibited)
    }
}

extension Platform {
    enum ReplyClaim: Sendable {
        case leaving(TextReply.Leaving)
        case settled
    }

    /// Claims the answer that has been due longest, and asks right before it leaves whether it may. Like
    /// ``claim(_:for:at:)`` it is no act of anybody.
    func claimReply(for seconds: Int) async throws -> ReplyClaim? {
        let (world, token) = (world, world.newIdentifier())
        return try await store.write { writer in
            let now = world.now()
            let due = try writer.first(
                """
                UPDATE text_reply SET claimed_by = \(token), claimed_until = \(now.adding(seconds: seconds))
                WHERE id = (SELECT id FROM text_reply WHERE state = 'waiting' AND due_at <= \(now)
                    AND (claimed_until IS NULL OR claimed_until <= \(now)) ORDER BY due_at, id LIMIT 1)
                RETURNING id, number, body, confirms_stop, attempts, created_at
                """, TextReply.init(row:))
            guard let reply = due else { return nil }
            let db = Writing(writer, as: .visitor, in: world)
            if try reply.mayLeave(in: db) { return .leaving(TextReply.Leaving(reply: reply, claim: token)) }
            try db.run(
                """
                UPDATE text_reply SET state = 'withheld', \(TextReply.forgotten), ended_at = \(now)
                WHERE id = \(reply.id)
                """)
            return .settled
        }
    }

    /// Writes down what became of an answer that was handed over, unless another holds its claim by now.
    func settle(_ leaving: TextReply.Leaving, _ outcome: Result<Void, CarryFailure>) async throws {
        let world = world
        try await store.write { writer in
            let (reply, now) = (leaving.reply, world.now())
            let attempts = reply.attempts + 1
            let assignments: SQL
            switch outcome {
            case .success: assignments = "state = 'sent', \(TextReply.forgotten), ended_at = \(now), failure = NULL"
            case .failure(.interrupted): assignments = "claimed_by = NULL, claimed_until = NULL"
            case .failure(let failure) where failure.isFinal || attempts >= TextReply.mostAttempts:
                assignments = """
                    state = 'given-up', \(TextReply.forgotten), ended_at = \(now), attempts = \(attempts),
                    failure = \(failure.code)
                    """
            case .failure(let failure):
                let next = now.adding(seconds: OutgoingMessage.seconds(afterAttempt: attempts, in: world))
                assignments = """
                    attempts = \(attempts), failure = \(failure.code), due_at = \(next), claimed_by = NULL,
                    claimed_until = NULL
                    """
            }
            _ = try writer.run(
                """
                UPDATE text_reply SET \(assignments) WHERE id = \(reply.id) AND claimed_by = \(leaving.claim)
                AND state = 'waiting'
                """)
        }
    }
}
