/// A business identifier, such as a medical record number: http://hl7.org/fhir/R4/datatypes.html#Identifier
package struct Identifier: DataType {
    package let json: JSON

    package init(_ json: JSON) { self.json = json }

    package init(system: String, value: String, type: CodeableConcept? = nil) {
        json = ["type": type?.json, "system": .string(system), "value": .string(value)]
    }

    package var use: String? { text("use") }
    package var type: CodeableConcept? { json.one("type") }
    package var system: String? { text("system") }
    package var value: String? { text("value") }
    package var period: Period? { json.one("period") }
    package var assigner: Reference? { json.one("assigner") }
}

/// A span of time with either end open: http://hl7.org/fhir/R4/datatypes.html#Period
package struct Period: DataType {
    package let json: JSON

    package init(_ json: JSON) { self.json = json }

    package init(start: FHIRDate? = nil, end: FHIRDate? = nil) {
        json = ["start": (start?.text).map { .string($0) }, "end": (end?.text).map { .string($0) }]
    }

    package var start: FHIRDate? { text("start").flatMap { FHIRDate($0) } }
    /// The last moment that belongs to it: an end of 2026-11-21 includes that day.
    package var end: FHIRDate? { text("end").flatMap { FHIRDate($0) } }
}
