import CLibPQ
import GRDBSQLite

/// One row while it is being read. It is valid only inside the closure it is handed to.
package struct Row {
    enum Source {
        case sqlite(OpaquePointer)
        case postgres(OpaquePointer, row: Int32)
    }

    let source: Source
    let columns: [String]

    /// Reads the column called `name` as the type asked for.
    /// - Throws: ``StoreError`` of kind `.unreadable` when there is no such column or it holds something else.
    package subscript<T: SQLDecodable>(_ name: String) -> T {
        get throws(StoreError) {
            guard let index = columns.firstIndex(of: name) else {
                throw StoreError(.unreadable, place: "no column \(name)")
            }
            return try T.decode(Cell(source: source, index: Int32(index), name: name))
        }
    }

    /// Reads the column at `index`, counted from 0.
    package subscript<T: SQLDecodable>(at index: Int) -> T {
        get throws(StoreError) {
            guard columns.indices.contains(index) else { throw StoreError(.unreadable, place: "no column \(index)") }
            return try T.decode(Cell(source: source, index: Int32(index), name: columns[index]))
        }
    }
}

/// One cell of a ``Row``: the place where the engines' ways of spelling a value meet.
package struct Cell {
    let source: Row.Source
    let index: Int32
    let name: String

    package var isNull: Bool {
        switch source {
        case .sqlite(let statement): sqlite3_column_type(statement, index) == SQLITE_NULL
        case .postgres(let result, let row): PQgetisnull(result, row, index) == 1
        }
    }

    package func text() throws(StoreError) -> String {
        switch source {
        case .sqlite(let statement):
            guard sqlite3_column_type(statement, index) == SQLITE_TEXT,
                let start = sqlite3_column_text(statement, index)
            else { throw unreadable(as: "text") }
            let count = Int(sqlite3_column_bytes(statement, index))
            return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
        case .postgres:
            return try characters(of: PostgresType.texts, as: "text")
        }
    }

    package func integer() throws(StoreError) -> Int64 {
        switch source {
        case .sqlite(let statement):
            guard sqlite3_column_type(statement, index) == SQLITE_INTEGER else { throw unreadable(as: "integer") }
            return sqlite3_column_int64(statement, index)
        case .postgres:
            guard let value = Int64(try characters(of: PostgresType.integers, as: "integer")) else {
                throw unreadable(as: "integer")
            }
            return value
        }
    }

    package func double() throws(StoreError) -> Double {
        switch source {
        case .sqlite(let statement):
            guard [SQLITE_FLOAT, SQLITE_INTEGER].contains(sqlite3_column_type(statement, index)) else {
                throw unreadable(as: "double")
            }
            return sqlite3_column_double(statement, index)
        case .postgres:
            guard let value = Double(try characters(of: PostgresType.numbers, as: "double")) else {
                throw unreadable(as: "double")
            }
            return value
        }
    }

    package func boolean() throws(StoreError) -> Bool {
        switch source {
        case .sqlite:
            switch try integer() {
            case 0: return false
            case 1: return true
            default: throw unreadable(as: "boolean")
            }
        case .postgres:
            return try characters(of: PostgresType.booleans, as: "boolean") == "t"
        }
    }

    package func bytes() throws(StoreError) -> [UInt8] {
        switch source {
        case .sqlite(let statement):
            guard sqlite3_column_type(statement, index) == SQLITE_BLOB else { throw unreadable(as: "bytes") }
            let count = Int(sqlite3_column_bytes(statement, index))
            guard count > 0, let start = sqlite3_column_blob(statement, index) else { return [] }
            return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
        case .postgres:
            return try hexadecimal(try characters(of: PostgresType.bytes, as: "bytes"))
        }
    }

    /// PostgreSQL's own text for the value, when the column's type is one of `types`. It would turn a number into
    /// text without a word where SQLite does not.
    private func characters(of types: Set<Oid>, as type: String) throws(StoreError) -> String {
        guard case .postgres(let result, let row) = source, types.contains(PQftype(result, index)),
            PQgetisnull(result, row, index) == 0
        else { throw unreadable(as: type) }
        return String(cString: PQgetvalue(result, row, index))
    }

    /// PostgreSQL's `\x0a1b…`.
    private func hexadecimal(_ text: String) throws(StoreError) -> [UInt8] {
        let digits = text.utf8.dropFirst(2)
        guard text.hasPrefix("\\x"), digits.count % 2 == 0 else { throw unreadable(as: "bytes") }
        var result: [UInt8] = []
        result.reserveCapacity(digits.count / 2)
        var high: UInt8?
        for digit in digits {
            guard let value = hexValue(digit) else { throw unreadable(as: "bytes") }
            if let first = high {
                result.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return result
    }

    package func unreadable(as type: String) -> StoreError {
        StoreError(.unreadable, place: "column \(name) as \(type)")
    }
}

/// The numbers of PostgreSQL's built-in types; they never change.
private enum PostgresType {
    static let booleans: Set<Oid> = [16]
    static let bytes: Set<Oid> = [17]
    /// The third is `numeric`, which `sum` of BIGINT gives.
    static let integers: Set<Oid> = [20, 23, 1700]
    static let numbers: Set<Oid> = [700, 701, 20, 23, 1700]
    /// text, varchar, name, jsonb, json, and a literal whose type nobody asked about
    static let texts: Set<Oid> = [25, 1043, 19, 3802, 114, 705]
}

private func hexValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 48...57: digit - 48
    case 97...102: digit - 87
    default: nil
    }
}
