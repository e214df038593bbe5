import FHIR

extension JSON {
    /// The value with what lies at the end of a path changed; nil removes it.
    func changing(_ path: some Collection<Step>, _ change: (JSON) -> JSON?) -> JSON? {
        guard let step = path.first else { return change(self) }
        let rest = path.dropFirst()
        switch (self, step) {
        case (.object(var object), .key(let key)):
            object[key] = object[key]?.changing(rest, change)
            return .object(object)
        case (.array(var items), .index(let index)):
            if let item = items[index].changing(rest, change) { items[index] = item } else { items.remove(at: index) }
            return .array(items)
        default: return self
        }
    }

    /// The object with one property under another name, at the same place.
    func renaming(_ old: String, to new: String) -> JSON {
        .object(Object(members.map { Member($0.key == old ? new : $0.key, $0.value) }))
    }
}
