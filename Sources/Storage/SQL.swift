/// A statement with its arguments. It can only be written as a literal; every hole becomes a bound
/// argument, so text from outside can never become part of a statement.
///
/// ```swift
/// try writer.run("DELETE FROM draft WHERE id = \(draft.id)")     // compiles
/// try writer.run(textFromSomewhere)                              // does not
/// ```
package struct SQL: Sendable {
    /// The text with `$1`, `$2` … for its holes: PostgreSQL's own numbering, which SQLite binds in order.
    package private(set) var text: String
    package private(set) var arguments: [SQLValue]

    /// Where in `text` each hole begins, in bytes; a `$` anywhere else is only text.
    private var holes: [Int] = []

    /// Adds `other` behind this statement, its holes numbered on from here.
    package mutating func append(_ other: SQL) {
        guard !holes.isEmpty else {
            holes = other.holes.map { text.utf8.count + $0 }
            text += other.text
            arguments = other.arguments
            return
        }
        let bytes = other.text.utf8
        var position = bytes.startIndex
        for (index, hole) in other.holes.enumerated() {
            let start = bytes.index(bytes.startIndex, offsetBy: hole)
            text += other.text[position..<start]
            appendHole(other.arguments[index])
            position = bytes.index(start, offsetBy: "$\(index + 1)".utf8.count)
        }
        text += other.text[position...]
    }

    fileprivate mutating func appendHole(_ value: SQLValue) {
        holes.append(text.utf8.count)
        arguments.append(value)
        text += "$"
        text += String(arguments.count)
    }

    /// The fragments one after the other with `separator` between them.
    package static func joined(_ fragments: some Sequence<SQL>, separator: StaticString = ", ") -> SQL {
        var result: SQL = ""
        var first = true
        for fragment in fragments {
            if !first { result.text += "\(separator)" }
            result.append(fragment)
            first = false
        }
        return result
    }
}

extension SQL {
    /// The name of a table or a column, which no hole can stand for.
    /// - Throws: ``StoreError`` unless it is spelled with small letters, digits and `_`, as all of Kith's are.
    static func name(_ name: String) throws(StoreError) -> SQL {
        let letters = name.utf8.allSatisfy { $0 >= 97 && $0 <= 122 || $0 >= 48 && $0 <= 57 || $0 == 95 }
        guard letters, !name.isEmpty else { throw StoreError(.other, place: "a name that is none") }
        var sql: SQL = ""
        sql.text = name
        return sql
    }
}

extension SQL: ExpressibleByStringInterpolation {
    package init(stringLiteral value: StaticString) {
        text = "\(value)"
        arguments = []
    }

    package init(stringInterpolation interpolation: StringInterpolation) {
        self = interpolation.sql
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        var sql: SQL

        package init(literalCapacity: Int, interpolationCount: Int) {
            sql = ""
            sql.text.reserveCapacity(literalCapacity + interpolationCount * 3)
            sql.arguments.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: StaticString) {
            sql.text += "\(literal)"
        }

        /// Binds `value`.
        package mutating func appendInterpolation(_ value: some SQLConvertible) {
            sql.appendHole(value.sqlValue)
        }

        /// Binds `value`, or NULL.
        package mutating func appendInterpolation<T: SQLConvertible>(_ value: T?) {
            sql.appendHole(value.sqlValue)
        }

        /// Puts a fragment in place, with its own holes.
        package mutating func appendInterpolation(_ fragment: SQL) {
            sql.append(fragment)
        }

        /// `(…)` for `IN`. The list is filled up to a power of two by repeating its last value, so that lists of
        /// many lengths share a few prepared statements. An empty list matches nothing, not even under `NOT IN`.
        package mutating func appendInterpolation(list values: [some SQLConvertible]) {
            guard let last = values.last else {
                sql.text += "(NULL)"
                return
            }
            var size = 1
            while size < values.count { size *= 2 }
            // SQLite takes 32,766 arguments.
            if size > 16_384 { size = values.count }
            sql.text += "("
            for index in 0..<size {
                if index > 0 { sql.text += ", " }
                appendInterpolation(index < values.count ? values[index] : last)
            }
            sql.text += ")"
        }
    }
}

extension Unicode.Scalar {
    fileprivate var decimalDigit: Int? {
        value >= 48 && value <= 57 ? Int(value) - 48 : nil
    }
}
