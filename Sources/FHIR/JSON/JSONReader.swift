extension JSON {
    /// How deep objects and lists may nest. The deepest published FHIR examples stay under 20; the limit keeps the
    /// reader's recursion, and that of everything that walks a value, far from the end of the stack.
    package static let depthLimit = 64

    /// Reads one JSON document (RFC 8259) in UTF-8; a byte order mark before it is passed over.
    ///
    /// Stricter than many readers, so that two systems can never see two different records in the same bytes:
    /// a property name that comes twice is refused, as are invalid UTF-8 and half of a surrogate pair.
    /// Linear in the number of bytes.
    package init(parsing bytes: [UInt8], depthLimit: Int = JSON.depthLimit) throws(JSONError) {
        var reader = JSONReader(bytes, depthLimit: depthLimit)
        self = try reader.document()
    }

    /// Reads one JSON document from text.
    package init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }
}

/// A recursive-descent reader over bytes. Its recursion is bounded by the depth limit.
struct JSONReader {
    private let bytes: [UInt8]
    private let depthLimit: Int
    private var position = 0

    init(_ bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    mutating func document() throws(JSONError) -> JSON {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        skipWhitespace()
        guard position < bytes.count else { throw error(.empty) }
        let value = try value(depth: 0)
        skipWhitespace()
        guard position == bytes.count else { throw error(.trailing) }
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSON {
        guard position < bytes.count else { throw error(.endsEarly) }
        switch bytes[position] {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw error(.noValue)
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSON {
        guard depth < depthLimit else { throw error(.tooDeep(limit: depthLimit)) }
        position += 1
        skipWhitespace()
        if take(UInt8(ascii: "}")) { return .object(JSON.Object()) }
        var members: [JSON.Member] = []
        var names = NameSet()
        repeat {
            skipWhitespace()
            let start = position
            guard peek == UInt8(ascii: "\"") else { throw error(peek == nil ? .endsEarly : .noName) }
            let name = try string()
            guard names.insert(name, after: members) else { throw error(.duplicateName(name), at: start) }
            skipWhitespace()
            guard take(UInt8(ascii: ":")) else { throw error(peek == nil ? .endsEarly : .noColon) }
            skipWhitespace()
            members.append(JSON.Member(name, try value(depth: depth + 1)))
            skipWhitespace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw error(peek == nil ? .endsEarly : .noObjectEnd) }
        return .object(JSON.Object(distinct: members))
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSON {
        guard depth < depthLimit else { throw error(.tooDeep(limit: depthLimit)) }
        position += 1
        skipWhitespace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        var items: [JSON] = []
        repeat {
            skipWhitespace()
            items.append(try value(depth: depth + 1))
            skipWhitespace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw error(peek == nil ? .endsEarly : .noArrayEnd) }
        return .array(items)
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let end = position + word.utf8CodeUnitCount
        let matches = word.withUTF8Buffer { bytes[position..<min(end, bytes.count)].elementsEqual($0) }
        guard matches else { throw error(.noValue) }
        position = end
        return value
    }

    private mutating func number() throws(JSONError) -> JSON.Number {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let leadingZero = peek == UInt8(ascii: "0")
        guard skipDigits() > 0 else { throw error(.badNumber, at: start) }
        let end = bytes[start] == UInt8(ascii: "-") ? position - 1 : position
        if leadingZero, end - start > 1 { throw error(.leadingZero, at: start) }
        if take(UInt8(ascii: ".")), skipDigits() == 0 { throw error(.badNumber, at: start) }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard skipDigits() > 0 else { throw error(.badNumber, at: start) }
        }
        return JSON.Number(checked: String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        return position - start
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let text = try text(from: start, to: position)
                position += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            guard byte >= 0x20 else { throw error(.controlCharacter) }
            position += 1
        }
        throw error(.endsEarly)
    }

    /// The slower way for text with escapes: `position` stands on the first of them.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var unescaped = Array(bytes[start..<position])
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                guard let text = String(validating: unescaped, as: UTF8.self) else {
                    throw error(.invalidUTF8, at: start)
                }
                position += 1
                return text
            case UInt8(ascii: "\\"):
                unescaped.append(contentsOf: UTF8.encode(try escape()) ?? UTF8.encodedReplacementCharacter)
            case 0..<0x20:
                throw error(.controlCharacter)
            case let byte:
                unescaped.append(byte)
                position += 1
            }
        }
        throw error(.endsEarly)
    }

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        let start = position
        position += 2
        guard position <= bytes.count else { throw error(.endsEarly) }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try scalar(escapeAt: start)
        default: throw error(.badEscape, at: start)
        }
    }

    /// The scalar of one `\u` escape, or of two that make a surrogate pair.
    private mutating func scalar(escapeAt start: Int) throws(JSONError) -> Unicode.Scalar {
        let unit = try hexadecimal(escapeAt: start)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, bytes[position...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
            throw error(.loneSurrogate, at: start)
        }
        position += 2
        let low = try hexadecimal(escapeAt: position - 2)
        guard 0xDC00..<0xE000 ~= low,
            let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
        else { throw error(.loneSurrogate, at: start) }
        return scalar
    }

    private mutating func hexadecimal(escapeAt start: Int) throws(JSONError) -> UInt16 {
        guard position + 4 <= bytes.count else { throw error(.endsEarly) }
        var value: UInt16 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw error(.badEscape, at: start) }
            value = value << 4 | UInt16(digit)
        }
        position += 4
        return value
    }

    private func text(from start: Int, to end: Int) throws(JSONError) -> String {
        guard let text = String(validating: bytes[start..<end], as: UTF8.self) else {
            throw error(.invalidUTF8, at: start)
        }
        return text
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private func error(_ reason: JSONError.Reason, at place: Int? = nil) -> JSONError {
        let before = bytes[..<min(place ?? position, bytes.count)]
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        // Bytes that continue a character are not counted, so the column is the one an editor shows.
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        return JSONError(line: before.count { $0 == 0x0A } + 1, column: column, reason: reason)
    }
}

/// Tells whether a property name is new. Few names are compared one by one; many go into a set, so that an object
/// with a million members cannot cost a million squared.
private struct NameSet {
    private var many: Set<String> = []

    mutating func insert(_ name: String, after members: [JSON.Member]) -> Bool {
        if members.count < 24 { return !members.contains { $0.key == name } }
        if many.isEmpty { many = Set(members.lazy.map(\.key)) }
        return many.insert(name).inserted
    }
}
