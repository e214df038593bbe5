import Foundation
import Storage

/// What an organization begins with: the same from the command line and from the set-up in a browser.
package struct Founding: Sendable, Equatable {
    package var name: String
    package var slug: String
    package var timeZone: String
    package var locale: String
    package var program: FirstProgram

    package struct FirstProgram: Sendable, Equatable {
        package var name: String
        package var summary: String
        package var eligibility: String
        package var topics: [Topic]

        package init(name: String, summary: String = "", eligibility: String = "", topics: [Topic] = []) {
            self.name = name
            self.summary = summary
            self.eligibility = eligibility
            self.topics = topics
        }
    }

    package init(name: String, slug: String, timeZone: String, locale: String = "en", program: FirstProgram) {
        self.name = name
        self.slug = slug
        self.timeZone = timeZone
        self.locale = locale
        self.program = program
    }

    /// Opens the organization with its first program, and somebody who administers and coordinates it. Whoever calls it
    /// gives them a way in, in the same transaction: nobody may be left before a door without a key.
    package func begin(with administrator: PersonDraft, in db: Writing) throws -> Person.ID {
        let organization = try Organization.open(
            named: name, slug: slug, timeZone: timeZone, locale: locale, in: db)
        let first = try Program.open(
            named: program.name, summary: program.summary, policy: Policy(eligibility: program.eligibility),
            topics: program.topics, in: db)
        let person = try Person.add(administrator, to: organization, in: db)
        for role in [Role.administrator, .coordinator] {
            try Person.give(role, in: first, to: person, of: organization, in: db)
        }
        // Whoever sees other people's records proves twice who they are, unless somebody decides otherwise.
        for role in [Role.coordinator, .supervisor, .administrator] {
            var rule = SignInRule.usual(for: role)
            rule.needsSecondFactor = true
            try SignInRule.set(rule, in: db)
        }
        return person
    }

    /// A short name for addresses, made of a name: “Riverside Health” is `riverside-health`.
    package static func slug(of name: String) -> String {
        // Letters of other scripts have no place in addresses that are read out, so they may leave nothing.
        let plain = name.decomposedStringWithCanonicalMapping.lowercased().unicodeScalars.filter {
            $0.properties.generalCategory != .nonspacingMark
        }
        let words = String(String.UnicodeScalarView(plain)).split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        var slug = ""
        for word in words where slug.count + word.count < 40 { slug += (slug.isEmpty ? "" : "-") + word }
        return slug.isEmpty ? "support" : slug
    }
}
