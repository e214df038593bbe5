import Foundation

/// Every type of FHIR R4, read once from the tables in `Definitions/`, which are also made for reading by people.
package struct Definitions: Sendable {
    /// FHIR R4, release 4.0.1. Loaded at the first use, in a few milliseconds; a server does well to touch it when it
    /// starts, because it ends the program where the tables are not installed beside it.
    package static let r4: Definitions = {
        do {
            let codes = try RequiredCodes(text: installedText("r4-codes"))
            return try Definitions(text: installedText("r4"), codes: codes)
        } catch {
            preconditionFailure("The FHIR definitions that belong to this program cannot be read: \(error)")
        }
    }()

    /// All types: those the others are built on, data types and resource types, each before its own parts.
    package let types: [TypeDefinition]
    private let positions: [String: Int]

    /// Reads a table in the format that the header of `Definitions/r4.txt` explains.
    init(text: String, codes: RequiredCodes) throws(DefinitionError) {
        let table = try DefinitionTable(text: text)
        positions = table.positions
        types = try table.types(codes: codes)
    }

    /// The type of that name, or nil.
    package func type(_ name: String) -> TypeDefinition? {
        positions[name].map { types[$0] }
    }

    /// The resource type of that name; nil also for data types and for the abstract `DomainResource`.
    package func resourceType(_ name: String) -> TypeDefinition? {
        type(name).flatMap { $0.isResource ? $0 : nil }
    }

    /// The names of all resource types, in alphabetical order.
    package var resourceTypeNames: [String] {
        types.lazy.filter(\.isResource).map(\.name).sorted()
    }

    private static func installedText(_ name: String) throws -> String {
        // Foundation's Bundle, which holds installed files; not FHIR's.
        let url = Bundle.module.url(forResource: name, withExtension: "txt", subdirectory: "Definitions")
        guard let url else { throw DefinitionError(line: 0, problem: "\(name).txt is not installed") }
        return try String(contentsOf: url, encoding: .utf8)
    }
}

/// A fault in the tables of definitions themselves.
struct DefinitionError: Error {
    let line: Int
    let problem: String
}

/// The code lists of `Definitions/r4-codes.txt`, by the element that requires them.
struct RequiredCodes: Sendable {
    private var codes: [String: [String]] = [:]

    init(text: String) throws(DefinitionError) {
        for (number, line) in DefinitionTable.lines(of: text) {
            let halves = line.split(separator: ":", maxSplits: 1)
            guard halves.count == 2 else { throw DefinitionError(line: number, problem: "a colon is missing") }
            let list = halves[1].split(separator: " ").map(String.init)
            for element in halves[0].split(separator: ",") {
                codes[element.filter { $0 != " " }] = list
            }
        }
    }

    /// The codes allowed for an element of a type, or nil where any is.
    func codes(for element: String, of type: String) -> [String]? {
        codes["\(type).\(element)"]
    }
}
