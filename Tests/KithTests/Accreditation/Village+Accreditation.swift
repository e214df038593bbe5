import Kith
import KithTestSupport
import Storage

extension Village {
    func record(
        _ words: String = "A list of names was left on a chair", on day: String = "2026-03-01", as neighbor: Neighbor
    ) async throws -> Incident.ID {
        let program = riverside.program
        let happened = Day(day) ?? Day(daysSince1970: 0)
        let id = Incident.ID(platform.world.newIdentifier())
        try await write(as: neighbor) {
            try Incident.record(.privacy, on: happened, words, as: id, in: program, db: $0)
        }
        return id
    }

    /// One that Sam wrote down and nobody reviewed, and one that Ana has.
    func incidents() async throws -> (open: Incident.ID, reviewed: Incident.ID) {
        let (open, reviewed) = (try await record(as: sam), try await record(as: sam))
        try await write(as: ana) { try Incident.find(reviewed, in: $0).review("Folders would have helped", in: $0) }
        return (open, reviewed)
    }
}
