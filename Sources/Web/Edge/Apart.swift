package import Hummingbird

/// Does something in a task of its own and waits for it; cancellation reaches it. For what runs long and is idle between
/// two steps: a task keeps the memory of its deepest step for as long as it lives.
/// - Throws: what the step throws.
package func apart<Value: Sendable>(_ step: @escaping @Sendable () async throws -> Value) async throws -> Value {
    let work = Task(operation: step)
    return try await withTaskCancellationHandler {
        try await work.value
    } onCancel: {
        work.cancel()
    }
}

/// Answers each request in a task of its own, so that its connection, which may be open for hours, keeps nothing of what
/// that needed (15 KB for each idle reader of a stream, measured). Belongs outermost.
package struct AnswerApart<Context: RequestContext>: RouterMiddleware {
    package init() {}

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        try await withoutActuallyEscaping(next) { next in
            // The task has ended before this function returns, and nothing else calls it meanwhile.
            nonisolated(unsafe) let next = next
            return try await apart { try await next(request, context) }
        }
    }
}
