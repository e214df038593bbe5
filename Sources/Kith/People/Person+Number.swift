import Storage
import Web

/// Somebody a number leads to.
package struct NumberHolder: Sendable, Equatable {
    package let person: Person.ID
    package let organization: Organization.ID
    package let language: String
    /// Nobody may contact them.
    package let isProhibited: Bool
}

extension Person {
    /// Everybody, in any organization of this installation, whom a number leads to. It is for rules, and shown to
    /// nobody.
    package static func holders(of number: TextNumber, in db: Reading) throws -> [NumberHolder] {
        let country = db.world.countryCode
        let found = try db.all(
            """
            SELECT c.organization_id, c.person_id, c.kind, c.address, c.may_leave_message, c.hours, p.language,
                p.do_not_contact
            FROM organization o JOIN contact_channel c ON c.organization_id = o.id
                AND c.digits IN \(list: number.spellings(in: country)) AND c.ended_at IS NULL
            JOIN person p ON p.organization_id = c.organization_id AND p.id = c.person_id
            ORDER BY c.organization_id, c.person_id
            """
        ) { row in
            (
                holder: NumberHolder(
                    person: try row["person_id"], organization: try row["organization_id"],
                    language: try row["language"], isProhibited: try row["do_not_contact"]),
                number: try ContactChannel(row: row).number(in: country)
            )
        }
        return found.filter { $0.number == number }.map(\.holder).reduce(into: []) { holders, holder in
            if holders.last != holder { holders.append(holder) }
        }
    }
}

extension ContactChannel {
    /// Where text messages and calls to it arrive; nil for other channels, and for what is no number.
    package func number(in country: String) -> TextNumber? {
        kind == .text || kind == .phone ? TextNumber(address, country: country) : nil
    }

    /// The digits of a number, by which it is found whatever stands between them.
    var digits: String? {
        kind == .text || kind == .phone ? address.withWesternDigits.filter(\.isDigit) : nil
    }
}
