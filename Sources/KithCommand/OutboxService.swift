import Kith
import ServiceLifecycle

/// Works off the outbox beside the pages. Asked to stop, it takes nothing new, gives what is under way a few seconds, and
/// then breaks it off and gives its claim back.
struct OutboxService: Service {
    let worker: OutboxWorker
    var patience: Duration = .seconds(3)

    func run() async throws {
        let work = Task { await worker.run() }
        try? await gracefulShutdown()
        worker.stop()
        let limit = Task { [patience] in
            try await Task.sleep(for: patience)
            work.cancel()
        }
        await work.value
        limit.cancel()
    }
}
