import Crypto
import Foundation
import Glibc
import Storage

/// Writes one file of a backup. It gets its name when it is whole and on the disk; until then it is called `….part`.
final class BackupWriter {
    private let path: String
    private let handle: FileHandle
    private let key: SymmetricKey
    private let id: String
    private var number = 0
    private var chunk: [UInt8] = []
    private static let chunkSize = 1 << 20

    init(_ path: String, part: Backup.Part, id: String, at now: Instant, migrations: [String], _ world: World) throws {
        self.path = path
        self.id = id
        key = SymmetricKey(data: world.randomBytes(32))
        let header = Backup.Header(
            id: id, part: part, madeAt: now.description, migrations: migrations,
            key: try world.vault.wrap(key, of: Backup.owner(id)))
        unlink(path + ".part")
        let descriptor = open(path + ".part", O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw OpenError("The backup cannot be written to \(path).") }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try handle.write(contentsOf: Data(Backup.magic.utf8) + encoder.encode(header) + Data("\n".utf8))
    }

    func begin(_ table: TableShape) throws { try add("T", try JSONEncoder().encode(table)) }

    func add(_ row: [SQLValue]) throws {
        chunk.append(UInt8(ascii: "R"))
        for value in row { append(value) }
        if chunk.count >= Self.chunkSize { try flush(isLast: false) }
    }

    /// Ends the file and gives it its name.
    func finish(_ trailer: Backup.Trailer) throws {
        try add("E", try JSONEncoder().encode(trailer))
        try flush(isLast: true)
        try handle.synchronize()
        try handle.close()
        guard rename(path + ".part", path) == 0 else { throw OpenError("The backup cannot be named \(path).") }
        let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    private func add(_ kind: Unicode.Scalar, _ json: Data) throws {
        chunk.append(UInt8(kind.value))
        append(Array(json))
    }

    private func append(_ value: SQLValue) {
        switch value {
        case .null: chunk.append(0)
        case .text(let text):
            chunk.append(1)
            append(Array(text.utf8))
        case .integer(let number):
            chunk.append(2)
            withUnsafeBytes(of: number.bigEndian) { chunk.append(contentsOf: $0) }
        case .double(let number):
            chunk.append(3)
            withUnsafeBytes(of: number.bitPattern.bigEndian) { chunk.append(contentsOf: $0) }
        case .boolean(let flag): chunk.append(flag ? 5 : 4)
        case .bytes(let bytes):
            chunk.append(6)
            append(bytes)
        }
    }

    private func append(_ bytes: [UInt8]) {
        withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { chunk.append(contentsOf: $0) }
        chunk.append(contentsOf: bytes)
    }

    private func flush(isLast: Bool) throws {
        number += 1
        let box = try AES.GCM.seal(
            chunk, using: key, authenticating: Backup.context(id, number, isLast: isLast))
        guard let combined = box.combined else { throw Fault("AES-GCM made no combined form") }
        try withUnsafeBytes(of: UInt32(combined.count).bigEndian) { try handle.write(contentsOf: Data($0) + combined) }
        chunk.removeAll(keepingCapacity: true)
    }
}
