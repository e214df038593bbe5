internal import HTTPTypes
package import Hummingbird

extension Response {
    /// Bytes of which a part may be asked for (RFC 9110, 14), as players do to begin in the middle. Several parts at once,
    /// and what cannot be read, are answered with all of them, as the standard allows.
    /// - Parameters:
    ///   - type: The media type.
    ///   - range: The `Range` field of the request.
    package static func part(of bytes: [UInt8], type: String, asked range: String?) -> Response {
        var response: Response
        if let range = range.flatMap({ ByteRange($0) }) {
            if let part = range.within(bytes.count) {
                response = .bytes(bytes[part], type: type, status: .partialContent)
                response.headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(bytes.count)"
            } else {
                response = Response(status: .rangeNotSatisfiable)
                response.headers[.contentRange] = "bytes */\(bytes.count)"
            }
        } else {
            response = .bytes(bytes, type: type)
        }
        response.headers[.acceptRanges] = "bytes"
        return response
    }
}

/// One part of some bytes: `bytes=0-99`, `bytes=100-`, `bytes=-100`.
private enum ByteRange {
    case from(Int, through: Int?)
    case last(Int)

    init?(_ text: String) {
        guard text.hasPrefix("bytes=") else { return nil }
        let ends = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else {
            return nil
        }
        switch (Int(ends[0]), Int(ends[1])) {
        case (let first?, let last?) where first <= last: self = .from(first, through: last)
        case (let first?, nil) where ends[1].isEmpty: self = .from(first, through: nil)
        case (nil, let count?) where ends[0].isEmpty: self = .last(count)
        default: return nil
        }
    }

    /// - Returns: nil when nothing of it is there.
    func within(_ count: Int) -> Range<Int>? {
        switch self {
        case .from(let first, let last):
            first < count ? first..<(min(last ?? count - 1, count - 1) + 1) : nil
        case .last(let length): length > 0 && count > 0 ? max(0, count - length)..<count : nil
        }
    }
}
