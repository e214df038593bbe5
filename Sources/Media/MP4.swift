/// Sound in MP4 (ISO 14496-12), as Safari and telephones record it, whole or in fragments. What is kept stays where it
/// is, for other parts say where to find it; everything that is not known to be needed is overwritten with zeros.
enum MP4 {
    /// The boxes that are kept, by what they stand in, and those that must be there.
    private static let kept: [String: Set<String>] = [
        "": ["ftyp", "styp", "moov", "moof", "mdat"], "moov": ["mvhd", "trak", "mvex"], "mvex": ["mehd", "trex"],
        "trak": ["tkhd", "edts", "mdia"], "edts": ["elst"], "mdia": ["mdhd", "hdlr", "minf"],
        "minf": ["smhd", "dinf", "stbl"], "dinf": ["dref"],
        "stbl": ["stsd", "stts", "stsc", "stsz", "stz2", "stco", "co64", "stss", "sgpd", "sbgp"],
        "moof": ["mfhd", "traf"], "traf": ["tfhd", "tfdt", "trun", "sgpd", "sbgp"]
    ]
    private static let needed: Set = ["moov", "mdat", "mvhd", "trak", "tkhd", "mdia", "mdhd", "hdlr", "minf", "stsd"]

    static func cleaned(_ file: ArraySlice<UInt8>) throws(FileRefusal) -> CleanFile {
        var sound = Sound(Array(file))
        try sound.read(0..<sound.bytes.count, in: "")
        guard needed.isSubset(of: sound.seen), sound.scale > 0 else { throw .damaged }
        return try CleanFile(.mp4, sound.bytes, lasting: sound.length * 48_000 / sound.scale)
    }

    /// A file while it is read.
    private struct Sound {
        private(set) var bytes: [UInt8]
        private(set) var seen: Set<String> = []
        /// Of its times, in a second.
        private(set) var scale = 0
        private(set) var length = 0
        private var usualLength = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        /// Reads the boxes of a stretch, one after the other.
        mutating func read(_ stretch: Range<Int>, in parent: String) throws(FileRefusal) {
            var start = stretch.lowerBound
            while start < stretch.upperBound {
                let box = try box(at: start, before: stretch.upperBound, in: parent)
                if kept[parent]?.contains(box.name) == true {
                    try keep(box)
                } else if ["vmhd", "gmhd"].contains(box.name) {
                    throw .video
                } else {
                    blank(box)
                }
                start = box.end
            }
        }

        struct Box {
            let name: String
            /// Where its size, its name and what it holds begin, and where it ends.
            let start: Int, content: Int, end: Int
        }

        private func box(at start: Int, before limit: Int, in parent: String) throws(FileRefusal) -> Box {
            var reader = ByteReader(bytes[start..<limit])
            var (size, name) = (try reader.bigEndian(4), try reader.name())
            if size == 1 { size = try reader.long() }
            // The last box may say that it goes on to the end.
            if size == 0, parent.isEmpty { size = limit - start }
            guard size >= reader.position - start, size <= limit - start else { throw .damaged }
            if name.utf8.count != 4 { name = "" }
            return Box(name: name, start: start, content: reader.position, end: start + size)
        }

        /// It stays as a box of its size that says nothing.
        private mutating func blank(_ box: Box) {
            bytes.replaceSubrange((box.start + 4)..<(box.start + 8), with: "free".utf8)
            zero(box.content..<box.end)
        }

        private mutating func zero(_ range: Range<Int>) {
            for index in range { bytes[index] = 0 }
        }

        private mutating func keep(_ box: Box) throws(FileRefusal) {
            // Of everything that says what the sound is there is one.
            if !["mdat", "moof", "styp", "mfhd", "traf", "tfhd", "tfdt", "trun", "sgpd", "sbgp"].contains(box.name),
                !seen.insert(box.name).inserted
            {
                throw box.name == "trak" ? .unknown : .damaged
            }
            seen.insert(box.name)
            var reader = ByteReader(bytes[box.content..<box.end])
            switch box.name {
            case "ftyp", "styp":
                guard box.end - box.content <= 64 else { throw .damaged }
            case "mvhd", "tkhd", "mdhd": try readTimes(box, &reader)
            case "hdlr":
                try reader.skip(8)
                switch try reader.name() {
                case "soun": zero(reader.position..<box.end)
                case "vide": throw .video
                default: throw .unknown
                }
            case "dref":
                // What it plays is in it, not elsewhere.
                guard try reader.bigEndian(4) == 0, try reader.bigEndian(4) == 1 else { throw .unknown }
                let place = try self.box(at: reader.position, before: box.end, in: "dref")
                var fields = ByteReader(bytes[place.content..<place.end])
                guard place.name == "url ", place.end == box.end, try fields.bigEndian(4) == 1 else { throw .unknown }
                zero(fields.position..<place.end)
            case "stsd": try readFormat(box, &reader)
            case "stts":
                try reader.skip(4)
                for _ in 0..<(try reader.bigEndian(4)) {
                    let (count, each) = (try reader.bigEndian(4), try reader.bigEndian(4))
                    try add(count, each)
                }
            case "trex":
                try reader.skip(12)
                usualLength = try reader.bigEndian(4)
            case "traf": try readFragment(box)
            case _ where MP4.kept[box.name] != nil: try read(box.content..<box.end, in: box.name)
            default: break
            }
        }

        private mutating func add(_ count: Int, _ each: Int) throws(FileRefusal) {
            let (ticks, overflows) = count.multipliedReportingOverflow(by: each)
            guard !overflows, ticks <= 1 << 40 else { throw .tooLong }
            length += ticks
            guard length <= 1 << 40 else { throw .tooLong }
        }

        /// When it was made and changed is nobody's business.
        private mutating func readTimes(_ box: Box, _ reader: inout ByteReader) throws(FileRefusal) {
            let isLong = try reader.bigEndian(4) >> 24 == 1
            let times = reader.position..<(reader.position + (isLong ? 16 : 8))
            try reader.skip(times.count)
            if box.name == "mdhd" { scale = try reader.bigEndian(4) }
            zero(times)
        }

        private mutating func readFormat(_ box: Box, _ reader: inout ByteReader) throws(FileRefusal) {
            try reader.skip(4)
            guard try reader.bigEndian(4) == 1 else { throw .unknown }
            let entry = try self.box(at: reader.position, before: box.end, in: "stsd")
            guard ["mp4a", "Opus"].contains(entry.name), entry.end == box.end else { throw .unknown }
            var fields = ByteReader(bytes[entry.content..<entry.end])
            try fields.skip(8)
            guard try fields.bigEndian(2) == 0 else { throw .unknown }
            try fields.skip(18)
            var start = fields.position
            while start < entry.end {
                let part = try self.box(at: start, before: entry.end, in: entry.name)
                if !["esds", "dOps"].contains(part.name) { blank(part) }
                start = part.end
            }
        }

        /// How long each part of a fragment sounds: as it says, or as all of its fragment, or as all there are.
        private mutating func readFragment(_ box: Box) throws(FileRefusal) {
            var usual = usualLength
            var start = box.content
            while start < box.end {
                let part = try self.box(at: start, before: box.end, in: "traf")
                var reader = ByteReader(bytes[part.content..<part.end])
                switch part.name {
                case "tfhd":
                    let flags = try reader.bigEndian(4)
                    try reader.skip(4 + (flags & 0x1 == 0 ? 0 : 8) + (flags & 0x2 == 0 ? 0 : 4))
                    if flags & 0x8 != 0 { usual = try reader.bigEndian(4) }
                case "trun":
                    let flags = try reader.bigEndian(4)
                    let count = try reader.bigEndian(4)
                    try reader.skip((flags & 0x1 == 0 ? 0 : 4) + (flags & 0x4 == 0 ? 0 : 4))
                    let further = [0x200, 0x400, 0x800].count { flags & $0 != 0 } * 4
                    guard flags & 0x100 != 0 else {
                        try add(count, usual)
                        break
                    }
                    for _ in 0..<count {
                        try add(1, reader.bigEndian(4))
                        try reader.skip(further)
                    }
                case let name where !(MP4.kept["traf"]?.contains(name) ?? false): blank(part)
                default: break
                }
                start = part.end
            }
        }
    }
}
