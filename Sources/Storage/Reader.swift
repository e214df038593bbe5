/// Asks questions inside one transaction, on one connection. Valid only inside the closure it is handed to.
package class Reader {
    let connection: any Connection
    /// How many statements have run in this transaction so far. Pages have a ceiling.
    package private(set) var statements = 0
    /// Called before each statement with its number. A test throws here, to stand for a crash between two statements.
    package var beforeStatement: ((Int) throws -> Void)?
    /// The first statement that failed. PostgreSQL runs nothing after it, so nothing is run on SQLite either.
    fileprivate(set) var failure: StoreError?

    init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Every row, decoded in order.
    package func all<T>(_ sql: SQL, _ decode: (Row) throws -> T) throws -> [T] {
        var result: [T] = []
        try run(sql) { result.append(try decode($0)) }
        return result
    }

    /// The first row, or nil. Later rows are not decoded, but they are fetched: where there may be many, say `LIMIT 1`.
    package func first<T>(_ sql: SQL, _ decode: (Row) throws -> T) throws -> T? {
        var result: T?
        try run(sql) { if result == nil { result = try decode($0) } }
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

    /// Whether the query finds anything. It stops at the first row.
    package func exists(_ query: SQL) throws -> Bool {
        try value("SELECT EXISTS (\(query))") ?? false
    }

    /// Runs a caller's work. A failed statement fails all of it, also when the closure went on regardless: PostgreSQL
    /// keeps nothing of the transaction then.
    func finish<T>(_ work: () throws -> T) throws -> T {
        let result = Result { try work() }
        switch (failure, result) {
        case (nil, _): return try result.get()
        case (let failure?, .failure(let error)) where !failure.concernsAll: throw error
        case (let failure?, _): throw failure
        }
    }

    /// - Returns: how many rows the statement changed, nil when it only reads.
    @discardableResult
    func run(_ sql: SQL, receive: (Row) throws -> Void) throws -> Int? {
        if let failure { throw failure }
        statements += 1
        try beforeStatement?(statements)
        try sql.checkArguments()
        do {
            return try connection.run(sql, receive: receive)
        } catch let error as StoreError where error.kind != .unreadable {
            failure = failure ?? error
            throw error
        }
    }
}

/// Changes rows inside one transaction. What it changes is kept only when the closure returns and the commit holds.
package final class Writer: Reader {
    /// Rows inserted, updated or deleted in this closure so far, without those that a foreign key took along.
    package private(set) var rowsChanged = 0
    /// Whether there is anything to undo.
    private(set) var hasWritten = false

    /// Runs a statement and returns how many rows it changed.
    @discardableResult
    package func run(_ sql: SQL) throws -> Int {
        try run(sql) { _ in } ?? 0
    }

    /// Runs several statements, with no holes: a step of the schema.
    func script(_ text: String) throws {
        if let failure { throw failure }
        hasWritten = true
        do {
            try connection.script(text)
        } catch let error as StoreError {
            failure = error
            throw error
        }
    }

    @discardableResult
    override func run(_ sql: SQL, receive: (Row) throws -> Void) throws -> Int? {
        do {
            let changed = try super.run(sql, receive: receive)
            if let changed {
                rowsChanged += changed
                hasWritten = true
            }
            return changed
        } catch {
            hasWritten = true  // as far as is known
            throw error
        }
    }
}

extension SQL {
    /// Refuses what one engine cannot hold and would change without a word: PostgreSQL cuts text at a NUL, SQLite
    /// stores NULL for a number that is none, and neither holds a gigabyte.
    fileprivate func checkArguments() throws(StoreError) {
        for argument in arguments {
            switch argument {
            case .text(let text) where text.utf8.contains(0): throw StoreError(.other, place: "text with a NUL", statement: self.text)
            case .text(let text) where text.utf8.count > Self.mostBytes: throw StoreError(.other, place: "text that is too long", statement: self.text)
            case .bytes(let bytes) where bytes.count > Self.mostBytes: throw StoreError(.other, place: "bytes that are too many", statement: text)
            case .double(let number) where number.isNaN: throw StoreError(.other, place: "a number that is none", statement: text)
            default: continue
            }
        }
    }

    private static var mostBytes: Int { 500_000_000 }
}
