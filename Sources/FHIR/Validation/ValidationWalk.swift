/// One way through a resource. Keeps where it is, so that a path is only written out when there is an issue.
struct ValidationWalk {
    let definitions: Definitions
    private(set) var issues: [Issue] = []
    private var path: [JSON.Step] = []
    private var isInsideContained = false

    init(definitions: Definitions) {
        self.definitions = definitions
    }

    mutating func resource(_ json: JSON) {
        guard case .object(let object) = json else {
            return report(.structure, "must be a resource, written as an object in { }; found \(json.kind)")
        }
        guard let name = object["resourceType"] else {
            return report(.required, "the property \"resourceType\" is missing; it says what kind of resource this is")
        }
        guard let name = name.text else {
            return report(.structure, at: "resourceType", "must be the name of a resource type, in quotation marks")
        }
        guard let type = definitions.resourceType(name) else { return reportUnknownType(name) }
        if path.isEmpty {
            path.append(.key(name))
            defer { path.removeLast() }
            members(of: object, as: type)
        } else {
            members(of: object, as: type)
        }
    }

    private mutating func members(of object: JSON.Object, as type: TypeDefinition) {
        var choices: [(choice: String, name: String)] = []
        let hasCompanions = object.members.contains { $0.key.utf8.first == UInt8(ascii: "_") }
        for member in object.members where !isFull {
            let isCompanion = hasCompanions && member.key.utf8.first == UInt8(ascii: "_")
            let name = isCompanion ? String(member.key.dropFirst()) : member.key
            if type.isResource, member.key == "resourceType" { continue }
            guard let element = type.element(name), !isCompanion || element.isExtensible else {
                reportUnknown(member.key, in: type)
                continue
            }
            // A value and its companion are looked at together, when the value comes.
            if isCompanion, object[name] != nil { continue }
            if let choice = element.choice {
                if let other = choices.first(where: { $0.choice == choice && $0.name != name }) {
                    report(.structure, at: name, "only one \(choice)[x] may be present, and there is \(other.name) too")
                }
                choices.append((choice, name))
            }
            path.append(.key(name))
            if isCompanion {
                check(nil, companion: member.value, as: element)
            } else {
                check(member.value, companion: hasCompanions ? object["_\(name)"] : nil, as: element)
            }
            path.removeLast()
        }
        for requirement in type.requirements where !requirement.names.contains(where: { object[$0] != nil }) {
            report(.required, at: requirement.label, "is required and missing")
        }
    }

    private mutating func check(_ value: JSON?, companion: JSON?, as element: TypeDefinition.Element) {
        guard element.isList else {
            if let count = (value?.listCount ?? companion?.listCount) {
                return report(.structure, "must be a single value, and a list of \(count) was found")
            }
            return checkOne(value, companion: companion, as: element)
        }
        for part in [value, companion].compactMap({ $0 }) {
            guard let count = part.listCount else {
                return report(.structure, "must be a list, written in [ ]; found \(part.kind)")
            }
            guard count > 0 else { return report(.structure, "must not be an empty list; leave the property out") }
        }
        let (values, companions) = (value?.items ?? [], companion?.items ?? [])
        for position in 0..<max(values.count, companions.count) where !isFull {
            path.append(.index(position))
            checkOne(
                position < values.count ? values[position] : nil,
                companion: position < companions.count ? companions[position] : nil, as: element)
            path.removeLast()
        }
    }

    /// Checks one value of an element, or one item of its list.
    private mutating func checkOne(_ value: JSON?, companion: JSON?, as element: TypeDefinition.Element) {
        switch element.content {
        case .primitive(let primitive):
            let companion = companion == .null ? nil : companion
            if let companion { extensions(companion, hasValue: value != nil && value != .null) }
            guard let value, value != .null || companion == nil || !element.isList else {
                if companion == nil { report(.structure, "must have a value or an extension") }
                return
            }
            check(value, as: primitive, codes: element.codes)
        case .type(let position):
            guard let value else { return }
            dataType(value, as: definitions.types[position])
        case .resource:
            guard let value else { return }
            let isContained = path.lastName == "contained"
            if isContained, isInsideContained {
                return report(.invariant, "a contained resource must not contain further resources")
            }
            let outside = isInsideContained
            isInsideContained = isContained
            resource(value)
            isInsideContained = outside
        }
    }

    private mutating func dataType(_ value: JSON, as type: TypeDefinition) {
        guard case .object(let object) = value else {
            return report(.structure, "must be an object in { } (\(type.name)); found \(value.kind)")
        }
        guard object.members.contains(where: { $0.key != "id" }) else {
            return report(.invariant, "must not be empty; leave the property out")
        }
        members(of: object, as: type)
        if type.name == "Extension" { extensionContent(of: object) }
    }

    /// The object beside a primitive value, under the name with a low line before it.
    private mutating func extensions(_ companion: JSON, hasValue: Bool) {
        guard let type = definitions.type("Element") else { return }
        // An id alone says something where there is a value for it to name.
        if hasValue, case .object(let object) = companion, !object.members.isEmpty {
            members(of: object, as: type)
        } else {
            dataType(companion, as: type)
        }
    }

    private mutating func extensionContent(of object: JSON.Object) {
        let hasParts = object["extension"] != nil
        let hasValue = object.members.contains { $0.key.hasPrefix("value") || $0.key.hasPrefix("_value") }
        if hasParts == hasValue {
            let both = "an extension holds a value or further extensions, not both"
            report(.invariant, hasValue ? both : "an extension must hold a value or further extensions")
        }
    }

    private mutating func check(_ value: JSON, as primitive: Primitive, codes: [String]?) {
        guard primitive.accepts(value) else {
            if case .array = value {
                return report(.structure, "must be a single value, and a list was found")
            }
            let code = value.kind == primitive.jsonKind ? Issue.Code.value : .structure
            return report(code, "must be \(primitive.expectation); found \(value.shown(for: primitive))")
        }
        guard let text = value.text else { return }
        if let codes, !codes.contains(text) {
            let known = codes.joined(separator: ", ")
            report(.codeInvalid, "must be one of: \(known); found \(value.shown(for: primitive))")
        }
        if primitive == .string || primitive == .markdown {
            if text.utf8.count > Primitive.textLimit, text.unicodeScalars.count > Primitive.textLimit {
                report(.tooLong, "must not be longer than \(Primitive.textLimit) characters")
            }
            if text.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
                report(.value, as: .warning, "holds nothing but white space")
            }
        }
    }
}

extension ValidationWalk {
    private var isFull: Bool { issues.count > Validator.issueLimit }

    private mutating func report(
        _ code: Issue.Code, as severity: Issue.Severity = .error, at name: String? = nil, _ message: String
    ) {
        guard !isFull else { return }
        guard issues.count < Validator.issueLimit else {
            return issues.append(Issue(.information, .incomplete, "there are more problems than these"))
        }
        let place = name.map { path + [.key($0)] } ?? path
        issues.append(Issue(severity, code, at: place.written, message))
    }

    private mutating func reportUnknownType(_ name: String) {
        let nearest = PropertyName.nearest(to: name, among: definitions.resourceTypeNames)
        let hint = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
        report(.structure, at: "resourceType", "\(PropertyName.quoted(name)) is no resource type of FHIR R4\(hint)")
    }

    private mutating func reportUnknown(_ key: String, in type: TypeDefinition) {
        let isCompanion = key.hasPrefix("_")
        let name = isCompanion ? String(key.dropFirst()) : key
        let known = type.elements.filter { !isCompanion || $0.isExtensible }
        let message: String
        if isCompanion, type.element(name) != nil {
            message = "\(PropertyName.quoted(key)) cannot be used: this element takes no extensions of its value"
        } else if let variant = known.first(where: { $0.choice == name }) {
            message = "\"\(name)\" must be written with the type of its value, such as \"\(variant.name)\""
        } else {
            let nearest = PropertyName.nearest(to: name, among: known.map(\.name))
            let hint = nearest.map { "; did you mean \"\(isCompanion ? "_" : "")\($0)\"?" } ?? ""
            message = "\(PropertyName.quoted(key)) is not a property of \(type.name)\(hint)"
        }
        report(.structure, at: PropertyName.isPlain(key) ? key : nil, message)
    }
}
