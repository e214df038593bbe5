/// A resource of any type: JSON that is an object and says what it is. Everything else about it may still be wrong;
/// see ``Validator``.
package struct Resource: Hashable, Sendable {
    /// The type, such as `Task`.
    package let type: String
    private var object: JSON.Object

    /// Takes JSON that is an object with a `resourceType`.
    package init(_ json: JSON) throws(Issue) {
        guard case .object(let object) = json else {
            throw Issue(.fatal, .structure, "a resource must be an object in { }; found \(json.kind)")
        }
        guard let type = object["resourceType"]?.text, ResourceKey.isTypeName(type[...]) else {
            throw Issue(
                .fatal, .structure, at: "resourceType", "a resource must say its type in the property \"resourceType\"")
        }
        self.type = type
        self.object = object
    }

    /// Reads a resource from JSON text.
    /// - Parameter line: the line that the text stands in, for telling where it is broken.
    package init(parsing bytes: [UInt8], line: Int = 1) throws(Issue) {
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: bytes)
        } catch {
            throw Issue(error.shifted(by: line - 1))
        }
        try self.init(json)
    }

    /// Builds a resource. Members without a value are left out:
    ///
    ///     Resource("Task", id: "1", ["status": "requested", "owner": owner?.json])
    package init(_ type: String, id: String? = nil, _ members: JSON.Object) {
        var object: JSON.Object = ["resourceType": .string(type), "id": .text(id)]
        for member in members.members { object[member.key] = member.value }
        self.type = type
        self.object = object
    }

    package var json: JSON { .object(object) }

    /// A property of the resource; setting nil removes it. `resourceType` stays as it is.
    package subscript(_ name: String) -> JSON? {
        get { object[name] }
        set { if name != "resourceType" { object[name] = newValue } }
    }

    /// The logical id on its server.
    package var id: String? {
        get { object["id"]?.text }
        set { self["id"] = .text(newValue) }
    }

    /// Type and id, where it has an id.
    package var key: ResourceKey? { id.map { ResourceKey(type, $0) } }

    /// `meta.versionId`.
    package var versionID: String? {
        get { json["meta", "versionId"]?.text }
        set { setMeta("versionId", .text(newValue)) }
    }

    /// `meta.lastUpdated`.
    package var lastUpdated: FHIRDate? {
        get { json["meta", "lastUpdated"]?.text.flatMap { FHIRDate($0, as: .instant) } }
        set { setMeta("lastUpdated", .text(newValue?.text)) }
    }

    /// `meta.profile`: the canonical addresses of the profiles it claims to follow.
    package var profiles: [String] { json["meta", "profile"]?.items.compactMap(\.text) ?? [] }

    /// `meta.security`: the labels that restrict who may see it.
    package var securityLabels: [Coding] {
        get { object["meta"]?.all("security") ?? [] }
        set { setMeta("security", newValue.isEmpty ? nil : .list(newValue.map(\.json))) }
    }

    /// The resources inside this one.
    package var contained: [JSON] { object["contained"]?.items ?? [] }

    /// The contained resource of that id, which `#id` refers to.
    package func contained(id: String) -> JSON? {
        contained.first { $0["id"]?.text == id }
    }

    private mutating func setMeta(_ name: String, _ value: JSON?) {
        var meta: JSON.Object = if case .object(let present)? = object["meta"] { present } else { [:] }
        meta[name] = value
        object["meta"] = meta.members.isEmpty ? nil : .object(meta)
    }
}
