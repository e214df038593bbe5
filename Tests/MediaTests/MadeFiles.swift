/// Files as cameras, programs and browsers make them, with a mark in every place that is nobody's business.
enum MadeFiles {
    static let mark = "MARK-40.4461N-79.9822W"

    static func big(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    static func little(_ value: Int, _ count: Int) -> [UInt8] { big(value, count).reversed() }

    static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    // MARK: - JPEG

    static func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
        [0xFF, marker] + big(content.count + 2, 2) + content
    }

    /// EXIF as cameras write it: how to turn it among other things, and the mark.
    static func exif(orientation: Int, isBig: Bool = true) -> [UInt8] {
        let number = isBig ? big : little
        var tiff = text(isBig ? "MM" : "II") + number(42, 2) + number(8, 4) + number(2, 2)
        tiff += number(0x010F, 2) + number(2, 2) + number(mark.utf8.count, 4) + number(38, 4)
        tiff += number(0x0112, 2) + number(3, 2) + number(1, 4) + number(orientation, 2) + [0, 0]
        return text("Exif\0\0") + tiff + number(0, 4) + text(mark)
    }

    static let frame: [UInt8] = [8] + big(40, 2) + big(64, 2) + [1, 1, 0x11, 0]
    static let huffman: [UInt8] = [0x00] + [UInt8](repeating: 0, count: 15) + [1, 7]
    static let quantization: [UInt8] = [0] + [UInt8](repeating: 1, count: 64)
    static let coded: [UInt8] = [0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56]

    /// 64 by 40, gray.
    static func jpeg(orientation: Int? = nil, isBig: Bool = true, frame: [UInt8] = frame) -> [UInt8] {
        var bytes: [UInt8] = [0xFF, 0xD8]
        bytes += segment(0xE0, text("JFIF\0") + [1, 2, 0, 0, 1, 0, 1, 0, 0])
        bytes += segment(0xE0, text("JFXX\0") + text(mark))
        if let orientation { bytes += segment(0xE1, exif(orientation: orientation, isBig: isBig)) }
        bytes += segment(0xE1, text("http://ns.adobe.com/xap/1.0/\0") + text(mark))
        bytes += segment(0xE2, text("ICC_PROFILE\0") + text(mark)) + segment(0xED, text("Photoshop 3.0\0" + mark))
        bytes += segment(0xFE, text(mark)) + segment(0xEE, text("Adobe") + [0, 100, 0, 0, 0, 0, 1] + text(mark))
        bytes += segment(0xDB, quantization) + [0xFF] + segment(0xC0, frame) + segment(0xC4, huffman)
        bytes += segment(0xDA, [1, 1, 0, 0, 63, 0]) + coded + segment(0xEF, text(mark)) + [0xFF, 0xD9]
        return bytes + text(mark)
    }

    // MARK: - PNG

    static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        big(content.count, 4) + text(name) + content + big(Int(crc(text(name) + content)), 4)
    }

    static func png(width: Int = 3, height: Int = 2, further: [UInt8] = []) -> [UInt8] {
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        bytes += chunk("IHDR", big(width, 4) + big(height, 4) + [8, 3, 0, 0, 0]) + chunk("gAMA", big(45_455, 4))
        bytes += chunk("tEXt", text("Author\0" + mark)) + chunk("eXIf", exif(orientation: 6))
        bytes += chunk("iCCP", text("profile\0\0" + mark)) + chunk("tIME", big(2026, 2) + [11, 28, 4, 0, 0])
        bytes += chunk("PLTE", [0, 0, 0, 255, 255, 255]) + chunk("tRNS", [0]) + further
        bytes += chunk("IDAT", [1, 2, 3]) + chunk("IDAT", [4, 5]) + chunk("zTXt", text("x\0\0" + mark))
        return bytes + chunk("IEND", []) + text(mark)
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }

    // MARK: - WebP

    static func riff(_ chunks: [(String, [UInt8])]) -> [UInt8] {
        var body: [UInt8] = []
        for (name, content) in chunks {
            body += text(name) + little(content.count, 4) + content
            if content.count % 2 == 1 { body.append(0) }
        }
        return text("RIFF") + little(body.count + 4, 4) + text("WEBP") + body
    }

    static func canvas(flags: UInt8, width: Int = 64, height: Int = 40) -> [UInt8] {
        [flags, 0, 0, 0] + little(width - 1, 3) + little(height - 1, 3)
    }

    static let lossy: [UInt8] = [0x10, 0, 0, 0x9D, 0x01, 0x2A] + little(64, 2) + little(40, 2) + [1, 2, 3]
    static let lossless: [UInt8] = [0x2F] + little(63 | 39 << 14, 4) + [1, 2]

    static func webp(_ picture: (String, [UInt8]) = ("VP8 ", lossy)) -> [UInt8] {
        riff([
            ("VP8X", canvas(flags: 0x3C)), ("ICCP", text(mark)), ("ALPH", [0, 9, 9]), ("ABCD", text(mark)), picture,
            ("EXIF", exif(orientation: 3)), ("XMP ", text(mark))
        ]) + text(mark)
    }
}
