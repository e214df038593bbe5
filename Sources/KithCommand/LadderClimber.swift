import Kith
import Logging
import ServiceLifecycle

/// Climbs the ladders of concerns while Kith serves, every few seconds: calls the next people where nobody came, starts
/// the drills that are due. What an earlier process left behind goes on at once. Several processes may do it together.
struct LadderClimber: Service {
    let platform: Platform
    let log: Logger
    var pause: Duration = .seconds(5)

    func run() async throws {
        // Ends when the service group stops.
        try? await cancelWhenGracefulShutdown {
            while true {
                await climb()
                try await Task.sleep(for: pause)
            }
        }
    }

    /// What could not be done now is done the next time.
    private func climb() async {
        do {
            try await platform.escalate()
        } catch {
            log.error("a concern could not be escalated", metadata: ["what": "\(type(of: error))"])
        }
    }
}
