import Foundation
import Glibc
import Kith
import Storage

/// Where the master keys come from. They never stand in the database or in a backup of it.
enum MasterKeys: Sendable {
    /// A file that only its owner may read; made with the database it is for.
    case file(String)
    /// A command that prints what would stand in the file: for keys that a vault or a hardware module keeps.
    case command(String)

    /// Where no setting names them: beside a SQLite file, or in the folder Kith is started in.
    static func usual(for database: StoreURL) -> MasterKeys {
        if case .sqlite(let path) = database { return .file(path + ".key") }
        return .file(FileManager.default.currentDirectoryPath + "/kith.key")
    }

    /// - Parameter making: whether a file that is not there is made: only for a database in which nothing is written
    ///   yet. For any other, a new key would only hide that the right one is missing.
    /// - Throws: ``OpenError`` in one plain sentence.
    func vault(making: Bool) throws -> Vault {
        if case .file(let path) = self, making, !FileManager.default.fileExists(atPath: path) {
            try Self.write([Self.fresh()], to: path, replacing: false)
            tell("Made the master key \(path). Keep a copy of it, apart from the copies of the database.")
        }
        return Vault(try read(), reload: { (try? read()) ?? [] })
    }

    func read() throws -> [Vault.MasterKey] {
        switch self {
        case .file(let path): try Self.read(path)
        case .command(let command): try Self.run(command)
        }
    }

    /// Puts a new key before the others, in the file; a command has done so by itself.
    /// - Returns: all keys, the new one first.
    func rotate() throws -> [Vault.MasterKey] {
        guard case .file(let path) = self else { return try read() }
        let keys = [Self.fresh()] + (try read())
        try Self.write(keys, to: path, replacing: true)
        return keys
    }

    private static func fresh() -> Vault.MasterKey {
        while true { if let key = Vault.MasterKey(World.real().randomBytes(32)) { return key } }
    }

    private static func read(_ path: String) throws -> [Vault.MasterKey] {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw OpenError(
                "The master key \(path) is missing. Bring back its copy; without it nobody can read what people wrote.")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw OpenError("Others than its owner may read the master key \(path); “chmod 600” it.")
        }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw OpenError("This user may not read the master key \(path).")
        }
        guard let keys = Vault.keys(inFile: String(decoding: bytes, as: UTF8.self)) else {
            throw OpenError("\(path) is not a file of master keys.")
        }
        return keys
    }

    private static func run(_ command: String) throws -> [Vault.MasterKey] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw OpenError("The command for the master key failed (it ended with \(process.terminationStatus)).")
        }
        guard let keys = Vault.keys(inFile: String(decoding: bytes, as: UTF8.self)) else {
            throw OpenError("The command for the master key printed no master key.")
        }
        return keys
    }

    /// Writes a file whole or not at all, for its owner only, and onto the disk before it counts.
    private static func write(_ keys: [Vault.MasterKey], to path: String, replacing: Bool) throws {
        let fresh = path + ".new"
        let problem = OpenError("The master key cannot be written to \(path).")
        unlink(fresh)
        let descriptor = open(fresh, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw problem }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: Data(Vault.file(of: keys).utf8))
            try handle.synchronize()
        } catch { throw problem }
        guard replacing ? rename(fresh, path) == 0 : link(fresh, path) == 0 else {
            unlink(fresh)
            throw problem
        }
        unlink(fresh)
        // The name too must outlive a power cut.
        let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }
}
