import Kith
import Synchronization

/// A world whose time stands until a test moves it, and whose randomness comes from a seed.
package final class TestWorld: Sendable {
    private struct State {
        var now: Instant
        var random: SeededGenerator
    }

    /// Monday 2 March 2026, 14:00 UTC: nine in the morning in New York.
    package static let start = Instant("2026-03-02T14:00:00.000Z") ?? Instant(milliseconds: 0)

    private let state: Mutex<State>

    package init(seed: UInt64 = 1, now: Instant = TestWorld.start) {
        state = Mutex(State(now: now, random: SeededGenerator(seed: seed)))
    }

    package var now: Instant { state.withLock { $0.now } }

    package func advance(seconds: Int = 0, minutes: Int = 0, hours: Int = 0, days: Int = 0) {
        state.withLock { $0.now = $0.now.adding(seconds: seconds, minutes: minutes, hours: hours, days: days) }
    }

    package var world: World {
        var world = World(
            now: { self.now },
            newIdentifier: { World.identifier(at: self.now, self.bytes(10)) },
            randomBytes: { self.bytes($0) })
        world.vault = Self.vault
        return world
    }

    /// The same keys in all tests.
    package static let vault = Vault(Vault.MasterKey(Array(1...32)).map { [$0] } ?? [])

    private func bytes(_ count: Int) -> [UInt8] {
        state.withLock { state in (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &state.random) } }
    }
}

/// SplitMix64: the same numbers for the same seed, on every machine.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
