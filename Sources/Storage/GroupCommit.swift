/// Turns many small writes into few durable commits: whatever waits is run in one transaction, each closure in its
/// own savepoint, and every caller hears only after COMMIT. One sync of the disk then pays for all of them.
final class GroupCommit: Sendable {
    /// How many closures share a commit at most. Larger groups only make the first caller wait longer.
    static let largestGroup = 256
    /// How often a group is tried again, one closure at a time, when other processes are in its way.
    static let mostAttempts = 25

    /// One caller's work.
    struct Job: Sendable {
        /// Runs the work and says what to tell the caller once its fate is known.
        let run: @Sendable (Writer) -> Attempt
        /// Tells the caller that the work was not even tried.
        let refuse: @Sendable (any Error) -> Void
    }

    struct Attempt {
        let failure: (any Error)?
        /// nil: the commit holds.
        let settle: ((any Error)?) -> Void
    }

    private let queue = JobQueue<Job>()

    func write<T: Sendable>(_ work: @escaping @Sendable (Writer) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let job = Job(
                run: { writer in
                    do {
                        let value = try work(writer)
                        return Attempt(failure: nil) { error in
                            if let error { continuation.resume(throwing: error) } else { continuation.resume(returning: value) }
                        }
                    } catch {
                        return Attempt(failure: error) { continuation.resume(throwing: $0 ?? error) }
                    }
                },
                refuse: { continuation.resume(throwing: $0) })
            if !queue.add(job) { continuation.resume(throwing: StoreError(.closed)) }
        }
    }

    /// Serves the queue on the calling thread until it is closed. `borrow` runs its body with exclusive use of a
    /// connection that can write, or throws when there is none.
    func serve(_ borrow: ((any Connection) throws -> Void) throws -> Void) {
        while let jobs = queue.take(most: Self.largestGroup) {
            var reached = false
            do {
                try borrow { connection in
                    reached = true
                    commit(jobs, on: connection)
                }
            } catch {
                if !reached { for job in jobs { job.refuse(error) } }
            }
        }
    }

    func close() { queue.close() }

    private func commit(_ jobs: [Job], on connection: any Connection) {
        guard !tryTogether(jobs, on: connection) else { return }
        // Somebody else's transaction was in the way, and the engine undid ours: once more, one at a time.
        for job in jobs {
            var attempts = 1
            while !tryTogether([job], on: connection, last: attempts == Self.mostAttempts) { attempts += 1 }
        }
    }

    /// - Returns: false when the group has to be tried again; then no caller was told anything.
    private func tryTogether(_ jobs: [Job], on connection: any Connection, last: Bool = false) -> Bool {
        var done: [Attempt] = []
        var refused: [Attempt] = []
        func failAll(_ error: any Error) {
            connection.rollback()
            for attempt in done { attempt.settle(error) }
            for attempt in refused { attempt.settle(nil) }
            for job in jobs.dropFirst(done.count + refused.count) { job.refuse(error) }
        }
        do {
            try connection.begin()
            for job in jobs {
                if jobs.count > 1 { try connection.savepoint() }
                let attempt = job.run(Writer(connection))
                guard let failure = attempt.failure else {
                    done.append(attempt)
                    if jobs.count > 1 { try connection.release() }
                    continue
                }
                if !last, (failure as? StoreError)?.kind == .conflict {
                    connection.rollback()
                    return false
                }
                refused.append(attempt)
                if jobs.count > 1 { try connection.rollbackToSavepoint() }
            }
            if done.isEmpty { connection.rollback() } else { try connection.commit() }
        } catch {
            if !last, (error as? StoreError)?.kind == .conflict {
                connection.rollback()
                return false
            }
            failAll(error)
            return true
        }
        for attempt in done { attempt.settle(nil) }
        for attempt in refused { attempt.settle(nil) }
        return true
    }
}
