import Foundation
import Synchronization

/// Turns many small writes into few durable commits: whatever waits is run in one transaction, and every caller hears
/// only after COMMIT. One sync of the disk then pays for all of them.
///
/// A group is first run without savepoints, which on PostgreSQL would be two thirds of the traffic. Only when a closure
/// fails after it has written is the group run again with a savepoint around each, so that it fails alone.
final class GroupCommit: Sendable {
    /// How many closures share a commit at most. Larger groups only make the first caller wait longer.
    static let largestGroup = 256
    /// How often a group is tried as a whole when other processes are in its way, before its closures are tried alone.
    static let mostAttemptsTogether = 3
    /// How often one closure is tried before its caller hears of the conflict.
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
        /// Tells the caller; nil: the commit holds.
        let settle: ((any Error)?) -> Void
    }

    private let queue = JobQueue<Job>()
    private let commits = Atomic(0)

    /// How many transactions have been committed so far.
    var count: Int { commits.load(ordering: .relaxed) }

    func write<T: Sendable>(_ work: @escaping @Sendable (Writer) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let job = Job(
                run: { writer in
                    do {
                        let value = try writer.finish { try work(writer) }
                        return Attempt(failure: nil) { error in
                            if let error {
                                continuation.resume(throwing: error)
                            } else {
                                continuation.resume(returning: value)
                            }
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
        let most = jobs.count > 1 ? Self.mostAttemptsTogether : Self.mostAttempts
        var savepoints = false
        var attempt = 1
        while true {
            switch run(jobs, on: connection, savepoints: savepoints, last: jobs.count == 1 && attempt == most) {
            case .settled: return
            case .needsSavepoints: savepoints = true
            case .conflict where attempt < most: Self.pause(after: attempt)
            case .conflict, .needsSeparation:
                for job in jobs { commit([job], on: connection) }
                return
            }
            attempt += 1
        }
    }

    private enum Outcome {
        /// Every caller was told.
        case settled
        /// A closure failed after it had written: the others need to be kept apart from it. Nobody was told anything.
        case needsSavepoints
        /// Somebody else's transaction was in the way, and the engine undid ours. Nobody was told anything.
        case conflict
        /// The commit was refused for something that one of the closures did. Nobody was told anything.
        case needsSeparation
    }

    private func run(_ jobs: [Job], on connection: any Connection, savepoints: Bool, last: Bool) -> Outcome {
        var attempts: [Attempt] = []
        do {
            try connection.begin()
            for job in jobs {
                if savepoints { try connection.savepoint() }
                let writer = Writer(connection)
                let attempt = job.run(writer)
                attempts.append(attempt)
                guard let failure = attempt.failure else {
                    if savepoints { try connection.release() }
                    continue
                }
                if let failure = failure as? StoreError, failure.concernsAll { throw failure }
                if savepoints {
                    try connection.rollbackToSavepoint()
                } else if jobs.count > 1, writer.hasWritten || writer.failure != nil {
                    connection.rollback()
                    return .needsSavepoints
                }
            }
            if attempts.allSatisfy({ $0.failure != nil }) {
                connection.rollback()
            } else {
                try connection.commit()
                commits.add(1, ordering: .relaxed)
            }
        } catch {
            connection.rollback()
            let failure = error as? StoreError
            if !last, failure?.kind == .conflict { return .conflict }
            if jobs.count > 1, failure?.concernsAll != true { return .needsSeparation }
            for attempt in attempts { attempt.settle(attempt.failure ?? error) }
            for job in jobs.dropFirst(attempts.count) { job.refuse(error) }
            return .settled
        }
        for attempt in attempts { attempt.settle(nil) }
        return .settled
    }

    /// Waits a moment, of a length that two rivals do not share.
    private static func pause(after attempt: Int) {
        usleep(.random(in: 0...(1_000 << UInt32(min(attempt, 6)))))
    }
}
