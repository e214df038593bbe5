/// The few places where the two engines need different words. Everything else is one text for both.
enum Dialect {
    /// Lets only one process migrate at a time; held to the end of the transaction.
    static func migrationLock(_ engine: Engine) -> SQL? {
        switch engine {
        case .sqlite: nil  // one process owns the file
        case .postgres: "SELECT CAST(pg_advisory_xact_lock(5284) AS TEXT)"
        }
    }

    /// Whether a table exists, visible to this connection.
    static func tableExists(_ name: String, _ engine: Engine) -> SQL {
        switch engine {
        case .sqlite: "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = \(name)"
        case .postgres: "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = \(name)"
        }
    }

    /// Every table of the product with its name, for counts and checks.
    static func tables(_ engine: Engine) -> SQL {
        switch engine {
        case .sqlite:
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        case .postgres:
            "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
        }
    }

    /// The columns of a table in their order, with name and type.
    static func columns(of table: String, _ engine: Engine) -> SQL {
        switch engine {
        case .sqlite: "SELECT name, type FROM pragma_table_info(\(table)) ORDER BY cid"
        case .postgres:
            """
            SELECT CAST(column_name AS TEXT) AS name, CAST(data_type AS TEXT) AS type
            FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = \(table)
            ORDER BY ordinal_position
            """
        }
    }

    /// PostgreSQL's foreign keys, as it would write them down.
    static let foreignKeys: SQL = """
        SELECT CAST(c.conname AS TEXT) AS name, CAST(t.relname AS TEXT) AS table_name,
            pg_get_constraintdef(c.oid) AS text
        FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
        WHERE c.contype = 'f' AND c.connamespace = CAST(current_schema() AS regnamespace)
        ORDER BY t.relname, c.conname
        """
}
