/// What went wrong in the store. `description` tells a stranger nothing; the statement's text, never its
/// arguments, is in `debugDescription` for the operator's log.
package struct StoreError: Error, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// A unique index already holds such a row: somebody was faster, or the same thing came twice.
        case unique
        case foreignKey
        case check
        case notNull
        /// Two transactions stood in each other's way; the store retries these by itself.
        case conflict
        /// The disk has no room.
        case full
        /// The disk or the connection failed; whether the last commit holds is unknown when it was under way.
        case lost
        /// A row does not hold what the program expects.
        case unreadable
        /// The transaction was abandoned because the caller no longer waits.
        case cancelled
        /// The store is closed.
        case closed
        case other
    }

    package let kind: Kind
    /// SQLSTATE on PostgreSQL, the extended result code on SQLite.
    package let code: String
    /// The constraint or columns concerned, as the engine names them; never values.
    package let place: String?
    package let statement: String?

    package init(_ kind: Kind, code: String = "", place: String? = nil, statement: String? = nil) {
        self.kind = kind
        self.code = code
        self.place = place
        self.statement = statement
    }

    /// Whether it ends the whole transaction, and not only the closure that met it.
    var concernsAll: Bool { [.conflict, .full, .lost].contains(kind) }

    package var description: String { "storage error (\(kind))" }

    package var debugDescription: String {
        var text = "storage error (\(kind))"
        if !code.isEmpty { text += " \(code)" }
        if let place { text += " at \(place)" }
        if let statement { text += " in: \(statement)" }
        return text
    }
}
