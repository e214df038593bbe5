import CLibPQ
import Foundation

/// A PostgreSQL database of our own for one run.
struct BenchDatabase {
    let url: String
    private let server: String
    private let name: String

    init(server: String) throws {
        let name = "kith_bench_\(UUID().uuidString.prefix(8).lowercased())"
        guard var parts = URLComponents(string: server) else { throw CocoaError(.coderInvalidValue) }
        parts.path = "/\(name)"
        guard let url = parts.string else { throw CocoaError(.coderInvalidValue) }
        (self.server, self.name, self.url) = (server, name, url)
        try Self.order("CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'", at: server)
    }

    func drop() {
        try? Self.order("DROP DATABASE \(name) WITH (FORCE)", at: server)
    }

    private static func order(_ text: String, at server: String) throws {
        let connection = PQconnectdb(server)
        defer { PQfinish(connection) }
        let result = PQexec(connection, text)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else {
            throw BenchError(description: String(cString: PQerrorMessage(connection)))
        }
    }
}

struct BenchError: Error, CustomStringConvertible {
    let description: String
}
