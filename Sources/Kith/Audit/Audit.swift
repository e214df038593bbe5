import Foundation
import Storage

/// The two logs every transaction answers to: events (what was done) and disclosures (what was shown).
package enum Audit {
    /// Writes `events` for the organization in the transaction that did them.
    static func append(_ events: [Event], by actor: Actor, at now: Instant, in world: World, to writer: Writer) throws {
        // Rows of one statement, so that what happens to many at once costs little more than what happens to one.
        for group in events.chunked(by: 32) {
            let rows: [SQL] = try group.map { event in
                guard let organization = actor.organization ?? event.organization else {
                    throw Fault("an event needs an organization: \(event.kind.rawValue)")
                }
                return """
                    (\(organization), \(world.newIdentifier()), \(event.kind), \(actor.logName), \(event.subject),
                    \(event.program), \(event.object), \(json(event.details)), \(now))
                    """
            }
            try writer.run(
                """
                INSERT INTO event (organization_id, id, kind, actor, subject_id, program_id, object_id, details, at)
                VALUES \(SQL.joined(rows))
                """)
        }
    }

    /// Writes `disclosures` before what they tell of leaves.
    static func append(
        _ disclosures: [Disclosure], by actor: Actor, at now: Instant, in world: World, to writer: Writer
    ) throws {
        guard let organization = actor.organization else { throw Fault("a visitor was shown somebody's record") }
        // Rows of one statement, so that a list of twenty-five people costs little more than one person.
        for group in Array(Set(disclosures)).chunked(by: 32) {
            let rows: [SQL] = group.map {
                "(\(organization), \($0.subject), \(now), \(world.newIdentifier()), \(actor.logName), \($0.what))"
            }
            try writer.run(
                "INSERT INTO disclosure (organization_id, subject_id, at, id, actor, what) VALUES \(SQL.joined(rows))")
        }
    }

    /// A flat JSON object with its keys in order. Details are codes and numbers; only what needs more than quotes around
    /// it is left to the encoder.
    private static func json(_ details: [String: String]) -> String {
        if details.isEmpty { return "{}" }
        guard details.allSatisfy({ isPlain($0.key) && isPlain($0.value) }) else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return (try? encoder.encode(details)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        }
        let fields = details.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }
        return "{" + fields.joined(separator: ",") + "}"
    }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }
}

extension Array {
    /// The elements in order, in arrays of at most `size`.
    package func chunked(by size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
