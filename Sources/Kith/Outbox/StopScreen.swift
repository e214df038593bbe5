import Hummingbird
import Storage
import Web

/// Behind the link in every notice: one click, and no more of them come. It needs no account and says nothing of what the
/// notices are about.
struct StopScreen: Screen {
    static let template = "outbox/stop"
    let token: String
    let hasStopped: Bool

    func title(_ words: Words) -> String { words(hasStopped ? "stop.done" : "stop.title") }

    func shown(_ words: Words) -> Value {
        ["path": .text("/stop/\(token)"), "done": .flag(hasStopped)]
    }
}

extension OutgoingMessage {
    static let stopRoutes: [Route] = [
        .get("/stop/{token}", .anyone) { visit in
            let link = try visit.link(.stop)
            let token = try visit.parameter("token")
            return try await visit.show(by: link) { _ in StopScreen(token: token, hasStopped: false) }
        },
        .post("/stop/{token}", .anyone) { visit in
            let link = try visit.link(.stop)
            let token = try visit.parameter("token")
            try await visit.write(by: link) { try stop(link, in: $0) }
            return try await visit.show(by: link) { _ in StopScreen(token: token, hasStopped: true) }
        }
    ]

    /// Whoever got this message is told nothing any more; they look in by themselves.
    private static func stop(_ link: SignedLink, in db: Writing) throws {
        let organization = link.organization
        let person = try db.value(
            "SELECT person_id FROM outgoing_message WHERE organization_id = \(organization) AND id = \(link.object)",
            as: Person.ID.self)
        guard let person else { throw Problem.notFound }
        try ContactPreference.stopNotices(for: person, of: organization, in: db)
    }
}
