import Kith
import Storage

extension Story {
    // MARK: - Contacts

    func plan(_ number: Int, _ plan: Encounter.Plan, at moment: Instant) async throws {
        let match = try known(match)
        contacts[number] = try await stage.act(try known(supporter), at: moment) { db in
            try Encounter.plan(plan, with: ActiveMatch.find(match, in: db), in: db)
        }
    }

    func hold(_ number: Int, _ note: NoteText, isPlanned: Bool, at moment: Instant) async throws {
        guard isPlanned else {
            let match = try known(match)
            contacts[number] = try await stage.act(try known(supporter), at: moment) { db in
                try Encounter.record(
                    note.held, at: moment.adding(minutes: -note.minutes - 3), with: ActiveMatch.find(match, in: db),
                    in: db)
            }
            return
        }
        try await settle(number, at: moment) { try $0.done(note.held, in: $1) }
    }

    func settle(
        _ number: Int, at moment: Instant, _ work: @escaping @Sendable (Encounter, Writing) throws -> Void
    ) async throws {
        try await contact(number, by: try known(supporter), at: moment, work)
    }

    private func contact(
        _ number: Int, by who: Person.ID, at moment: Instant,
        _ work: @escaping @Sendable (Encounter, Writing) throws -> Void
    ) async throws {
        let id = try known(contacts[number])
        try await stage.act(who, at: moment) { try work(Encounter.find(id, in: $0), $0) }
    }

    // MARK: - Notes

    func write(_ note: NoteText, on number: Int, isOffered: Bool, at moment: Instant) async throws {
        let (text, words) = (spoken(note.text), spoken(note.personsWords))
        try await contact(number, by: try known(supporter), at: moment) { encounter, db in
            try Note.write(text: text, words: words, on: encounter, revision: 0, in: db)
            guard isOffered else { return }
            try Note.offer(on: encounter, revision: Self.revision(on: encounter, db), in: db)
        }
    }

    func answer(_ note: NoteText, on number: Int, at moment: Instant) async throws {
        let answer: Note.OwnAnswer =
            switch note.answer {
            case .agreed: .agreed
            case .changed:
                .changed(
                    words: spoken(note.changedWords ?? note.personsWords), disagreement: spoken(note.disagreement ?? "")
                )
            case .declined: .declined
            }
        try await contact(number, by: try known(person), at: moment) { encounter, db in
            try Note.answer(answer, on: encounter, revision: Self.revision(on: encounter, db), in: db)
        }
    }

    func sign(_ number: Int, at moment: Instant) async throws {
        try await contact(number, by: try known(supporter), at: moment) { encounter, db in
            try Note.sign(on: encounter, revision: Self.revision(on: encounter, db), in: db)
        }
    }

    /// What they have before them on the page.
    private static func revision(on encounter: Encounter, _ db: Reading) throws -> Int {
        try Note.read(on: encounter, in: db)?.revision ?? 0
    }

    // MARK: - Messages

    /// Whoever writes has read what came before.
    func send(_ line: MessageThread.Line, at moment: Instant) async throws {
        let (known, text) = (conversation, spoken(line.text))
        let (supporter, person) = (try self.known(supporter), try self.known(person))
        let (who, other) = line.isSupporters ? (supporter, person) : (person, supporter)
        conversation = try await stage.act(who, at: moment) { db in
            guard let conversation = try known ?? Conversation.current(with: other, in: db)?.id else {
                throw Problem.notFound
            }
            try Self.read(conversation, db)
            _ = try Message.send(text, as: db.newID(), to: conversation, in: db)
            return conversation
        }
    }

    func read(bySupporter: Bool, at moment: Instant) async throws {
        let conversation = try known(conversation)
        try await stage.act(try known(bySupporter ? supporter : person), at: moment) { db in
            try Self.read(conversation, db)
        }
    }

    private static func read(_ id: Conversation.ID, _ db: Writing) throws {
        let conversation = try Conversation.find(id, in: db)
        guard conversation.lastSequence > conversation.me.marks.read else { return }
        conversation.disclose(in: db)
        try conversation.see(conversation.me.marks.read + 1...conversation.lastSequence, reading: true, in: db)
    }

    /// With the names that the text leaves open.
    private func spoken(_ text: String) -> String {
        let supporter = stage.demonstration.supporters.first { $0.id == part.supporter }?.shortName ?? ""
        return text.replacing("{{p}}", with: part.shortName).replacing("{{s}}", with: supporter)
    }
}
