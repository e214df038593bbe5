import CLibPQ
import Foundation

/// A plain connection for what a store does not do: make and drop databases, look at the server, break things.
package final class PostgresServer {
    private let address: String
    private let connection: OpaquePointer

    /// - Throws: for any server that is not on this machine, because databases are made and dropped there.
    package init(_ address: String) throws {
        guard Self.isLocal(address) else { throw TestFailure("tests only touch a PostgreSQL on this machine") }
        guard let connection = PQconnectdb(address) else { throw TestFailure("no memory") }
        self.address = address
        self.connection = connection
        guard PQstatus(connection) == CONNECTION_OK else {
            throw TestFailure(String(cString: PQerrorMessage(connection)))
        }
        guard Self.isLocal(host: String(cString: PQhost(connection))) else {  // the environment may name one, too
            throw TestFailure("tests only touch a PostgreSQL on this machine")
        }
    }

    /// The server that this run of the tests was given.
    package static func forTests() throws -> PostgresServer {
        try PostgresServer(TestEngine.postgresServer ?? "")
    }

    /// The folder in which that server has its socket, when it has one.
    package static var socketFolder: String? {
        let items = URLComponents(string: TestEngine.postgresServer ?? "")?.queryItems ?? []
        return items.first { $0.name == "host" && $0.value?.hasPrefix("/") == true }?.value
    }

    deinit { PQfinish(connection) }

    /// Whether the address names a Unix socket or the loopback interface, by every word that libpq would follow.
    package static func isLocal(_ address: String) -> Bool {
        guard let first = PQconninfoParse(address, nil) else { return false }
        defer { PQconninfoFree(first) }
        var option = first
        var host = ""
        while let keyword = option.pointee.keyword {
            if ["host", "hostaddr"].contains(String(cString: keyword)), let value = option.pointee.val {
                host += (host.isEmpty ? "" : ",") + String(cString: value)
            }
            if String(cString: keyword) == "service", option.pointee.val != nil { return false }
            option += 1
        }
        return host.split(separator: ",").map(String.init).allSatisfy(isLocal(host:))
    }

    private static func isLocal(host: String) -> Bool {
        host.hasPrefix("/") || ["localhost", "127.0.0.1", "::1"].contains(host)
    }

    /// Makes a copy of a database that nobody is connected to.
    /// - Returns: its address.
    package func create(database: String, from template: String) throws -> String {
        try run("CREATE DATABASE \(database) TEMPLATE \(template)")
        return Self.address(address, database: database)
    }

    /// Makes an empty database that sorts as the product's do.
    /// - Returns: its address.
    package func create(database: String, options: String = "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'") throws
        -> String
    {
        try run("CREATE DATABASE \(database) TEMPLATE template0 \(options)")
        return Self.address(address, database: database)
    }

    package func drop(database: String) throws {
        try run("DROP DATABASE \(database) WITH (FORCE)")
    }

    /// Runs a statement and returns the first column of its rows.
    @discardableResult
    package func run(_ text: String) throws -> [String] {
        let result = PQexec(connection, text)
        defer { PQclear(result) }
        guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK].contains(PQresultStatus(result)) else {
            throw TestFailure(String(cString: PQerrorMessage(connection)))
        }
        return (0..<PQntuples(result)).map { String(cString: PQgetvalue(result, $0, 0)) }
    }

    /// The same server, another database or user.
    package static func address(_ address: String, database: String? = nil, user: String? = nil) -> String {
        guard var parts = URLComponents(string: address) else { return address }
        if let database { parts.path = "/\(database)" }
        if let user {
            parts.queryItems =
                (parts.queryItems ?? []).filter { $0.name != "user" } + [URLQueryItem(name: "user", value: user)]
        }
        return parts.string ?? address
    }

    package static func database(of address: String) -> String {
        String(URLComponents(string: address)?.path.dropFirst() ?? "")
    }
}
