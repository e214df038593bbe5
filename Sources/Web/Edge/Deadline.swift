internal import HTTPTypes
package import Hummingbird
internal import NIOCore
internal import NIOPosix

/// Ends a request that has no response after a set time, reading its body included: the route is cancelled, the answer
/// is 408 and the connection is closed.
///
/// A form with files has that time once more for each ``ServerLimits/fairShare`` that it says it has, up to 32 times;
/// `ConnectionGuard` sees that it comes at that pace.
///
/// The time runs until the response's head is ready, so event streams may go on for as long as they like. A route that
/// ignores cancellation delays this answer; `ServerLimits` then closes the connection from outside.
///
/// What stands outside it answers a cancelled request as any other.
package struct Deadline<Context: RequestContext>: RouterMiddleware {
    private let limit: Duration

    package init(after limit: Duration = .seconds(10)) { self.limit = limit }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let limit = limit * (1 + request.fairShares)
        return try await inTask(request, context, next) { work in
            // A timer of the event loop rather than a sleeping task: a cancelled sleep leaves its timer behind until it
            // would have ended, and under load those of the last ten seconds add up.
            let timer = MultiThreadedEventLoopGroup.singleton.next().scheduleTask(in: TimeAmount(limit)) {
                work.cancel()
            }
            defer { timer.cancel() }
            do {
                return try await withTaskCancellationHandler {
                    try await work.value
                } onCancel: {
                    work.cancel()
                }
            } catch {
                guard work.isCancelled, !Task.isCancelled else { throw error }
                return Refusal.tooLate.response(from: request, context: context)
            }
        }
    }
}

extension Request {
    fileprivate var fairShares: Int {
        guard headers[.contentType]?.hasPrefix("multipart/form-data") == true else { return 0 }
        return min(max(headers[.contentLength].flatMap { Int($0) } ?? 0, 0) / ServerLimits.fairShare, 32)
    }
}

extension Refusal {
    /// What a request that ran out of time is answered with.
    static let tooLate = Refusal(
        .requestTimeout, "This took too long and may not have been saved. Please check and try again.",
        closesConnection: true)
}
