import Storage

/// A hospital, clinic or community organization that runs peer support with Kith.
package struct Organization: Named {
    package let id: ID
    package let name: String
    /// Stands in addresses of public pages: `/get-support/riverside`.
    package let slug: String
    /// IANA name, `America/New_York`.
    package let timeZone: String
    package let locale: String

    package init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        slug = try row["slug"]
        timeZone = try row["time_zone"]
        locale = try row["locale"]
    }
}

/// A place where programs run: a hospital, a clinic, a community house.
package struct Site: Named {
    package let id: ID
    package let name: String
}

/// Somebody else's organization that sends people, with a system of its own or without.
package struct Partner: Named {
    package let id: ID
    package let name: String
    /// Where what it sends arrives when it names no program.
    package let program: Program.ID

    package init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        program = try row["program_id"]
    }
}

extension EventKind {
    package static let organizationOpened = EventKind("organization.opened")
    package static let siteOpened = EventKind("site.opened")
    package static let programOpened = EventKind("program.opened")
    package static let policyPublished = EventKind("policy.published")
    package static let partnerAdded = EventKind("partner.added")
}
