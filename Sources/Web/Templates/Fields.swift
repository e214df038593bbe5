/// The named values of an object. A page's objects are small, built once and read a few times each: a list that is
/// searched from end to end is quicker for that than a hash table, above all to build.
package struct Fields: Sendable {
    /// A name compares by its fingerprint first, so that a search touches no strings but the one it finds.
    struct Entry: Sendable {
        let fingerprint: UInt64
        let name: String
        let value: Value
    }

    private(set) var entries: [Entry]

    package init(_ fields: [String: Value]) {
        self.init(fields.map { ($0.key, $0.value) })
    }

    init(_ fields: [(String, Value)]) {
        entries = fields.map { Entry(fingerprint: Self.fingerprint($0.0), name: $0.0, value: $0.1) }
    }

    /// Linear in the number of fields. Of a name given twice the last value counts.
    package subscript(name: String) -> Value? {
        entries.last { $0.name == name }?.value
    }

    /// These fields with others added, which win where both have a name.
    package func merging(_ others: Fields) -> Fields {
        var merged = self
        merged.entries += others.entries
        return merged
    }

    /// Made of the first eight bytes, the last eight and the length; names that differ only in between share one.
    static func fingerprint(_ name: String) -> UInt64 {
        name.utf8.withContiguousStorageIfAvailable { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            guard bytes.count >= 8 else {
                return bytes.reduce(UInt64(bytes.count)) { $0 << 8 | UInt64($1) }
            }
            let first = bytes.loadUnaligned(as: UInt64.self)
            let last = bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)
            return (first &* 0x9E37_79B9_7F4A_7C15) ^ last ^ UInt64(bytes.count)
        } ?? 0
    }
}

extension Fields: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }
}
