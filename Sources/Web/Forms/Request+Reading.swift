internal import HTTPTypes
package import Hummingbird
package import NIOCore

extension Request {
    /// Reads the whole body.
    /// - Parameter limit: In bytes; a body larger than that is refused with 413, before reading it if it says so.
    /// - Throws: `Refusal` 413, or 400 if the connection ended before all of it was there; and what reading throws.
    package func body(upTo limit: Int) async throws -> ByteBuffer {
        let tooLarge = Refusal(
            .contentTooLarge, "That is more than can be sent at once. Please send a shorter text.",
            closesConnection: true)
        let announced = headers[.contentLength].flatMap { Int($0) }
        if let announced, announced > limit { throw tooLarge }
        do {
            let body = try await body.collect(upTo: limit)
            // Half of what somebody wrote must never pass for all of it.
            guard announced == nil || announced == body.readableBytes else {
                throw Refusal(.badRequest, "This arrived only in part. Please send it again.", closesConnection: true)
            }
            return body
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
    }

    /// Reads the body as a form.
    /// - Throws: `Refusal` as `body(upTo:)`; 415 when the body is something other than a form, 400 when it cannot be
    ///   decoded.
    package func form(upTo limit: Int = 262_144) async throws -> Form {
        guard isPlainForm else { throw Refusal(.unsupportedMediaType, "This address takes forms only.") }
        return try Form(urlEncoded: try await body(upTo: limit).readableBytesView)
    }

    /// Whether the body says that it is a form without files.
    package var isPlainForm: Bool {
        let type = headers[.contentType]?.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        return type == "application/x-www-form-urlencoded"
    }

    /// Reads the body as a form with files. What goes beyond the limit is taken in and thrown away, up to eight times as
    /// much: a browser shows no answer before it has sent everything, and people should keep what they wrote beside a
    /// file that is too large.
    /// - Returns: the form, and whether there was more; then its last part is missing.
    /// - Throws: `Refusal` 413, 415, or 400 when it cannot be read.
    package func formWithFiles(upTo limit: Int) async throws -> (form: MultipartForm, isCut: Bool) {
        guard let boundary = headers[.contentType].flatMap(MultipartForm.boundary) else {
            throw Refusal(.unsupportedMediaType, "This address takes forms only.")
        }
        let announced = headers[.contentLength].flatMap { Int($0) }
        let (most, tooLarge) = (limit * 8, Refusal.tooLargeFile)
        if let announced, announced > most { throw tooLarge }
        var (bytes, count): ([UInt8], Int) = ([], 0)
        bytes.reserveCapacity(min(announced ?? 0, limit))
        for try await buffer in body {
            count += buffer.readableBytes
            guard count <= most else { throw tooLarge }
            bytes += buffer.readableBytesView.prefix(limit - bytes.count)
        }
        // Half of what somebody wrote must never pass for all of it.
        guard announced == nil || announced == count else {
            throw Refusal(.badRequest, "This arrived only in part. Please send it again.", closesConnection: true)
        }
        let isCut = count > limit
        do {
            return (try MultipartForm(bytes, boundary: boundary, isCut: isCut), isCut)
        } catch {
            throw error.refusal
        }
    }

    /// The query part of the URL. Throws as `Form.init(urlEncoded:)`.
    package var query: Form {
        get throws(Refusal) { try Form(urlEncoded: (uri.query ?? "").utf8) }
    }
}

extension RequestContext {
    /// A part of the path, by its name in the route, percent-decoded.
    /// - Throws: 404 if it is not UTF-8 or holds control characters: nothing has such a name.
    package func pathParameter(_ name: String) throws(Refusal) -> String {
        guard let raw = parameters.get(name), let text = PercentEncoding.decode(raw.utf8),
            text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { throw Refusal(.notFound, "There is nothing at this address.") }
        return text
    }

    /// A part of the path as a type, such as an identifier.
    /// - Throws: 404 if it is not one.
    package func pathParameter<T: LosslessStringConvertible>(_ name: String, as type: T.Type) throws(Refusal) -> T {
        guard let value = T(try pathParameter(name)) else {
            throw Refusal(.notFound, "There is nothing at this address.")
        }
        return value
    }
}

extension Refusal {
    static let tooLargeFile = Refusal(
        .contentTooLarge, "That file is too large to be sent here. Please choose a smaller one.",
        closesConnection: true)
}
