/// What is known of Opus (RFC 6716, RFC 7845) without decoding it.
enum Opus {
    /// The head of a stream for one or two ears, as Ogg and WebM carry it.
    struct Head {
        let bytes: ArraySlice<UInt8>
        let channels: Int
        /// What is not played at the beginning, in 48,000ths of a second.
        let preSkip: Int

        init(_ packet: ArraySlice<UInt8>) throws(FileRefusal) {
            guard packet.starts(with: "OpusHead".utf8) else { throw .unknown }
            var reader = ByteReader(packet)
            try reader.skip(8)
            guard packet.count == 19, try reader.byte() >> 4 == 0 else { throw .damaged }
            channels = Int(try reader.byte())
            preSkip = try reader.littleEndian(2)
            guard (1...2).contains(channels), packet.last == 0 else { throw .unknown }
            bytes = packet
        }
    }

    /// How long a packet sounds, in 48,000ths of a second.
    static func ticks(of packet: ArraySlice<UInt8>) throws(FileRefusal) -> Int {
        var reader = ByteReader(packet)
        let head = Int(try reader.byte())
        let (kind, length) = (head >> 3, head >> 3 & 3)
        let frame =
            switch kind {
            case 0..<12: [480, 960, 1_920, 2_880][length]
            case 12..<16: [480, 960][length & 1]
            default: [120, 240, 480, 960][length]
            }
        let frames =
            switch head & 3 {
            case 0: 1
            case 1, 2: 2
            default: Int(try reader.byte() & 0x3F)
            }
        guard (1...5_760).contains(frame * frames) else { throw .damaged }
        return frame * frames
    }
}
