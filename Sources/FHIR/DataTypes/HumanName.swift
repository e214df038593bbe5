/// A person's name: http://hl7.org/fhir/R4/datatypes.html#HumanName
package struct HumanName: DataType {
    package let json: JSON

    package init(_ json: JSON) { self.json = json }

    package init(given: [String] = [], family: String? = nil, text: String? = nil, use: String? = nil) {
        json = [
            "use": .text(use),
            "text": .text(text),
            "family": .text(family),
            "given": .list(given.compactMap { .text($0) })
        ]
    }

    package var use: String? { text("use") }
    package var text: String? { text("text") }
    package var family: String? { text("family") }
    package var given: [String] { texts("given") }
    package var prefix: [String] { texts("prefix") }
    package var suffix: [String] { texts("suffix") }
    package var period: Period? { json.one("period") }

    /// The name as it is written in full: its text, else its parts in the usual order of English.
    package var display: String? {
        if let text { return text }
        let parts = prefix + given + [family].compactMap { $0 } + suffix
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// The name to address a person by, of all those recorded: the usual one first, then the official one; names
    /// that are old or whose time is over only where there is no other. Nil where none has any text.
    package static func preferred(of names: [HumanName], at moment: FHIRDate? = nil) -> HumanName? {
        let order = ["usual", "official", nil, "nickname", "anonymous", "temp", "maiden", "old"]
        func rank(_ name: HumanName) -> Int {
            let isOver =
                if let moment, let end = name.period?.end { end.interval().upperBound <= moment.start() } else { false }
            return (order.firstIndex(of: name.use) ?? 2) + (isOver ? order.count : 0)
        }
        // `min` keeps the first of equals: where ranks tie, the order of the record decides.
        return names.filter { $0.display != nil }.min { rank($0) < rank($1) }
    }

    private func texts(_ key: String) -> [String] { json[key]?.items.compactMap(\.text) ?? [] }
}
