import Foundation
import Logging

/// Everything that was logged, at every level.
package final class LogBook: Sendable {
    private let lines = Lines()

    package init() {}

    package var text: String { lines.all.joined(separator: "\n") }

    /// A logger that writes here.
    package var logger: Logger {
        var logger = Logger(label: "book") { [lines] _ in Handler(lines: lines) }
        logger.logLevel = .trace
        return logger
    }

    private final class Lines: @unchecked Sendable {  // guarded by `lock`
        private let lock = NSLock()
        private var kept: [String] = []
        var all: [String] { lock.withLock { kept } }
        func add(_ line: String) { lock.withLock { kept.append(line) } }
    }

    private struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.add("\(event.level) \(event.message) \(metadata.merging(event.metadata ?? [:]) { $1 })")
        }
    }
}
