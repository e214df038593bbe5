import Hummingbird
import HummingbirdTesting
import Kith
import Logging
import Web

extension Village {
    /// Serves the village on a port of this machine, for what only a real connection shows: answers that go on.
    package func serving<T: Sendable>(_ body: @escaping @Sendable (_ port: Int) async throws -> T) async throws -> T {
        var log = Logger(label: "village")
        log.logLevel = .critical
        let app = Application(
            router: platform.router(at: Self.place, log: log), server: ServerLimits().server,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)), logger: log)
        return try await app.test(.live) { client in
            guard let port = client.port else { throw Fault("the village is not on any port") }
            return try await body(port)
        }
    }
}
