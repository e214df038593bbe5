package import HTTPTypes
package import Hummingbird

/// A request that is turned down before the product sees it, with a sentence for the person who reads it. The product
/// may catch it and answer with a page of its own.
package struct Refusal: Error, HTTPResponseError, Equatable {
    package let status: HTTPResponse.Status
    /// What happened and what to do now, in plain words. Never holds anything from the request.
    package let sentence: String
    /// Whether what follows on the connection cannot be trusted and it must be closed.
    package let closesConnection: Bool

    package init(_ status: HTTPResponse.Status, _ sentence: String, closesConnection: Bool = false) {
        (self.status, self.sentence, self.closesConnection) = (status, sentence, closesConnection)
    }

    package func response(from request: Request, context: some RequestContext) -> Response {
        var response = Response.text(sentence, status: status)
        if closesConnection { response.headers[.connection] = "close" }
        return response
    }
}
