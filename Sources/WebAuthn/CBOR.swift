/// One value of CBOR (RFC 8949), as far as authenticators write it: the canonical form of CTAP2, without tags, floating
/// point or anything of indefinite length.
package enum CBOR: Hashable, Sendable {
    /// Any integer; what does not fit is refused.
    case integer(Int64)
    case bytes([UInt8])
    case text(String)
    case array([CBOR])
    case map([CBOR: CBOR])
    case boolean(Bool)
    case null

    /// How deep arrays and maps may nest; authenticators need four.
    package static let depthLimit = 8

    /// Reads one value that fills `bytes` to their end.
    /// - Throws: ``WebAuthnError/malformed``. It never traps, whatever the bytes.
    package init(_ bytes: [UInt8]) throws(WebAuthnError) {
        var reader = CBORReader(bytes[...])
        self = try reader.value(depth: 0)
        guard reader.rest.isEmpty else { throw .malformed }
    }

    /// Reads one value from the beginning of `bytes`, which then hold what comes after it.
    init(takingFrom bytes: inout ArraySlice<UInt8>) throws(WebAuthnError) {
        var reader = CBORReader(bytes)
        self = try reader.value(depth: 0)
        bytes = reader.rest
    }

    subscript(key: CBOR) -> CBOR? {
        if case .map(let fields) = self { fields[key] } else { nil }
    }

    var asBytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
    var asText: String? { if case .text(let text) = self { text } else { nil } }
    var asInteger: Int64? { if case .integer(let number) = self { number } else { nil } }
}

/// Its recursion is bounded by the depth limit, and what it allocates by the bytes that are there.
private struct CBORReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func value(depth: Int) throws(WebAuthnError) -> CBOR {
        guard depth < CBOR.depthLimit, let head = rest.popFirst() else { throw .malformed }
        let (major, short) = (head >> 5, head & 31)
        if major == 7 {
            switch short {
            case 20: return .boolean(false)
            case 21: return .boolean(true)
            case 22: return .null
            default: throw .malformed
            }
        }
        let number = try argument(short)
        switch major {
        case 0:
            guard let value = Int64(exactly: number) else { throw .malformed }
            return .integer(value)
        case 1:
            guard let value = Int64(exactly: number) else { throw .malformed }
            return .integer(-1 - value)
        case 2: return .bytes(Array(try take(number)))
        case 3:
            guard let text = String(validating: try take(number), as: UTF8.self) else { throw .malformed }
            return .text(text)
        case 4: return .array(try array(number, depth))
        case 5: return .map(try map(number, depth))
        default: throw .malformed
        }
    }

    /// What follows a first byte: the shortest spelling only, so that one value has one spelling.
    private mutating func argument(_ short: UInt8) throws(WebAuthnError) -> UInt64 {
        if short < 24 { return UInt64(short) }
        guard short < 28 else { throw .malformed }
        let width = 1 << Int(short - 24)
        let number = try take(UInt64(width)).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let least: UInt64 = width == 1 ? 24 : 1 << UInt64(width * 4)
        guard number >= least else { throw .malformed }
        return number
    }

    private mutating func take(_ count: UInt64) throws(WebAuthnError) -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else { throw .malformed }
        let taken = rest.prefix(Int(count))
        rest = rest.dropFirst(Int(count))
        return taken
    }

    private mutating func array(_ count: UInt64, _ depth: Int) throws(WebAuthnError) -> [CBOR] {
        // Each value takes a byte at least.
        guard count <= UInt64(rest.count) else { throw .malformed }
        var values: [CBOR] = []
        for _ in 0..<count { values.append(try value(depth: depth + 1)) }
        return values
    }

    private mutating func map(_ count: UInt64, _ depth: Int) throws(WebAuthnError) -> [CBOR: CBOR] {
        guard count <= UInt64(rest.count / 2) else { throw .malformed }
        var fields: [CBOR: CBOR] = [:]
        for _ in 0..<count {
            let key = try value(depth: depth + 1)
            guard fields.updateValue(try value(depth: depth + 1), forKey: key) == nil else { throw .malformed }
        }
        return fields
    }
}
