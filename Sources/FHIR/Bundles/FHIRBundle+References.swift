extension FHIRBundle {
    /// Finds the entry that a reference leads to, by the rules of http://hl7.org/fhir/R4/bundle.html#references:
    /// an address or URN by `fullUrl`, a relative reference by the base address of the entry that contains it. Where
    /// that entry has no such address, the one entry whose resource has that type and id. Nil where no entry, or no
    /// single one, fits: a reference may well lead out of the Bundle.
    ///
    /// Contained resources are found in the resource itself: ``Resource/contained(id:)``.
    package func resolve(_ target: Reference.Target, from entry: Entry) -> Entry? {
        switch target {
        case .urn(let urn): return self.entry(urn)
        case .url(let url): return self.entry(url)
        case .absolute(let base, let key): return self.entry("\(base)/\(key.unversioned)", version: key.version)
        case .relative(let key):
            if let url = entry.fullURL, let base = ResourceKey.trailing(url)?.base, !base.isEmpty {
                return self.entry("\(base)/\(key.unversioned)", version: key.version)
            }
            return lookup.byKey[key.unversioned].flatMap { $0 }.map { entries[$0] }
        case .contained, .conditional, .unknown: return nil
        }
    }

    private func entry(_ fullURL: String, version: String? = nil) -> Entry? {
        guard let first = lookup.byURL[Lookup.Address(url: fullURL, version: nil)] else { return nil }
        guard let version, entries[first].resource?.versionID != version else { return entries[first] }
        return lookup.byURL[Lookup.Address(url: fullURL, version: version)].map { entries[$0] }
    }

    /// Where references lead, by position, so that finding one takes as long in a Bundle of any size.
    struct Lookup: Sendable {
        struct Address: Hashable {
            let url: String
            /// Nil for the first entry of that address, whatever its version.
            let version: String?
        }

        private(set) var byURL: [Address: Int] = [:]
        /// Nil where several entries have that type and id.
        private(set) var byKey: [ResourceKey: Int?] = [:]

        mutating func add(_ entry: Entry) {
            if let url = entry.fullURL {
                for version in Set([nil, entry.resource?.versionID]) {
                    let address = Address(url: url, version: version)
                    byURL[address] = byURL[address] ?? entry.position
                }
            }
            guard let key = entry.resource?.key else { return }
            byKey.updateValue(byKey[key] == nil ? entry.position : nil, forKey: key)
        }
    }
}

extension JSON {
    /// All references in a value, contained resources included, in the order they stand.
    package var references: [Reference] {
        var found: [Reference] = []
        collectReferences(into: &found)
        return found
    }

    private func collectReferences(into found: inout [Reference]) {
        if self["reference"]?.text != nil { found.append(Reference(self)) }
        for member in members { member.value.collectReferences(into: &found) }
        for item in items { item.collectReferences(into: &found) }
    }

    /// The value with its links changed, as a transaction does once it knows the new ids. Asked are all texts of
    /// `reference` properties, and all other texts that are a URN as a whole, since elements of type uri may name an
    /// entry, too. Links in XHTML are left alone.
    /// - Parameter replacement: the new text for an old one; nil keeps the old one.
    package func replacingLinks(_ replacement: (String) -> String?) -> JSON {
        switch self {
        case .object(let object):
            return .object(
                Object(
                    distinct: object.members.map { member in
                        if member.key == "reference", let text = member.value.text {
                            return Member(member.key, .string(replacement(text) ?? text))
                        }
                        return Member(member.key, member.value.replacingLinks(replacement))
                    }))
        case .array(let items): return .array(items.map { $0.replacingLinks(replacement) })
        case .string(let text) where text.hasPrefix("urn:"): return .string(replacement(text) ?? text)
        case .string, .number, .bool, .null: return self
        }
    }
}
