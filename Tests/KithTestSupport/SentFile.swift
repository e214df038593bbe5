/// Files that people send, as small as they can be, with a mark where it is nobody's business.
package enum SentFile {
    /// A gray JPEG of 64 by 40 pixels, lying on its side, with the mark in its EXIF and its comment.
    package static func picture(marked mark: String = "MARK") -> [UInt8] {
        let tiff =
            Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
            + Array(mark.utf8)
        var bytes: [UInt8] = [0xFF, 0xD8]
        bytes += segment(0xE1, Array("Exif\0\0".utf8) + tiff) + segment(0xFE, Array(mark.utf8))
        bytes += segment(0xDB, [0] + [UInt8](repeating: 1, count: 64))
        bytes += segment(0xC0, [8, 0, 40, 0, 64, 1, 1, 0x11, 0])
        bytes += segment(0xC4, [0] + [UInt8](repeating: 0, count: 15) + [1, 7])
        bytes += segment(0xDA, [1, 1, 0, 0, 63, 0])
        return bytes + [0x12, 0x34, 0x56, 0xFF, 0xD9] + Array(mark.utf8)
    }

    /// Some seconds of Opus in WebM, with the mark among its tags.
    package static func voice(seconds: Int = 2, marked mark: String = "MARK") -> [UInt8] {
        let head = Array("OpusHead".utf8) + [1, 1, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0]
        let track =
            element([0xD7], [1]) + element([0x83], [2]) + element([0x86], Array("A_OPUS".utf8))
            + element([0x63, 0xA2], head)
        var clusters: [UInt8] = []
        for second in 0..<seconds {
            var cluster = element([0xE7], big(second * 1_000, 3))
            for packet in 0..<50 { cluster += element([0xA3], [0x81] + big(packet * 20, 2) + [0x80, 0x78, 1, 2]) }
            clusters += element([0x1F, 0x43, 0xB6, 0x75], cluster)
        }
        return element([0x1A, 0x45, 0xDF, 0xA3], element([0x42, 0x82], Array("webm".utf8)))
            + element(
                [0x18, 0x53, 0x80, 0x67],
                element([0x16, 0x54, 0xAE, 0x6B], element([0xAE], track)) + clusters
                    + element([0x12, 0x54, 0xC3, 0x67], Array(mark.utf8)))
    }

    private static func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
        [0xFF, marker] + big(content.count + 2, 2) + content
    }

    private static func element(_ id: [UInt8], _ content: [UInt8]) -> [UInt8] {
        id + [0x08] + big(content.count, 4) + content
    }

    private static func big(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
