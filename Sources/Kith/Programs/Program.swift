import Storage

/// One offer of peer support, with its own policy, people and words: new parents, caregivers, recovery.
package struct Program: Named {
    package let id: ID
    package let name: String
    /// What the public page says about it, in a sentence or two.
    package let summary: String
    /// Where it runs, when it belongs to one site.
    package let site: Site.ID?

    package init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        summary = try row["summary"]
        site = try row["site_id"]
    }
}

/// What a person can do in a program.
package enum Role: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
    /// Receives support; may be a caregiver, with or without a record of the person cared for.
    case participant
    case supporter
    case coordinator
    case supervisor
    case referrer
    case administrator
}

/// Something people share that support can be about: `newborn-sleep`, `dementia-care`. Codes are the program's own.
package struct Topic: Sendable, Hashable {
    package let code: String
    package let name: String

    /// A topic with a code made of its name.
    package init(named name: String) {
        let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }
        self.init(code: words.joined(separator: "-"), name: name.trimmed)
    }

    package init(code: String, name: String) {
        self.code = code
        self.name = name
    }
}
