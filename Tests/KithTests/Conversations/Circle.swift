import Kith
import KithTestSupport
import Storage

/// A group of Riverside with its conversation: Ben leads it, under his own name.
struct Circle: Sendable {
    let village: Village
    let id: Conversation.ID

    var path: String { "/conversations/\(id)" }

    init(_ title: String = "Tuesday evenings", agreements: String? = nil, in village: Village) async throws {
        self.village = village
        let house = village.riverside
        id = try await village.write(asSystemOf: house) { db in
            try Conversation.openGroup(
                .init(title: title, agreements: agreements), in: house.program, of: house.organization, db: db)
        }
        try await add(village.ben, as: .facilitator)
    }

    func add(
        _ neighbor: Village.Neighbor, as role: Conversation.MemberRole = .participant, called name: String? = nil,
        reading history: Conversation.History = .fromNow
    ) async throws {
        try await village.write(asSystemOf: village.riverside) { [id] db in
            try Conversation.add(
                neighbor.id, as: role, called: name, reading: history, to: id, of: db.organization, db: db)
        }
    }

    func remove(_ neighbor: Village.Neighbor, keepingPast: Bool = true) async throws {
        try await village.write(asSystemOf: village.riverside) { [id] db in
            try Conversation.remove(neighbor.id, keepingPast: keepingPast, from: id, of: db.organization, db: db)
        }
    }

    func close() async throws {
        try await village.write(asSystemOf: village.riverside) { [id] db in
            try Conversation.close(id, of: db.organization, db: db)
        }
    }

    /// Somebody who takes part in the program and agrees to it.
    func joining(_ name: String, called nickname: String? = nil) async throws -> Village.Neighbor {
        let neighbor = try await village.agreeing(name)
        try await add(neighbor, called: nickname)
        return neighbor
    }

    func find(as neighbor: Village.Neighbor) async throws -> Conversation {
        try await village.read(as: neighbor) { [id] in try Conversation.find(id, in: $0) }
    }

    @discardableResult
    func send(
        _ text: String, as neighbor: Village.Neighbor, id: Message.ID? = nil
    ) async throws -> SentMessage {
        let key = id ?? Message.ID(village.platform.world.newIdentifier())
        return try await village.write(as: neighbor) { [conversation = self.id] in
            try Message.send(text, as: key, to: conversation, in: $0)
        }
    }

    func bodies(as neighbor: Village.Neighbor) async throws -> [String?] {
        try await village.read(as: neighbor) { [id] in
            try Conversation.find(id, in: $0).messages(before: nil, limit: 1_000, in: $0).map(\.body)
        }
    }
}

extension Village {
    /// A newcomer who takes part in Riverside's program and agrees to it.
    func agreeing(_ name: String) async throws -> Neighbor {
        let neighbor = try await newcomer(name)
        try await agree(neighbor)
        return neighbor
    }

    func agree(_ neighbor: Neighbor) async throws {
        _ = try await readyReferral(of: neighbor)
    }
}
