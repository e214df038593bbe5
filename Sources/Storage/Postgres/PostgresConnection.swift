import CLibPQ

/// One libpq connection, used by one thread at a time. Statements are prepared once and kept by their text.
final class PostgresConnection: Connection {
    let pointer: OpaquePointer
    private var prepared: [String: Prepared] = [:]
    private var isStale = false
    private let transactionStart: String
    /// Asked before each statement, when somebody may stop what runs here.
    var isCancelled: (() -> Bool)?

    private struct Prepared {
        let name: String
        var columns: [String]?
    }

    /// - Throws: ``OpenError`` in plain words when the server cannot be reached or refuses.
    init(url: String, writes: Bool) throws(OpenError) {
        // Serializable, so that the product may reason as if it were alone, as it is on SQLite.
        transactionStart =
            writes ? "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        guard let connection = Self.connect(url) else {
            throw OpenError("There is no memory for a database connection.")
        }
        pointer = connection
        guard isAlive else {
            // libpq's own words come in several lines.
            let words = problem.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            throw OpenError("The PostgreSQL server does not let us in: \(words)")
        }
        PQsetNoticeReceiver(connection, { _, _ in }, nil)
        settle()
    }

    deinit { PQfinish(pointer) }

    var engine: Engine { .postgres }

    /// Whether the server still answers on this connection, as far as is known.
    var isAlive: Bool { PQstatus(pointer) == CONNECTION_OK }

    /// What libpq says about the connection, for the operator: host, user and database, never the password.
    var problem: String { String(cString: PQerrorMessage(pointer)).trimmingLines }

    /// Connects anew after the connection was lost.
    func reconnect() {
        prepared = [:]
        PQsetErrorVerbosity(pointer, PQERRORS_DEFAULT)
        PQreset(pointer)
        settle()
    }

    /// Makes values come and go in the one way that ``Cell`` reads, whatever the server is set to, and lets messages
    /// hold a code instead of words, which could quote a value. When it fails, so will the next statement.
    private func settle() {
        guard isAlive else { return }
        PQsetErrorVerbosity(pointer, PQERRORS_SQLSTATE)
        try? script("SET bytea_output = hex; SET extra_float_digits = 1; SET standard_conforming_strings = on")
    }

    /// What the operator's address says counts; the rest is so that a server that is gone is noticed in seconds.
    private static func connect(_ url: String) -> OpaquePointer? {
        let settings = [
            ("application_name", "kith"), ("connect_timeout", "10"), ("tcp_user_timeout", "15000"),
            ("keepalives_idle", "15"), ("keepalives_interval", "5"), ("dbname", url), ("client_encoding", "UTF8")
        ]
        let names = settings.map { $0.0.cString }
        let values = settings.map { $0.1.cString }
        defer { for text in names + values { text.deallocate() } }
        return PQconnectdbParams(names.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 1)
    }

    /// A handle with which another thread can stop what runs here.
    func cancellation() -> PostgresCancellation? { PQgetCancel(pointer).map(PostgresCancellation.init) }

    @discardableResult
    func run(_ sql: SQL, receive: (Row) throws -> Void) throws -> Int? {
        if let isCancelled, isCancelled() { throw StoreError(.cancelled, statement: sql.text) }
        let statement = try prepare(sql.text)
        let result = execute(statement.name, sql.arguments)
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        guard status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK else { throw failure(result, sql.text) }
        if status == PGRES_TUPLES_OK, let result {
            let columns = statement.columns ?? columns(of: result, for: sql.text)
            for row in 0..<PQntuples(result) {
                try receive(Row(source: .postgres(result, row: row), columns: columns))
            }
        }
        return changedRows(result)
    }

    func script(_ text: String) throws {
        let result = PQexec(pointer, text)
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        guard status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY else {
            throw failure(result, text)
        }
    }

    func begin() throws {
        do {
            try script(transactionStart)
        } catch let error as StoreError where error.kind == .lost {
            // It broke while nobody used it (the server was restarted), so nothing is lost.
            reconnect()
            guard isAlive else { throw StoreError(.lost, place: problem, statement: transactionStart) }
            try script(transactionStart)
        }
    }

    func commit() throws {
        let result = PQexec(pointer, "COMMIT")
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else { throw failure(result, "COMMIT") }
        // A transaction in which something failed answers COMMIT with ROLLBACK, and calls that a success.
        guard String(cString: PQcmdStatus(result)) == "COMMIT" else { throw StoreError(.other, statement: "COMMIT") }
    }

    func savepoint() throws { try script("SAVEPOINT work") }
    func release() throws { try script("RELEASE work") }
    func rollbackToSavepoint() throws { try script("ROLLBACK TO work; RELEASE work") }

    func rollback() {
        guard PQtransactionStatus(pointer) != PQTRANS_IDLE else { return }
        try? script("ROLLBACK")
        guard isStale else { return }
        isStale = false
        prepared = [:]
        try? script("DEALLOCATE ALL")
    }

    private func prepare(_ text: String) throws -> Prepared {
        if let known = prepared[text] { return known }
        let statement = Prepared(name: "s\(prepared.count)")
        let result = PQprepare(pointer, statement.name, text, 0, nil)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else { throw failure(result, text) }
        prepared[text] = statement
        return statement
    }

    private func execute(_ name: String, _ arguments: [SQLValue]) -> OpaquePointer? {
        var values: [UnsafeMutablePointer<CChar>?] = []
        var lengths: [Int32] = []
        var formats: [Int32] = []
        for argument in arguments {
            let parameter = argument.parameter
            values.append(parameter.value)
            lengths.append(parameter.length)
            formats.append(parameter.isBinary ? 1 : 0)
        }
        defer { for value in values { value?.deallocate() } }
        let pointers = values.map { UnsafePointer($0) }
        return PQexecPrepared(pointer, name, Int32(arguments.count), pointers, lengths, formats, 0)
    }

    private func columns(of result: OpaquePointer, for text: String) -> [String] {
        let names = (0..<PQnfields(result)).map { String(cString: PQfname(result, $0)) }
        prepared[text]?.columns = names
        return names
    }

    private func changedRows(_ result: OpaquePointer?) -> Int? {
        // "INSERT 0 3", "UPDATE 2", "CREATE TABLE"; only SELECT reports rows that it did not change.
        let command = String(cString: PQcmdStatus(result))
        return command.hasPrefix("SELECT") ? nil : Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    private func failure(_ result: OpaquePointer?, _ text: String) -> StoreError {
        func field(_ code: Character) -> String? {
            PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
        }
        let state = field("C") ?? ""
        guard isAlive else { return StoreError(.lost, code: state, place: problem, statement: text) }
        if field("R") == "RevalidateCachedQuery" {
            // The schema has changed since the statement was prepared. Tried again, it is prepared anew.
            isStale = true
            return StoreError(.conflict, code: state, statement: text)
        }
        // The server's message may quote a value, so only the names of what was hurt are kept.
        return StoreError(
            StoreError.kind(sqlState: state), code: state, place: field("n") ?? field("c"), statement: text)
    }
}

/// Stops a running statement from another thread; libpq allows `PQcancel` from any.
final class PostgresCancellation: @unchecked Sendable {  // the handle is never changed, and PQcancel is thread-safe
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }
    deinit { PQfreeCancel(handle) }

    func cancel() {
        var message = [CChar](repeating: 0, count: 256)
        PQcancel(handle, &message, Int32(message.count))
    }
}

extension StoreError {
    fileprivate static func kind(sqlState: String) -> Kind {
        switch sqlState {
        case "23505": .unique
        case "23503": .foreignKey
        case "23514": .check
        case "23502": .notNull
        case "40001", "40P01", "55P03": .conflict
        case "53100": .full
        case "57014": .cancelled
        case "": .lost  // not the server's word but the library's: the line broke, and it has not noticed yet
        case "08P01": .other  // a statement with holes of its own; the connection is fine
        case let state where state.hasPrefix("08") || state.hasPrefix("57P"): .lost
        default: .other
        }
    }
}

extension SQLValue {
    /// The value as libpq wants it: text, or bytes for a byte string. The caller deallocates.
    fileprivate var parameter: (value: UnsafeMutablePointer<CChar>?, length: Int32, isBinary: Bool) {
        switch self {
        case .null: (nil, 0, false)
        case .text(let text): (text.cString, 0, false)
        case .integer(let number): (String(number).cString, 0, false)
        case .double(let number): (String(number).cString, 0, false)
        case .boolean(let flag): ((flag ? "t" : "f").cString, 0, false)
        case .bytes(let bytes):
            (
                bytes.withUnsafeBytes { source in
                    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: max(source.count, 1))
                    UnsafeMutableRawPointer(copy).copyMemory(
                        from: source.baseAddress ?? UnsafeRawPointer(copy), byteCount: source.count)
                    return copy
                }, Int32(bytes.count), true
            )
        }
    }
}

extension String {
    fileprivate var cString: UnsafeMutablePointer<CChar> {
        utf8CString.withUnsafeBufferPointer { source in
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: source.count)
            _ = UnsafeMutableBufferPointer(start: copy, count: source.count).initialize(from: source)
            return copy
        }
    }

    fileprivate var trimmingLines: String {
        split(separator: "\n").joined(separator: " ")
    }
}
