import Storage

/// Names one thing of one type. Swapping the identifiers of a person and a referral does not compile.
///
/// Values are UUIDv7 in their usual spelling, so they sort by the time they were made.
package struct Identifier<Thing>: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let text: String

    /// Takes text that is known to be an identifier: a column, a constant of a test.
    package init(_ text: String) {
        self.text = text
    }

    /// Takes text from outside; nil unless it is spelled like a UUID in lower case.
    package init?(untrusted text: String) {
        let utf8 = text.utf8
        guard utf8.count == 36 else { return nil }
        for (index, byte) in utf8.enumerated() {
            let isDash = index == 8 || index == 13 || index == 18 || index == 23
            let isDigit = byte >= 48 && byte <= 57 || byte >= 97 && byte <= 102
            guard isDash ? byte == 45 : isDigit else { return nil }
        }
        self.text = text
    }

    package var description: String { text }

    package static func < (first: Self, second: Self) -> Bool { first.text < second.text }
}

extension Identifier: SQLConvertible, SQLDecodable {
    package var sqlValue: SQLValue { .text(text) }
    package static func decode(_ cell: Cell) throws(StoreError) -> Self { Self(try cell.text()) }
}

/// A thing with an ``Identifier``.
package protocol Named: Sendable {}

extension Named {
    package typealias ID = Identifier<Self>
}
