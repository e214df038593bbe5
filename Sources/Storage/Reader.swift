/// Asks questions inside one transaction, on one connection. Valid only inside the closure it is handed to.
package class Reader {
    let connection: any Connection
    /// How many statements have run in this transaction so far. Pages have a ceiling.
    package private(set) var statements = 0

    init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Every row, decoded in order.
    package func all<T>(_ sql: SQL, _ decode: (Row) throws -> T) throws -> [T] {
        var result: [T] = []
        _ = try run(sql) { result.append(try decode($0)) }
        return result
    }

    /// The first row, or nil. Later rows are not decoded.
    package func first<T>(_ sql: SQL, _ decode: (Row) throws -> T) throws -> T? {
        var result: T?
        _ = try run(sql) { if result == nil { result = try decode($0) } }
        return result
    }

    /// The first column of the first row, or nil when there is no row.
    package func value<T: SQLDecodable>(_ sql: SQL, as type: T.Type = T.self) throws -> T? {
        try first(sql) { try $0[at: 0] }
    }

    /// The first column of every row.
    package func values<T: SQLDecodable>(_ sql: SQL, as type: T.Type = T.self) throws -> [T] {
        try all(sql) { try $0[at: 0] }
    }

    /// Whether the query finds anything.
    package func exists(_ sql: SQL) throws -> Bool {
        try first(sql) { _ in true } ?? false
    }

    func run(_ sql: SQL, receive: (Row) throws -> Void) throws -> Int {
        statements += 1
        // PostgreSQL cannot hold a NUL in text and would cut the text short without a word.
        guard !sql.arguments.contains(where: \.holdsNUL) else {
            throw StoreError(.other, place: "text with a NUL", statement: sql.text)
        }
        return try connection.run(sql, receive: receive)
    }
}

/// Changes rows inside one transaction. What it changes is kept only when the closure returns and the commit holds.
package final class Writer: Reader {
    /// Rows inserted, updated or deleted in this closure so far.
    package private(set) var rowsChanged = 0

    /// Runs a statement and returns how many rows it changed.
    @discardableResult
    package func run(_ sql: SQL) throws -> Int {
        try run(sql) { _ in }
    }

    override func run(_ sql: SQL, receive: (Row) throws -> Void) throws -> Int {
        let changed = try super.run(sql, receive: receive)
        rowsChanged += changed
        return changed
    }
}

extension SQLValue {
    fileprivate var holdsNUL: Bool {
        guard case .text(let text) = self else { return false }
        return text.utf8.contains(0)
    }
}
