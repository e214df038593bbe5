import Foundation
import Storage
import Testing

/// Killing the process cannot show whether a commit was durable, because the operating system's cache outlives the
/// process. These tests cut the power of a simulated disk instead, at any call, with sectors lost or torn.
@Suite("Power cuts", .timeLimit(.minutes(30)))
struct PowerCutTests {
    /// How many servers lose power, each ``Server/starts`` times; a nightly run asks for more.
    static let servers = ProcessInfo.processInfo.environment["KITH_POWER_CUT_SERVERS"].flatMap { Int($0) } ?? 100

    @Test("Nothing that was acknowledged is lost when the power goes", arguments: 0..<2)
    func keepsAcknowledgedWrites(half: Int) async throws {
        var (cuts, acknowledged, lost) = (0, 0, 0)
        for seed in stride(from: half, to: Self.servers, by: 2) {
            let life = try await Server(seed: UInt64(seed), synchronous: .full).live()
            #expect(life.problems.isEmpty, "seed \(seed)")
            cuts += life.cuts
            acknowledged += life.acknowledged
            lost += life.lost
        }
        // Tests/Torture/power_cut.py reads these lines.
        print("power cuts: \(cuts), acknowledged: \(acknowledged), lost: \(lost)")
        // Without work, and cuts in the middle of it, nothing is proved.
        #expect(cuts > Self.servers / 2)
        #expect(acknowledged > Self.servers * 50)
    }

    @Test("The same servers lose acknowledged writes when commits are not synced")
    func noticesMissingSyncs() async throws {
        var losing = 0
        for seed in 0..<UInt64(20) {
            let life = try await Server(seed: seed, synchronous: .normal).live()
            losing += life.lost > 0 ? 1 : 0
        }
        print("not synced: \(losing) of 20 servers lose acknowledged writes")
        #expect(losing >= 10, "\(losing) of 20")
    }

    @Test("A power cut stops its own disk and no other")
    func staysOnItsDisk() async throws {
        let (first, second) = (try SimulatedDisk(), try SimulatedDisk())
        let cut = try Store.open(.sqlite(path: first.databasePath), readers: 1)
        let spared = try Store.open(.sqlite(path: second.databasePath), readers: 1)
        try await Ledger.createTables(in: cut)
        #expect(first.count(.sync) > 0, "the store is not on the disk")
        first.cutPower()
        await #expect(throws: StoreError.self) {
            try await Ledger.write(Ledger.Entry(writer: 0, number: 0, size: 1), to: cut)
        }
        try await Ledger.createTables(in: spared)
        await cut.close()
        await spared.close()
    }
}

/// A server whose power goes several times, while it opens its database, works or closes it.
private struct Server {
    struct Life {
        var acknowledged = 0
        var lost = 0
        /// Cuts that came before everything was done.
        var cuts = 0
        var problems: [String] = []
    }

    /// What happens between two cuts.
    struct Session {
        let rounds: Int
        let largest: Int
        /// Which call that changes the disk is the last one.
        let cut: Int
        let cutsWhileOpening: Bool

        init(_ random: inout some RandomNumberGenerator) {
            // Some sessions write so much that SQLite checkpoints and starts its WAL anew while they work.
            let isHeavy = Int.random(in: 0..<8, using: &random) == 0
            rounds = Int.random(in: isHeavy ? 8...12 : 1...12, using: &random)
            largest = isHeavy ? 3000 : [1, 20, 200, 1000].randomElement(using: &random) ?? 1
            // Evenly over the powers of two, so that the first commits are hit as often as the closing.
            let exponent = Double.random(in: 0..<10.5, using: &random)
            cut = isHeavy ? Int.random(in: 1...6000, using: &random) : Int(pow(2, exponent))
            cutsWhileOpening = Int.random(in: 0..<4, using: &random) == 0
        }
    }

    static let starts = 3
    static let writers = 64

    let seed: UInt64
    let synchronous: SQLiteBacking.Synchronous

    func live() async throws -> Life {
        var random = SplitMix64(state: seed)
        var (disk, ledger, life) = (try SimulatedDisk(), Ledger(), Life())
        for start in 0..<Self.starts {
            let session = Session(&random)
            let isNew = start == 0
            if session.cutsWhileOpening, !isNew { disk.cutPower(atChange: session.cut) }
            if let store = open(on: disk, &life) {
                if isNew {
                    try await Ledger.createTables(in: store)
                } else if disk.hasPower {
                    await audit(store, ledger, &life)
                }
                if disk.hasPower { disk.cutPower(atChange: session.cut) }
                await ledger.fill(
                    store, on: disk, writers: start * Self.writers..<(start + 1) * Self.writers,
                    rounds: session.rounds, largest: session.largest)
                await store.close()
            }
            life.cuts += disk.hasPower ? 0 : 1
            life.acknowledged = ledger.acknowledged.count
            disk.cutPower()
            disk = try disk.afterPowerCut(seed: random.next())
            guard life.problems.isEmpty else { return life }
        }
        guard let store = open(on: disk, &life) else { return life }
        await audit(store, ledger, &life)
        await store.close()
        return life
    }

    private func open(on disk: SimulatedDisk, _ life: inout Life) -> Store? {
        do {
            return try Store.open(.sqlite(path: disk.databasePath), readers: 1, synchronous: synchronous)
        } catch {
            if disk.hasPower { life.problems.append("\(error)") }
            return nil
        }
    }

    private func audit(_ store: Store, _ ledger: Ledger, _ life: inout Life) async {
        do {
            let audit = try await ledger.audit(store)
            life.lost += audit.lost
            if audit.lost > 0 || !audit.isConsistent { life.problems.append("\(audit)") }
        } catch {
            // Not even the tables are there, and they had been acknowledged too.
            life.lost += ledger.acknowledged.count + 1
            life.problems.append(String(reflecting: error))
        }
    }
}

/// Small and seedable: the same seed gives the same sessions and images.
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
