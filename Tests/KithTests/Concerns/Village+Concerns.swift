import Kith
import KithTestSupport
import Storage
import Synchronization

extension Village {
    /// Raises a concern at Riverside.
    @discardableResult
    func raise(
        about person: Neighbor? = nil, _ kind: Concern.Kind = .worry, _ words: String = "", as neighbor: Neighbor,
        once: String? = nil
    ) async throws -> Concern.ID {
        let once = once ?? platform.world.newIdentifier()
        let draft = Concern.Draft(in: riverside.program, about: person?.id, kind: kind, words: words, once: once)
        return try await write(as: neighbor) { try Concern.raise(draft, in: $0) }
    }

    /// As it stands now, for whoever may look after it.
    func concern(_ id: Concern.ID, as neighbor: Neighbor? = nil) async throws -> Concern {
        try await read(as: neighbor ?? sam) { try Concern.find(id, in: $0) }
    }

    func acknowledge(_ id: Concern.ID, as neighbor: Neighbor) async throws {
        try await write(as: neighbor) { try Concern.find(id, in: $0).acknowledge(in: $0) }
    }

    /// Whom a concern called, in order, as “round.rung name”.
    func called(_ id: Concern.ID) async throws -> [String] {
        try await platform.store.read { db in
            try db.all(
                """
                SELECT k.round, k.rung, p.name FROM concern_call k JOIN person p ON p.id = k.person_id
                WHERE k.concern_id = \(id) ORDER BY k.round, k.rung, p.name
                """
            ) { row in
                let name: String = try row["name"]
                return "\(try row["round"] as Int).\(try row["rung"] as Int) \(name.prefix { $0 != " " })"
            }
        }
    }

    /// Lets time pass, and lets the program look.
    func climb(after minutes: Int = 0) async throws {
        clock.advance(minutes: minutes)
        try await platform.escalate()
    }

    /// An address for each of Riverside's staff, so that a call can leave.
    func reachStaff() async throws {
        for (neighbor, name) in [(ana, "ana"), (sam, "sam"), (ada, "ada")] {
            try await reachByMail(neighbor, at: "\(name)@riverside.example")
        }
    }

    /// A concern that Cleo raised and that has called everybody, one that Ana has in hand, and one that Ana closed and
    /// that offers Ben a talk.
    func concerns() async throws -> (open: Concern.ID, inHand: Concern.ID, closed: Concern.ID) {
        let closed = try await raise(.worry, "Words", as: ben)
        try await acknowledge(closed, as: ana)
        let (supporter, later) = (ben.id, Day("2026-03-20") ?? Day(daysSince1970: 0))
        try await write(as: ana) {
            try Concern.find(closed, in: $0).close(
                Concern.Closing(.settled, words: "Words", followUp: later, debrief: supporter), in: $0)
        }
        let inHand = try await raise(.worry, "Words", as: ben)
        try await acknowledge(inHand, as: ana)
        return (try await raise(.somethingElse, "Words", as: cleo), inHand, closed)
    }

    func state(_ id: Concern.ID) async throws -> String {
        try await platform.store.read {
            try $0.value("SELECT state FROM concern WHERE id = \(id)", as: String.self) ?? "none"
        }
    }
}

/// A mail server that is there or not.
final class SwitchedCarrier: Carrier {
    private let isDown = Mutex(false)
    let postbox = Postbox()

    func set(down: Bool) { isDown.withLock { $0 = down } }

    func carry(_ letter: Letter) async throws(CarryFailure) {
        if isDown.withLock({ $0 }) { throw .notNow("unreachable") }
        try await postbox.carry(letter)
    }
}
