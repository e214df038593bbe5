import KithTestSupport
import Storage

@testable import Kith

extension Village {
    /// Somebody comes to the room of a meeting, a second later.
    @discardableResult
    func come(to meeting: Meeting.ID, as neighbor: Neighbor) async throws -> VideoStay.ID {
        clock.advance(seconds: 1)
        return try await write(as: neighbor) { db in
            let id: VideoStay.ID = db.newID()
            try VideoRoom.find(meeting, in: db).come(as: id, in: db)
            return id
        }
    }

    /// Does something in the room of a meeting.
    func inRoom(
        of meeting: Meeting.ID, as neighbor: Neighbor, _ act: @escaping @Sendable (VideoRoom, Writing) throws -> Void
    ) async throws {
        try await write(as: neighbor) { try act(VideoRoom.find(meeting, in: $0), $0) }
    }

    /// Who is in the room, or else at its door, by name.
    func names(in meeting: Meeting.ID, waiting: Bool = false) async throws -> [String] {
        try await read(as: ben) { db in
            try VideoRoom.find(meeting, in: db).people(in: db).filter { $0.isIn != waiting }.map(\.name)
        }
    }

    /// What became of all who were ever in the room, in the order in which they came.
    func endings(in meeting: Meeting.ID) async throws -> [VideoStay.Ending?] {
        try await read(as: ben) { try VideoRoom.find(meeting, in: $0).history(in: $0).map(\.ending) }
    }

    /// A group that meets by video, facilitated by Ben and Bao, with members called Star 0, Star 1, …, ten minutes before
    /// a meeting of an hour.
    func evening(
        members: Int, change: (inout Group.Plan) -> Void = { _ in }
    ) async throws -> (group: Group, meeting: Meeting.ID, people: [Neighbor]) {
        let group = try await group { plan in
            plan.setting = .online
            change(&plan)
        }
        var people: [Neighbor] = []
        for number in 0..<members {
            people.append(try await participant("Nia Number\(number)"))
            try await join(group, as: people[number], called: "Star \(number)")
        }
        return (group, try await soon(group), people)
    }

    /// A meeting of a group, of an hour, in ten minutes.
    func soon(_ group: Group) async throws -> Meeting.ID {
        try await write(as: ana) { try Meeting.plan(group, at: $0.now.adding(minutes: 10), minutes: 60, in: $0) }
    }
}
