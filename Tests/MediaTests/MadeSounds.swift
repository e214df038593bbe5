extension MadeFiles {
    /// A packet of Opus of 20 ms.
    static func packet(_ length: Int = 40) -> [UInt8] {
        [0x78] + (1..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    }

    static let opusHead: [UInt8] = text("OpusHead") + [1, 1] + little(312, 2) + little(48_000, 4) + [0, 0, 0]

    // MARK: - Ogg

    static func page(
        _ packets: [[UInt8]], number: Int, flags: UInt8 = 0, granule: Int = 0, serial: Int = 7
    ) -> [UInt8] {
        let lengths = packets.flatMap { packet in
            [UInt8](repeating: 255, count: packet.count / 255) + [UInt8(packet.count % 255)]
        }
        var page = text("OggS") + [0, flags] + little(granule, 8) + little(serial, 4) + little(number, 4)
        page += [0, 0, 0, 0, UInt8(lengths.count)] + lengths + packets.joined()
        page.replaceSubrange(22..<26, with: little(Int(oggSum(page)), 4))
        return page
    }

    private static func oggSum(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0
        for byte in bytes {
            sum ^= UInt32(byte) << 24
            for _ in 0..<8 { sum = sum & 0x8000_0000 != 0 ? sum << 1 ^ 0x04C1_1DB7 : sum << 1 }
        }
        return sum
    }

    /// So many seconds, fifty packets each.
    static func ogg(seconds: Int = 2, remarks: [UInt8]? = nil, tail: [UInt8] = text(mark)) -> [UInt8] {
        let remarks = remarks ?? text("OpusTags") + little(mark.utf8.count, 4) + text(mark) + little(0, 4)
        var bytes = page([opusHead], number: 0, flags: 2) + page([remarks], number: 1)
        for second in 0..<seconds {
            let packets = (0..<50).map { packet(40 + $0 * 5) }
            bytes += page(
                packets, number: second + 2, flags: second == seconds - 1 ? 4 : 0, granule: (second + 1) * 48_000)
        }
        return bytes + tail
    }

    // MARK: - WebM

    static func element(_ id: Int, _ content: [UInt8], isOpen: Bool = false) -> [UInt8] {
        let name = big(id, (Int.bitWidth - id.leadingZeroBitCount + 7) / 8)
        return name + (isOpen ? [0x01] + [UInt8](repeating: 0xFF, count: 7) : [0x08] + big(content.count, 4)) + content
    }

    static func track(type: Int = 2, codec: String = "A_OPUS", number: Int = 1) -> [UInt8] {
        element(
            0xAE,
            element(0xD7, [UInt8(number)]) + element(0x83, [UInt8(type)]) + element(0x86, text(codec))
                + element(0x63A2, opusHead) + element(0x536E, text(mark)))
    }

    /// As Chromium records it: of unknown size, with remarks.
    static func webm(
        tracks: [UInt8] = track(), packets: Int = 100, isOpen: Bool = true, lacing: UInt8 = 0
    ) -> [UInt8] {
        let head = element(0x1A45_DFA3, element(0x4286, [1]) + element(0x4282, text("webm")))
        let info = element(0x1549_A966, element(0x2AD7_B1, big(1_000_000, 3)) + element(0x4D80, text(mark)))
        var clusters: [UInt8] = []
        for start in stride(from: 0, to: packets, by: 50) {
            var content = element(0xE7, big(start * 20, 3))
            for index in start..<min(start + 50, packets) {
                let block = [0x81] + big((index - start) * 20, 2) + [0x80 | lacing] + packet()
                content += index % 2 == 0 ? element(0xA3, block) : element(0xA0, element(0xA1, block))
            }
            clusters += element(0x1F43_B675, content, isOpen: isOpen)
        }
        let body =
            element(0xEC, text(mark)) + info + element(0x1654_AE6B, tracks) + clusters
            + element(0x1254_C367, text(mark))
        return head + element(0x1853_8067, body, isOpen: isOpen)
    }

    // MARK: - MP4

    static func box(_ name: String, _ content: [UInt8]) -> [UInt8] {
        big(content.count + 8, 4) + text(name) + content
    }

    static func handler(_ kind: String) -> [UInt8] {
        box("hdlr", big(0, 8) + text(kind) + [UInt8](repeating: 0, count: 12) + text(mark) + [0])
    }

    static func media(handler kind: String = "soun", format: String = "mp4a", sounds: Int = 2) -> [UInt8] {
        let entry = box(
            format,
            big(0, 6) + big(1, 2) + big(0, 8) + big(1, 2) + big(16, 2) + big(0, 4) + big(48_000 << 16, 4)
                + box("esds", big(0, 4) + [3, 1, 2]) + box("btrt", text(mark)))
        let table =
            box("stsd", big(0, 4) + big(1, 4) + entry)
            + box("stts", big(0, 4) + big(1, 4) + big(sounds, 4) + big(48_000, 4)) + box("stsc", big(0, 8))
            + box("stsz", big(0, 12)) + box("stco", big(0, 8)) + box("udta", text(mark))
        return box(
            "mdia",
            box("mdhd", big(0, 4) + text("MADE") + text("EDIT") + big(48_000, 4) + big(sounds * 48_000, 4) + big(0, 4))
                + handler(kind)
                + box(
                    "minf",
                    box("smhd", big(0, 8)) + box("dinf", box("dref", big(0, 4) + big(1, 4) + box("url ", big(1, 4))))
                        + box("stbl", table)))
    }

    static func times(_ name: String) -> [UInt8] {
        box(name, big(0, 4) + text("MADE") + text("EDIT") + [UInt8](repeating: 0, count: 72))
    }

    static func movie(_ tracks: [[UInt8]], further: [UInt8] = []) -> [UInt8] {
        box(
            "moov",
            times("mvhd") + tracks.flatMap { box("trak", times("tkhd") + $0 + box("meta", text(mark))) } + further
                + box("udta", box("meta", text(mark))))
    }

    static func mp4(_ movie: [UInt8] = movie([media()])) -> [UInt8] {
        box("ftyp", text("M4A ") + big(0, 4) + text("isom")) + box("free", text(mark)) + box("mdat", packet(200))
            + movie + box("uuid", text(mark))
    }

    /// As Safari records it: the sound in fragments behind an empty head.
    static func fragments(_ count: Int = 3) -> [UInt8] {
        let usual = box("mvex", box("trex", big(0, 4) + big(1, 4) + big(1, 4) + big(1_024, 4) + big(0, 8)))
        var bytes = box("ftyp", text("iso5") + big(0, 4)) + movie([media(sounds: 0)], further: usual)
        for number in 0..<count {
            let run =
                number % 2 == 0
                ? box("trun", big(0, 4) + big(40, 4))
                : box("trun", big(0x100, 4) + big(40, 4) + (0..<40).flatMap { _ in big(1_024, 4) })
            let fragment = box("traf", box("tfhd", big(0, 4) + big(1, 4)) + run + box("udta", text(mark)))
            bytes += box("moof", box("mfhd", big(0, 8)) + fragment) + box("mdat", packet(100))
        }
        return bytes + box("mfra", text(mark))
    }
}
