extension Primitive {
    /// Whether text has the form of this type. Each scanner follows the type's pattern in the specification, and
    /// dates must also be in the calendar.
    func accepts(_ text: String) -> Bool {
        switch self {
        case .date: FHIRDate(text, as: .date) != nil
        case .dateTime: FHIRDate(text, as: .dateTime) != nil
        case .instant: FHIRDate(text, as: .instant) != nil
        case .time: Self.isTime(text)
        case .code: Self.isCode(text.utf8)
        case .id: Self.isID(text.utf8)
        case .uri, .url, .canonical: !text.isEmpty && !text.unicodeScalars.contains { Self.isSpace($0) }
        case .oid: Self.isOID(text.utf8)
        case .uuid: Self.isUUID(text.utf8)
        case .base64Binary: Self.isBase64(text.utf8)
        case .string, .markdown: !text.isEmpty && !text.utf8.contains { Self.isControl($0) }
        case .xhtml: Self.isDivision(text)
        case .boolean, .integer, .positiveInt, .unsignedInt, .decimal: false
        }
    }

    private static func isTime(_ text: String) -> Bool {
        var scanner = DigitScanner(text)
        return scanner.time(secondsRequired: true) != nil && scanner.isAtEnd
    }

    private static func isCode(_ text: String.UTF8View) -> Bool {
        var last: UInt8 = 0x20
        for byte in text {
            // The space before the first byte stands for the start: a code begins and ends with something visible.
            if byte <= 0x20, byte != 0x20 || last == 0x20 { return false }
            last = byte
        }
        return last != 0x20
    }

    /// Whether text is a resource id: 1 to 64 letters, digits, hyphens and points.
    package static func isID(_ text: some Collection<UInt8>) -> Bool {
        1...64 ~= text.count && text.allSatisfy { $0.isASCIILetterOrDigit || $0 == 0x2D || $0 == 0x2E }
    }

    private static func isOID(_ text: String.UTF8View) -> Bool {
        guard text.starts(with: "urn:oid:".utf8) else { return false }
        let arcs = text.dropFirst(8).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard arcs.count > 1, let root = arcs[0].first, arcs[0].count == 1, 0x30...0x32 ~= root else { return false }
        return arcs.dropFirst().allSatisfy { arc in
            !arc.isEmpty && arc.allSatisfy(\.isASCIIDigit) && (arc.count == 1 || arc.first != 0x30)
        }
    }

    private static func isUUID(_ text: String.UTF8View) -> Bool {
        guard text.count == 45, text.starts(with: "urn:uuid:".utf8) else { return false }
        return text.dropFirst(9).enumerated().allSatisfy { position, byte in
            switch position {
            case 8, 13, 18, 23: byte == UInt8(ascii: "-")
            default: byte.isASCIIDigit || 0x61...0x66 ~= byte
            }
        }
    }

    private static func isBase64(_ text: String.UTF8View) -> Bool {
        var (count, padding) = (0, 0)
        for byte in text {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: continue
            case UInt8(ascii: "="): padding += 1
            case UInt8(ascii: "+"), UInt8(ascii: "/"): guard padding == 0 else { return false }
            default: guard byte.isASCIILetterOrDigit, padding == 0 else { return false }
            }
            count += 1
        }
        return count > 0 && count % 4 == 0 && padding <= 2
    }

    /// Only the outermost element is looked at. XHTML from outside must not be shown to a browser as it is.
    private static func isDivision(_ text: String) -> Bool {
        let trimmed = text.utf8.drop { $0 <= 0x20 }
        guard trimmed.starts(with: "<div".utf8), let next = trimmed.dropFirst(4).first else { return false }
        return next <= 0x20 || next == UInt8(ascii: ">") || next == UInt8(ascii: "/")
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value <= 0x20 || (scalar.value > 0x7F && scalar.properties.isWhitespace)
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D
    }
}
