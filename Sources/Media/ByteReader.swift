/// Bytes read one after the other. What goes beyond their end is refused, never read.
struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    /// The index of the next byte in what it reads from.
    private(set) var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    var left: Int { bytes.endIndex - position }
    var isAtEnd: Bool { left == 0 }
    /// What has not been read.
    var rest: ArraySlice<UInt8> { bytes[position...] }

    mutating func byte() throws(FileRefusal) -> UInt8 {
        guard left > 0 else { throw .damaged }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func take(_ count: Int) throws(FileRefusal) -> ArraySlice<UInt8> {
        guard count >= 0, count <= left else { throw .damaged }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    mutating func skip(_ count: Int) throws(FileRefusal) { _ = try take(count) }

    /// - Parameter count: at most seven, so that it fits an `Int`.
    mutating func bigEndian(_ count: Int) throws(FileRefusal) -> Int {
        try take(count).reduce(0) { $0 << 8 | Int($1) }
    }

    /// - Parameter count: at most seven.
    mutating func littleEndian(_ count: Int) throws(FileRefusal) -> Int {
        try take(count).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// Eight bytes; refused where no file could be so large.
    mutating func long() throws(FileRefusal) -> Int {
        guard try bigEndian(1) == 0 else { throw .damaged }
        return try bigEndian(7)
    }

    /// Four letters.
    mutating func name() throws(FileRefusal) -> String { String(decoding: try take(4), as: UTF8.self) }

    /// Goes on to the next byte of this value without passing it.
    /// - Returns: what stood before.
    mutating func take(until value: UInt8) throws(FileRefusal) -> ArraySlice<UInt8> {
        guard let found = rest.firstIndex(of: value) else { throw .damaged }
        return try take(found - position)
    }

    var next: UInt8? { rest.first }
}

extension [UInt8] {
    mutating func append(bigEndian value: Int, _ count: Int) {
        for shift in (0..<count).reversed() { append(UInt8(truncatingIfNeeded: value >> (shift * 8))) }
    }

    mutating func append(littleEndian value: Int, _ count: Int) {
        for shift in 0..<count { append(UInt8(truncatingIfNeeded: value >> (shift * 8))) }
    }
}

/// Checksums as PNG (reflected) and Ogg (not) have them.
struct Checksum {
    private let table: [UInt32]
    private let isReflected: Bool

    static let png = Checksum(0xEDB8_8320, isReflected: true)
    static let ogg = Checksum(0x04C1_1DB7, isReflected: false)

    private init(_ polynomial: UInt32, isReflected: Bool) {
        self.isReflected = isReflected
        table = (0..<256).map { index in
            (0..<8).reduce(isReflected ? index : index << 24) { value, _ in
                isReflected
                    ? (value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1)
                    : (value & 0x8000_0000 != 0 ? value << 1 ^ polynomial : value << 1)
            }
        }
    }

    func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            if isReflected {
                return ~bytes.reduce(UInt32.max) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
            }
            return bytes.reduce(0) { table[Int(UInt8(truncatingIfNeeded: $0 >> 24) ^ $1)] ^ $0 << 8 }
        }
    }
}
