/// One connection to one of the two engines, used by one thread at a time.
protocol Connection: AnyObject {
    var engine: Engine { get }

    /// Runs a statement, hands each row to `receive`, and returns how many rows it changed; nil when it only reads.
    /// Rows changed by foreign keys are not counted, because PostgreSQL does not tell.
    @discardableResult
    func run(_ sql: SQL, receive: (Row) throws -> Void) throws -> Int?

    /// Runs text that may hold several statements and no holes: migrations and transaction control.
    func script(_ text: String) throws

    func begin() throws
    func commit() throws
    /// Never throws: a connection that cannot roll back is given up by its owner.
    func rollback()
    func savepoint() throws
    func release() throws
    func rollbackToSavepoint() throws
}

/// Which engine a store runs on. Only ``Dialect`` and this module may ask.
package enum Engine: String, Sendable, CaseIterable {
    case sqlite
    case postgres
}
