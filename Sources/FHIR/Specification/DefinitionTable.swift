/// Reads the table of types. Works on bytes, because splitting by characters would take many times as long.
struct DefinitionTable {
    private struct Row {
        let line: Int
        let name: String
        let base: String?
        let elements: Substring
    }

    private var rows: [Row] = []
    private var openTypes: [Substring] = []
    private(set) var positions: [String: Int] = [:]

    init(text: String) throws(DefinitionError) {
        for (number, line) in Self.lines(of: text) {
            if line.utf8.starts(with: "any =".utf8) {
                openTypes = Self.words(line.dropFirst(5), at: "|")
                continue
            }
            let row = Self.row(line, number: number)
            guard positions.updateValue(rows.count, forKey: row.name) == nil else {
                throw DefinitionError(line: number, problem: "\(row.name) comes twice")
            }
            rows.append(row)
        }
    }

    /// All types, in the order of the table, each with the elements of its bases.
    func types(codes: RequiredCodes) throws(DefinitionError) -> [TypeDefinition] {
        var types: [TypeDefinition] = []
        types.reserveCapacity(rows.count)
        for row in rows {
            let line = try ancestry(of: row)
            var elements: [TypeDefinition.Element] = []
            for type in line.reversed() { elements += try self.elements(of: type, codes: codes) }
            let isResource = line.count > 1 && line.last?.name == "Resource" && row.name != "DomainResource"
            types.append(TypeDefinition(name: row.name, base: row.base, isResource: isResource, elements: elements))
        }
        return types
    }

    /// The type, its base, and so on up to a type without one.
    private func ancestry(of row: Row) throws(DefinitionError) -> [Row] {
        var line = [row]
        while let base = line.last?.base {
            guard let position = positions[base], line.count < 8 else {
                throw DefinitionError(line: row.line, problem: "the base type \(base) is unknown")
            }
            line.append(rows[position])
        }
        return line
    }

    private func elements(of row: Row, codes: RequiredCodes) throws(DefinitionError) -> [TypeDefinition.Element] {
        var elements: [TypeDefinition.Element] = []
        for text in Self.words(row.elements, at: ";") {
            let halves = Self.words(text, at: " ")
            guard halves.count == 2, let mark = halves[1].last else {
                throw DefinitionError(line: row.line, problem: "an element needs a name and a type")
            }
            let isMarked = "!*+".contains(mark)
            let type = isMarked ? halves[1].dropLast() : halves[1]
            let choice = halves[0].hasSuffix("[x]") ? String(halves[0].dropLast(3)) : nil
            let variants = type == "any" ? openTypes : Self.words(type, at: "|")
            for variant in variants {
                let name = choice.map { $0 + variant.prefix(1).uppercased() + variant.dropFirst() } ?? String(halves[0])
                let content = try content(String(variant), line: row.line)
                elements.append(
                    TypeDefinition.Element(
                        name: name, choice: choice, content: content, isList: mark == "*" || mark == "+",
                        isRequired: mark == "!" || mark == "+", codes: codes.codes(for: name, of: row.name),
                        isExtensible: Self.isExtensible(name, content, of: row.name)))
            }
        }
        return elements
    }

    private func content(_ type: String, line: Int) throws(DefinitionError) -> TypeDefinition.Content {
        if let primitive = Primitive(rawValue: type) { return .primitive(primitive) }
        if type == "Resource" { return .resource }
        if let position = positions[type] { return .type(position) }
        throw DefinitionError(line: line, problem: "the type \(type) is unknown")
    }

    /// Ids, the address of an extension and the XHTML of a narrative are plain attributes or text in XML, where
    /// nothing could be hung on them.
    private static func isExtensible(_ name: String, _ content: TypeDefinition.Content, of type: String) -> Bool {
        switch (content, name, type) {
        case (.primitive(.xhtml), _, _), (_, "id", "Element"), (_, "id", "Resource"), (_, "url", "Extension"): false
        case (.primitive, _, _): true
        default: false
        }
    }

    private static func row(_ line: Substring, number: Int) -> Row {
        let halves = line.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1).map(Substring.init)
        let names = words(halves[0], at: "<").map(String.init)
        let base = names.count > 1 ? names[1] : nil
        return Row(line: number, name: names[0], base: base, elements: halves.count > 1 ? halves[1] : "")
    }

    /// The lines that say something, with their numbers.
    static func lines(of text: String) -> [(number: Int, line: Substring)] {
        text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated().compactMap { offset, line in
            line.isEmpty || line.first == UInt8(ascii: "#") ? nil : (offset + 1, Substring(line))
        }
    }

    /// The parts between separators, without the spaces around them.
    private static func words(_ text: Substring, at separator: Unicode.Scalar) -> [Substring] {
        text.utf8.split(separator: UInt8(ascii: separator)).compactMap { part in
            let trimmed = part.drop { $0 == 0x20 }
            let end = trimmed.lastIndex { $0 != 0x20 }
            return end.map { Substring(trimmed[...$0]) }
        }
    }
}
