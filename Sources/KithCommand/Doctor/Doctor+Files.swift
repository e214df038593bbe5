import Foundation
import Glibc
import Kith
import Storage
import Web

/// What the file system says of a file or a folder.
struct FileFacts: Sendable, Equatable {
    let mode: mode_t
    let owner: uid_t
    let device: dev_t

    /// nil where there is nothing.
    init?(_ path: String) {
        var found = stat()
        guard stat(path, &found) == 0 else { return nil }
        (mode, owner, device) = (found.st_mode & 0o7777, found.st_uid, found.st_dev)
    }

    var octal: String { String(mode, radix: 8) }
}

/// How much room a disk has, in bytes.
struct Room: Sendable, Equatable {
    let free: Int64
    let all: Int64

    init(free: Int64, all: Int64) { (self.free, self.all) = (free, all) }

    /// nil where there is no such folder.
    init?(at path: String) {
        var found = statvfs()
        guard statvfs(path, &found) == 0 else { return nil }
        let size = Int64(found.f_frsize)
        (free, all) = (Int64(found.f_bavail) * size, Int64(found.f_blocks) * size)
    }
}

extension Doctor {
    /// Where a SQLite file lies; nil where PostgreSQL keeps the data.
    private var dataFolder: String? {
        guard case .sqlite(let path) = settings.database else { return nil }
        return (path as NSString).deletingLastPathComponent
    }

    func disks() -> [Finding] {
        let size = dataSize
        var found: [Finding] = []
        if let dataFolder {
            found.append(Self.disk("of the data", Room(at: dataFolder), needed: size))
        }
        if let folder = settings.backups?.folder {
            found.append(Self.disk("of the backups", Room(at: folder), needed: size))
            if let dataFolder, FileFacts(dataFolder)?.device == FileFacts(folder)?.device {
                found.append(
                    .note(
                        .disk, "Data and backups are on one disk.",
                        "Let KITH_BACKUP_FOLDER be on another, or copy the backups away each day."))
            }
        }
        return found
    }

    /// How large the database is; 0 where that is not ours to know.
    private var dataSize: Int64 {
        guard case .sqlite(let path) = settings.database else { return 0 }
        let facts = try? FileManager.default.attributesOfItem(atPath: path)
        return (facts?[.size] as? NSNumber)?.int64Value ?? 0
    }

    static func disk(_ which: String, _ room: Room?, needed: Int64) -> Finding {
        guard let room, room.all > 0 else {
            return .act(.disk, "The disk \(which) cannot be looked at.", "See that the folder is there.")
        }
        let percent = Int(room.free * 100 / room.all)
        let free = ByteCountFormatStyle(style: .file, locale: Locale(identifier: "en_US")).format(room.free)
        let said = "The disk \(which) has \(free) free (\(percent) %)."
        if room.free < max(1_000_000_000, 2 * needed) {
            return .act(.disk, said, "Make room; then Kith goes on by itself.")
        }
        return percent < 20 ? .note(.disk, said, "A fifth should be free.") : .ok(.disk, said)
    }

    /// The database and its folder are their owner's alone.
    func files() -> Finding {
        guard case .sqlite(let path) = settings.database else {
            return .ok(.files, "The data are PostgreSQL's; no file of theirs is here.")
        }
        let folder = (path as NSString).deletingLastPathComponent
        for file in ["", "-wal", "-shm", ".lock", ".socket"].map({ path + $0 }) {
            guard let facts = FileFacts(file) else { continue }
            guard facts.owner == geteuid() else {
                return .act(.files, "\(file) is another user's.", "Run Kith, and this, as the user whose it is.")
            }
            guard facts.mode & 0o077 == 0 else {
                return .act(.files, "Others may get at \(file) (mode \(facts.octal)).", "chmod 600 \(file)")
            }
        }
        guard let facts = FileFacts(folder) else { return .note(.files, "The folder \(folder) is not there yet.") }
        if facts.mode & 0o022 != 0 {
            return .act(.files, "Others may put files into \(folder) (mode \(facts.octal)).", "chmod 700 \(folder)")
        }
        if facts.mode & 0o077 != 0 {
            return .note(.files, "Others may see what is in \(folder) (mode \(facts.octal)).", "chmod 700 \(folder)")
        }
        return .ok(.files, "The database and its folder are their owner's alone.")
    }

    func masterKey(_ facts: DatabaseFacts?) -> Finding {
        if case .file(let path) = settings.masterKeys {
            guard let file = FileFacts(path) else {
                guard facts?.neededKey != nil else {
                    return .note(.masterKey, "There is none yet; it is made with the data.")
                }
                return .act(
                    .masterKey, "The master key \(path) is missing; without it nobody can read what people wrote.",
                    "Bring back its copy.")
            }
            guard file.owner == geteuid() else {
                return .act(
                    .masterKey, "The master key \(path) is another user's.", "chown it to the user Kith runs as.")
            }
            guard file.mode & 0o177 == 0 else {
                return .act(.masterKey, "The master key \(path) has mode \(file.octal).", "chmod 600 \(path)")
            }
        } else if facts?.neededKey == nil {
            return .note(.masterKey, "A command brings it; no database needs it yet.")
        }
        do {
            let keys = try settings.masterKeys.read()
            if let needed = facts?.neededKey, !keys.contains(where: { $0.name == needed }) {
                return .act(
                    .masterKey, "The master key is not the one that this database was written with.",
                    "Bring back the one that belongs to it.")
            }
        } catch {
            return .act(.masterKey, sentence(for: error), "Bring back its copy.")
        }
        return .ok(.masterKey, "It is there, its owner's alone, and the one that the data need.")
    }

    func certificate() -> Finding {
        guard settings.address.hasPrefix("https://") else {
            return .note(
                .certificate, "People come to \(settings.address) without TLS.",
                "For anybody on another machine, set KITH_CERTIFICATE or a proxy, and an https:// address.")
        }
        guard settings.certificate != nil else {
            return .note(.certificate, "A proxy speaks TLS for Kith.", "See that its certificate is renewed in time.")
        }
        do {
            guard let end = try settings.loadCertificate()?.end else { return .note(.certificate, "There is none.") }
            let left = end - Int(now.milliseconds / 1_000)
            guard left > 14 * 86_400 else {
                return .act(.certificate, "It ends in \(max(left, 0).asSpan).", "Renew it; Kith takes it up by itself.")
            }
            return .ok(.certificate, "It is good for \(left.asSpan).")
        } catch {
            return .act(.certificate, sentence(for: error), "Put the right files there; Kith takes them up by itself.")
        }
    }

    /// Everybody can read how to sign in to a demonstration.
    func sampleData() -> Finding {
        guard case .sqlite(let path) = settings.database, DemoFolder.holds(path) else {
            return .ok(.sampleData, "There is none here.")
        }
        return .act(
            .sampleData, "This database is a demonstration: everybody can read how to sign in to it.",
            "Take in no real person here; begin with kith serve in a folder of its own.")
    }
}
