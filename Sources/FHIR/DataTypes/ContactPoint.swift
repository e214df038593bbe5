/// A telephone number, e-mail address or the like: http://hl7.org/fhir/R4/datatypes.html#ContactPoint
package struct ContactPoint: DataType {
    package let json: JSON

    package init(_ json: JSON) { self.json = json }

    package init(system: String, value: String, use: String? = nil) {
        json = ["system": .string(system), "value": .string(value), "use": .text(use)]
    }

    /// phone, fax, email, pager, url, sms or other.
    package var system: String? { text("system") }
    package var value: String? { text("value") }
    /// home, work, temp, old or mobile.
    package var use: String? { text("use") }
    /// 1 is the most preferred.
    package var rank: Int? { json["rank"]?.integer }
    package var period: Period? { json.one("period") }
}

/// A postal address: http://hl7.org/fhir/R4/datatypes.html#Address
package struct Address: DataType {
    package let json: JSON

    package init(_ json: JSON) { self.json = json }

    package init(
        lines: [String] = [], city: String? = nil, state: String? = nil, postalCode: String? = nil,
        country: String? = nil, use: String? = nil
    ) {
        json = [
            "use": .text(use),
            "line": .list(lines.compactMap { .text($0) }),
            "city": .text(city),
            "state": .text(state),
            "postalCode": .text(postalCode),
            "country": .text(country)
        ]
    }

    /// home, work, temp, old or billing.
    package var use: String? { text("use") }
    package var text: String? { text("text") }
    package var lines: [String] { json["line"]?.items.compactMap(\.text) ?? [] }
    package var city: String? { text("city") }
    package var district: String? { text("district") }
    package var state: String? { text("state") }
    package var postalCode: String? { text("postalCode") }
    package var country: String? { text("country") }
    package var period: Period? { json.one("period") }
}
