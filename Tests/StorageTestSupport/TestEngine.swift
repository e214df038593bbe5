import Foundation
import Testing

/// The engines a test can run on: SQLite always, PostgreSQL where `KITH_TEST_POSTGRES` holds a server's address.
///
/// ```swift
/// @Test("Text comes back as it went in", arguments: TestEngine.available)
/// func text(engine: TestEngine) async throws { … }
/// ```
package enum TestEngine: String, Sendable, CustomTestStringConvertible {
    case sqlite = "SQLite"
    case postgres = "PostgreSQL"

    package static let available: [TestEngine] = {
        guard postgresServer == nil else { return [.sqlite, .postgres] }
        print("KITH_TEST_POSTGRES is not set: these tests run on SQLite only.")
        return [.sqlite]
    }()

    /// For tests of something only PostgreSQL has; without a server there is nothing to run them on.
    package static let onlyPostgres = available.filter { $0 == .postgres }

    package static let postgresServer = ProcessInfo.processInfo.environment["KITH_TEST_POSTGRES"]

    package var testDescription: String { rawValue }
}
