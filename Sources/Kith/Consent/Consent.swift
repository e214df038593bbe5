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
}

/// The words somebody agrees to: versioned, per program, purpose and language.
package struct ConsentText: Named {
    package let id: ID
    package let purpose: Consent.Purpose
    package let language: String
    package let version: Int
    package let body: String

    package init(row: Row) throws {
        id = try row["id"]
        purpose = try row["purpose"]
        language = try row["language"]
        version = try row["version"]
        body = try row["body"]
    }
}

extension EventKind {
    package static let consentTextPublished = EventKind("consent-text.published")
    /// Details: `purpose`, `method`.
    package static let consentGiven = EventKind("consent.given")
    package static let consentRefused = EventKind("consent.refused")
    package static let consentWithdrawn = EventKind("consent.withdrawn")
}
