import Storage

/// Numbers whose owners want no text messages from here, whoever they would be from: every organization of an
/// installation writes from one number, so one word stops them all. Only a mark of each number is kept, which leads to
/// nobody.
package enum TextStop {
    static let migrations = [
        Migration(
            "2026-12-01-text-stops",
            """
            CREATE TABLE text_stop (
                number TEXT PRIMARY KEY,
                stopped_at TEXT NOT NULL,
                undone_at TEXT
            )
            """)
    ]

    /// No text message goes to this number from this moment on.
    /// - Returns: whether any did until now.
    package static func stop(_ number: TextNumber, in db: Writing) throws -> Bool {
        let changed = try db.run(
            """
            INSERT INTO text_stop (number, stopped_at) VALUES (\(number.mark(in: db.world)), \(db.now))
            ON CONFLICT (number) DO UPDATE SET stopped_at = excluded.stopped_at, undone_at = NULL
            WHERE text_stop.undone_at IS NOT NULL
            """)
        return changed > 0
    }

    /// Takes back what ``stop(_:in:)`` did, and nothing else.
    /// - Returns: whether it was stopped.
    package static func undo(_ number: TextNumber, in db: Writing) throws -> Bool {
        let changed = try db.run(
            """
            UPDATE text_stop SET undone_at = \(db.now)
            WHERE number = \(number.mark(in: db.world)) AND undone_at IS NULL
            """)
        return changed > 0
    }

    /// Which of these numbers get no text messages, and since when.
    package static func stopped(among numbers: [TextNumber], in db: Reading) throws -> [TextNumber: Instant] {
        guard !numbers.isEmpty else { return [:] }
        let marks = numbers.map { $0.mark(in: db.world) }
        let found = try db.all(
            "SELECT number, stopped_at FROM text_stop WHERE number IN \(list: marks) AND undone_at IS NULL"
        ) { (try $0["number"] as String, try $0["stopped_at"] as Instant) }
        let since = Dictionary(found, uniquingKeysWith: { first, _ in first })
        return Dictionary(
            zip(numbers, marks).compactMap { number, mark in since[mark].map { (number, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// Since when somebody gets no text messages, because the number they go to was stopped.
    package static func since(of channels: [ContactChannel], in db: Reading) throws -> Instant? {
        let numbers = channels.filter { $0.kind == .text }.compactMap { $0.number(in: db.world.countryCode) }
        return try stopped(among: numbers, in: db).values.min()
    }
}

extension EventKind {
    /// Somebody wrote that they want no text messages any more. About each person whose number it is.
    package static let textsStopped = EventKind("texts.stopped")
    /// Somebody wrote that they want them again.
    package static let textsStarted = EventKind("texts.started")
}
