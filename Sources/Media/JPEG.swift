/// JPEG (ITU T.81): the tables, the frame and its scans are kept, and of what else there may be only how to turn it and
/// how its colors are stored. Gone are EXIF with place, time and camera, XMP, color profiles, comments, and small
/// pictures inside it.
enum JPEG {
    /// More scans than any camera or program makes cost whoever looks at it too much.
    private static let mostScans = 100

    static func cleaned(_ file: ArraySlice<UInt8>) throws(FileRefusal) -> CleanFile {
        var reader = ByteReader(file)
        try reader.skip(2)
        var kept = Kept()
        while true {
            let marker = try marker(&reader)
            if marker == 0xD9 { break }
            let segment = try segment(&reader)
            switch marker {
            case 0xC0, 0xC1, 0xC2: try kept.frame(segment, marker)
            case 0xC4:
                try checkHuffman(segment)
                kept.append(segment, as: marker)
            case 0xDB:
                try checkQuantization(segment)
                kept.append(segment, as: marker)
            case 0xDD:
                guard segment.count == 2 else { throw .damaged }
                kept.append(segment, as: marker)
            case 0xDA:
                try kept.scan(segment)
                try kept.append(coded: coded(&reader))
            case 0xE0: kept.isJFIF = kept.isJFIF || segment.starts(with: "JFIF\0".utf8)
            case 0xE1: kept.orientation = kept.orientation ?? Orientation(exif: segment)
            case 0xEE:
                if segment.count >= 12, segment.starts(with: "Adobe".utf8) { kept.adobe = segment.prefix(12) }
            case 0xE2...0xEF, 0xFE: break
            // Arithmetic coding, lossless and stacked frames: browsers show none of them.
            case 0xC3, 0xC5...0xCF, 0xDC...0xDF: throw .unknown
            default: throw .damaged
            }
        }
        return try kept.file
    }

    /// What is kept of it.
    private struct Kept {
        var isJFIF = false
        var orientation: Orientation?
        var adobe: ArraySlice<UInt8> = []
        private var size: CleanFile.Size?
        private var scans = 0
        private var segments: [UInt8] = []

        mutating func append(_ segment: ArraySlice<UInt8>, as marker: UInt8) {
            segments += [0xFF, marker]
            segments.append(bigEndian: segment.count + 2, 2)
            segments += segment
        }

        mutating func append(coded: ArraySlice<UInt8>) { segments += coded }

        mutating func frame(_ segment: ArraySlice<UInt8>, _ marker: UInt8) throws(FileRefusal) {
            guard size == nil else { throw .damaged }
            var reader = ByteReader(segment)
            guard try reader.byte() == 8 else { throw .unknown }
            let (height, width) = (try reader.bigEndian(2), try reader.bigEndian(2))
            let components = Int(try reader.byte())
            guard [1, 3, 4].contains(components), reader.left == components * 3 else { throw .damaged }
            size = CleanFile.Size(width: width, height: height)
            append(segment, as: marker)
        }

        mutating func scan(_ segment: ArraySlice<UInt8>) throws(FileRefusal) {
            scans += 1
            var reader = ByteReader(segment)
            let components = Int(try reader.byte())
            guard size != nil, (1...4).contains(components), reader.left == components * 2 + 3 else { throw .damaged }
            guard scans <= JPEG.mostScans else { throw .tooManyPixels }
            append(segment, as: 0xDA)
        }

        var file: CleanFile {
            get throws(FileRefusal) {
                guard let size, scans > 0 else { throw .damaged }
                var bytes: [UInt8] = [0xFF, 0xD8]
                if isJFIF {
                    bytes += [0xFF, 0xE0, 0, 16] + Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 0, 0]
                }
                if let orientation { bytes += orientation.segment }
                if !adobe.isEmpty { bytes += [0xFF, 0xEE, 0, 14] + adobe }
                bytes.reserveCapacity(bytes.count + segments.count + 2)
                bytes += segments
                bytes += [0xFF, 0xD9]
                return try CleanFile(.jpeg, bytes, of: orientation?.isTurned == true ? size.turned : size)
            }
        }
    }

    private static func marker(_ reader: inout ByteReader) throws(FileRefusal) -> UInt8 {
        guard try reader.byte() == 0xFF else { throw .damaged }
        while true {
            let marker = try reader.byte()
            if marker != 0xFF { return marker }
        }
    }

    private static func segment(_ reader: inout ByteReader) throws(FileRefusal) -> ArraySlice<UInt8> {
        let length = try reader.bigEndian(2)
        return try reader.take(length - 2)
    }

    /// The coded picture up to the next marker that belongs to none of it.
    private static func coded(_ reader: inout ByteReader) throws(FileRefusal) -> ArraySlice<UInt8> {
        let whole = reader.rest
        var look = reader
        while true {
            _ = try look.take(until: 0xFF)
            let length = look.position - whole.startIndex
            try look.skip(1)
            switch look.next {
            case .some(0x00), .some(0xD0...0xD7): try look.skip(1)
            case nil: throw .damaged
            default: return try reader.take(length)
            }
        }
    }

    private static func checkHuffman(_ segment: ArraySlice<UInt8>) throws(FileRefusal) {
        var reader = ByteReader(segment)
        repeat {
            guard try reader.byte() & 0xEC == 0 else { throw .damaged }
            let counts = try reader.take(16).reduce(0) { $0 + Int($1) }
            guard counts <= 256 else { throw .damaged }
            try reader.skip(counts)
        } while !reader.isAtEnd
    }

    private static func checkQuantization(_ segment: ArraySlice<UInt8>) throws(FileRefusal) {
        var reader = ByteReader(segment)
        repeat {
            let table = try reader.byte()
            guard table & 0x0F < 4, table >> 4 < 2 else { throw .damaged }
            try reader.skip(table >> 4 == 0 ? 64 : 128)
        } while !reader.isAtEnd
    }
}

/// How a picture has to be turned to be seen as it was taken: the one thing of EXIF that is kept, in a segment of our own.
struct Orientation: Equatable {
    /// 2 to 8, as EXIF counts; 1 would change nothing.
    private let number: UInt8

    /// Finds it in a segment of EXIF; nil where there is none, or it says nothing.
    init?(exif segment: ArraySlice<UInt8>) {
        guard segment.starts(with: "Exif\0\0".utf8) else { return nil }
        let tiff = segment.dropFirst(6)
        guard let number = try? Self.number(in: tiff), (2...8).contains(number) else { return nil }
        self.number = UInt8(number)
    }

    /// Whether width and height change places.
    var isTurned: Bool { number >= 5 }

    /// Marker, length, and a TIFF of one entry.
    var segment: [UInt8] {
        [0xFF, 0xE1, 0, 34] + Array("Exif\0\0MM".utf8)
            + [0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, number, 0, 0, 0, 0, 0, 0]
    }

    private static func number(in tiff: ArraySlice<UInt8>) throws(FileRefusal) -> Int? {
        var reader = ByteReader(tiff)
        let isBig: Bool
        switch try reader.bigEndian(2) {
        case 0x4D4D: isBig = true
        case 0x4949: isBig = false
        default: return nil
        }
        func number(_ count: Int, _ reader: inout ByteReader) throws(FileRefusal) -> Int {
            isBig ? try reader.bigEndian(count) : try reader.littleEndian(count)
        }
        guard try number(2, &reader) == 42 else { return nil }
        let offset = try number(4, &reader)
        var entries = ByteReader(tiff)
        try entries.skip(offset)
        for _ in 0..<(try number(2, &entries)) {
            let (tag, type, count) = (
                try number(2, &entries), try number(2, &entries), try number(4, &entries)
            )
            let value = try number(2, &entries)
            try entries.skip(2)
            if tag == 0x0112 { return type == 3 && count == 1 ? value : nil }
        }
        return nil
    }
}
