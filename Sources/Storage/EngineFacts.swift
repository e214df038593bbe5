/// What an engine says of itself, for whoever looks after it. It holds nothing of what is stored.
package struct EngineFacts: Sendable, Equatable {
    /// What decides whether a commit that was acknowledged outlives a power cut.
    package struct Setting: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package let engine: Engine
    package let version: String
    /// The clock of the server, in milliseconds since 1970; nil where the engine runs in this process.
    package let clock: Int64?
    package let durability: [Setting]

    package init(engine: Engine, version: String, clock: Int64?, durability: [Setting]) {
        self.engine = engine
        self.version = version
        self.clock = clock
        self.durability = durability
    }
}

extension Store {
    /// Asks the engine about itself. Nothing is changed.
    package func facts() async throws -> EngineFacts {
        let engine = engine
        // On the connection that writes: on SQLite each has a setting of its own.
        return try await write { writer in
            let version = try writer.value(Dialect.version(engine), as: String.self) ?? ""
            let clock = try Dialect.serverClock(engine).flatMap { try writer.value($0, as: Int64.self) }
            let durability = try Dialect.durability(engine).map { name, sql in
                EngineFacts.Setting(name, try writer.first(sql) { try Dialect.spelled($0, engine) } ?? "")
            }
            return EngineFacts(engine: engine, version: version, clock: clock, durability: durability)
        }
    }
}

extension Dialect {
    fileprivate static func version(_ engine: Engine) -> SQL {
        switch engine {
        case .sqlite: "SELECT sqlite_version()"
        case .postgres: "SHOW server_version"
        }
    }

    fileprivate static func serverClock(_ engine: Engine) -> SQL? {
        switch engine {
        case .sqlite: nil
        case .postgres: "SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT)"
        }
    }

    fileprivate static func durability(_ engine: Engine) -> [(name: String, sql: SQL)] {
        switch engine {
        case .sqlite: [("synchronous", "PRAGMA synchronous")]
        case .postgres:
            [
                ("fsync", "SHOW fsync"), ("synchronous_commit", "SHOW synchronous_commit"),
                ("full_page_writes", "SHOW full_page_writes")
            ]
        }
    }

    /// SQLite answers with a number.
    fileprivate static func spelled(_ row: Row, _ engine: Engine) throws -> String {
        switch engine {
        case .postgres: return try row[at: 0]
        case .sqlite:
            let level: Int = try row[at: 0]
            return ["off", "normal", "full", "extra"].indices.contains(level)
                ? ["off", "normal", "full", "extra"][level] : String(level)
        }
    }
}
