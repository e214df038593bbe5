import Storage

/// Writes entries from many tasks at once and remembers which the store acknowledged.
struct Ledger: Sendable {
    struct Entry: Hashable, Sendable {
        let writer: Int
        let number: Int
        let size: Int

        /// Found from the entry alone, so that a reader can tell whether it is what was written.
        var body: String { String(repeating: "\(writer)/\(number) ", count: size) }
    }

    private(set) var acknowledged: Set<Entry> = []
    private(set) var refused: Set<Entry> = []

    /// Each entry is kept in two tables, which shows whether a transaction is ever found by halves.
    static func createTables(in store: Store) async throws {
        try await store.write { writer in
            try writer.run(
                """
                CREATE TABLE entry (writer BIGINT NOT NULL, number BIGINT NOT NULL, size BIGINT NOT NULL,
                    PRIMARY KEY (writer, number))
                """)
            try writer.run(
                """
                CREATE TABLE body (writer BIGINT NOT NULL, number BIGINT NOT NULL, text TEXT NOT NULL,
                    FOREIGN KEY (writer, number) REFERENCES entry)
                """)
            try writer.run("CREATE UNIQUE INDEX body_entry ON body (writer, number)")
        }
    }

    static func write(_ entry: Entry, to store: Store) async throws {
        try await store.write { writer in
            try writer.run("INSERT INTO entry VALUES (\(entry.writer), \(entry.number), \(entry.size))")
            try writer.run("INSERT INTO body VALUES (\(entry.writer), \(entry.number), \(entry.body))")
        }
    }

    /// Writes `rounds` entries from each of the `writers`, all at the same time. A writer stops when the power is gone.
    mutating func fill(
        _ store: Store, on disk: SimulatedDisk, writers: Range<Int>, rounds: Int, largest size: Int
    ) async {
        await withTaskGroup(of: Ledger.self) { group in
            for writer in writers {
                group.addTask {
                    var ledger = Ledger()
                    for number in 0..<rounds {
                        let entry = Entry(writer: writer, number: number, size: 1 + (writer * 31 + number * 17) % size)
                        do {
                            try await Self.write(entry, to: store)
                            ledger.acknowledged.insert(entry)
                        } catch {
                            ledger.refused.insert(entry)
                            guard disk.hasPower else { break }
                        }
                    }
                    return ledger
                }
            }
            for await part in group {
                acknowledged.formUnion(part.acknowledged)
                refused.formUnion(part.refused)
            }
        }
    }

    /// Compares the ledger with what the store holds now.
    func audit(_ store: Store) async throws -> Audit {
        try await store.read { reader in
            let found = try reader.all("SELECT writer, number, size FROM entry") {
                Entry(writer: try $0["writer"], number: try $0["number"], size: try $0["size"])
            }
            let bodies = try reader.all("SELECT writer, number, text FROM body") {
                Body(writer: try $0["writer"], number: try $0["number"], text: try $0["text"])
            }
            let entries = Set(found)
            return Audit(
                lost: acknowledged.subtracting(entries).count,
                invented: entries.subtracting(acknowledged).subtracting(refused).count,
                refusedYetKept: refused.intersection(entries).count,
                isWhole: Set(bodies) == Set(found.map { Body(writer: $0.writer, number: $0.number, text: $0.body) })
                    && bodies.count == found.count,
                integrity: try reader.values("PRAGMA integrity_check"),
                danglingReferences: try reader.all("PRAGMA foreign_key_check") { _ in }.count)
        }
    }

    private struct Body: Hashable {
        let writer: Int
        let number: Int
        let text: String
    }

    struct Audit: Sendable {
        /// Acknowledged entries that are not there.
        let lost: Int
        /// Entries nobody wrote.
        let invented: Int
        /// Entries whose write threw. After a failed sync or a power cut nobody can know their fate; in a store that
        /// is still running they must not be there.
        let refusedYetKept: Int
        /// Every entry has its body, letter by letter.
        let isWhole: Bool
        let integrity: [String]
        let danglingReferences: Int

        var isConsistent: Bool { invented == 0 && isWhole && integrity == ["ok"] && danglingReferences == 0 }
    }
}
