/// A code from a code system: http://hl7.org/fhir/R4/datatypes.html#Coding
package struct Coding: DataType {
    package let json: JSON

    package init(_ json: JSON) { self.json = json }

    package init(system: String, code: String, display: String? = nil) {
        json = ["system": .string(system), "code": .string(code), "display": .text(display)]
    }

    package var system: String? { text("system") }
    package var version: String? { text("version") }
    package var code: String? { text("code") }
    package var display: String? { text("display") }

    /// Whether both mean the same code of the same system; displays and versions may differ.
    package func means(_ other: Coding) -> Bool {
        code != nil && code == other.code && system == other.system
    }
}

/// A concept said in words, in codes, or both: http://hl7.org/fhir/R4/datatypes.html#CodeableConcept
package struct CodeableConcept: DataType {
    package let json: JSON

    package init(_ json: JSON) { self.json = json }

    package init(_ codings: Coding..., text: String? = nil) {
        json = ["coding": .list(codings), "text": .text(text)]
    }

    package var codings: [Coding] { json.all("coding") }
    package var text: String? { text("text") }

    /// Whether one of the codings is that code of that system.
    package func has(_ system: String, _ code: String) -> Bool {
        codings.contains { $0.system == system && $0.code == code }
    }

    /// Whether one of the codings means the same as the given one.
    package func has(_ coding: Coding) -> Bool {
        codings.contains { $0.means(coding) }
    }

    /// The code of the first coding of that system.
    package func code(in system: String) -> String? {
        codings.first { $0.system == system && $0.code != nil }?.code
    }

    /// What to show a person: the text, else the first display, else the first code.
    package var label: String? {
        text ?? codings.lazy.compactMap(\.display).first ?? codings.lazy.compactMap(\.code).first
    }
}
