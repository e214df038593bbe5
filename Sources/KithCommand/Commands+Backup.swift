import ArgumentParser
import Foundation
import Kith
import Storage

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Encrypted copies of everything.",
        discussion: """
            A backup is two files: the data, and kith.keys with the keys of people, of which only the newest is kept.
            Both are useless without the master key, which is in neither. Keep that somewhere else.
            """,
        subcommands: [Make.self, Verify.self])

    struct Make: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy everything as it is at this moment, while Kith serves.")

        @Option(help: "The folder to write to.") var to: String
        @OptionGroup var flags: SettingFlags

        func run() async throws {
            let folder = URL(fileURLWithPath: to).standardizedFileURL.path
            try await carryOut(.backUp(to: folder), flags)
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Restore a backup for a trial, and compare what came back.",
            discussion: "Nothing of the running Kith is touched; it only notes how the trial went.")

        @Argument(help: "The file of data, kith-….backup.") var file: String
        @Option(help: "The file of keys; usually kith.keys beside it.") var keys: String?
        @OptionGroup var flags: SettingFlags

        func run() async throws {
            try await failing {
                let settings = try await flags.read()
                let vault = try settings.masterKeys.vault(making: false)
                let drill = await BackupDrill(
                    of: file, keys: keys ?? Restore.keys(beside: file), features: everyFeature, vault: vault,
                    at: World.real().now())
                if settings.database.isThere { try await carryOut(.noteDrill(drill), flags) }
                if let problem = drill.problem { throw OpenError("This backup cannot be restored. \(problem)") }
                print("Restored \(drill.rows) rows and \(drill.keys) keys from \(drill.file), and all logs are whole.")
            }
        }
    }
}

struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fill a new database from a backup.",
        discussion: """
            The database must be new; it may be of the other engine than the one the backup was made from. The master
            key has to be in its place (KITH_MASTER_KEY). Everybody has to sign in again.
            """)

    @Argument(help: "The file of data, kith-….backup.") var file: String
    @Option(help: "The file of keys; usually kith.keys beside it.") var keys: String?
    @OptionGroup var flags: SettingFlags

    static func keys(beside file: String) -> String {
        URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("kith.keys").path
    }

    func run() async throws {
        try await failing {
            let settings = try await flags.read()
            guard !settings.database.isHeldElsewhere else {
                throw OpenError("Another Kith works on this database; restore into a new one.")
            }
            let vault = try settings.masterKeys.vault(making: false)
            let wasThere = settings.database.isThere
            let store = try Store.open(settings.database)
            let result: Result<Backup.Trailer, any Error>
            do {
                result = .success(
                    try await Backup.restore(
                        file, keys: keys ?? Self.keys(beside: file), into: store, features: everyFeature, vault: vault,
                        at: World.real().now()))
            } catch {
                result = .failure(error)
            }
            await store.close()
            if case .failure = result, !wasThere { remove(settings.database) }
            print("Restored \(try result.get().total) rows. Everybody has to sign in again.")
        }
    }
}

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "The master key.", subcommands: [Rotate.self])

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Begin to use a new master key.",
            discussion: """
                Puts a new key into the file and wraps the keys of people anew; their texts are not touched. Where a
                command brings the key, let it print the new one first. Backups made before need the old key, so leave
                it in the file for as long as you keep them.
                """)

        @OptionGroup var flags: SettingFlags

        func run() async throws {
            try await failing {
                let keys = try await flags.read().masterKeys.rotate()
                try await carryOut(.rewrapKeys, flags)
                print("The master key is now \(keys.first?.name ?? "").")
            }
        }
    }
}
