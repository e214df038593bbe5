/// A value as it travels into a statement.
package enum SQLValue: Sendable, Equatable {
    case null
    case text(String)
    case integer(Int64)
    case double(Double)
    case boolean(Bool)
    case bytes([UInt8])
}

/// A type that can fill a hole in ``SQL``.
package protocol SQLConvertible {
    /// The value the database stores.
    var sqlValue: SQLValue { get }
}

/// A type that can be read from a column.
package protocol SQLDecodable {
    /// Reads the value of one cell.
    /// - Throws: ``StoreError`` of kind `.unreadable` when the cell holds something else.
    static func decode(_ cell: Cell) throws(StoreError) -> Self
}

extension String: SQLConvertible, SQLDecodable {
    package var sqlValue: SQLValue { .text(self) }
    package static func decode(_ cell: Cell) throws(StoreError) -> String { try cell.text() }
}

extension Int: SQLConvertible, SQLDecodable {
    package var sqlValue: SQLValue { .integer(Int64(self)) }
    package static func decode(_ cell: Cell) throws(StoreError) -> Int { Int(try cell.integer()) }
}

extension Int64: SQLConvertible, SQLDecodable {
    package var sqlValue: SQLValue { .integer(self) }
    package static func decode(_ cell: Cell) throws(StoreError) -> Int64 { try cell.integer() }
}

extension Double: SQLConvertible, SQLDecodable {
    package var sqlValue: SQLValue { .double(self) }
    package static func decode(_ cell: Cell) throws(StoreError) -> Double { try cell.double() }
}

extension Bool: SQLConvertible, SQLDecodable {
    package var sqlValue: SQLValue { .boolean(self) }
    package static func decode(_ cell: Cell) throws(StoreError) -> Bool { try cell.boolean() }
}

extension Array: SQLConvertible where Element == UInt8 {
    package var sqlValue: SQLValue { .bytes(self) }
}

extension Array: SQLDecodable where Element == UInt8 {
    package static func decode(_ cell: Cell) throws(StoreError) -> [UInt8] { try cell.bytes() }
}

extension Optional: SQLConvertible where Wrapped: SQLConvertible {
    package var sqlValue: SQLValue { self?.sqlValue ?? .null }
}

extension Optional: SQLDecodable where Wrapped: SQLDecodable {
    package static func decode(_ cell: Cell) throws(StoreError) -> Wrapped? {
        if cell.isNull { return nil }
        return try Wrapped.decode(cell)
    }
}

extension SQLConvertible where Self: RawRepresentable, RawValue == String {
    package var sqlValue: SQLValue { .text(rawValue) }
}

extension SQLDecodable where Self: RawRepresentable, RawValue == String {
    package static func decode(_ cell: Cell) throws(StoreError) -> Self {
        guard let value = Self(rawValue: try cell.text()) else { throw cell.unreadable(as: "\(Self.self)") }
        return value
    }
}
