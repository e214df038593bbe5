/// A table of the database and its columns, to copy it from one database to another, of either engine.
package struct TableShape: Codable, Sendable, Equatable {
    package struct Column: Codable, Sendable, Equatable {
        package let name: String
        package let kind: Kind
    }

    /// What a column holds, whatever the engine calls it.
    package enum Kind: String, Codable, Sendable {
        case text, integer, double, boolean, bytes

        /// - Parameter type: as the engine spells it.
        init?(type: String) {
            switch type.uppercased() {
            case "TEXT", "JSONB": self = .text
            case "BIGINT": self = .integer
            case "DOUBLE PRECISION", "REAL": self = .double
            case "BOOLEAN": self = .boolean
            case "BLOB", "BYTEA": self = .bytes
            default: return nil
            }
        }

        fileprivate func value(of cell: Cell) throws(StoreError) -> SQLValue {
            if cell.isNull { return .null }
            switch self {
            case .text: return .text(try cell.text())
            case .integer: return .integer(try cell.integer())
            case .double: return .double(try cell.double())
            case .boolean: return .boolean(try cell.boolean())
            case .bytes: return .bytes(try cell.bytes())
            }
        }
    }

    package let name: String
    package let columns: [Column]
}

/// Any cell, to be read later as what its column holds.
private struct AnyCell: SQLDecodable {
    let cell: Cell
    static func decode(_ cell: Cell) throws(StoreError) -> AnyCell { AnyCell(cell: cell) }
}

extension Reader {
    /// Every table but the list of migrations, by name.
    package func tables() throws -> [TableShape] {
        let engine = connection.engine
        return try values(Dialect.tables(engine), as: String.self).filter { $0 != "migration" }.map { table in
            let columns = try all(Dialect.columns(of: table, engine)) { row in
                let (name, type): (String, String) = (try row["name"], try row["type"])
                guard let kind = TableShape.Kind(type: type) else {
                    throw StoreError(.unreadable, place: "\(table).\(name) as a column to copy")
                }
                return TableShape.Column(name: name, kind: kind)
            }
            return TableShape(name: table, columns: columns)
        }
    }

    /// How many rows a table has.
    package func count(of table: TableShape) throws -> Int {
        try value("SELECT count(*) FROM \(try SQL.name(table.name))") ?? 0
    }

    /// Every row of a table, in no particular order. Memory does not grow with it.
    package func rows(of table: TableShape, _ receive: ([SQLValue]) throws -> Void) throws {
        let columns = try table.columns.map { try SQL.name($0.name) }
        let query: SQL = "SELECT \(SQL.joined(columns)) FROM \(try SQL.name(table.name))"
        func take(_ row: Row) throws {
            try receive(
                table.columns.indices.map { try table.columns[$0].kind.value(of: (row[at: $0] as AnyCell).cell) })
        }
        guard connection.engine == .postgres else { return try run(query) { try take($0) }.map { _ in } ?? () }
        // PostgreSQL would send all of it at once. A cursor has a name of its own for every shape, because what columns
        // a statement brings is remembered by its text.
        let cursor = try SQL.name("copying_\(table.name)_\(table.columns.count)")
        try run("DECLARE \(cursor) NO SCROLL CURSOR FOR \(query)") { _ in }
        var found = 0
        repeat {
            found = 0
            try run("FETCH FORWARD 2000 FROM \(cursor)") {
                found += 1
                try take($0)
            }
        } while found > 0
        try run("CLOSE \(cursor)") { _ in }
    }
}

extension Writer {
    /// Adds rows to a table, each with a value for every column.
    package func insert(_ rows: [[SQLValue]], into table: TableShape) throws {
        let columns = try SQL.joined(table.columns.map { try SQL.name($0.name) })
        let name = try SQL.name(table.name)
        // Neither engine takes more arguments than this.
        let most = max(1, min(200, 30_000 / max(1, table.columns.count)))
        for start in stride(from: 0, to: rows.count, by: most) {
            let values: [SQL] = rows[start..<min(start + most, rows.count)].map { row in
                "(\(SQL.joined(row.map { value -> SQL in "\(AnyValue(sqlValue: value))" })))"
            }
            try run("INSERT INTO \(name) (\(columns)) VALUES \(SQL.joined(values))")
        }
    }

    /// Runs `body`, in which rows may refer to rows that come later; at its end everything must fit.
    package func withForeignKeysLast(_ body: () throws -> Void) throws {
        guard connection.engine == .postgres else {
            try script("PRAGMA defer_foreign_keys = ON")
            return try body()
        }
        let keys = try all(Dialect.foreignKeys) {
            (table: try $0["table_name"] as String, name: try $0["name"] as String, text: try $0["text"] as String)
        }
        for key in keys { try script("ALTER TABLE \(key.table) DROP CONSTRAINT \(key.name)") }
        try body()
        for key in keys { try script("ALTER TABLE \(key.table) ADD CONSTRAINT \(key.name) \(key.text)") }
    }
}

private struct AnyValue: SQLConvertible {
    let sqlValue: SQLValue
}
