import Storage
import Testing

/// Fails the first call of a kind, then the second, and so on until a run needs no more of them. Whatever fails, the
/// store must not crash, must acknowledge only what it has, and must work again when the disk does.
@Suite("Failing disks", .timeLimit(.minutes(35)))
struct FailingDiskTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let name: String
        let calls: SimulatedDisk.Calls
        var times = 1
        var failure = SimulatedDisk.Failure.broken

        var testDescription: String {
            "\(times == 1 ? "one" : "every") \(name) \(failure == .full ? "finds no room" : "fails")"
        }
    }

    static let faults = [
        Fault(name: "write", calls: .write),
        Fault(name: "write", calls: .write, times: .max),
        Fault(name: "write", calls: .write, failure: .full),
        Fault(name: "write", calls: .write, times: .max, failure: .full),
        Fault(name: "sync", calls: .sync),
        Fault(name: "sync", calls: .sync, times: .max),
        Fault(name: "open", calls: .open),
        Fault(name: "open", calls: .open, times: .max),
        Fault(name: "read", calls: .read),
        Fault(name: "read", calls: .read, times: .max),
        Fault(name: "deletion", calls: .delete)
    ]

    @Test("A store that goes on after a fault has what it acknowledged, and nothing it refused", arguments: faults)
    func goesOn(fault: Fault) async throws {
        var nth = 1
        while try await run(with: fault, at: nth, restarting: false) { nth += 1 }
        #expect(nth > 1, "no call failed")
        // Tests/Torture/failing_disk.py reads this line and the next one.
        print("calls failed: \(nth - 1), \(fault.testDescription), goes on")
    }

    @Test("A store that is started again after a fault has what it acknowledged", arguments: faults)
    func startsAgain(fault: Fault) async throws {
        var nth = 1
        while try await run(with: fault, at: nth, restarting: true) { nth += 1 }
        #expect(nth > 1, "no call failed")
        print("calls failed: \(nth - 1), \(fault.testDescription), starts again")
    }

    /// Works on a disk whose `nth` call fails, repairs it, works on, and cuts the power before and after that.
    /// - Returns: whether any call failed.
    private func run(with fault: Fault, at nth: Int, restarting: Bool) async throws -> Bool {
        let disk = try SimulatedDisk()
        let url = StoreURL.sqlite(path: disk.databasePath)
        var ledger = Ledger()

        disk.fail(fault.calls, from: nth, times: fault.times, with: fault.failure)
        var store = try? Store.open(url, readers: 1)
        if let store, (try? await Ledger.createTables(in: store)) != nil {
            await ledger.fill(store, on: disk, writers: 0..<8, rounds: 2, largest: 500)
            if let audit = try? await ledger.audit(store) { #expect(audit.lost == 0, "reads too little, call \(nth)") }
        }
        if restarting {
            await store?.close()
            store = nil
        }
        let anyFailed = disk.failures > 0
        disk.repair()

        let repaired = try store ?? Store.open(url, readers: 1)
        // A transaction whose sync failed is undone while the store runs, and may be found when it starts again.
        if try await repaired.read({ try !$0.exists("SELECT 1 FROM sqlite_master WHERE name = 'body_entry'") }) {
            #expect(ledger.acknowledged.isEmpty, "call \(nth)")
            try await Ledger.createTables(in: repaired)
        }
        await expectConsistency(of: repaired, with: ledger, "when repaired, call \(nth)")
        try await expectConsistency(afterPowerCutOf: disk, with: ledger, "at once, call \(nth)")

        let refused = ledger.refused
        await ledger.fill(repaired, on: disk, writers: 8..<12, rounds: 2, largest: 500)
        #expect(ledger.refused == refused, "does not work again, call \(nth)")
        let audit = await expectConsistency(of: repaired, with: ledger, "at work again, call \(nth)")
        #expect(restarting || audit?.refusedYetKept == 0, "keeps what it refused, call \(nth)")
        try await expectConsistency(afterPowerCutOf: disk, with: ledger, "later, call \(nth)")
        await repaired.close()
        return anyFailed
    }

    @discardableResult
    private func expectConsistency(of store: Store, with ledger: Ledger, _ moment: String) async -> Ledger.Audit? {
        do {
            let audit = try await ledger.audit(store)
            #expect(audit.lost == 0 && audit.isConsistent, "\(moment): \(audit)")
            return audit
        } catch {
            Issue.record("\(moment): \(String(reflecting: error))")
            return nil
        }
    }

    private func expectConsistency(
        afterPowerCutOf disk: SimulatedDisk, with ledger: Ledger, _ moment: String
    ) async throws {
        for seed in 0..<UInt64(4) {
            let found = try disk.afterPowerCut(seed: seed)
            let store = try Store.open(.sqlite(path: found.databasePath), readers: 1)
            await expectConsistency(of: store, with: ledger, "after a power cut \(moment), seed \(seed)")
            await store.close()
        }
    }
}
