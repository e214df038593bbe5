import Foundation
import GRDB
import GRDBSQLite

/// One GRDB connection while a closure runs on its queue. GRDB keeps the connection, its statements and the
/// snapshot; binding and stepping go straight to SQLite, because that is where pages spend their time.
final class SQLiteConnection: Connection {
    private let database: Database
    private let lock: FileLock?

    /// - Parameter lock: of the database's file, where it is written to.
    init(_ database: Database, lock: FileLock? = nil) {
        self.database = database
        self.lock = lock
    }

    var engine: Engine { .sqlite }

    @discardableResult
    func run(_ sql: SQL, receive: (Row) throws -> Void) throws -> Int? {
        let statement = try statement(sql.text)
        let pointer = statement.sqliteStatement
        defer {
            sqlite3_reset(pointer)
            sqlite3_clear_bindings(pointer)
        }
        guard sqlite3_bind_parameter_count(pointer) == sql.arguments.count else {
            throw StoreError(.other, place: "holes that were not made by interpolation", statement: sql.text)
        }
        for (index, argument) in sql.arguments.enumerated() {
            try bind(argument, at: Int32(index + 1), of: pointer, in: sql.text)
        }
        // Asked for only after the first step, which prepares anew what was prepared for an older schema.
        lazy var row = Row(source: .sqlite(pointer), columns: statement.columnNames)
        let before = sqlite3_total_changes64(database.sqliteConnection)
        while true {
            switch sqlite3_step(pointer) {
            case SQLITE_ROW: try receive(row)
            case SQLITE_DONE: return changedRows(pointer, since: before)
            default: throw failure(of: sql.text)
            }
        }
    }

    private func statement(_ text: String) throws -> Statement {
        do {
            let cached = try database.cachedStatement(sql: text)
            // Asked again while its rows are being read, it needs a second place to stand.
            return sqlite3_stmt_busy(cached.sqliteStatement) == 0 ? cached : try database.makeStatement(sql: text)
        } catch let error as DatabaseError {
            throw StoreError(error, statement: text)
        }
    }

    private func changedRows(_ pointer: OpaquePointer, since before: Int64) -> Int? {
        guard sqlite3_stmt_readonly(pointer) == 0 else { return nil }
        // `changes` still holds the last statement's count when this one changed nothing.
        guard sqlite3_total_changes64(database.sqliteConnection) != before else { return 0 }
        return Int(sqlite3_changes64(database.sqliteConnection))
    }

    func script(_ text: String) throws {
        do {
            try database.execute(sql: text)
        } catch let error as DatabaseError {
            throw StoreError(error, statement: text)
        }
    }

    func begin() throws { try run("BEGIN IMMEDIATE") { _ in } }

    func commit() throws {
        try run("COMMIT") { _ in }
        // Linux may call a sync a success during which the disk failed and turned read-only.
        guard lock?.isOnWritableDisk != false else { throw StoreError(.lost, statement: "COMMIT") }
    }

    func savepoint() throws { try run("SAVEPOINT work") { _ in } }
    func release() throws { try run("RELEASE work") { _ in } }
    func rollbackToSavepoint() throws {
        try run("ROLLBACK TO work") { _ in }
        try release()
    }

    func rollback() {
        // Some failures (a full disk) have rolled back already; then there is nothing left to undo.
        guard database.isInsideTransaction else { return }
        _ = try? run("ROLLBACK") { _ in }
    }

    private func bind(_ value: SQLValue, at index: Int32, of statement: OpaquePointer, in text: String) throws {
        let code =
            switch value {
            case .null: sqlite3_bind_null(statement, index)
            case .integer(let number): sqlite3_bind_int64(statement, index, number)
            case .double(let number): sqlite3_bind_double(statement, index, number)
            case .boolean(let flag): sqlite3_bind_int64(statement, index, flag ? 1 : 0)
            case .text(let string): bind(string, at: index, of: statement)
            case .bytes(let bytes):
                // An empty array has no address; SQLite would read that as NULL.
                bytes.isEmpty
                    ? sqlite3_bind_zeroblob(statement, index, 0)
                    : bytes.withUnsafeBytes {
                        sqlite3_bind_blob(statement, index, $0.baseAddress, Int32($0.count), transient)
                    }
            }
        guard code == SQLITE_OK else { throw failure(of: text) }
    }

    private func bind(_ string: String, at index: Int32, of statement: OpaquePointer) -> Int32 {
        var string = string
        return string.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { characters in
                guard let start = characters.baseAddress else {
                    return sqlite3_bind_text(statement, index, "", 0, transient)
                }
                return sqlite3_bind_text(statement, index, start, Int32(characters.count), transient)
            }
        }
    }

    private func failure(of text: String) -> StoreError {
        let code = sqlite3_extended_errcode(database.sqliteConnection)
        let message = sqlite3_errmsg(database.sqliteConnection).map { String(cString: $0) }
        return StoreError(sqliteCode: code, message: message, statement: text)
    }
}

/// Tells SQLite to copy what is bound, since Swift may move it.
private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

extension StoreError {
    init(_ error: DatabaseError, statement: String? = nil) {
        self.init(
            sqliteCode: error.extendedResultCode.rawValue, message: error.message, statement: statement ?? error.sql)
    }

    init(sqliteCode code: Int32, message: String?, statement: String?) {
        let kind: Kind =
            switch ResultCode(rawValue: code) {
            case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID: .unique
            case .SQLITE_CONSTRAINT_FOREIGNKEY: .foreignKey
            case .SQLITE_CONSTRAINT_CHECK: .check
            case .SQLITE_CONSTRAINT_NOTNULL: .notNull
            default: Kind(primary: ResultCode(rawValue: code).primaryResultCode)
            }
        // "UNIQUE constraint failed: person.id" names columns, never values; other messages are left out.
        let place = code & 0xff == SQLITE_CONSTRAINT ? message?.behind(" constraint failed: ") : nil
        self.init(kind, code: "\(code)", place: place, statement: statement)
    }
}

extension StoreError.Kind {
    fileprivate init(primary code: ResultCode) {
        self =
            switch code {
            case .SQLITE_FULL: .full
            case .SQLITE_BUSY, .SQLITE_LOCKED: .conflict
            case .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_CANTOPEN: .lost
            case .SQLITE_INTERRUPT: .cancelled
            default: .other
            }
    }
}

extension String {
    fileprivate func behind(_ mark: String) -> String? {
        range(of: mark).map { String(self[$0.upperBound...]) }
    }
}
