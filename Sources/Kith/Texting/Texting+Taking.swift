import HTTPTypes
import Storage
import Web

extension Platform {
    /// Does what a text message asks for, once, and answers it.
    /// - Throws: `Refusal` for a sender that is no number.
    package func take(_ text: IncomingText) async throws {
        let country = world.countryCode
        guard let number = TextNumber(text.sender, country: country) else {
            // A short code is a machine, which nobody answers.
            if text.sender.withWesternDigits.count(where: \.isDigit) >= 3 { return }
            throw Refusal(.unprocessableContent, "This message is from no number.")
        }
        let holders = try await read(as: .nobody, access: .anyone) { try Person.holders(of: number, in: $0) }
        let message = Texting.Message(text, from: number)
        let credential: Credential
        if let only = holders.first, holders.count == 1 {
            credential = .number(only.person, of: only.organization)
        } else if message.worry == nil, message.reading?.command != .call {
            credential = .nobody
        } else {
            let house = try await read(as: .nobody, access: .anyone) { try TextHouse(for: holders, in: $0) }
            credential = .link(.text, of: house.organization.id)
        }
        let translate: @Sendable (String) -> Words = { words(in: $0) }
        try await write(as: credential, access: .anyone) { try message.take(translate, in: $0) }
    }
}

extension Texting {
    /// A message with what it was understood as.
    struct Message: Sendable {
        let text: String
        let number: TextNumber
        /// Names the gateway's message, and tells nothing of it.
        let key: String
        let reading: TextCommand.Reading?
        /// The words of it that give cause to offer help.
        let worry: String?

        init(_ incoming: IncomingText, from number: TextNumber) {
            // As much as anybody can read out to somebody.
            text = String(incoming.text.prefix(2_000))
            self.number = number
            key = Secret(presented: "text-message|\(incoming.id)").hash
            reading = TextCommand.read(text)
            worry = Kith.Message.Draft.worry(in: text)
        }

        func take(_ translate: @escaping (String) -> Words, in db: Writing) throws {
            let holders = try Person.holders(of: number, in: db)
            let house = try TextHouse(for: holders, in: db)
            guard try isNew(in: db) else { return }
            var event = Event(
                .textReceived, about: db.actor.person, ["asked": reading?.command.rawValue ?? "other"])
            event.organization = house.organization.id
            db.record(event)
            let asker = Asker(message: self, holders: holders, house: house, translate: translate)
            guard let answer = try asker.answer(in: db), try mayAnswer(in: db) else { return }
            try TextReply.put(
                asker.told(answer, in: db), to: number, confirmingStop: answer == .stopped, db: db)
            try db.run("UPDATE text_received SET is_answered = \(true) WHERE id = \(key)")
        }

        /// Whether it came for the first time. What came long ago is forgotten.
        private func isNew(in db: Writing) throws -> Bool {
            let added = try db.run(
                """
                INSERT INTO text_received (id, number, received_at, is_answered)
                VALUES (\(key), \(number.mark(in: db.world)), \(db.now), \(false)) ON CONFLICT (id) DO NOTHING
                """)
            guard added > 0 else { return false }
            try db.run("DELETE FROM text_received WHERE received_at < \(db.now.adding(days: -daysKept))")
            try db.run("DELETE FROM text_reply WHERE ended_at < \(db.now.adding(days: -TextReply.daysKept))")
            return true
        }

        private func mayAnswer(in db: Reading) throws -> Bool {
            let answers =
                try db.value(
                    """
                    SELECT count(*) FROM text_received WHERE number = \(number.mark(in: db.world))
                    AND is_answered AND received_at > \(db.now.adding(days: -1))
                    """) ?? 0
            return answers < mostAnswers
        }
    }
}
