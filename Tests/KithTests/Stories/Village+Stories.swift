import Kith
import KithTestSupport
import Storage

/// What routes about stories need.
struct StoryThings: Sendable {
    /// A tip of Cleo's that nobody was asked to read so far.
    let own: MemberStory.ID
    let mark: String
    /// A tip of Cyrus's that is shown.
    let others: MemberStory.ID
}

extension MemberStory.Text {
    static let lavender = Self(.tip, "Lavender on the pillow", as: "Moth")
    static let firstWeek = Self(.story, title: "My first week", "It was long.\n\nThen it was not.", as: "Moth")
}

extension Village {
    /// Somebody writes it down and nothing more.
    @discardableResult
    func write(_ text: MemberStory.Text, as neighbor: Neighbor, id: MemberStory.ID? = nil) async throws
        -> MemberStory.ID
    {
        let (key, program) = (id ?? MemberStory.ID(platform.world.newIdentifier()), riverside.program)
        let draft = try MemberStory.Draft(text)
        try await write(as: neighbor) { _ = try MemberStory.keep(draft, as: key, for: program, in: $0) }
        return key
    }

    func agree(_ id: MemberStory.ID, mayStay: Bool = false, as neighbor: Neighbor) async throws {
        try await write(as: neighbor) { db in
            let story = try MemberStory.own(id, in: db)
            try story.agree(to: "Those of the program see it.", mark: story.mark, mayStay: mayStay, in: db)
        }
    }

    /// Somebody writes it and says yes, and Ana shows it.
    @discardableResult
    func tell(_ text: MemberStory.Text, mayStay: Bool = false, as neighbor: Neighbor) async throws -> MemberStory.ID {
        let id = try await write(text, as: neighbor)
        try await agree(id, mayStay: mayStay, as: neighbor)
        try await settle(item(.held), .init(.shown), as: ana)
        return id
    }

    func withdraw(_ id: MemberStory.ID, as neighbor: Neighbor) async throws {
        try await write(as: neighbor) { try MemberStory.own(id, in: $0).withdraw(in: $0) }
    }

    func state(of id: MemberStory.ID, as neighbor: Neighbor) async throws -> MemberStory.State {
        try await read(as: neighbor) { try MemberStory.own(id, in: $0).state }
    }

    /// What somebody reads under “Stories and tips”.
    func storiesRead(by neighbor: Neighbor) async throws -> [String?] {
        try await read(as: neighbor) { try MemberStory.shown(in: $0).map(\.text?.body) }
    }

    func stories() async throws -> StoryThings {
        let own = try await write(.init(.tip, "Tea at four"), as: cleo)
        let mark = try await read(as: cleo) { try MemberStory.own(own, in: $0).mark }
        return StoryThings(
            own: own, mark: mark, others: try await tell(.init(.tip, "Sleep first"), mayStay: true, as: cyrus))
    }
}
