internal import NIOCore

/// Bytes being written, in memory of its own: writing costs a comparison and a copy.
struct ByteWriter: ~Copyable {
    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = max(capacity, 64)
        memory = .allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit { memory.deallocate() }

    /// Everything written so far.
    var buffer: ByteBuffer { ByteBuffer(bytes: UnsafeRawBufferPointer(start: memory, count: count)) }

    @inline(__always)
    mutating func write(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        let target = room(for: bytes.count)
        target.copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    mutating func write(_ text: StaticString) {
        text.withUTF8Buffer { write(UnsafeRawBufferPointer($0)) }
    }

    mutating func write(_ number: Int) {
        // Most are identifiers of rows and small counts; a decimal number has at most twenty digits and a sign.
        let start = room(for: 24)
        var end = start + 24
        var rest = number.magnitude
        repeat {
            end -= 1
            end.storeBytes(of: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10), as: UInt8.self)
            rest /= 10
        } while rest > 0
        if number < 0 {
            end -= 1
            end.storeBytes(of: UInt8(ascii: "-"), as: UInt8.self)
        }
        let length = start + 24 - end
        start.copyMemory(from: end, byteCount: length)
        count += length
    }

    /// Writes text with & < > " ' replaced by character references, safe in element content and in quoted attributes.
    @inline(__always)
    mutating func write(escaping text: String) {
        let done: Void? = text.utf8.withContiguousStorageIfAvailable { write(escaping: UnsafeRawBufferPointer($0)) }
        if done == nil {
            Array(text.utf8).withUnsafeBytes { write(escaping: $0) }
        }
    }

    /// The same for UTF-8 bytes.
    mutating func write(escaping bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        // Room for the worst case at once, so that nothing in the loop needs to check for it.
        let target = room(for: bytes.count * HTMLEscaping.longest)
        count += HTMLEscaping.copy(source, count: bytes.count, to: target)
    }

    /// The place to write at, with at least `length` bytes behind it.
    @inline(__always)
    private mutating func room(for length: Int) -> UnsafeMutableRawPointer {
        if capacity - count < length { grow(by: length) }
        return memory + count
    }

    private mutating func grow(by length: Int) {
        capacity = max(capacity * 2, count + length)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        larger.copyMemory(from: memory, byteCount: count)
        memory.deallocate()
        memory = larger
    }
}
