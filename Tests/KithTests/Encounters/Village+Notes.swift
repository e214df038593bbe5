import Kith
import KithTestSupport
import Storage

extension Village {
    /// A contact of Ben and Cleo with a note that Cleo was offered, at revision 2.
    func offeredNote() async throws -> Encounter.ID {
        let id = try await meet(try await pair())
        try await write(id, "We spoke about nights.", words: "I slept at last.", revision: 0)
        try await offer(id, revision: 1)
        return id
    }

    func write(_ id: Encounter.ID, _ text: String, words: String?, revision: Int) async throws {
        try await write(as: ben) { db in
            try Note.write(text: text, words: words, on: Encounter.find(id, in: db), revision: revision, in: db)
        }
    }

    func offer(_ id: Encounter.ID, revision: Int) async throws {
        try await write(as: ben) { try Note.offer(on: Encounter.find(id, in: $0), revision: revision, in: $0) }
    }

    func answer(_ id: Encounter.ID, _ answer: Note.OwnAnswer, revision: Int) async throws {
        try await write(as: cleo) { db in
            try Note.answer(answer, on: Encounter.find(id, in: db), revision: revision, in: db)
        }
    }

    func sign(_ id: Encounter.ID, revision: Int) async throws {
        try await write(as: ben) { try Note.sign(on: Encounter.find(id, in: $0), revision: revision, in: $0) }
    }

    func add(_ id: Encounter.ID, _ text: String, as neighbor: Neighbor) async throws {
        try await write(as: neighbor) { db in
            try Note.add(text, because: "Forgotten", to: Encounter.find(id, in: db), in: db)
        }
    }

    /// The note as somebody may read it.
    func note(_ id: Encounter.ID, as neighbor: Neighbor) async throws -> Note? {
        try await read(as: neighbor) { try Note.read(on: Encounter.find(id, in: $0), in: $0) }
    }

    /// Everything the table holds of a note, to compare.
    func noteRow(_ id: Encounter.ID) async throws -> String {
        let row = try await read(as: ana) { db in
            try db.first("SELECT * FROM note WHERE encounter_id = \(id)") { row in
                let texts: [String?] = try [
                    "text", "persons_words", "words_by", "state", "answer", "answered_at", "reason", "disagreement",
                    "offered_at", "signed_at"
                ].map { try row[$0] }
                return texts.map { $0 ?? "-" } + ["\(try row["revision"] as Int)"]
            }
        }
        return row?.joined(separator: " | ") ?? "none"
    }
}
