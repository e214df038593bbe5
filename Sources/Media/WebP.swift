/// WebP (RFC 9649): the one picture, with what is transparent of it. Gone are EXIF, XMP, color profiles, and whatever
/// else stands beside it.
enum WebP {
    static func cleaned(_ file: ArraySlice<UInt8>) throws(FileRefusal) -> CleanFile {
        var header = ByteReader(file)
        try header.skip(4)
        let length = try header.littleEndian(4)
        guard length >= 4 else { throw .damaged }
        var reader = ByteReader(try header.take(length).dropFirst(4))
        var (canvas, alpha): (CleanFile.Size?, ArraySlice<UInt8>) = (nil, [])
        var isFirst = true
        while true {
            let (name, data) = try chunk(&reader)
            switch name {
            case "VP8X" where isFirst: canvas = try extended(data)
            case "ANIM", "ANMF": throw .moving
            case "ALPH" where canvas != nil && alpha.isEmpty: alpha = data
            case "VP8 ", "VP8L":
                let size = name == "VP8 " ? try lossy(data) : try lossless(data)
                guard canvas == nil || canvas == size else { throw .damaged }
                return try CleanFile(.webp, whole(name, data, alpha: name == "VP8 " ? alpha : [], size), of: size)
            default:
                if canvas == nil { throw .damaged }
            }
            isFirst = false
        }
    }

    private static func whole(
        _ name: String, _ data: ArraySlice<UInt8>, alpha: ArraySlice<UInt8>, _ size: CleanFile.Size
    ) -> [UInt8] {
        var body = Array("WEBP".utf8)
        body.reserveCapacity(data.count + alpha.count + 64)
        func append(_ name: String, _ data: some Collection<UInt8>) {
            body += name.utf8
            body.append(littleEndian: data.count, 4)
            body += data
            if data.count % 2 == 1 { body.append(0) }
        }
        if !alpha.isEmpty {
            // Of the flags only the one that says that something is transparent.
            var extended: [UInt8] = [0x10, 0, 0, 0]
            extended.append(littleEndian: size.width - 1, 3)
            extended.append(littleEndian: size.height - 1, 3)
            append("VP8X", extended)
            append("ALPH", alpha)
        }
        append(name, data)
        var bytes = Array("RIFF".utf8)
        bytes.append(littleEndian: body.count, 4)
        return bytes + body
    }

    private static func chunk(
        _ reader: inout ByteReader
    ) throws(FileRefusal) -> (name: String, data: ArraySlice<UInt8>) {
        let (name, length) = (try reader.name(), try reader.littleEndian(4))
        let data = try reader.take(length)
        if length % 2 == 1, !reader.isAtEnd { try reader.skip(1) }
        return (name, data)
    }

    private static func extended(_ data: ArraySlice<UInt8>) throws(FileRefusal) -> CleanFile.Size {
        guard data.count == 10 else { throw .damaged }
        var reader = ByteReader(data)
        guard try reader.byte() & 0x02 == 0 else { throw .moving }
        try reader.skip(3)
        return CleanFile.Size(width: try reader.littleEndian(3) + 1, height: try reader.littleEndian(3) + 1)
    }

    /// A key frame of VP8 (RFC 6386).
    private static func lossy(_ data: ArraySlice<UInt8>) throws(FileRefusal) -> CleanFile.Size {
        var reader = ByteReader(data)
        guard try reader.littleEndian(3) & 1 == 0, try reader.bigEndian(3) == 0x9D012A else { throw .damaged }
        return CleanFile.Size(
            width: try reader.littleEndian(2) & 0x3FFF, height: try reader.littleEndian(2) & 0x3FFF)
    }

    private static func lossless(_ data: ArraySlice<UInt8>) throws(FileRefusal) -> CleanFile.Size {
        var reader = ByteReader(data)
        guard try reader.byte() == 0x2F else { throw .damaged }
        let bits = try reader.littleEndian(4)
        guard bits >> 29 == 0 else { throw .damaged }
        return CleanFile.Size(width: bits & 0x3FFF + 1, height: bits >> 14 & 0x3FFF + 1)
    }
}
