/// A picture or a voice note as it may be kept and shown to others: what it is was found in its bytes, whatever its name
/// or its sender said, and everything that is not needed to show or play it is gone. Nothing is decoded, so that no
/// decoder of ours can be broken into.
package struct CleanFile: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case picture, voice
    }

    package enum Format: String, Sendable, CaseIterable {
        case jpeg, png, webp
        /// Opus in Ogg (RFC 7845).
        case ogg
        /// Opus in WebM.
        case webm
        /// AAC or Opus in MP4 (ISO 14496-12).
        case mp4

        package var kind: Kind {
            switch self {
            case .jpeg, .png, .webp: .picture
            case .ogg, .webm, .mp4: .voice
            }
        }

        /// As browsers are told.
        package var mediaType: String {
            switch self {
            case .jpeg: "image/jpeg"
            case .png: "image/png"
            case .webp: "image/webp"
            case .ogg: "audio/ogg"
            case .webm: "audio/webm"
            case .mp4: "audio/mp4"
            }
        }

        /// How the name of such a file ends.
        package var ending: String {
            switch self {
            case .jpeg: "jpg"
            case .mp4: "m4a"
            default: rawValue
            }
        }
    }

    /// In pixels, as it is shown.
    package struct Size: Sendable, Equatable {
        package let width: Int
        package let height: Int

        package init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

        var turned: Size { Size(width: height, height: width) }
    }

    package let format: Format
    package let bytes: [UInt8]
    /// Of a picture.
    package let size: Size?
    /// How long a voice note takes; at least one.
    package let seconds: Int?

    /// The largest file that is read, in bytes.
    package static let largest = 6_000_000
    /// The most pixels of a picture: what a browser has to hold to show it is four bytes for each.
    package static let mostPixels = 40_000_000
    package static let longestSide = 16_000
    /// The longest voice note, in seconds.
    package static let longest = 300

    /// Reads a file and keeps of it what is needed. In time and memory that grow with its size alone.
    package init(_ file: some Collection<UInt8>) throws(FileRefusal) {
        guard !file.isEmpty else { throw .empty }
        guard file.count <= Self.largest else { throw .tooLarge }
        let file = Array(file)[...]
        switch true {
        case file.starts(with: [0xFF, 0xD8, 0xFF]): self = try JPEG.cleaned(file)
        case file.starts(with: PNG.signature): self = try PNG.cleaned(file)
        case file.starts(with: "RIFF".utf8) && file.dropFirst(8).starts(with: "WEBP".utf8):
            self = try WebP.cleaned(file)
        case file.starts(with: "OggS".utf8): self = try Ogg.cleaned(file)
        case file.starts(with: [0x1A, 0x45, 0xDF, 0xA3]): self = try WebM.cleaned(file)
        case file.dropFirst(4).starts(with: "ftyp".utf8): self = try MP4.cleaned(file)
        default: throw .unknown
        }
    }

    init(_ format: Format, _ bytes: [UInt8], of size: Size) throws(FileRefusal) {
        guard size.width > 0, size.height > 0 else { throw .damaged }
        guard max(size.width, size.height) <= Self.longestSide, size.width * size.height <= Self.mostPixels else {
            throw .tooManyPixels
        }
        (self.format, self.bytes, self.size, seconds) = (format, bytes, size, nil)
    }

    /// - Parameter ticks: how long it takes, in 48,000ths of a second.
    init(_ format: Format, _ bytes: [UInt8], lasting ticks: Int) throws(FileRefusal) {
        guard ticks > 0 else { throw .damaged }
        // Recorders stop a little late.
        guard ticks <= (Self.longest + 5) * 48_000 else { throw .tooLong }
        (self.format, self.bytes, size) = (format, bytes, nil)
        seconds = min(max((ticks + 24_000) / 48_000, 1), Self.longest)
    }
}

/// Why a file is not taken.
package enum FileRefusal: String, Error, Sendable, CaseIterable {
    case empty
    /// None of the formats, or one of them in a form that browsers do not record or show.
    case unknown
    /// It begins as one of them and does not go on so, or is not all there.
    case damaged
    case tooLarge = "too-large"
    case tooManyPixels = "too-many-pixels"
    case tooLong = "too-long"
    /// A picture that moves.
    case moving
    /// A recording with pictures.
    case video
}
