internal import Foundation
package import HTTPTypes
package import Hummingbird

extension Response {
    /// 303: look there with GET. The answer to every form that was accepted.
    package static func seeOther(_ path: SitePath) -> Response {
        Response(status: .seeOther, headers: [.location: path.string])
    }

    /// Plain text in UTF-8.
    package static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// JSON with sorted keys, dates as ISO 8601 and slashes as they are.
    /// - Throws: What encoding throws.
    package static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return bytes(try encoder.encode(value), type: "application/json", status: status)
    }

    /// Bytes of any kind, whole.
    /// - Parameter type: The media type.
    package static func bytes(
        _ bytes: some Sequence<UInt8>, type: String, status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
