/// Replaces & < > " ' by character references. Multi-byte sequences of UTF-8 never contain these five bytes, so looking
/// at bytes is enough.
enum HTMLEscaping {
    /// The length of the longest reference.
    static let longest = 5

    /// Copies bytes and replaces the five on the way.
    /// - Returns: How many bytes were written, at most `longest` times `count`.
    static func copy(_ source: UnsafeRawPointer, count: Int, to target: UnsafeMutableRawPointer) -> Int {
        var read = 0
        var written = 0
        while read + 8 <= count {
            let word = source.loadUnaligned(fromByteOffset: read, as: UInt64.self)
            target.storeBytes(of: word, toByteOffset: written, as: UInt64.self)
            // Eight bytes went over at once; go on from the first of them that needs replacing.
            let clean = min(8, specials(in: UInt64(littleEndian: word)).trailingZeroBitCount >> 3)
            read += clean
            written += clean
            if clean < 8 {
                written += put(source.load(fromByteOffset: read, as: UInt8.self), at: target + written)
                read += 1
            }
        }
        while read < count {
            written += put(source.load(fromByteOffset: read, as: UInt8.self), at: target + written)
            read += 1
        }
        return written
    }

    /// Marks, with the highest bit of its byte, the first (lowest) byte that is one of the five; bytes after it may be
    /// marked wrongly. Two tests each cover two bytes that differ in a single bit.
    @inline(__always)
    private static func specials(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let ampersandOrApostrophe = (word & ~ones) ^ (ones &* 0x26)
        let lessOrGreater = (word & ~(ones &* 2)) ^ (ones &* 0x3C)
        let quotation = word ^ (ones &* 0x22)
        let zeros =
            (ampersandOrApostrophe &- ones) & ~ampersandOrApostrophe
            | (lessOrGreater &- ones) & ~lessOrGreater
            | (quotation &- ones) & ~quotation
        return zeros & (ones &* 0x80)
    }

    /// Writes one byte, or the reference for it.
    @inline(__always)
    private static func put(_ byte: UInt8, at target: UnsafeMutableRawPointer) -> Int {
        switch byte {
        case 0x26: put("&amp;", at: target)
        case 0x3C: put("&lt;", at: target)
        case 0x3E: put("&gt;", at: target)
        case 0x22: put("&#34;", at: target)
        case 0x27: put("&#39;", at: target)
        default:
            {
                target.storeBytes(of: byte, as: UInt8.self)
                return 1
            }()
        }
    }

    @inline(__always)
    private static func put(_ reference: StaticString, at target: UnsafeMutableRawPointer) -> Int {
        target.copyMemory(from: reference.utf8Start, byteCount: reference.utf8CodeUnitCount)
        return reference.utf8CodeUnitCount
    }
}
