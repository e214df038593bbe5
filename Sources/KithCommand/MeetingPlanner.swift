import Kith
import Logging
import ServiceLifecycle

/// Puts down the meetings of groups for the months ahead while Kith serves, and closes rooms that nobody has closed. Several processes may do it together.
struct MeetingPlanner: Service {
    let platform: Platform
    let log: Logger
    var pause: Duration = .seconds(3_600)

    func run() async throws {
        // Ends when the service group stops.
        try? await cancelWhenGracefulShutdown {
            while true {
                do {
                    try await platform.planMeetings()
                    try await platform.closeVideoRooms()
                } catch {
                    log.error(
                        "meetings could not be planned, or rooms closed", metadata: ["what": "\(type(of: error))"])
                }
                try await Task.sleep(for: pause)
            }
        }
    }
}
