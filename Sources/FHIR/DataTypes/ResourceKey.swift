/// The name of a resource on its server: type, id and, where one version of it is meant, that version.
package struct ResourceKey: Hashable, Sendable, CustomStringConvertible {
    package let type: String
    package let id: String
    package let version: String?

    package init(_ type: String, _ id: String, version: String? = nil) {
        self.type = type
        self.id = id
        self.version = version
    }

    /// Reads `Patient/1` or `Patient/1/_history/2`; nil for anything else.
    package init?(_ text: String) {
        guard let (base, key) = Self.trailing(text), base.isEmpty else { return nil }
        self = key
    }

    /// `Patient/1` or `Patient/1/_history/2`.
    package var description: String {
        version.map { "\(type)/\(id)/_history/\($0)" } ?? "\(type)/\(id)"
    }

    /// The same resource without saying which version.
    package var unversioned: ResourceKey { ResourceKey(type, id) }

    /// The key at the end of an address, and what comes before it, without the slash between them.
    static func trailing(_ text: String) -> (base: String, key: ResourceKey)? {
        var parts = text.split(separator: "/", omittingEmptySubsequences: false)
        var version: Substring?
        if parts.count >= 4, parts[parts.count - 2] == "_history" {
            version = parts.removeLast()
            parts.removeLast()
        }
        guard parts.count >= 2, let id = parts.popLast(), let type = parts.popLast() else { return nil }
        guard isTypeName(type), Primitive.isID(id.utf8), version.map({ Primitive.isID($0.utf8) }) ?? true else {
            return nil
        }
        // "/Patient/1" would be an address from the root of a server, which FHIR does not know.
        guard parts != [""] else { return nil }
        let key = ResourceKey(String(type), String(id), version: version.map(String.init))
        return (parts.joined(separator: "/"), key)
    }

    /// Whether text has the form of a resource type's name. Which names there are, ``Definitions`` knows.
    static func isTypeName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, 0x41...0x5A ~= first else { return false }
        return text.utf8.allSatisfy(\.isASCIILetter)
    }
}
