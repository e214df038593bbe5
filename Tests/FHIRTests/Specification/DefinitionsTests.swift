import FHIR
import Testing

@Suite("The definitions of FHIR R4")
struct DefinitionsTests {
    private let definitions = Definitions.r4

    @Test("All 146 resource types are there, and the abstract ones are not among them")
    func resourceTypes() {
        #expect(definitions.resourceTypeNames.count == 146)
        #expect(definitions.resourceTypeNames.first == "Account")
        #expect(definitions.resourceTypeNames.last == "VisionPrescription")
        #expect(definitions.resourceType("DomainResource") == nil)
        #expect(definitions.resourceType("CodeableConcept") == nil)
        #expect(definitions.type("CodeableConcept") != nil)
    }

    @Test("Elements have the type, number and order that the specification gives them")
    func elements() throws {
        let task = try #require(definitions.resourceType("Task"))
        #expect(
            task.elements.prefix(12).map(\.name) == [
                "id", "meta", "implicitRules", "language", "text", "contained", "extension", "modifierExtension",
                "identifier", "instantiatesCanonical", "instantiatesUri", "basedOn"
            ])
        let status = try #require(task.element("status"))
        #expect(status.content == .primitive(.code) && status.isRequired && !status.isList)
        #expect(status.codes?.contains("requested") == true)
        let input = try #require(task.element("input"))
        guard case .type(let position) = input.content else { throw Missing() }
        #expect(definitions.types[position].name == "Task.input" && input.isList)
        #expect(definitions.types[position].elements.filter { $0.choice == "value" }.count == 50)
        #expect(try #require(definitions.type("Task.input")?.element("valueCodeableConcept")).isRequired)
    }

    @Test("A type that restricts another has its elements: Age is a Quantity")
    func restrictedTypes() throws {
        let age = try #require(definitions.type("Age"))
        #expect(age.elements.map(\.name) == definitions.type("Quantity")?.elements.map(\.name))
    }

    @Test("An element can hold the type it is part of: questions hold questions")
    func recursion() throws {
        let questions = try #require(definitions.type("Questionnaire.item")?.element("item"))
        guard case .type(let position) = questions.content else { throw Missing() }
        #expect(definitions.types[position].name == "Questionnaire.item")
    }

    @Test("Every code list belongs to an element that is a code")
    func codes() {
        let coded = definitions.types.flatMap { type in
            type.elements.filter { $0.codes != nil }.map { "\(type.name).\($0.name)" }
        }
        #expect(coded.count == 25)
        #expect(coded.contains("Bundle.entry.request.method"))
        #expect(
            definitions.types.allSatisfy { type in
                type.elements.allSatisfy { $0.codes == nil || $0.content == .primitive(.code) }
            })
    }

    @Test("The codes named in this module are those the definitions require")
    func enumerations() throws {
        func codes(_ type: String, _ element: String) throws -> [String] {
            try #require(definitions.type(type)?.element(element)?.codes)
        }
        #expect(try codes("Task", "status") == TaskStatus.allCases.map(\.rawValue))
        #expect(try codes("ServiceRequest", "status") == RequestStatus.allCases.map(\.rawValue))
        #expect(try codes("ServiceRequest", "intent") == RequestIntent.allCases.map(\.rawValue))
        #expect(try codes("Task", "priority") == RequestPriority.allCases.map(\.rawValue))
        #expect(try codes("Bundle", "type") == FHIRBundle.Kind.allCases.map(\.rawValue))
        #expect(try codes("Bundle.entry.request", "method") == FHIRBundle.Method.allCases.map(\.rawValue))
        #expect(try codes("OperationOutcome.issue", "severity") == Issue.Severity.allCases.map(\.rawValue))
        #expect(try codes("Bundle.entry.search", "mode") == ["match", "include", "outcome"])
    }

    private struct Missing: Error {}
}
