import Foundation
import Kith
import Storage

extension Order.Bench {
    func backUp(_ folder: String) async throws -> Order.Outcome {
        let files = try await platform.backUp(to: folder)
        return Order.Outcome(
            output: "Wrote \(files.trailer.total) rows to \(files.data), and their keys to \(files.keys).\n")
    }

    func note(_ drill: BackupDrill) async throws -> Order.Outcome {
        try await platform.note(drill)
        return Order.Outcome()
    }

    /// Takes the master keys as they are now, and wraps everything by the newest.
    func rewrapKeys() async throws -> Order.Outcome {
        platform.world.vault.refresh()
        while try await platform.world.vault.rewrap(in: platform.store) > 0 {}
        return Order.Outcome()
    }
}
