/// What the specification says of one type: a resource type, a data type, or a part of one such as `Task.input`.
package struct TypeDefinition: Sendable {
    /// `Task`, `CodeableConcept`, `Task.input`.
    package let name: String
    /// The type it adds to, such as `DomainResource`; nil for `Element` and `Resource`.
    package let base: String?
    /// Whether a resource can be of this type. `Resource` and `DomainResource` are abstract.
    package let isResource: Bool
    /// All elements, those of the base first, in the order in which XML must write them. An element with a choice of
    /// types stands here once for each of them, under the name it has in JSON: `valueString`, `valueCode`.
    package let elements: [Element]
    /// What has to be there.
    let requirements: [Requirement]
    private let positions: [String: Int]

    init(name: String, base: String?, isResource: Bool, elements: [Element]) {
        self.name = name
        self.base = base
        self.isResource = isResource
        self.elements = elements
        positions = Dictionary(
            elements.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { inherited, own in own })
        var requirements: [Requirement] = []
        for element in elements where element.isRequired {
            let label = element.choice.map { "\($0)[x]" } ?? element.name
            if requirements.last?.label == label {
                requirements[requirements.count - 1].names += element.jsonNames
            } else {
                requirements.append(Requirement(label: label, names: element.jsonNames))
            }
        }
        self.requirements = requirements
    }

    /// The element of that name, or nil. Constant time.
    package func element(_ name: String) -> Element? {
        positions[name].map { elements[$0] }
    }

    /// One element of a type.
    package struct Element: Sendable {
        /// The name in JSON. For a choice of types, with the type: `onsetDateTime`.
        package let name: String
        /// The name without the type where the element is a choice of types: `onset`.
        package let choice: String?
        package let content: Content
        package let isList: Bool
        package let isRequired: Bool
        /// The only codes allowed, where they are known here; nil where any code is accepted.
        package let codes: [String]?
        /// Whether JSON may hold `_name` beside it, with an id and extensions of the primitive value.
        let isExtensible: Bool

        var jsonNames: [String] { isExtensible ? [name, "_\(name)"] : [name] }
    }

    /// What an element holds.
    package enum Content: Sendable, Hashable {
        case primitive(Primitive)
        /// Another type, by its position in ``Definitions/types``.
        case type(Int)
        /// A resource of any type.
        case resource
    }

    /// One of these names must be present.
    struct Requirement: Sendable {
        let label: String
        var names: [String]
    }
}
