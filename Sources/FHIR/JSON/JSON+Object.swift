extension JSON {
    /// The members of a JSON object in the order they were written, each name once.
    package struct Object: Hashable, Sendable {
        /// In the order they were written.
        package private(set) var members: [Member]

        /// Takes members as they are; a name that comes again replaces the earlier value.
        package init(_ members: [Member] = []) {
            self.members = []
            self.members.reserveCapacity(members.count)
            for member in members { self[member.key] = member.value }
        }

        /// For whoever has already made sure that each name comes once.
        package init(distinct members: [Member]) {
            self.members = members
        }

        /// The value of a property. Setting replaces in place or appends; setting nil removes.
        package subscript(_ key: String) -> JSON? {
            get { members.first { $0.key == key }?.value }
            set {
                let position = members.firstIndex { $0.key == key }
                switch (position, newValue) {
                case (let position?, let value?): members[position].value = value
                case (let position?, nil): members.remove(at: position)
                case (nil, let value?): members.append(Member(key, value))
                case (nil, nil): break
                }
            }
        }
    }
}

extension JSON.Object: ExpressibleByDictionaryLiteral {
    /// A property whose value is nil is left out, so that an optional element needs no `if`.
    package init(dictionaryLiteral members: (String, JSON?)...) {
        self.init(members.compactMap { key, value in value.map { JSON.Member(key, $0) } })
    }
}

/// The mirror of an object is empty for the reason given at ``JSON``.
extension JSON.Object: CustomReflectable, CustomStringConvertible {
    package var description: String { "an object of \(members.count)" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
