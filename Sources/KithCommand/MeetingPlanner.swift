import Kith
import Logging
import ServiceLifecycle

/// Looks after the meetings of groups while Kith serves: each minute it reminds members, and people of the small steps
/// they set a time for, asks people by text message about their contacts, and closes rooms that nobody has closed. Each
/// hour it puts down meetings for the months ahead, closes the book on those that nobody began, parts people whose ages
/// keep them apart, finds whose supporter is not there, and ends pauses whose day of return has come. Several processes
/// may do it together.
struct MeetingPlanner: Service {
    let platform: Platform
    let log: Logger
    var pause: Duration = .seconds(60)

    func run() async throws {
        // Ends when the service group stops.
        try? await cancelWhenGracefulShutdown {
            var minute = 0
            while true {
                if minute % 60 == 0 {
                    await attempt("meetings could not be planned") { try await platform.planMeetings() }
                    await attempt("missed meetings could not be settled") {
                        try await platform.settleMissedMeetings()
                    }
                    await attempt("ages could not be kept apart") { try await platform.separateAges() }
                    await attempt("people without their supporter could not be found") {
                        try await platform.keepCovers()
                    }
                    await attempt("pauses could not be ended") { try await platform.keepPauses() }
                }
                await attempt("rooms could not be closed") { try await platform.closeVideoRooms() }
                await attempt("nobody could be reminded of meetings") { try await platform.remindOfMeetings() }
                await attempt("nobody could be reminded of small steps") { try await platform.remindOfSteps() }
                await attempt("nobody could be asked about contacts") { try await platform.askAboutContacts() }
                minute += 1
                try await Task.sleep(for: pause)
            }
        }
    }

    private func attempt(_ failure: Logger.Message, _ work: () async throws -> Void) async {
        do {
            try await work()
        } catch {
            log.error(failure, metadata: ["what": "\(type(of: error))"])
        }
    }
}
