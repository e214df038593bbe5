import Storage

/// What somebody agreed to, in which words, how, and since when no longer.
package struct Consent: Named {
    /// What is asked. Each is answered by itself.
    package enum Purpose: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// To receive support in this program.
        case takePart = "take-part"
        /// That whoever referred hears how it goes.
        case shareStatus = "share-status"
        case contactByPhone = "contact-phone"
        case contactByText = "contact-text"
        case contactByEmail = "contact-email"
        case contactByLetter = "contact-letter"

        /// That the program reaches out on this channel.
        package static func contact(by channel: ContactChannel.Kind) -> Purpose {
            switch channel {
            case .phone: .contactByPhone
            case .text: .contactByText
            case .email: .contactByEmail
            case .letter: .contactByLetter
            }
        }
    }

    /// How it was given.
    package enum Method: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// By the person, signed in.
        case browser
        /// On paper, recorded by staff with the reason.
        case paper
        /// Spoken, with a named witness.
        case voice
    }

    package let id: ID
    package let person: Person.ID
    package let program: Program.ID
    package let purpose: Purpose
    package let granted: Bool
    package let method: Method
    package let textID: ConsentText.ID
    package let signedAs: String
    /// Why it was on paper.
    package let reason: String?
    /// Who heard it spoken.
    package let witness: String?
    package let givenAt: Instant
    package let endedAt: Instant?

    package init(row: Row) throws {
        id = try row["id"]
        person = try row["person_id"]
        program = try row["program_id"]
        purpose = try row["purpose"]
        granted = try row["granted"]
        method = try row["method"]
        textID = try row["text_id"]
        signedAs = try row["signed_as"]
        reason = try row["reason"]
        witness = try row["witness"]
        givenAt = try row["given_at"]
        endedAt = try row["ended_at"]
    }

    /// Whether `purpose` is agreed to at this moment. Asked again by every request, so a withdrawal counts at once.
    package static func stands(
        _ purpose: Purpose, for person: Person.ID, in program: Program.ID, of organization: Organization.ID,
        db: Reading
    ) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM consent WHERE organization_id = \(organization) AND person_id = \(person)
            AND program_id = \(program) AND purpose = \(purpose) AND granted AND ended_at IS NULL
            """)
    }

    /// Whether the program may reach out to somebody on a channel at this moment: they agreed to it, and nobody is
    /// kept from contacting them. The second outweighs whatever was agreed.
    package static func mayContact(
        _ person: Person.ID, by channel: ContactChannel.Kind, in program: Program.ID, of organization: Organization.ID,
        db: Reading
    ) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM consent c JOIN person p ON p.organization_id = c.organization_id AND p.id = c.person_id
            WHERE c.organization_id = \(organization) AND c.person_id = \(person) AND c.program_id = \(program)
            AND c.purpose = \(Purpose.contact(by: channel)) AND c.granted AND c.ended_at IS NULL
            AND NOT p.do_not_contact
            """)
    }
}

extension EventKind {
    package static let consentTextPublished = EventKind("consent-text.published")
    /// Details: `purpose`, `method`.
    package static let consentGiven = EventKind("consent.given")
    package static let consentRefused = EventKind("consent.refused")
    package static let consentWithdrawn = EventKind("consent.withdrawn")
}
