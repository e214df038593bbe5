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
}
