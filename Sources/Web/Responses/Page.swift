package import HTTPTypes
package import Hummingbird

/// An HTML page as the answer to a request.
package struct Page: ResponseGenerator, Sendable {
    package var html: HTML
    package var status: HTTPResponse.Status
    /// Added to the response; what `SecurityHeaders` would set is left alone where it is set here.
    package var headers: HTTPFields = [:]

    package init(_ html: HTML, status: HTTPResponse.Status = .ok) {
        (self.html, self.status) = (html, status)
    }

    package func response(from request: Request, context: some RequestContext) -> Response {
        var headers = headers
        headers[.contentType] = "text/html; charset=utf-8"
        return Response(status: status, headers: headers, body: .init(byteBuffer: html.bytes))
    }
}
