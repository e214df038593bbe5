/// A link to a resource: http://hl7.org/fhir/R4/references.html
package struct Reference: DataType {
    package let json: JSON

    package init(_ json: JSON) { self.json = json }

    /// A relative reference to a resource on the same server.
    package init(_ key: ResourceKey, display: String? = nil) {
        self.init(key.description, display: display)
    }

    /// A reference as it will be written: `Patient/1`, `urn:uuid:…`, `#here`, or an absolute address.
    package init(_ reference: String, display: String? = nil) {
        json = ["reference": .string(reference), "display": .text(display)]
    }

    /// A logical reference, by a business identifier alone.
    package init(identifier: Identifier, type: String? = nil, display: String? = nil) {
        json = ["type": .text(type), "identifier": identifier.json, "display": .text(display)]
    }

    package var reference: String? { text("reference") }
    /// The type it is said to lead to.
    package var type: String? { text("type") }
    package var identifier: Identifier? { json.one("identifier") }
    package var display: String? { text("display") }

    /// Where it leads, as parsed from ``reference``; nil where there is none.
    package var target: Target? { reference.map { Target($0) } }

    /// The forms a reference can take.
    package enum Target: Hashable, Sendable {
        /// `Patient/1`, `Patient/1/_history/2`: on the server that gave the resource.
        case relative(ResourceKey)
        /// `https://ehr.example.org/fhir/Patient/1`: on the server with that base address, which ends without a slash.
        case absolute(base: String, ResourceKey)
        /// Any other absolute address.
        case url(String)
        /// `urn:uuid:…` or `urn:oid:…`: the full URL of an entry of the same Bundle.
        case urn(String)
        /// `#id`: a resource contained in the same one. Empty for the containing resource itself (`#`).
        case contained(id: String)
        /// `Practitioner?identifier=…`: the one match of a search, allowed in transactions only.
        case conditional(type: String, query: String)
        /// None of these.
        case unknown(String)

        package init(_ text: String) {
            if text.hasPrefix("#") {
                self = .contained(id: String(text.dropFirst()))
            } else if text.hasPrefix("urn:") {
                self = .urn(text)
            } else if let mark = text.firstIndex(of: "?"), ResourceKey.isTypeName(text[..<mark]) {
                self = .conditional(type: String(text[..<mark]), query: String(text[text.index(after: mark)...]))
            } else if let (base, key) = ResourceKey.trailing(text) {
                self =
                    base.isEmpty ? .relative(key) : Self.isAddress(base) ? .absolute(base: base, key) : .unknown(text)
            } else {
                self = Self.isAddress(text) ? .url(text) : .unknown(text)
            }
        }

        /// The type, id and version the target names, where it names any.
        package var key: ResourceKey? {
            switch self {
            case .relative(let key), .absolute(_, let key): key
            case .url, .urn, .contained, .conditional, .unknown: nil
            }
        }

        private static func isAddress(_ text: String) -> Bool {
            guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
            let scheme = text.utf8[..<colon]
            return scheme.first?.isASCIILetter == true
                && scheme.allSatisfy { $0.isASCIILetterOrDigit || "+-.".utf8.contains($0) }
        }
    }
}
