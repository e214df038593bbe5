/// PNG (ISO 15948): the picture, its palette, what is transparent and how bright its colors are. Gone are texts, times,
/// EXIF, color profiles, and the frames of what would move.
enum PNG {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The parts that are kept beside those every PNG has, each at most once, and how many bytes they may have.
    private static let kept: [String: ClosedRange<Int>] = [
        "PLTE": 3...768, "tRNS": 1...256, "gAMA": 4...4, "cHRM": 32...32, "sRGB": 1...1, "sBIT": 1...4
    ]

    static func cleaned(_ file: ArraySlice<UInt8>) throws(FileRefusal) -> CleanFile {
        var reader = ByteReader(file)
        try reader.skip(signature.count)
        var bytes = signature
        bytes.reserveCapacity(file.count)
        let size = try header(&reader, &bytes)
        var seen: Set<String> = []
        var last = "IHDR"
        while true {
            let chunk = try chunk(&reader)
            switch chunk.name {
            case "IEND":
                guard seen.contains("IDAT"), chunk.length == 0 else { throw .damaged }
                bytes += chunk.whole
                return try CleanFile(.png, bytes, of: size)
            case "IDAT":
                // All of the picture stands together.
                guard last == "IDAT" || !seen.contains("IDAT") else { throw .damaged }
                seen.insert("IDAT")
                bytes += chunk.whole
            case let name where kept[name] != nil:
                guard kept[name]?.contains(chunk.length) == true, !seen.contains("IDAT"),
                    seen.insert(name).inserted, name != "PLTE" || chunk.length % 3 == 0
                else { throw .damaged }
                bytes += chunk.whole
            // A part that a reader must know, and that there is none of.
            case let name where name.utf8.first.map { $0 & 0x20 == 0 } ?? true: throw .damaged
            default: break
            }
            last = chunk.name
        }
    }

    private static func header(_ reader: inout ByteReader, _ bytes: inout [UInt8]) throws(FileRefusal)
        -> CleanFile.Size
    {
        let header = try chunk(&reader)
        guard header.name == "IHDR", header.length == 13 else { throw .damaged }
        var fields = ByteReader(header.whole.dropFirst(8))
        let (width, height) = (try fields.bigEndian(4), try fields.bigEndian(4))
        let (depth, color) = (try fields.byte(), try fields.byte())
        let depths: [UInt8: Set<UInt8>] = [
            0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]
        ]
        guard depths[color]?.contains(depth) == true, try fields.byte() == 0, try fields.byte() == 0,
            try fields.byte() <= 1
        else { throw .damaged }
        bytes += header.whole
        return CleanFile.Size(width: width, height: height)
    }

    private static func chunk(
        _ reader: inout ByteReader
    ) throws(FileRefusal) -> (name: String, length: Int, whole: ArraySlice<UInt8>) {
        var look = reader
        let (length, name) = (try look.bigEndian(4), try look.name())
        let whole = try reader.take(length + 12)
        guard name.utf8.allSatisfy({ (0x41...0x5A).contains($0 & 0xDF) }),
            whole.suffix(4).reduce(0, { $0 << 8 | UInt32($1) })
                == Checksum.png.of(whole.dropFirst(4).dropLast(4))
        else { throw .damaged }
        return (name, length, whole)
    }
}
