import Kith
import Logging
import ServiceLifecycle

/// Seals the logs while Kith serves: what an earlier process left loose at once, and then every second what was
/// recorded since.
struct Sealer: Service {
    let platform: Platform
    let log: Logger

    func run() async throws {
        await seal(everything: true)
        // Ends when the service group stops.
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: .seconds(1))
                await seal()
            }
        }
        await seal()
    }

    /// A page that could not be sealed now is sealed the next time; nothing is lost meanwhile.
    private func seal(everything: Bool = false) async {
        do {
            try await platform.seal(everything: everything)
        } catch {
            log.error("the log could not be sealed", metadata: ["what": "\(type(of: error))"])
        }
    }
}
