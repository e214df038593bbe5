internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Calls `next` and turns an error into the response it stands for, for middleware that needs a response in any case.
/// An error that stands for none is a fault: 500, and its type in the log. Never its description, which may quote
/// what somebody wrote.
func answer<Context: RequestContext>(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
) async throws -> Response {
    do {
        return try await next(request, context)
    } catch let error as any HTTPResponseError {
        return try error.response(from: request, context: context)
    } catch {
        // The server answers what it cannot parse and closes; to a client that has gone there is nothing to say.
        if error is HTTPParserError || error is ChannelError || error is IOError { throw error }
        if Task.isCancelled { return Refusal.tooLate.response(from: request, context: context) }
        context.logger.error("fault", metadata: ["error": "\(type(of: error))"])
        return .text("Something went wrong on our side. Please try again in a moment.", status: .internalServerError)
    }
}
