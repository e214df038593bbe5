/// A thin view of JSON as one of FHIR's data types.
///
/// A view takes any JSON and gives nil for what is not there or has another kind; what a resource must look like is
/// the ``Validator``'s business. So a view never fails, and nothing is lost by passing through it.
package protocol DataType: Hashable, Sendable {
    var json: JSON { get }
    init(_ json: JSON)
}

extension DataType {
    /// The text of a property.
    func text(_ key: String) -> String? { json[key]?.text }
}

extension JSON {
    /// A property as a data type, nil where it is absent: `let code: CodeableConcept? = task.json.one("code")`.
    package func one<Type: DataType>(_ key: String, as type: Type.Type = Type.self) -> Type? {
        self[key].map { Type($0) }
    }

    /// The items of a list as data types, none where it is absent.
    package func all<Type: DataType>(_ key: String, as type: Type.Type = Type.self) -> [Type] {
        self[key]?.items.map { Type($0) } ?? []
    }
}
