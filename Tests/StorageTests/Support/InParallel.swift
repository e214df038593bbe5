/// Runs `body` from `count` tasks at once and waits for all; the first error is thrown.
func inParallel(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<count { group.addTask { try await body(index) } }
        try await group.waitForAll()
    }
}

/// Runs `body` from `count` tasks at once.
/// - Returns: which of them returned without an error, in order.
func outcomes(of count: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async -> [Int] {
    await withTaskGroup(of: Int?.self) { group in
        for index in 0..<count {
            group.addTask {
                do {
                    try await body(index)
                    return index
                } catch {
                    return nil
                }
            }
        }
        var succeeded: [Int] = []
        for await case let index? in group { succeeded.append(index) }
        return succeeded.sorted()
    }
}
