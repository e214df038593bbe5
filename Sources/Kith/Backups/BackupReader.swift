import Crypto
import Foundation
import Storage

/// Reads one file of a backup from its beginning to its end.
package struct BackupReader {
    package enum Piece {
        case table(TableShape)
        case row([SQLValue])
        case end(Backup.Trailer)
    }

    package let header: Backup.Header
    private let path: String
    private let key: SymmetricKey
    private let start: UInt64

    /// - Throws: ``OpenError`` when it is no backup, or the master key is another one.
    package init(_ path: String, part: Backup.Part, _ vault: Vault) throws {
        self.path = path
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw OpenError("There is no backup at \(path), or this user may not read it.")
        }
        defer { try? handle.close() }
        let head = try handle.read(upToCount: 1 << 20) ?? Data()
        guard head.starts(with: Data(Backup.magic.utf8)),
            let end = head.dropFirst(Backup.magic.utf8.count).firstIndex(of: UInt8(ascii: "\n")),
            let header = try? JSONDecoder().decode(
                Backup.Header.self, from: head[(head.startIndex + Backup.magic.utf8.count)..<end])
        else { throw OpenError("\(path) is not a backup of Kith.") }
        guard header.part == part else {
            throw OpenError(
                part == .keys
                    ? "\(path) holds data; the file of keys is called kith.keys."
                    : "\(path) holds the keys; name the file of data, kith-….backup.")
        }
        self.header = header
        start = UInt64(end - head.startIndex) + 1
        do {
            key = try vault.unwrap(header.key, of: Backup.owner(header.id))
        } catch {
            throw OpenError("\(path) was written with another master key; bring back the one that belongs to it.")
        }
    }

    /// Hands over every item in order.
    /// - Throws: ``OpenError`` when anything of the file was changed, or its end is missing.
    package func read(_ receive: (Piece) throws -> Void) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw damaged }
        defer { try? handle.close() }
        try handle.seek(toOffset: start)
        var (number, ended) = (0, false)
        var table: TableShape?
        while let length = try handle.read(upToCount: 4), !length.isEmpty {
            let count = length.reduce(0) { $0 << 8 | Int($1) }
            guard !ended, length.count == 4, count < 1 << 30, let sealed = try handle.read(upToCount: count),
                sealed.count == count, let box = try? AES.GCM.SealedBox(combined: sealed)
            else { throw damaged }
            number += 1
            guard let (chunk, isLast) = open(box, number) else { throw damaged }
            var items = Chunk(bytes: chunk, table: table)
            while let item = try items.next(orThrow: damaged) { try receive(item) }
            (table, ended) = (items.table, isLast)
        }
        guard ended else { throw damaged }
    }

    private func open(_ box: AES.GCM.SealedBox, _ number: Int) -> (Data, isLast: Bool)? {
        for isLast in [false, true] {
            let context = Backup.context(header.id, number, isLast: isLast)
            if let chunk = try? AES.GCM.open(box, using: key, authenticating: context) { return (chunk, isLast) }
        }
        return nil
    }

    private var damaged: OpenError { OpenError("\(path) is damaged or incomplete; take another backup.") }

    /// The items of one chunk that was opened.
    package struct Chunk {
        private let bytes: [UInt8]
        fileprivate private(set) var table: TableShape?
        private var place = 0

        /// - Parameter table: the one that the chunk before ended in.
        package init(bytes: Data, table: TableShape?) {
            self.bytes = Array(bytes)
            self.table = table
        }

        /// The next item; nil at the end.
        package mutating func next(orThrow damaged: OpenError) throws -> Piece? {
            guard place < bytes.count else { return nil }
            place += 1
            switch bytes[place - 1] {
            case UInt8(ascii: "T"):
                let shape = try json(TableShape.self, orThrow: damaged)
                table = shape
                return .table(shape)
            case UInt8(ascii: "E"): return .end(try json(Backup.Trailer.self, orThrow: damaged))
            case UInt8(ascii: "R"):
                guard let table else { throw damaged }
                return .row(try table.columns.map { _ in try value(orThrow: damaged) })
            default: throw damaged
            }
        }

        private mutating func json<T: Decodable>(_ type: T.Type, orThrow damaged: OpenError) throws -> T {
            let bytes = Data(try take(orThrow: damaged))
            guard let value = try? JSONDecoder().decode(type, from: bytes) else { throw damaged }
            return value
        }

        private mutating func value(orThrow damaged: OpenError) throws -> SQLValue {
            guard place < bytes.count else { throw damaged }
            place += 1
            switch bytes[place - 1] {
            case 0: return .null
            case 1: return .text(String(decoding: try take(orThrow: damaged), as: UTF8.self))
            case 2: return .integer(Int64(bitPattern: try number(8, orThrow: damaged)))
            case 3: return .double(Double(bitPattern: try number(8, orThrow: damaged)))
            case 4: return .boolean(false)
            case 5: return .boolean(true)
            case 6: return .bytes(Array(try take(orThrow: damaged)))
            default: throw damaged
            }
        }

        private mutating func take(orThrow damaged: OpenError) throws -> ArraySlice<UInt8> {
            let count = Int(try number(4, orThrow: damaged))
            guard count <= bytes.count - place else { throw damaged }
            defer { place += count }
            return bytes[place..<(place + count)]
        }

        private mutating func number(_ size: Int, orThrow damaged: OpenError) throws -> UInt64 {
            guard size <= bytes.count - place else { throw damaged }
            defer { place += size }
            return bytes[place..<(place + size)].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
