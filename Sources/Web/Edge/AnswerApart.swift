package import Hummingbird

/// Answers each request in a task of its own: a task keeps the memory of its deepest step for as long as it lives, and
/// that of a connection may live for hours (15 KB less for each idle reader of a stream, measured). Belongs outermost.
package struct AnswerApart<Context: RequestContext>: RouterMiddleware {
    package init() {}

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        try await inTask(request, context, next) { work in
            try await withTaskCancellationHandler {
                try await work.value
            } onCancel: {
                work.cancel()
            }
        }
    }
}

/// Answers a request in a task of its own.
/// - Parameter wait: waits for the task, and may end it sooner. Must not return before the task has.
func inTask<Context>(
    _ request: Request, _ context: Context, _ next: (Request, Context) async throws -> Response,
    _ wait: (Task<Response, any Error>) async throws -> Response
) async throws -> Response where Context: RequestContext {
    try await withoutActuallyEscaping(next) { next in
        // The task has ended before this function returns, and nothing else calls it meanwhile.
        nonisolated(unsafe) let next = next
        return try await wait(Task { try await next(request, context) })
    }
}
