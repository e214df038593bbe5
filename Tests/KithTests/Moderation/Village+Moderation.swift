import Kith
import KithTestSupport
import Media
import Storage

/// Items of moderation in each state that routes are about.
struct ModerationThings: Sendable {
    /// Cleo reported a message of Ben's; nobody has it in hand.
    let open: ModerationItem.ID
    /// Cleo wrote something hard; Ana has it in hand.
    let worry: ModerationItem.ID
    /// Told to Cleo, who can appeal.
    let told: ModerationItem.ID
    /// Told to Cleo, who has appealed; Sam has it in hand.
    let appealed: ModerationItem.ID
    /// The message that it is about, which a picture came with.
    let pictured: Message.ID
    /// Cleo's, of Bao.
    let block: MemberBlock.ID
}

extension Village {
    static let rules = """
        Be kind
        Nobody is put down here.

        Stay in Kith
        We do not ask for numbers or money.
        """

    /// Publishes the house rules of Riverside's program, and everybody named says yes.
    @discardableResult
    func publishRules(
        _ text: String = rules, changed: String = "They are new.", firstHeld: Int = 0, accepting: [Neighbor] = []
    ) async throws -> Int {
        let program = riverside.program
        let version = try await write(as: ana) {
            try HouseRules.publish(text, changed: changed, firstHeld: firstHeld, program: program, in: $0)
        }
        for neighbor in accepting {
            try await write(as: neighbor) { try HouseRules.accept(version, of: program, in: $0) }
        }
        return version
    }

    @discardableResult
    func send(
        _ text: String, in conversation: Conversation.ID, as neighbor: Neighbor, id: Message.ID? = nil
    ) async throws -> SentMessage {
        let key = id ?? Message.ID(platform.world.newIdentifier())
        return try await write(as: neighbor) { try Message.send(text, as: key, to: conversation, in: $0) }
    }

    /// Reports a message, and answers with the item.
    @discardableResult
    func report(
        _ sequence: Int, in conversation: Conversation.ID, _ reason: MessageReport.Reason = .insult, words: String = "",
        as neighbor: Neighbor
    ) async throws -> ModerationItem.ID {
        let report = try await write(as: neighbor) {
            try MessageReport.make(of: sequence, in: conversation, reason, words: words, db: $0)
        }
        return try await platform.store.read {
            let found = try $0.value("SELECT item_id FROM moderation_report WHERE id = \(report)", as: String.self)
            return ModerationItem.ID(found ?? "")
        }
    }

    func claim(_ id: ModerationItem.ID, as neighbor: Neighbor) async throws {
        try await write(as: neighbor) { try ModerationItem.find(id, in: $0).claim(in: $0) }
    }

    func decide(_ id: ModerationItem.ID, _ decision: ModerationItem.Decision, as neighbor: Neighbor) async throws {
        try await write(as: neighbor) { try ModerationItem.find(id, in: $0).decide(decision, in: $0) }
    }

    /// Takes it and decides.
    func settle(_ id: ModerationItem.ID, _ decision: ModerationItem.Decision, as neighbor: Neighbor) async throws {
        try await claim(id, as: neighbor)
        try await decide(id, decision, as: neighbor)
    }

    func appeal(_ id: ModerationItem.ID, _ words: String = "It was a joke", as neighbor: Neighbor) async throws {
        try await write(as: neighbor) { try ModerationItem.own(id, in: $0).appeal(words, in: $0) }
    }

    func item(_ id: ModerationItem.ID, as neighbor: Neighbor? = nil) async throws -> ModerationItem {
        try await read(as: neighbor ?? sam) { try ModerationItem.find(id, in: $0) }
    }

    /// The open item of a kind.
    func item(_ kind: ModerationItem.Kind) async throws -> ModerationItem.ID {
        try await platform.store.read {
            let found = try $0.value(
                "SELECT id FROM moderation_item WHERE kind = \(kind) AND state = 'open' ORDER BY opened_at DESC, id DESC LIMIT 1",
                as: String.self)
            guard let found else { throw Fault("there is no item") }
            return ModerationItem.ID(found)
        }
    }

    /// The bodies of a conversation, as somebody reads it.
    func bodies(_ conversation: Conversation.ID, as neighbor: Neighbor) async throws -> [String?] {
        try await read(as: neighbor) {
            try Conversation.find(conversation, in: $0).messages(before: nil, limit: 100, in: $0).map(\.body)
        }
    }

    /// Items in each state, between Ben and Cleo.
    func moderation(in conversation: Conversation.ID) async throws -> ModerationThings {
        try await publishRules(accepting: [ben, cleo])
        let before = try await read(as: ben) { try Conversation.find(conversation, in: $0).lastSequence }
        for text in ["Hello", "Words"] { try await send(text, in: conversation, as: ben) }
        let pictured = Message.ID(platform.world.newIdentifier())
        try await send("Words", in: conversation, as: cleo)
        try await send(
            try CleanFile(SentFile.picture()), "Other words", in: conversation, as: cleo, id: pictured)
        try await send("I want to die", in: conversation, as: cleo)
        let worry = try await item(.worry)
        try await claim(worry, as: ana)
        let told = try await report(before + 3, in: conversation, as: ben)
        try await settle(told, .init(.word, rule: 1), as: ana)
        let appealed = try await report(before + 4, in: conversation, as: ben)
        try await settle(appealed, .init(.word, rule: 1), as: ana)
        try await appeal(appealed, as: cleo)
        try await claim(appealed, as: sam)
        let open = try await report(before + 2, in: conversation, as: cleo)
        let (house, cleo, bao) = (riverside.organization, cleo.id, bao.id)
        let block = MemberBlock.ID(platform.world.newIdentifier())
        try await write(asSystemOf: riverside) { db in
            try db.run("INSERT INTO person_block VALUES (\(house), \(cleo), \(bao), \(db.now))")
            try db.run(
                "INSERT INTO member_block VALUES (\(house), \(block), \(conversation), \(cleo), \(bao), \(db.now))")
            db.record(Event(.personBlocked))
        }
        return ModerationThings(
            open: open, worry: worry, told: told, appealed: appealed, pictured: pictured, block: block)
    }
}
