import Media
import Testing

@Suite("What is kept of pictures and voice notes")
struct CleanFileTests {
    static let whole: [(name: String, bytes: [UInt8], format: CleanFile.Format)] = [
        ("JPEG", MadeFiles.jpeg(), .jpeg), ("turned JPEG", MadeFiles.jpeg(orientation: 6), .jpeg),
        ("turned JPEG, little-endian", MadeFiles.jpeg(orientation: 8, isBig: false), .jpeg),
        ("PNG", MadeFiles.png(), .png), ("WebP", MadeFiles.webp(), .webp),
        ("lossless WebP", MadeFiles.webp(("VP8L", MadeFiles.lossless)), .webp),
        ("plain WebP", MadeFiles.riff([("VP8 ", MadeFiles.lossy)]), .webp), ("Ogg", MadeFiles.ogg(), .ogg),
        ("WebM", MadeFiles.webm(), .webm), ("WebM of known size", MadeFiles.webm(isOpen: false), .webm),
        ("MP4", MadeFiles.mp4(), .mp4), ("MP4 in fragments", MadeFiles.fragments(), .mp4)
    ]

    private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard bytes.count >= part.count else { return false }
        return (0...(bytes.count - part.count)).contains { bytes[$0..<($0 + part.count)].elementsEqual(part) }
    }

    @Test("Every kind is known by what is in it; nothing marked is left, and cleaning once more changes nothing")
    func cleaned() throws {
        for (name, bytes, format) in Self.whole {
            let hasMark = contains(bytes, MadeFiles.text(MadeFiles.mark))
            try #require(hasMark || name == "plain WebP", "\(name) has something to lose")
            let clean = try CleanFile(bytes)
            #expect(clean.format == format, "\(name)")
            for part in [MadeFiles.mark, "MADE", "EDIT", "JFXX"] {
                let isThere = contains(clean.bytes, MadeFiles.text(part))
                #expect(!isThere, "\(part) in \(name)")
            }
            #expect((clean.size == nil) == (format.kind == .voice))
            #expect((clean.seconds == nil) == (format.kind == .picture))
            #expect(try CleanFile(clean.bytes) == clean, "\(name)")
        }
    }

    @Test("What shows the picture and plays the sound stays, byte for byte")
    func kept() throws {
        let jpeg = try CleanFile(MadeFiles.jpeg()).bytes
        for part in [
            MadeFiles.coded, MadeFiles.frame, MadeFiles.huffman, MadeFiles.quantization,
            [0xFF, 0xEE, 0, 14] + MadeFiles.text("Adobe") + [0, 100, 0, 0, 0, 0, 1]
        ] { #expect(contains(jpeg, part)) }
        let png = try CleanFile(MadeFiles.png()).bytes
        for part in [
            MadeFiles.chunk("PLTE", [0, 0, 0, 255, 255, 255]), MadeFiles.chunk("tRNS", [0]),
            MadeFiles.chunk("IDAT", [1, 2, 3]) + MadeFiles.chunk("IDAT", [4, 5])
        ] { #expect(contains(png, part)) }
        let webp = try CleanFile(MadeFiles.webp()).bytes
        #expect(
            webp
                == MadeFiles.riff([
                    ("VP8X", MadeFiles.canvas(flags: 0x10)), ("ALPH", [0, 9, 9]), ("VP8 ", MadeFiles.lossy)
                ]))
        for (file, length) in [(MadeFiles.ogg(), 40), (MadeFiles.webm(), 40), (MadeFiles.mp4(), 200)] {
            #expect(contains(try CleanFile(file).bytes, MadeFiles.packet(length)))
        }
    }

    @Test("How a picture is turned stays, in an EXIF of one entry, and says how wide it is shown")
    func turned() throws {
        for number in 1...8 {
            let clean = try CleanFile(MadeFiles.jpeg(orientation: number, isBig: number % 2 == 0))
            let isTurned = number >= 5
            #expect(clean.size == .init(width: isTurned ? 40 : 64, height: isTurned ? 64 : 40))
            let entry: [UInt8] = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(number), 0, 0]
            #expect(contains(clean.bytes, entry) == (number > 1), "\(number)")
        }
        for number in [0, 9, 65_535] {
            let clean = try CleanFile(MadeFiles.jpeg(orientation: number))
            let hasExif = contains(clean.bytes, MadeFiles.text("Exif"))
            #expect(!hasExif && clean.size == .init(width: 64, height: 40))
        }
    }

    @Test("How long a voice note takes is counted in what it plays")
    func lengths() throws {
        #expect(try CleanFile(MadeFiles.ogg(seconds: 3)).seconds == 3)
        #expect(try CleanFile(MadeFiles.webm(packets: 250)).seconds == 5)
        #expect(try CleanFile(MadeFiles.mp4(MadeFiles.movie([MadeFiles.media(sounds: 7)]))).seconds == 7)
        #expect(try CleanFile(MadeFiles.fragments(10)).seconds == 9)
        #expect(try CleanFile(MadeFiles.webm(packets: 1)).seconds == 1)
    }

    @Test("Cut anywhere, it is refused or begins as the whole does; changed anywhere, it is read or refused")
    func damaged() throws {
        var draws = SystemRandomNumberGenerator()
        for (name, bytes, _) in Self.whole {
            let end = bytes.count - MadeFiles.mark.utf8.count * 2
            for _ in 0..<200 {
                let cut = Int.random(in: 0..<bytes.count, using: &draws)
                let read = try? CleanFile(bytes[..<cut])
                // Ogg and MP4 may end after any page or box: what is whole of it plays.
                if cut < end, !["Ogg", "MP4", "MP4 in fragments", "WebM", "WebM of known size"].contains(name) {
                    #expect(read == nil, "\(name) cut at \(cut) of \(bytes.count)")
                }
                var changed = bytes
                for _ in 0..<3 {
                    changed[Int.random(in: 0..<bytes.count, using: &draws)] = .random(in: 0...255, using: &draws)
                }
                if let clean = try? CleanFile(changed) {
                    #expect(try CleanFile(clean.bytes).bytes == clean.bytes, "\(name)")
                }
            }
        }
    }

    @Test("What is not taken says why", arguments: refused.map(\.name))
    func refuses(name: String) throws {
        let file = try #require(Self.refused.first { $0.name == name })
        #expect(throws: file.refusal) { try CleanFile(file.bytes) }
    }

    private static let refused: [(name: String, bytes: [UInt8], refusal: FileRefusal)] =
        refusedPictures + refusedSounds

    private static let refusedPictures: [(name: String, bytes: [UInt8], refusal: FileRefusal)] = [
        ("nothing", [], .empty), ("text", MadeFiles.text("<html><script>alert(1)</script>"), .unknown),
        ("SVG", MadeFiles.text("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), .unknown),
        ("GIF", MadeFiles.text("GIF89a") + [1, 0, 1, 0, 0, 0, 0], .unknown),
        ("PDF", MadeFiles.text("%PDF-1.7"), .unknown),
        ("seven megabytes", [0xFF, 0xD8, 0xFF] + [UInt8](repeating: 0, count: 7_000_000), .tooLarge),
        ("a wide JPEG", MadeFiles.jpeg(frame: [8, 0, 4, 0xFD, 0xE8, 1, 1, 17, 0]), .tooManyPixels),
        ("a JPEG without height", MadeFiles.jpeg(frame: [8, 0, 0, 0, 64, 1, 1, 0x11, 0]), .damaged),
        ("a JPEG of 12 bits", MadeFiles.jpeg(frame: [12, 0, 40, 0, 64, 1, 1, 0x11, 0]), .unknown),
        ("a large PNG", MadeFiles.png(width: 15_000, height: 15_000), .tooManyPixels),
        ("an endless PNG", MadeFiles.png(width: 0x7FFF_FFFF, height: 0x7FFF_FFFF), .tooManyPixels),
        ("a PNG with a part that must be known", MadeFiles.png(further: MadeFiles.chunk("ABCD", [])), .damaged),
        ("a PNG with two palettes", MadeFiles.png(further: MadeFiles.chunk("PLTE", [1, 2, 3])), .damaged),
        ("a moving WebP", MadeFiles.riff([("VP8X", MadeFiles.canvas(flags: 2)), ("ANIM", [0])]), .moving),
        (
            "a WebP of two sizes",
            MadeFiles.riff([("VP8X", MadeFiles.canvas(flags: 0, width: 9)), ("VP8 ", MadeFiles.lossy)]), .damaged
        ),
        (
            "a large WebP", MadeFiles.riff([("VP8 ", [0x10, 0, 0, 0x9D, 1, 0x2A, 0xFF, 0x3F, 0xFF, 0x3F])]),
            .tooManyPixels
        )
    ]

    private static let refusedSounds: [(name: String, bytes: [UInt8], refusal: FileRefusal)] = [
        ("a long Ogg", MadeFiles.ogg(seconds: 310), .tooLong),
        (
            "an Ogg of two streams",
            MadeFiles.page([MadeFiles.opusHead], number: 0, flags: 2)
                + MadeFiles.page([MadeFiles.opusHead], number: 0, flags: 2, serial: 8), .unknown
        ),
        ("Theora", MadeFiles.page([[0x80] + MadeFiles.text("theora")], number: 0, flags: 2), .video),
        ("Vorbis", MadeFiles.page([[1] + MadeFiles.text("vorbis")], number: 0, flags: 2), .unknown),
        ("a long WebM", MadeFiles.webm(packets: 15_400), .tooLong),
        ("a WebM with pictures", MadeFiles.webm(tracks: MadeFiles.track(type: 1, codec: "V_VP8")), .video),
        (
            "a WebM with sound and pictures",
            MadeFiles.webm(tracks: MadeFiles.track() + MadeFiles.track(type: 1, codec: "V_VP8", number: 2)), .video
        ),
        ("a WebM of Vorbis", MadeFiles.webm(tracks: MadeFiles.track(codec: "A_VORBIS")), .unknown),
        ("a WebM with several packets in a block", MadeFiles.webm(lacing: 2), .unknown),
        ("a WebM without sound", MadeFiles.webm(packets: 0), .damaged),
        ("an MP4 with pictures", MadeFiles.mp4(MadeFiles.movie([MadeFiles.media(handler: "vide")])), .video),
        ("an MP4 with two tracks", MadeFiles.mp4(MadeFiles.movie([MadeFiles.media(), MadeFiles.media()])), .unknown),
        ("an MP4 of another sound", MadeFiles.mp4(MadeFiles.movie([MadeFiles.media(format: "alac")])), .unknown),
        ("a long MP4", MadeFiles.mp4(MadeFiles.movie([MadeFiles.media(sounds: 4_000)])), .tooLong),
        (
            "an MP4 without sound",
            MadeFiles.box("ftyp", MadeFiles.text("M4A ")) + MadeFiles.box("mdat", [1]), .damaged
        )
    ]

    @Test("Ogg is numbered and summed up anew, whatever remarks it had")
    func pages() throws {
        let long = MadeFiles.text("OpusTags") + [UInt8](repeating: 65, count: 3_000)
        let short = try CleanFile(MadeFiles.ogg())
        #expect(try CleanFile(MadeFiles.ogg(remarks: long)).bytes == short.bytes)
        // One bit that differs is noticed.
        var bytes = MadeFiles.ogg()
        bytes[bytes.count - MadeFiles.mark.utf8.count - 3] ^= 1
        #expect(throws: FileRefusal.damaged) { try CleanFile(bytes) }
    }
}
