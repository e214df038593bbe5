import CLibPQ

/// One libpq connection, used by one thread at a time. Statements are prepared once and kept by their text.
final class PostgresConnection: Connection {
    private let pointer: OpaquePointer
    private var prepared: [String: String] = [:]
    private var columnNames: [String: [String]] = [:]
    private let transactionStart: String

    /// - Throws: ``OpenError`` in plain words when the server cannot be reached or refuses.
    init(url: String, writes: Bool) throws(OpenError) {
        // Serializable, so that the product may reason as if it were alone, as it is on SQLite.
        transactionStart = writes ? "BEGIN ISOLATION LEVEL SERIALIZABLE" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        guard let connection = PQconnectdb(url) else { throw OpenError("There is no memory for a database connection.") }
        pointer = connection
        guard PQstatus(connection) == CONNECTION_OK else {
            let reason = String(cString: PQerrorMessage(connection)).trimmingLines
            throw OpenError("The PostgreSQL server does not let us in: \(reason)")
        }
        PQsetNoticeReceiver(connection, { _, _ in }, nil)
    }

    deinit { PQfinish(pointer) }

    var engine: Engine { .postgres }

    /// Whether the server still answers on this connection, as far as is known.
    var isAlive: Bool { PQstatus(pointer) == CONNECTION_OK }

    /// Connects anew after the connection was lost.
    func reconnect() {
        prepared = [:]
        PQreset(pointer)
    }

    /// A handle with which another thread can stop what runs here.
    func cancellation() -> PostgresCancellation? { PQgetCancel(pointer).map(PostgresCancellation.init) }

    func run(_ sql: SQL, receive: (Row) throws -> Void) throws -> Int {
        let name = try prepare(sql.text)
        let result = execute(name, sql.arguments)
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        guard status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK else { throw failure(result, sql.text) }
        if status == PGRES_TUPLES_OK, let result {
            let columns = columns(of: result, for: sql.text)
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

    func begin() throws { try script(transactionStart) }
    func commit() throws { try script("COMMIT") }
    func savepoint() throws { try script("SAVEPOINT work") }
    func release() throws { try script("RELEASE work") }
    func rollbackToSavepoint() throws { try script("ROLLBACK TO work; RELEASE work") }

    func rollback() {
        guard PQtransactionStatus(pointer) != PQTRANS_IDLE else { return }
        try? script("ROLLBACK")
    }

    private func prepare(_ text: String) throws -> String {
        if let name = prepared[text] { return name }
        let name = "s\(prepared.count)"
        let result = PQprepare(pointer, name, text, 0, nil)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else { throw failure(result, text) }
        prepared[text] = name
        return name
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
        if let known = columnNames[text] { return known }
        let names = (0..<PQnfields(result)).map { String(cString: PQfname(result, $0)) }
        columnNames[text] = names
        return names
    }

    private func changedRows(_ result: OpaquePointer?) -> Int {
        // "INSERT 0 3", "UPDATE 2"; SELECT reports its rows too, so only the commands that change are asked.
        let command = String(cString: PQcmdStatus(result))
        guard ["INSERT", "UPDATE", "DELETE", "MERGE"].contains(where: command.hasPrefix) else { return 0 }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    private func failure(_ result: OpaquePointer?, _ text: String) -> StoreError {
        func field(_ code: Character) -> String? {
            PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
        }
        let state = field("C") ?? ""
        guard isAlive else { return StoreError(.lost, code: state, statement: text) }
        // The server's message may quote a value, so only the names of what was hurt are kept.
        return StoreError(StoreError.kind(sqlState: state), code: state, place: field("n") ?? field("c"), statement: text)
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
        case "40001", "40P01": .conflict
        case "53100", "53200": .full
        case "57014": .cancelled
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
            (bytes.withUnsafeBytes { source in
                let copy = UnsafeMutablePointer<CChar>.allocate(capacity: max(source.count, 1))
                UnsafeMutableRawPointer(copy).copyMemory(from: source.baseAddress ?? UnsafeRawPointer(copy), byteCount: source.count)
                return copy
            }, Int32(bytes.count), true)
        }
    }
}

extension String {
    fileprivate var cString: UnsafeMutablePointer<CChar> {
        let utf8 = self.utf8
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: utf8.count + 1)
        var index = 0
        for byte in utf8 {
            copy[index] = CChar(bitPattern: byte)
            index += 1
        }
        copy[index] = 0
        return copy
    }

    fileprivate var trimmingLines: String {
        split(separator: "\n").joined(separator: " ")
    }
}
