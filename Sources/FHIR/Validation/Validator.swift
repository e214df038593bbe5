/// Checks whether JSON has the structure that FHIR R4 gives to a resource: known properties, their kinds and numbers,
/// the forms of primitive values, required elements and, for some elements, required codes. Resources inside
/// (`contained`, `Bundle.entry.resource`, `Parameters.parameter.resource`) are checked with it.
///
/// Not checked: profiles, other value sets, the invariants of single resources, whether a reference leads anywhere,
/// and what XHTML contains beyond its outermost element.
package struct Validator: Sendable {
    /// After this many issues the rest is summed up in one line, so that a wrong file costs no more than a right one.
    package static let issueLimit = 100

    private let definitions: Definitions

    package init(definitions: Definitions = .r4) {
        self.definitions = definitions
    }

    /// Everything wrong with a resource, in the order of its members; empty where nothing is. Warnings can be among
    /// them: see ``Issue/isError``. Linear in the size of the resource.
    package func issues(in resource: JSON) -> [Issue] {
        var walk = ValidationWalk(definitions: definitions)
        walk.resource(resource)
        return walk.issues
    }
}
