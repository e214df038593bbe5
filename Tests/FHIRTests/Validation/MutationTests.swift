import FHIR
import Testing

/// Damages valid files in known ways and asks whether each damage is found where it was done.
@Suite("Damaged files", .enabled(if: SharedData.isPresent, "\(SharedData.whySkipped)"))
struct MutationTests {
    private static let seed: UInt64 = 20_261_121
    private static let count = 800

    /// One property of a resource: where it is, what it is, and what its type says of it.
    private struct Place {
        let path: [JSON.Step]
        let element: TypeDefinition.Element
        let value: JSON
        /// Whether something besides an id would be left without it.
        let hasCompany: Bool

        var isPrimitive: Bool {
            if case .primitive = element.content { true } else { false }
        }
    }

    private enum Damage: CaseIterable {
        case removed, renamed, wrongKind, badForm, objectForList, listForObject, null, hollow
    }

    @Test("Every damage is found at its place")
    func damages() throws {
        var random = SeededRandom(seed: Self.seed)
        let files = try SharedData.validSets.flatMap { try SharedData.files($0) }
            .filter { $0.bytes.count < 200_000 }
            .map { (name: $0.name, json: try JSON(parsing: $0.bytes)) }
        let validator = Validator()
        var done: [Damage: Int] = [:]
        while done.values.reduce(0, +) < Self.count {
            let file = try #require(files.randomElement(using: &random))
            let type = try #require(file.json["resourceType"]?.text.flatMap { Definitions.r4.resourceType($0) })
            let places = places(in: file.json, as: type, at: [])
            let damage = try #require(Damage.allCases.randomElement(using: &random))
            guard let place = places.shuffled(using: &random).first(where: { fits(damage, $0) }) else { continue }
            let (damaged, found) = apply(damage, at: place, in: file.json)
            let context: Comment = "seed \(Self.seed), \(file.name), \(damage) at \(written(place.path))"
            try #require(validator.issues(in: file.json).filter(\.isError) == [], context)
            let issues = validator.issues(in: damaged).filter(\.isError)
            #expect(issues.contains { $0.path == "\(type.name).\(written(found))" }, context)
            done[damage, default: 0] += 1
        }
        #expect(done.values.allSatisfy { $0 >= 20 }, "\(done)")
    }

    private func fits(_ damage: Damage, _ place: Place) -> Bool {
        switch damage {
        // Without company, the object around it would be empty, and that is what would be found.
        case .removed: place.element.isRequired && place.hasCompany
        case .renamed, .wrongKind, .null: true
        case .badForm: place.isPrimitive && place.value.text != nil && badForm(of: place) != nil
        case .objectForList: place.element.isList
        case .listForObject: !place.element.isList
        case .hollow: !place.isPrimitive
        }
    }

    /// The damaged resource, and where the damage should be found.
    private func apply(_ damage: Damage, at place: Place, in json: JSON) -> (JSON, [JSON.Step]) {
        var found = place.path
        var damaged: JSON?
        switch damage {
        case .removed:
            if let choice = place.element.choice { found[found.count - 1] = .key("\(choice)[x]") }
            damaged = json.changing(place.path) { _ in nil }
        case .renamed:
            let name = "\(place.element.name)Zq"
            found[found.count - 1] = .key(name)
            damaged = json.changing(place.path.dropLast()) { $0.renaming(place.element.name, to: name) }
        case .wrongKind:
            let wrong: JSON = place.isPrimitive ? ["x": 1] : "x"
            if place.element.isList { found.append(.index(0)) }
            damaged = json.changing(place.path) { _ in place.element.isList ? [wrong] : wrong }
        case .badForm:
            damaged = json.changing(place.path) { _ in badForm(of: place).map { .string($0) } }
        case .objectForList: damaged = json.changing(place.path) { $0.items.first }
        case .listForObject: damaged = json.changing(place.path) { [$0] }
        case .null: damaged = json.changing(place.path) { _ in .null }
        case .hollow: damaged = json.changing(place.path) { _ in place.element.isList ? [] : [:] }
        }
        return (damaged ?? .null, found)
    }

    /// Text that this primitive type does not allow; nil for types that allow any text.
    private func badForm(of place: Place) -> String? {
        guard !place.element.isList, case .primitive(let primitive) = place.element.content else { return nil }
        return switch primitive {
        case .date: "2024-02-30"
        case .dateTime: "2024-02-01T10:00"
        case .instant: "2024-02-01"
        case .time: "10:00"
        case .code: place.element.codes == nil ? "a  b" : "no-such-code"
        case .id: "a/b"
        case .uri, .url, .canonical: "http://example.org/a b"
        case .string, .markdown: ""
        case .base64Binary: "A"
        case .xhtml: "<p/>"
        default: nil
        }
    }

    private func places(in json: JSON, as type: TypeDefinition, at path: [JSON.Step]) -> [Place] {
        let hasCompanions = json.members.contains { $0.key.hasPrefix("_") }
        return json.members.flatMap { member -> [Place] in
            // Values with extensions beside them may be absent: damage there is another matter.
            guard let element = type.element(member.key), !hasCompanions else { return [] }
            let path = path + [.key(member.key)]
            let items = element.isList ? member.value.items : [member.value]
            let inside = items.enumerated().flatMap { position, item in
                let inner = content(element, item)
                let path = element.isList ? path + [.index(position)] : path
                return inner.map { places(in: item, as: $0, at: path) } ?? []
            }
            let hasCompany = json.members.contains { $0.key != member.key && $0.key != "id" }
            return [Place(path: path, element: element, value: member.value, hasCompany: hasCompany)] + inside
        }
    }

    private func content(_ element: TypeDefinition.Element, _ value: JSON) -> TypeDefinition? {
        switch element.content {
        case .primitive: nil
        case .type(let position): Definitions.r4.types[position]
        case .resource: value["resourceType"]?.text.flatMap { Definitions.r4.resourceType($0) }
        }
    }

    private func written(_ path: [JSON.Step]) -> String {
        path.reduce(into: "") { text, step in
            switch step {
            case .key(let key): text += text.isEmpty ? key : ".\(key)"
            case .index(let index): text += "[\(index)]"
            }
        }
    }
}
