/// Opus in WebM, as browsers record it. It is written anew: the one track of sound with its packets, how long it takes,
/// and nothing else; so it can also be wound back and forth, which what a browser records cannot.
enum WebM {
    /// What an element is, by its number in the standard (RFC 9559).
    private enum ID {
        static let head = 0x1A45_DFA3, kind = 0x4282
        static let segment = 0x1853_8067, info = 0x1549_A966, scale = 0x2AD7_B1
        static let tracks = 0x1654_AE6B, track = 0xAE, number = 0xD7, type = 0x83, codec = 0x86
        static let codecHead = 0x63A2, encodings = 0x6D80
        static let cluster = 0x1F43_B675, time = 0xE7, simpleBlock = 0xA3, group = 0xA0, block = 0xA1
        /// Everything that may stand in a segment, beside a cluster: what ends one of unknown size.
        static let top: Set<Int> = [
            info, tracks, cluster, 0x114D_9B74, 0x1C53_BB6B, 0x1254_C367, 0x1941_A469, 0x1043_A770
        ]
    }

    private struct Track {
        let number: Int
        let head: Opus.Head
    }

    private struct Packet {
        /// In milliseconds.
        let time: Int
        let bytes: ArraySlice<UInt8>
    }

    static func cleaned(_ file: ArraySlice<UInt8>) throws(FileRefusal) -> CleanFile {
        var reader = ByteReader(file)
        let head = try element(&reader)
        var fields = ByteReader(try known(head, &reader))
        var isWebM = false
        while !fields.isAtEnd {
            let field = try element(&fields)
            let data = try known(field, &fields)
            if field.id == ID.kind { isWebM = data.elementsEqual("webm".utf8) }
        }
        guard isWebM else { throw .unknown }
        let segment = try element(&reader)
        guard segment.id == ID.segment else { throw .damaged }
        if let size = segment.size { reader = ByteReader(try reader.take(size)) }
        let (track, packets) = try contents(&reader)
        var ticks = -track.head.preSkip
        for packet in packets { ticks += try Opus.ticks(of: packet.bytes) }
        return try CleanFile(.webm, written(track, packets, lasting: ticks), lasting: ticks)
    }

    // MARK: - Reading

    private static func contents(_ reader: inout ByteReader) throws(FileRefusal) -> (Track, [Packet]) {
        var track: Track?
        var packets: [Packet] = []
        while !reader.isAtEnd {
            let part = try element(&reader)
            switch part.id {
            case ID.cluster:
                guard let track else { throw .damaged }
                if let size = part.size {
                    var cluster = ByteReader(try reader.take(size))
                    try read(&cluster, of: track, into: &packets)
                } else {
                    try read(&reader, of: track, into: &packets)
                }
            case ID.info:
                try checkScale(known(part, &reader))
            case ID.tracks:
                guard track == nil else { throw .damaged }
                track = try self.track(known(part, &reader))
            default: _ = try known(part, &reader)
            }
        }
        guard let track else { throw .damaged }
        return (track, packets)
    }

    /// What is counted in milliseconds in every browser is counted so here.
    private static func checkScale(_ info: ArraySlice<UInt8>) throws(FileRefusal) {
        var reader = ByteReader(info)
        while !reader.isAtEnd {
            let field = try element(&reader)
            let data = try known(field, &reader)
            if field.id == ID.scale, try number(data) != 1_000_000 { throw .unknown }
        }
    }

    private static func track(_ tracks: ArraySlice<UInt8>) throws(FileRefusal) -> Track {
        var (reader, found): (ByteReader, Track?) = (ByteReader(tracks), nil)
        while !reader.isAtEnd {
            let entry = try element(&reader)
            let data = try known(entry, &reader)
            guard entry.id == ID.track else { continue }
            let next = try track(entry: data)
            guard found == nil else { throw .unknown }
            found = next
        }
        guard let found else { throw .damaged }
        return found
    }

    private static func track(entry: ArraySlice<UInt8>) throws(FileRefusal) -> Track {
        var reader = ByteReader(entry)
        var (number, type, codec, head): (Int?, Int?, String?, ArraySlice<UInt8>?)
        while !reader.isAtEnd {
            let field = try element(&reader)
            let data = try known(field, &reader)
            switch field.id {
            case ID.number: number = try self.number(data)
            case ID.type: type = try self.number(data)
            case ID.codec: codec = String(decoding: data, as: UTF8.self)
            case ID.codecHead: head = data
            case ID.encodings: throw .unknown
            default: break
            }
        }
        if type == 1 { throw .video }
        guard type == 2, codec == "A_OPUS" else { throw .unknown }
        guard let number, number > 0, let head else { throw .damaged }
        return Track(number: number, head: try Opus.Head(head))
    }

    /// Reads a cluster up to its end; one of unknown size, up to what cannot stand in one.
    private static func read(
        _ reader: inout ByteReader, of track: Track, into packets: inout [Packet]
    ) throws(FileRefusal) {
        var time: Int?
        while !reader.isAtEnd {
            var look = reader
            let part = try element(&look)
            if ID.top.contains(part.id) { return }
            let data = try known(part, &look)
            reader = look
            switch part.id {
            case ID.time: time = try number(data)
            case ID.simpleBlock: try append(data, since: time, of: track, to: &packets)
            case ID.group:
                var group = ByteReader(data)
                while !group.isAtEnd {
                    let field = try element(&group)
                    let block = try known(field, &group)
                    if field.id == ID.block { try append(block, since: time, of: track, to: &packets) }
                }
            default: break
            }
        }
    }

    private static func append(
        _ block: ArraySlice<UInt8>, since start: Int?, of track: Track, to packets: inout [Packet]
    ) throws(FileRefusal) {
        var reader = ByteReader(block)
        guard let start, start <= CleanFile.longest * 2_000, try size(&reader) == track.number else { throw .damaged }
        let offset = try reader.bigEndian(2)
        let time = start + (offset >= 0x8000 ? offset - 0x10000 : offset)
        // Several packets in one block are not what browsers record.
        guard try reader.byte() & 0x06 == 0 else { throw .unknown }
        // A pause may have moved what was on its way; packets stay in their order.
        packets.append(Packet(time: max(time, packets.last?.time ?? 0), bytes: reader.rest))
    }

    /// - Returns: its size, nil where that is not known.
    private static func element(_ reader: inout ByteReader) throws(FileRefusal) -> (id: Int, size: Int?) {
        guard let first = reader.next, first >= 0x10 else { throw .damaged }
        let id = try reader.bigEndian(first.leadingZeroBitCount + 1)
        return (id, try size(&reader))
    }

    private static func known(
        _ element: (id: Int, size: Int?), _ reader: inout ByteReader
    ) throws(FileRefusal) -> ArraySlice<UInt8> {
        guard let size = element.size else { throw .damaged }
        return try reader.take(size)
    }

    /// A number that says its own length; nil where all its bits are set.
    private static func size(_ reader: inout ByteReader) throws(FileRefusal) -> Int? {
        let first = try reader.byte()
        guard first != 0 else { throw .damaged }
        let length = first.leadingZeroBitCount
        let mask = UInt8.max >> (length + 1)
        let head = Int(first & mask)
        // Seven further bytes are all there can be.
        let rest = try reader.bigEndian(length)
        let value = head << (8 * length) | rest
        return value == 1 << (7 * (length + 1)) - 1 ? nil : value
    }

    private static func number(_ data: ArraySlice<UInt8>) throws(FileRefusal) -> Int {
        var reader = ByteReader(data)
        switch data.count {
        case 0..<8: return try reader.bigEndian(data.count)
        case 8: return try reader.long()
        default: throw .damaged
        }
    }
}

// MARK: - Writing

extension WebM {
    /// A cluster counts its packets' times from its own, in 16 bits.
    private static let longestCluster = 30_000

    private static func written(_ track: Track, _ packets: [Packet], lasting ticks: Int) -> [UInt8] {
        var bytes = element(
            ID.head,
            uint(0x4286, 1) + uint(0x42F7, 1) + uint(0x42F2, 4) + uint(0x42F3, 8) + element(ID.kind, "webm".utf8)
                + uint(0x4287, 4) + uint(0x4285, 2))
        let duration = (Double(ticks) / 48).bitPattern
        let name = Array("Kith".utf8)
        let info = element(
            ID.info,
            uint(ID.scale, 1_000_000) + element(0x4D80, name) + element(0x5741, name)
                + element(0x4489, (0..<8).reversed().map { UInt8(truncatingIfNeeded: duration >> ($0 * 8)) }))
        let rate = Double(48_000).bitPattern
        let sound =
            element(0xB5, (0..<8).reversed().map { UInt8(truncatingIfNeeded: rate >> ($0 * 8)) })
            + uint(0x9F, track.head.channels)
        let tracks = element(
            ID.tracks,
            element(
                ID.track,
                uint(ID.number, 1) + uint(0x73C5, 1) + uint(ID.type, 2) + uint(0x9C, 0)
                    + element(ID.codec, "A_OPUS".utf8) + element(ID.codecHead, track.head.bytes)
                    + uint(0x56AA, track.head.preSkip * 62_500 / 3) + uint(0x56BB, 80_000_000) + element(0xE1, sound)))
        var body = info + tracks
        body.reserveCapacity(packets.reduce(body.count) { $0 + $1.bytes.count + 16 })
        var index = 0
        while index < packets.count {
            let start = packets[index].time
            var cluster = uint(ID.time, start)
            while index < packets.count, packets[index].time - start <= longestCluster {
                var block: [UInt8] = [0x81]
                block.append(bigEndian: packets[index].time - start, 2)
                block.append(0x80)
                cluster += element(ID.simpleBlock, block + packets[index].bytes)
                index += 1
            }
            body += element(ID.cluster, cluster)
        }
        bytes += element(ID.segment, body)
        return bytes
    }

    private static func element(_ id: Int, _ data: some Collection<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: id, (Int.bitWidth - id.leadingZeroBitCount + 7) / 8)
        // In four bytes, whatever it is: no file here is so large that it takes more.
        bytes.append(bigEndian: 0x1000_0000 | data.count, 4)
        return bytes + data
    }

    private static func uint(_ id: Int, _ value: Int) -> [UInt8] {
        var data: [UInt8] = []
        data.append(bigEndian: value, max(1, (Int.bitWidth - value.leadingZeroBitCount + 7) / 8))
        return element(id, data)
    }
}
