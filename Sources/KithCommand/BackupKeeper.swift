import Foundation
import Kith
import Logging
import ServiceLifecycle
import Storage

/// Makes backups while Kith serves, restores each of them for a trial, and removes the oldest.
struct BackupKeeper: Service {
    struct Plan: Sendable {
        let folder: String
        /// Hours from one backup to the next.
        let hours: Int
        /// How many are kept.
        let keep: Int

        /// - Throws: ``OpenError`` when a number is none, or the folder is not there.
        init(folder: String, hours: String, keep: String) throws {
            guard let hours = Int(hours), (1...24 * 31).contains(hours) else {
                throw OpenError("Backups are made every 1 to 744 hours (backup-hours).")
            }
            guard let keep = Int(keep), keep >= 1 else {
                throw OpenError("At least one backup must be kept (backup-keep).")
            }
            var isFolder = ObjCBool(false)
            guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
                throw OpenError("The folder \(folder) for backups does not exist.")
            }
            (self.folder, self.hours, self.keep) = (folder, hours, keep)
        }
    }

    let plan: Plan
    let platform: Platform
    let log: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: .seconds(untilNext))
                await backUp()
            }
        }
    }

    /// Seconds until the newest backup is old enough; a moment after the start when there is none.
    private var untilNext: Int {
        let newest = Backup.all(in: plan.folder).last.flatMap {
            try? FileManager.default.attributesOfItem(atPath: $0)[.modificationDate] as? Date
        }
        guard let newest else { return 5 }
        return max(5, plan.hours * 3_600 - Int(Date().timeIntervalSince(newest)))
    }

    private func backUp() async {
        do {
            let files = try await platform.backUp(to: plan.folder)
            let drill = await platform.drill(files.data, keys: files.keys)
            try await platform.note(drill)
            if let problem = drill.problem {
                log.error("a backup cannot be restored", metadata: ["file": "\(drill.file)", "why": "\(problem)"])
                return  // and nothing older is removed
            }
            for old in Backup.all(in: plan.folder).dropLast(plan.keep) {
                try FileManager.default.removeItem(atPath: old)
            }
        } catch {
            log.error("no backup was made", metadata: ["why": "\(sentence(for: error))"])
            // Not again at once: what is wrong is not mended in a moment.
            try? await Task.sleep(for: .seconds(600))
        }
    }
}

extension Platform {
    func drill(_ data: String, keys: String) async -> BackupDrill {
        await BackupDrill(of: data, keys: keys, features: features, vault: world.vault, at: world.now())
    }
}
